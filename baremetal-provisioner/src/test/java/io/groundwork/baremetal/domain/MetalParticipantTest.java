package io.groundwork.baremetal.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.baremetal.driver.BmcCheckpoint;
import io.groundwork.events.ComponentEvent.ComponentDeprovisioned;
import io.groundwork.events.ComponentEvent.ComponentFailed;
import io.groundwork.events.ComponentEvent.ComponentProgressed;
import io.groundwork.events.ComponentEvent.ComponentProvisioned;
import io.groundwork.events.ComponentEvent.ComponentStarted;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Envelope;
import io.groundwork.events.Event;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent.Intervention;
import io.groundwork.events.RequestKind;
import io.groundwork.events.Reservation;
import io.groundwork.events.ResourceId;
import io.groundwork.events.StepId;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.Driver;
import io.groundwork.runtime.Operation;
import io.groundwork.runtime.OperationMachine;
import io.groundwork.runtime.OperationPolicy;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.Progress;
import io.groundwork.runtime.Worker;
import io.groundwork.runtime.testing.MachineBench;
import io.groundwork.saga.StepState;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The participant, the servers and the engine together, with a driver that does what the test says. */
class MetalParticipantTest {

    private static final ResourceId WEB = ResourceId.parse("acme/payments/web-prod");
    private static final StepId PROVISION = StepId.of(StepKind.PROVISION, "db");
    private static final StepId DEPROVISION = StepId.of(StepKind.DEPROVISION, "db");

    @Test
    void shouldPutAnInstanceOnEachServerThatWasAllocated() {
        var world = new World(1, 0);
        world.bench.say(Granted.allocated(WEB, 1, 7, List.of("srv-2", "srv-1")));
        world.bench.settle();
        world.bench.start(WEB, 1, RequestKind.DEPLOY, Granted.provision(3, null));
        world.bench.settle();

        // three were asked for, and two are enough
        assertThat(world.said(ComponentStarted.class)).containsExactly(new ComponentStarted("db", 2, null));
        assertThat(world.said(ComponentProvisioned.class))
                .containsExactly(new ComponentProvisioned(
                        "db",
                        new ComponentOutputs(
                                2,
                                List.of(
                                        new ComponentOutputs.Instance(0, "srv-2", "10.20.0.11", "ams1"),
                                        new ComponentOutputs.Instance(1, "srv-1", "10.20.0.12", "ams1")))));
        assertThat(world.standing).containsExactlyInAnyOrderEntriesOf(Map.of("srv-2", 0, "srv-1", 1));

        world.bench.close(WEB, 1);
        world.bench.start(WEB, 2, RequestKind.DECOMMISSION, Granted.deprovision());
        world.bench.settle();
        assertThat(world.said(ComponentDeprovisioned.class)).containsExactly(new ComponentDeprovisioned("db", 2));
        assertThat(world.standing).isEmpty();
        assertThat(world.server("srv-1").life()).isInstanceOf(Life.Available.class);
    }

    @Test
    void shouldFillInWhatOtherComponentsBecame() {
        var world = new World(2, 0);
        world.bench.say(Granted.provisioned(WEB, 1, "web", "10.0.0.7"));
        world.bench.say(Granted.provisioned(WEB, 1, "other", "10.0.0.8"));
        world.bench.say(Granted.allocated(WEB, 1, 7, List.of("srv-1")));
        world.bench.settle();
        world.bench.start(
                WEB,
                1,
                RequestKind.DEPLOY,
                Granted.provision(1, "web=${web.instances[0].privateIp} id=${web.instances[0].providerId} ${HOME}"));
        world.bench.settle();

        assertThat(world.userData).containsExactly("web=10.0.0.7 id=i-1 ${HOME}");
        assertThat(world.said(ComponentProgressed.class))
                .extracting(ComponentProgressed::detail)
                .contains("${web.instances[0].privateIp} is 10.0.0.7, ${web.instances[0].providerId} is i-1");
    }

