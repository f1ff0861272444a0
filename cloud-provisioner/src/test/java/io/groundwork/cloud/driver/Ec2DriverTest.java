package io.groundwork.cloud.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.cloud.domain.Ec2Spec;
import io.groundwork.cloud.driver.Ec2Exception.Refused;
import io.groundwork.cloud.driver.InMemoryEc2.Fault;
import io.groundwork.cloud.driver.InMemoryEc2.Killed;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The driver behind the real engine and worker, over a cloud that loses, repeats, hides and delays. */
class Ec2DriverTest {

    private static final Choices PLACE = new Choices("eu-central-1", "standard");
    private static final String MACHINE = "acme/payments/web-prod#1/web/0";
    private static final String ACCESS = "acme/payments/web-prod#1/web/access";
    private static final Ec2Spec.Launch LAUNCH =
            new Ec2Spec.Launch("t3.small", "debian-12", 20, List.of("sg-1"), "ops", "#cloud-config\n");
    private static final Ec2Spec.Access SHARED = new Ec2Spec.Access(
            PLACE,
            "web",
            List.of(
                    new SecurityGroup("web", List.of(new Ingress("tcp", 443, "0.0.0.0/0"))),
                    new SecurityGroup("ops", List.of(new Ingress("tcp", 22, "10.0.0.0/8")))),
            new SshKey("ops", "ssh-ed25519 AAAA"));

    @Test
    void shouldLaunchOneMachineWithTagsAndAnswerWhatStands() {
        var world = new World();

        world.make();

        var machine = world.ec2.standing().getFirst();
        assertThat(world.ec2.standing()).hasSize(1);
        assertThat(world.outputs()).isEqualTo(new Instance(0, machine, "10.0.0.1", "eu-central-1"));
        assertThat(world.ec2.tagsOf(machine))
                .containsEntry("groundwork:resource", "acme/payments/web-prod")
                .containsEntry("groundwork:component", "web")
                .containsEntry("groundwork:instance", "0")
                .containsEntry("groundwork:request", new UUID(0, 1).toString())
                .containsEntry("groundwork:operation", MACHINE)
                .containsEntry("groundwork:attempt", "1");
        assertThat(world.ec2.launchOf(machine).token()).hasSizeLessThanOrEqualTo(64);
        assertThat(world.ec2.calls).filteredOn("run"::equals).hasSize(1);
    }

    @Test
    void shouldFindWhatALostAnswerMade() {
        var world = new World();
        world.ec2.faults.addAll(List.of(Fault.NONE, Fault.LOST_AFTER));

        world.make();

        assertThat(world.ec2.calls).filteredOn("run"::equals).hasSize(1);
        assertThat(world.ec2.standing()).hasSize(1);
    }

    @Test
    void shouldRepeatTheSameLaunchOnlyWhenNothingOfItCanAppearAnyMore() {
        var world = new World();
        world.ec2.faults.addAll(List.of(Fault.NONE, Fault.LOST_BEFORE));

        world.make();

        assertThat(world.ec2.calls).filteredOn("run"::equals).hasSize(2);
        assertThat(world.ec2.tagsOf(world.ec2.standing().getFirst())).containsEntry("groundwork:attempt", "1");
        assertThat(Duration.between(World.START, world.now)).isGreaterThan(Duration.ofSeconds(45));
    }

    @Test
    void shouldBePatientWithAMachineThatIsNotShownYet() {
        var world = new World();
        world.ec2.hidden = Duration.ofSeconds(20);

        world.make();

        assertThat(world.ec2.standing()).hasSize(1);
        assertThat(world.ec2.calls).filteredOn("run"::equals).hasSize(1);
    }

    @Test
    void shouldGiveUpOnAMachineThatIsNeverShown() {
        var world = new World();
        world.ec2.hidden = Duration.ofHours(9);

        world.order(MACHINE, 1, Goal.DONE, machine());
        world.run();

        assertThat(world.outcome().kind()).isEqualTo(Kind.FAILED);
        assertThat(world.ec2.calls).filteredOn("run"::equals).hasSize(1);
    }

