package io.groundwork.cloud.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groundwork.cloud.domain.Ec2Spec;
import io.groundwork.cloud.driver.Profiles.Role;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.Component.Ingress;
import io.groundwork.events.Component.SecurityGroup;
import io.groundwork.events.Component.SshKey;
import io.groundwork.events.ComponentOutputs.Instance;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.groundwork.events.StepId;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.InMemoryStores;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.OperationMachine;
import io.groundwork.runtime.OperationOutcome;
import io.groundwork.runtime.OperationOutcome.Kind;
import io.groundwork.runtime.OperationPolicy;
import io.groundwork.runtime.Order;
import io.groundwork.runtime.Timers;
import io.groundwork.runtime.Worker;
import io.groundwork.simulators.Fault;
import io.groundwork.simulators.ec2.Ec2Settings;
import io.groundwork.simulators.ec2.Ec2Simulator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The driver by the AWS SDK against the EC2 simulator, behind the real engine; the machines are counted afterwards. */
class Ec2DriverIT {

    private static final Choices PLACE = new Choices("eu-central-1", "standard");
    private static final Duration CALL_TIME = Duration.ofSeconds(2);

    private static Ec2Simulator simulator;
    private static SdkAccounts accounts;
    private World world;

    @BeforeAll
    static void startSimulator() throws IOException {
        System.setProperty("aws.accessKeyId", Ec2Simulator.Config.DEFAULT_ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", Ec2Simulator.Config.DEFAULT_SECRET_KEY);
        simulator = Ec2Simulator.start(Ec2Simulator.Config.defaults());
        accounts = new SdkAccounts(new Profiles(
                simulator.baseUrl(),
                Map.of("isolated", new Role("arn:aws:iam::210987654321:role/groundwork", null)),
                CALL_TIME));
    }

    @AfterAll
    static void stopSimulator() {
        accounts.close();
        simulator.close();
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    @BeforeEach
    void begin() {
        simulator.change(Ec2Settings.DEFAULT);
        world = new World();
    }

    @AfterEach
    void leaveNothing() {
        simulator.faults().clear();
        world.orders().forEach(order -> world.order(order, Goal.UNDONE));
        world.settle();
        assertThat(world.standing()).isEmpty();
    }

    @Test
    void shouldMakeMachinesAndWhatTheyShare() {
        var shared = world.access(new Ec2Spec.Access(
                PLACE,
                "web",
                List.of(new SecurityGroup(
                        "web",
                        List.of(
                                new Ingress("tcp", 443, "0.0.0.0/0"),
                                new Ingress("udp", 53, "10.0.0.0/8"),
                                new Ingress("icmp", 0, "10.0.0.0/8")))),
                new SshKey(
                        "ops",
                        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE0R9j1xq6pQK0oN0pN8Y8mVtJY2GzK7rD7wqk3nq1aB ops")));
        world.settle();
        var made = Json.MAPPER.convertValue(world.outcome(shared).outputs(), Ec2Spec.AccessOutputs.class);

        for (var index = 0; index < 3; index++) {
            world.machine(index, PLACE, made.groupIds(), made.keyName());
        }
        world.settle();

        var machines = world.standing();
        assertThat(machines).hasSize(3).allSatisfy(machine -> {
            assertThat(machine.state()).isEqualTo("running");
            assertThat(machine.keyName()).isEqualTo(made.keyName());
            assertThat(machine.securityGroupIds()).isEqualTo(made.groupIds());
            assertThat(machine.userData()).isTrue();
            assertThat(machine.tags())
                    .containsEntry("groundwork:resource", world.resource.toString())
                    .containsEntry("groundwork:component", "web")
                    .containsEntry("groundwork:attempt", "1")
                    .containsKeys("groundwork:instance", "groundwork:request", "groundwork:operation");
        });
        var group = accounts.apply(PLACE).groups(shared).getFirst();
        assertThat(group.ingress())
                .containsExactlyInAnyOrder(
                        new Ingress("tcp", 443, "0.0.0.0/0"),
                        new Ingress("udp", 53, "10.0.0.0/8"),
                        new Ingress("icmp", 0, "10.0.0.0/8"));

        world.orders().stream()
                .filter(order -> !order.id().equals(shared))
                .forEach(order -> world.order(order, Goal.UNDONE));
        world.settle();
        world.order(world.orders.get(shared), Goal.UNDONE);
        world.settle();
        assertThat(accounts.apply(PLACE).groups(shared)).isEmpty();
        assertThat(accounts.apply(PLACE).keys(shared)).isEmpty();
    }

    @Test
    void shouldMakeOneMachineWhenTheAnswerIsLost() {
        simulator.faults().add(Fault.loseResponse("RunInstances").times(1));

        var operation = world.machine(0, PLACE, List.of(), null);
        world.settle();

        assertThat(world.standing()).hasSize(1);
        assertThat(world.outputs(operation).providerId())
                .isEqualTo(world.standing().getFirst().id());
    }

    @Test
    void shouldMakeOneMachineWhenTheCallLandsAfterItsTime() {
        simulator
                .faults()
                .add(Fault.delay("RunInstances", CALL_TIME.plusMillis(500)).times(1));

        world.machine(0, PLACE, List.of(), null);
        world.settle();

        assertThat(world.standing()).hasSize(1);
    }

    @Test
    void shouldLeaveNothingOfACallThatLandsAfterItsTimeWhenUndone() {
        simulator
                .faults()
                .add(Fault.delay("RunInstances", CALL_TIME.plusMillis(500)).times(1));
        var operation = world.machine(0, PLACE, List.of(), null);

        world.order(world.orders.get(operation), Goal.UNDONE);
        world.settle();

        assertThat(world.standing()).isEmpty();
        assertThat(world.machines()).hasSize(1);
    }

    @Test
    void shouldBearThrottlingAndServerErrors() {
        simulator.faults().add(Fault.throttle("RunInstances").times(2));
        simulator.faults().add(Fault.fail("RunInstances", "InternalError").times(1));

        world.machine(0, PLACE, List.of(), null);
        world.settle();

        assertThat(world.standing()).hasSize(1);
    }

    @Test
    void shouldFailForGoodWhenRefusedForGood() {
        simulator.faults().add(Fault.fail("RunInstances", "VcpuLimitExceeded").times(1));

        var operation = world.machine(0, PLACE, List.of(), null);
        world.settle();

        assertThat(world.outcome(operation).failure().category()).isEqualTo(FailureCategory.QUOTA);
    }

    @Test
    void shouldBePatientWithAMachineThatIsNotShown() {
        simulator.change(Ec2Settings.DEFAULT.withConsistencyDelay(Duration.ofSeconds(2)));

        world.machine(0, PLACE, List.of(), null);
        world.settle();

        assertThat(world.standing()).hasSize(1);
    }

    @Test
    void shouldTerminateOnceMoreWhenTheAnswerIsLost() {
        var operation = world.machine(0, PLACE, List.of(), null);
        world.settle();
        simulator.faults().add(Fault.loseResponse("TerminateInstances").times(1));

        world.order(world.orders.get(operation), Goal.UNDONE);
        world.settle();

        assertThat(world.outcome(operation).kind()).isEqualTo(Kind.REACHED);
        assertThat(world.standing()).isEmpty();
    }

    @Test
    void shouldAssumeTheRoleOfAProfile() {
        world.machine(0, new Choices("us-east-1", "isolated"), List.of(), null);
        world.settle();

        assertThat(world.standing())
                .hasSize(1)
                .allMatch(machine -> machine.region().equals("us-east-1"));
    }

    @Test
    void shouldRefuseAProfileThatNobodyConfigured() {
        var operation = world.machine(0, new Choices("us-east-1", "secret"), List.of(), null);
        world.settle();

        assertThat(world.outcome(operation).failure().category()).isEqualTo(FailureCategory.AUTH);
        // there is no account in which it could have made anything
        world.orders.remove(operation);
    }

    /** Engine and worker in real time. */
    private static final class World {

        private static int number;

        final ResourceId resource = ResourceId.parse("acme/payments/web-" + number++);
        final Map<String, Order> orders = new HashMap<>();
        private final Map<String, OperationOutcome> outcomes = new HashMap<>();
        private final OperationMachine engine = new OperationMachine(
                Owner.CLOUD,
                new OperationPolicy(
                        Duration.ofSeconds(2),
                        CALL_TIME,
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        8,
                        32,
                        Duration.ofHours(1)));
        private final Worker<Ec2Spec, Ec2Checkpoint> worker = new Worker<>(
                Owner.CLOUD,
                new Ec2Driver(
                        accounts,
                        InstantSource.system(),
                        new Ec2Patience(
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(10),
                                Duration.ofMillis(50),
                                Duration.ofMillis(200))),
                "worker",
                InstantSource.system());
        private final InMemoryStores stores = new InMemoryStores();

        List<Order> orders() {
            return List.copyOf(orders.values());
        }

        String machine(int index, Choices place, List<String> groups, String key) {
            return first(
                    Integer.toString(index),
                    new Ec2Spec.Machine(
                            place,
                            "web",
                            index,
                            new Ec2Spec.Launch("t3.small", "debian-12", 20, groups, key, "#cloud-config\n")));
        }

        String access(Ec2Spec.Access access) {
            return first("access", access);
        }

        private String first(String unit, Ec2Spec spec) {
            var id = resource + "#1/web/" + unit;
            var order = new Order(
                    id,
                    resource,
                    new RequestId(new UUID(0, 1)),
                    1,
                    new StepId("provision:web"),
                    1,
                    "ec2-" + spec.placement().region(),
                    List.of("web-" + unit),
                    Goal.DONE,
                    Order.specification(spec));
            orders.put(id, order);
            order(order, Goal.DONE);
            return id;
        }

        void order(Order order, Goal goal) {
            outcomes.remove(order.id());
            var toward = order.toward(goal, order.step(), order.attempt(), order.request(), order.sequence());
            handle(new Input.Received(Commands.message(
                    Topics.operations(Owner.CLOUD), order.id(), "id", Order.TYPE, Instant.now(), null, toward)));
        }

        private void handle(Input input) {
            var queue = new ArrayDeque<Message>();
            var next = input;
            while (true) {
                for (var message : engine.handle(next, new Moment(Instant.now(), new Random(1)), stores)) {
                    if (message.topic().equals(Topics.outcomes(Owner.CLOUD))) {
                        var outcome = Json.read(message.value(), OperationOutcome.class);
                        outcomes.put(outcome.operation(), outcome);
                    } else {
                        queue.add(message);
                    }
                }
                if (queue.isEmpty()) {
                    return;
                }
                next = new Input.Received(worker.work(queue.remove()));
            }
        }

        /** Until every operation is at rest. */
        void settle() {
            await().atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        new ArrayList<>(new Timers(stores).due(Instant.now(), 100))
                                .forEach(timer -> handle(new Input.Fired(timer)));
                        return orders.keySet().stream()
                                .allMatch(id -> outcomes.containsKey(id)
                                        && outcomes.get(id).kind() != Kind.PENDING);
                    });
        }

        OperationOutcome outcome(String operation) {
            return outcomes.get(operation);
        }

        Instance outputs(String operation) {
            return Json.MAPPER.convertValue(outcome(operation).outputs(), Instance.class);
        }

        List<Ec2Simulator.Machine> machines() {
            return simulator.instances().stream()
                    .filter(machine -> resource.toString().equals(machine.tags().get("groundwork:resource")))
                    .toList();
        }

        List<Ec2Simulator.Machine> standing() {
            return machines().stream()
                    .filter(machine -> !machine.state().equals("terminated"))
                    .toList();
        }
    }
}