    @Test
    void shouldFailWhatRefersToNothing() {
        var world = new World(3, 0);
        world.bench.say(Granted.allocated(WEB, 1, 7, List.of("srv-1")));
        world.bench.settle();
        world.bench.start(WEB, 1, RequestKind.DEPLOY, Granted.provision(1, "${web.instances[3].privateIp}"));
        world.bench.settle();

        assertThat(world.said(ComponentFailed.class).getFirst().failure().category())
                .isEqualTo(FailureCategory.VALIDATION);
        assertThat(world.standing).isEmpty();
    }

    @Test
    void shouldTakeDownAllWhenOneFails() {
        var world = new World(4, 0);
        world.broken.add("srv-2");
        world.bench.say(Granted.allocated(WEB, 1, 7, List.of("srv-1", "srv-2", "srv-3")));
        world.bench.settle();
        world.bench.start(WEB, 1, RequestKind.DEPLOY, Granted.provision(3, null));
        world.bench.settle();

        assertThat(world.said(ComponentFailed.class).getFirst().failure().category())
                .isEqualTo(FailureCategory.PROVIDER);
        assertThat(world.bench.state(WEB, 1, PROVISION).status()).isEqualTo(StepStatus.UNDONE);
        assertThat(world.standing).isEmpty();
        assertThat(world.server("srv-2").failedDeploys()).isEqualTo(1);
        assertThat(world.server("srv-2").life()).isInstanceOf(Life.Available.class);
    }

    @Test
    void shouldPutOneInstanceOnAnotherServerAndLeaveTheOthersAlone() {
        var world = new World(5, 0);
        world.deployed("srv-1", "srv-2");
        world.replace(2, 0, "srv-3");

        assertThat(world.standing).containsExactlyInAnyOrderEntriesOf(Map.of("srv-3", 0, "srv-2", 1));
        assertThat(world.server("srv-1").life()).isInstanceOf(Life.Available.class);
        assertThat(world.said(ComponentDeprovisioned.class)).containsExactly(new ComponentDeprovisioned("db", 1, 0));
        assertThat(world.said(ComponentStarted.class))
                .endsWith(new ComponentStarted("db", 1, null, 0), new ComponentStarted("db", 1, null, 0));
        // the address is the instance's
        assertThat(world.said(ComponentProvisioned.class).getLast())
                .isEqualTo(new ComponentProvisioned(
                        "db",
                        new ComponentOutputs(
                                2,
                                List.of(
                                        new ComponentOutputs.Instance(0, "srv-3", "10.20.0.11", "ams1"),
                                        new ComponentOutputs.Instance(1, "srv-2", "10.20.0.12", "ams1")))));
    }

    @Test
    void shouldTakeDownTheServersThatInstancesHaveByNow() {
        var world = new World(6, 0);
        world.deployed("srv-1", "srv-2");
        world.replace(2, 0, "srv-3");
        // back to the server that it had first
        world.replace(3, 0, "srv-1");
        assertThat(world.standing).containsExactlyInAnyOrderEntriesOf(Map.of("srv-1", 0, "srv-2", 1));
        assertThat(world.said(ComponentProvisioned.class).getLast().outputs().instances())
                .extracting(one -> one.index() + " " + one.providerId() + " " + one.privateIp())
                .containsExactly("0 srv-1 10.20.0.11", "1 srv-2 10.20.0.12");

        world.bench.start(WEB, 4, RequestKind.DECOMMISSION, Granted.deprovision());
        world.bench.settle();
        assertThat(world.bench.state(WEB, 4, DEPROVISION).status()).isEqualTo(StepStatus.DONE);
        assertThat(world.standing).isEmpty();
    }

    @Test
    void shouldPauseWhereTheNewServerFailsAndGoOnWhenItIsMended() {
        var world = new World(7, 0);
        world.broken.add("srv-3");
        world.deployed("srv-1", "srv-2");
        world.replacing(2, 0, "srv-3");
        assertThat(world.bench.state(WEB, 2, PROVISION).status()).isEqualTo(StepStatus.STUCK);
        assertThat(world.standing).containsExactlyInAnyOrderEntriesOf(Map.of("srv-2", 1));

        world.broken.clear();
        world.bench.intervene(WEB, 2, PROVISION, 1, Intervention.RETRY);
        world.bench.settle();
        assertThat(world.bench.state(WEB, 2, PROVISION)).isEqualTo(new StepState(2, StepStatus.DONE));
        assertThat(world.standing).containsExactlyInAnyOrderEntriesOf(Map.of("srv-3", 0, "srv-2", 1));
    }