    @Test
    void shouldTakeTheNextLaunchWhenOneEndedByItself() {
        var world = new World();
        world.ec2.boot = Duration.ofSeconds(30);
        world.order(MACHINE, 1, Goal.DONE, machine());
        world.time(Duration.ofSeconds(3));
        world.ec2.endByItself(world.ec2.standing().getFirst(), "Client.VolumeLimitExceeded");

        world.run();

        assertThat(world.outcome().kind()).isEqualTo(Kind.REACHED);
        assertThat(world.ec2.standing()).hasSize(1);
        assertThat(world.ec2.tagsOf(world.ec2.standing().getFirst())).containsEntry("groundwork:attempt", "2");
        assertThat(world.outcomes)
                .anyMatch(outcome -> outcome.pending().lastError() != null
                        && outcome.pending().lastError().category() == FailureCategory.QUOTA);
    }

    @Test
    void shouldKeepOneOfTwoAndTerminateTheOther() {
        var world = new World();
        world.ec2.deduplicates = false;
        world.ec2.faults.addAll(List.of(Fault.NONE, Fault.KILLED_AFTER));
        world.redeliver = true;

        world.make();

        assertThat(world.ec2.calls).filteredOn("run"::equals).hasSize(2);
        assertThat(world.ec2.standing()).hasSize(1);
        assertThat(world.outputs().providerId()).isEqualTo(world.ec2.standing().getFirst());
    }

    @Test
    void shouldNeverTouchAMachineOfAnotherOperation() {
        var world = new World();
        var foreign = world.ec2.foreign("acme/payments/web-prod#1/web/00");

        world.make();
        world.remove();

        assertThat(world.ec2.standing()).containsExactly(foreign);
    }

    @Test
    void shouldFailAtOnceWhenRefusedForGood() {
        var world = new World();
        world.ec2.refusal = Refused.of("UnauthorizedOperation", 403);

        world.order(MACHINE, 1, Goal.DONE, machine());
        world.run();

        assertThat(world.outcome().kind()).isEqualTo(Kind.FAILED);
        assertThat(world.outcome().failure().category()).isEqualTo(FailureCategory.AUTH);
        assertThat(world.ec2.calls).filteredOn("run"::equals).hasSize(1);
    }

    @Test
    void shouldKeepTheTokenWhenRefusedForNow() {
        var world = new World();
        world.ec2.refusal = Refused.of("InsufficientInstanceCapacity", 500);
        world.order(MACHINE, 1, Goal.DONE, machine());
        world.time(Duration.ofSeconds(2));
        assertThat(world.outcome().pending().lastError().category()).isEqualTo(FailureCategory.CAPACITY);

        world.ec2.refusal = null;
        world.run();

        assertThat(world.outcome().kind()).isEqualTo(Kind.REACHED);
        assertThat(world.ec2.tagsOf(world.ec2.standing().getFirst())).containsEntry("groundwork:attempt", "1");
    }

    @Test
    void shouldFailWithoutTheImage() {
        var world = new World();

        world.order(
                MACHINE,
                1,
                Goal.DONE,
                new Ec2Spec.Machine(
                        PLACE, "web", 0, new Ec2Spec.Launch("t3.small", "plan-9", null, List.of(), null, null)));
        world.run();

        assertThat(world.outcome().failure().message()).isEqualTo("The cloud has no image plan-9.");
    }

    @Test
    void shouldTerminateAndVerify() {
        var world = new World();
        world.make();

        world.remove();

        assertThat(world.ec2.standing()).isEmpty();
        assertThat(world.ec2.calls).filteredOn("terminate"::equals).hasSize(1);
    }

    @Test
    void shouldNotLookAgainWhenEc2SaysThatItIsTerminated() {
        var world = new World();
        world.ec2.shutdown = Duration.ZERO;
        world.make();
        world.ec2.calls.clear();

        world.remove();

        assertThat(world.ec2.standing()).isEmpty();
        assertThat(world.ec2.calls.getLast()).isEqualTo("terminate");
    }

    @Test
    void shouldWaitForALaunchThatMayStillAppearBeforeSayingThatNothingIsLeft() {
        var world = new World();
        world.ec2.hidden = Duration.ofSeconds(20);
        world.ec2.faults.addAll(List.of(Fault.NONE, Fault.LATE));
        world.order(MACHINE, 1, Goal.DONE, machine());

        world.remove();

        assertThat(world.ec2.standing()).isEmpty();
        assertThat(world.ec2.calls).contains("terminate");
    }