    @Test
    void shouldUndoOnlyTheNewServerAndReplaceOnceMore() {
        var world = new World(8, 0);
        world.broken.add("srv-3");
        world.deployed("srv-1", "srv-2");
        world.replacing(2, 0, "srv-3");
        world.bench.intervene(WEB, 2, PROVISION, 1, Intervention.ABORT);
        world.bench.say(Granted.returned(WEB, 2));
        world.bench.settle();
        assertThat(world.bench.state(WEB, 2, PROVISION).status()).isEqualTo(StepStatus.UNDONE);
        assertThat(world.standing).containsExactlyInAnyOrderEntriesOf(Map.of("srv-2", 1));
        world.bench.say(Granted.released(WEB, 2));
        world.bench.say(World.reservation("srv-3", 8, Reservation.Kind.RELEASED));
        world.bench.close(WEB, 2);
        world.bench.settle();

        world.replace(3, 0, "srv-1");
        assertThat(world.standing).containsExactlyInAnyOrderEntriesOf(Map.of("srv-1", 0, "srv-2", 1));
        assertThat(world.said(ComponentProvisioned.class).getLast().outputs().instances())
                .extracting(one -> one.index() + " " + one.providerId() + " " + one.privateIp())
                .containsExactly("0 srv-1 10.20.0.11", "1 srv-2 10.20.0.12");
    }

    @Test
    void shouldGoOnWithoutTheOldServerWhereAnOperatorSaysSo() {
        var world = new World(9, 0);
        world.deployed("srv-1", "srv-2");
        world.dead.add("srv-1");
        world.replacing(2, 0, "srv-3");
        assertThat(world.bench.state(WEB, 2, DEPROVISION).status()).isEqualTo(StepStatus.STUCK);

        world.bench.intervene(WEB, 2, DEPROVISION, 1, Intervention.SKIP);
        world.bench.settle();
        assertThat(world.bench.state(WEB, 2, PROVISION).status()).isEqualTo(StepStatus.DONE);
        world.bench.say(Granted.returned(WEB, 2));
        world.bench.say(World.reservation("srv-1", 7, Reservation.Kind.RELEASED));
        world.bench.settle();

        // what is not taken down stays what it is, and nobody can have it
        assertThat(world.server("srv-1").consumer()).isNotNull();
        assertThat(world.server("srv-1").fact().allocatable()).isFalse();
        assertThat(world.server("srv-3").consumer().index()).isZero();
    }

    @Property(tries = 100)
    void shouldKeepEachInstanceOnOneServerWhileServersAreReplaced(@ForAll long seed) {
        var world = new World(seed, 0.2);
        var random = new java.util.Random(seed);
        world.deployed("srv-1", "srv-2");
        var spare = "srv-3";
        var behind = new HashMap<Integer, String>(Map.of(0, "srv-1", 1, "srv-2"));
        var replacements = 1 + random.nextInt(4);
        for (var sequence = 2; sequence < 2 + replacements; sequence++) {
            var index = random.nextInt(2);
            world.replace(sequence, index, spare);
            spare = behind.put(index, spare);
            assertThat(world.doubled).isEmpty();
            assertThat(world.standing).containsExactlyInAnyOrderEntriesOf(Map.of(behind.get(0), 0, behind.get(1), 1));
        }
        assertThat(world.bench.deadLetters()).isEmpty();
        world.bench.start(WEB, 2 + replacements, RequestKind.DECOMMISSION, Granted.deprovision());
        world.bench.settle();
        assertThat(world.standing).isEmpty();
    }

    /** A seed with which a late word on a deploy was heard while the server was being taken down. */
    @Example
    void shouldLeaveNothingStandingAfterALateWord() {
        shouldEndWithEverythingOnItsServersOrNothing(3625794812L);
    }

    @Property(tries = 150)
    void shouldEndWithEverythingOnItsServersOrNothing(@ForAll long seed) {
        var world = new World(seed, 0.2);
        var random = new java.util.Random(seed);
        if (random.nextBoolean()) {
            world.broken.add("srv-" + (1 + random.nextInt(3)));
        }
        world.bench.say(Granted.allocated(WEB, 1, 7, List.of("srv-1", "srv-2", "srv-3")));
        world.bench.settle();
        world.bench.start(WEB, 1, RequestKind.DEPLOY, Granted.provision(3, null));
        var steps = random.nextInt(200);
        for (var step = 0; step < steps && world.bench.step(); step++) {
            assertThat(world.doubled).isEmpty();
        }
        if (random.nextBoolean()) {
            world.bench.cancel(WEB, 1);
        }
        world.bench.settle();

        assertThat(world.doubled).isEmpty();
        assertThat(world.bench.deadLetters()).isEmpty();
        var status = world.bench.state(WEB, 1, PROVISION).status();
        assertThat(status).isIn(StepStatus.DONE, StepStatus.UNDONE, StepStatus.SKIPPED);
        assertThat(world.standing).hasSize(status == StepStatus.DONE ? 3 : 0);
        if (status == StepStatus.DONE) {
            world.bench.close(WEB, 1);
            world.bench.start(WEB, 2, RequestKind.DECOMMISSION, Granted.deprovision());
            world.bench.settle();
            assertThat(world.bench.state(WEB, 2, DEPROVISION).status()).isEqualTo(StepStatus.DONE);
        }
        assertThat(world.standing).isEmpty();
        for (var id : List.of("srv-1", "srv-2", "srv-3")) {
            world.bench.say(World.reservation(id, 7, Reservation.Kind.RELEASED));
        }
        world.bench.settle();
        for (var id : List.of("srv-1", "srv-2", "srv-3")) {
            assertThat(world.server(id).life()).isInstanceOf(Life.Available.class);
        }
    }

    /** Three servers, available, and reserved for the instances. */
    private static final class World implements Driver<ServerTask, BmcCheckpoint> {

        final ServerMachine servers =
                new ServerMachine(Deadlines.DEFAULT, new Tokens("a secret that only this test ever knows"));
        final MachineBench bench;
        /** Which index stands on which server. */
        final Map<String, Integer> standing = new HashMap<>();

        final Set<String> doubled = new HashSet<>();
        final Set<String> broken = new HashSet<>();
        final Set<String> dead = new HashSet<>();
        final Set<String> userData = new HashSet<>();

        World(long seed, double duplicates) {
            var policy = new OperationPolicy(
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(60),
                    3,
                    2,
                    Duration.ofHours(1));
            bench = new MachineBench(Owner.BAREMETAL, seed, duplicates);
            bench.with(new ParticipantMachine<>(new MetalParticipant(), MachineBench.proofs()))
                    .with(servers)
                    .with(new OperationMachine(Owner.BAREMETAL, policy))
                    .with(
                            topic -> topic.startsWith("baremetal.work."),
                            message -> new Worker<>(Owner.BAREMETAL, this, "worker", bench::now).work(message));
            for (var id : List.of("srv-1", "srv-2", "srv-3")) {
                bench.say(Commands.message(
                        Topics.SERVERS,
                        id,
                        "seed-" + id,
                        ServerCommand.Seed.TYPE,
                        bench.now(),
                        null,
                        new ServerCommand.Seed(Yard.registration(id), Server.Aim.AVAILABLE)));
            }
            bench.settle();
            for (var id : List.of("srv-1", "srv-2", "srv-3")) {
                bench.say(reservation(id, 7, Reservation.Kind.RESERVED));
            }
        }

        /** Stands, on these servers. */
        void deployed(String... on) {
            bench.say(Granted.allocated(WEB, 1, 7, List.of(on)));
            bench.settle();
            bench.start(WEB, 1, RequestKind.DEPLOY, Granted.provision(3, null));
            bench.settle();
            bench.close(WEB, 1);
            bench.settle();
            // given to nobody yet
            bench.say(reservation("srv-3", 7, Reservation.Kind.RELEASED));
            bench.settle();
        }