    @Test
    void shouldMakeAndRemoveWhatMachinesShare() {
        var world = new World();

        world.order(ACCESS, 1, Goal.DONE, SHARED);
        world.run();

        var made = Json.MAPPER.convertValue(world.outcome().outputs(), Ec2Spec.AccessOutputs.class);
        assertThat(made.groupIds()).containsExactlyElementsOf(world.ec2.groups.keySet());
        assertThat(world.ec2.groups.values())
                .extracting(group -> group.ingress().size())
                .containsExactly(1, 1);
        assertThat(world.ec2.keys.values()).extracting(Ec2.Key::name).containsExactly(made.keyName());

        world.order(ACCESS, 1, Goal.UNDONE, new Ec2Spec.Access(PLACE, "web", List.of(), null));
        world.run();

        assertThat(world.outcome().kind()).isEqualTo(Kind.REACHED);
        assertThat(world.ec2.groups).isEmpty();
        assertThat(world.ec2.keys).isEmpty();
    }

    @Test
    void shouldTellNobodyTheProvidersOwnWords() {
        var failure = Refused.of("UnauthorizedOperation", 403).failure();

        assertThat(failure.message()).isEqualTo("The cloud does not permit this to the chosen profile.");
        assertThat(failure.detail()).isEqualTo("UnauthorizedOperation");
    }

    @Test
    void shouldWaitForTheTimeOfTheLastWorkOnlyWhereNothingIsFound() {
        var world = new World();
        world.order(MACHINE, 1, Goal.DONE, machine());
        world.time(Duration.ofSeconds(5));
        var begin = world.now;
        world.remove();
        assertThat(Duration.between(begin, world.restedAt)).isLessThan(Duration.ofSeconds(10));

        var other = new World();
        other.ec2.refusal = Refused.of("InvalidParameterValue", 400);
        other.order(MACHINE, 1, Goal.DONE, machine());
        other.remove();
        assertThat(Duration.between(World.START, other.restedAt)).isGreaterThanOrEqualTo(Duration.ofSeconds(45));
    }

    @Property(tries = 400)
    void shouldEndWithExactlyOneMachineOrNone(
            @ForAll("faults") List<Fault> faults,
            @ForAll @IntRange(max = 25) int hiddenSeconds,
            @ForAll boolean deduplicates,
            @ForAll boolean redeliver,
            @ForAll boolean undo,
            @ForAll @IntRange(max = 20) int undoAfterSeconds) {
        var world = new World();
        world.ec2.faults.addAll(faults);
        world.ec2.deduplicates = deduplicates;
        // without tokens only what is shown can be told from what is not there
        world.ec2.hidden = Duration.ofSeconds(deduplicates ? hiddenSeconds : 0);
        // and a launch by a second worker at once, while the first worker's is under way, is one only by its token
        world.redeliver = redeliver && deduplicates;

        world.order(MACHINE, 1, Goal.DONE, machine());
        if (undo) {
            world.time(Duration.ofSeconds(undoAfterSeconds));
            world.order(MACHINE, 1, Goal.UNDONE, new Ec2Spec.Machine(PLACE, "web", 0, null));
        }
        world.run();

        assertThat(world.outcome().kind()).isEqualTo(Kind.REACHED);
        if (undo) {
            assertThat(world.ec2.standing()).isEmpty();
        } else {
            assertThat(world.ec2.standing()).containsExactly(world.outputs().providerId());
        }
    }

    @Property(tries = 200)
    void shouldEndWithWhatIsSharedOrNothing(
            @ForAll("faults") List<Fault> faults, @ForAll boolean redeliver, @ForAll boolean undo) {
        var world = new World();
        world.ec2.faults.addAll(faults);
        world.redeliver = redeliver;

        world.order(ACCESS, 1, Goal.DONE, SHARED);
        if (undo) {
            world.time(Duration.ofSeconds(3));
            world.order(ACCESS, 1, Goal.UNDONE, new Ec2Spec.Access(PLACE, "web", List.of(), null));
        }
        world.run();

        assertThat(world.outcome().kind()).isEqualTo(Kind.REACHED);
        assertThat(world.ec2.groups).hasSize(undo ? 0 : 2);
        assertThat(world.ec2.keys).hasSize(undo ? 0 : 1);
        if (!undo) {
            assertThat(world.ec2.groups.values())
                    .allMatch(group -> group.ingress().size() == 1);
        }
    }