        /** An instance gets another server, and the old one is given back. */
        void replace(long sequence, int index, String server) {
            var before = said(ComponentProvisioned.class).getLast().outputs().instances().stream()
                    .filter(instance -> instance.index() == index)
                    .map(ComponentOutputs.Instance::providerId)
                    .findFirst();
            replacing(sequence, index, server);
            assertThat(bench.state(WEB, sequence, PROVISION).status()).isEqualTo(StepStatus.DONE);
            bench.say(Granted.returned(WEB, sequence));
            before.ifPresent(old -> bench.say(reservation(old, server(old).fence(), Reservation.Kind.RELEASED)));
            bench.close(WEB, sequence);
            bench.settle();
        }

        void replacing(long sequence, int index, String server) {
            var fence = 6 + sequence;
            bench.say(reservation(server, fence, Reservation.Kind.RESERVED));
            bench.settle();
            bench.say(Granted.another(WEB, sequence, fence, index, server));
            bench.settle();
            bench.start(WEB, sequence, RequestKind.REPLACE, Granted.replacing(index));
            bench.settle();
        }

        static io.groundwork.events.Message reservation(String id, long fence, Reservation.Kind kind) {
            return Commands.message(
                    Topics.RESERVATIONS,
                    id,
                    UUID.randomUUID().toString(),
                    Reservation.TYPE,
                    java.time.Instant.EPOCH,
                    null,
                    new Reservation(id, fence, new Reservation.Holder(WEB, 1, "db", 0), kind));
        }

        Server server(String id) {
            return Json.read(
                    java.util.Objects.requireNonNull(
                            bench.stores(servers).store(ServerRun.SERVERS).get(id)),
                    Server.class);
        }

        <T extends Event> List<T> said(Class<T> type) {
            return bench.events().stream()
                    .map(Envelope::event)
                    .filter(type::isInstance)
                    .map(type::cast)
                    .toList();
        }

        @Override
        public Class<ServerTask> specification() {
            return ServerTask.class;
        }

        @Override
        public Class<BmcCheckpoint> checkpoint() {
            return BmcCheckpoint.class;
        }

        @Override
        public Progress<BmcCheckpoint> advance(Operation<ServerTask, BmcCheckpoint> operation) {
            return switch (operation.specification()) {
                case ServerTask.Verify any -> done(new ServerTask.Seen("Off"));
                case ServerTask.Inspect any -> done(Yard.HARDWARE);
                case ServerTask.Clean any -> done(new ServerTask.Erased("secure-erase", 4));
                case ServerTask.Undeploy any -> {
                    if (dead.contains(any.server())) {
                        yield new Progress.Failed<>(
                                null, Failure.permanent(FailureCategory.CONNECTIVITY, "it does not answer"));
                    }
                    operation.mutate(() -> standing.remove(any.server()));
                    yield done(null);
                }
                case ServerTask.Deploy deploy -> {
                    if (broken.contains(deploy.server())) {
                        yield new Progress.Failed<>(
                                null, Failure.permanent(FailureCategory.PROVIDER, "it does not boot"));
                    }
                    var instance = deploy.instance();
                    var installation = java.util.Objects.requireNonNull(instance.installation());
                    if (installation.userData() != null) {
                        userData.add(installation.userData());
                    }
                    operation.mutate(() -> {
                        var before = standing.put(deploy.server(), instance.index());
                        if (before != null && before != instance.index()) {
                            doubled.add(deploy.server());
                        }
                        return true;
                    });
                    yield done(new ComponentOutputs.Instance(
                            instance.index(),
                            deploy.server(),
                            installation.addresses().getFirst().address(),
                            instance.site()));
                }
                case ServerTask.Adopt any -> done(null);
                case ServerTask.Switch any -> done(null);
                case ServerTask.Leave any -> done(null);
            };
        }

        private static Progress<BmcCheckpoint> done(@org.jspecify.annotations.Nullable Object outputs) {
            return new Progress.Done<>(null, outputs);
        }

        @Override
        public Progress<BmcCheckpoint> undo(Operation<ServerTask, BmcCheckpoint> operation) {
            return done(null);
        }
    }
}