    @Provide
    Arbitrary<List<Fault>> faults() {
        return Arbitraries.frequencyOf(
                        Tuple.of(2, Arbitraries.just(Fault.NONE)), Tuple.of(1, Arbitraries.of(Fault.class)))
                .list()
                .ofMaxSize(14);
    }

    private static Ec2Spec.Machine machine() {
        return new Ec2Spec.Machine(PLACE, "web", 0, LAUNCH);
    }

    /** Engine, queue, worker and cloud on one clock. */
    private static final class World {

        static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
        private static final OperationPolicy POLICY = new OperationPolicy(
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                100,
                32,
                Duration.ofHours(1));

        Instant now = START;
        Instant restedAt = START;
        final InMemoryEc2 ec2 = new InMemoryEc2(() -> now);
        final List<OperationOutcome> outcomes = new ArrayList<>();
        /** Whether the work of a worker that died is handed to another at once, as Kafka does. */
        boolean redeliver;

        private final OperationMachine engine = new OperationMachine(Owner.CLOUD, POLICY);
        private final InMemoryStores stores = new InMemoryStores();
        private final Random random = new Random(3);
        private final Worker<Ec2Spec, Ec2Checkpoint> worker = new Worker<>(
                Owner.CLOUD, new Ec2Driver(place -> ec2, () -> now, Ec2Patience.DEFAULT), "worker", () -> now);
        private final Deque<Message> queue = new ArrayDeque<>();

        void make() {
            order(MACHINE, 1, Goal.DONE, machine());
            run();
            assertThat(outcome().kind()).isEqualTo(Kind.REACHED);
        }

        void remove() {
            order(MACHINE, 1, Goal.UNDONE, new Ec2Spec.Machine(PLACE, "web", 0, null));
            run();
            assertThat(outcome().kind()).isEqualTo(Kind.REACHED);
        }

        void order(String id, int attempt, Goal goal, Ec2Spec spec) {
            var order = new Order(
                    id,
                    ResourceId.parse("acme/payments/web-prod"),
                    new RequestId(new UUID(0, 1)),
                    1,
                    new StepId("provision:web"),
                    attempt,
                    "ec2-eu-central-1",
                    List.of("web-0"),
                    goal,
                    Order.specification(spec));
            handle(new Input.Received(
                    Commands.message(Topics.operations(Owner.CLOUD), id, "id", Order.TYPE, now, null, order)));
            work();
        }

        private void handle(Input input) {
            for (var message : engine.handle(input, new Moment(now, random), stores)) {
                if (message.topic().equals(Topics.outcomes(Owner.CLOUD))) {
                    var outcome = message.read(OperationOutcome.class);
                    outcomes.add(outcome);
                    restedAt = outcome.kind() == Kind.PENDING ? restedAt : now;
                } else {
                    queue.add(message);
                }
            }
        }

        private void work() {
            while (!queue.isEmpty()) {
                var message = queue.remove();
                try {
                    handle(new Input.Received(worker.work(message)));
                } catch (Killed killed) {
                    if (redeliver) {
                        queue.addFirst(message);
                    }
                }
            }
        }

        void time(Duration much) {
            var until = now.plus(much);
            while (true) {
                var due = new Timers(stores).due(until, 1);
                if (due.isEmpty()) {
                    break;
                }
                now = due.getFirst().due().isAfter(now) ? due.getFirst().due() : now;
                handle(new Input.Fired(due.getFirst()));
                work();
            }
            now = until;
        }

        /** Until nothing more is to be done, but what is remembered for an hour. */
        void run() {
            time(Duration.ofMinutes(50));
        }

        OperationOutcome outcome() {
            return outcomes.getLast();
        }

        Instance outputs() {
            return Json.MAPPER.convertValue(outcome().outputs(), Instance.class);
        }
    }
}
