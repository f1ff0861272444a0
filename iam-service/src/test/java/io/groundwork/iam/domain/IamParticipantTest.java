package io.groundwork.iam.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.Design.AccessGrant;
import io.groundwork.events.Directory;
import io.groundwork.events.Event;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.IamEvent.AccessFailed;
import io.groundwork.events.IamEvent.AccessGranted;
import io.groundwork.events.IamEvent.AccessProgressed;
import io.groundwork.events.IamEvent.AccessRevoked;
import io.groundwork.events.IamEvent.AccessStarted;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent.Intervention;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepEvent.StepAbandoned;
import io.groundwork.events.StepEvent.StepSkipped;
import io.groundwork.events.StepEvent.StepStuck;
import io.groundwork.events.StepEvent.StepUndoing;
import io.groundwork.events.StepEvent.StepWaived;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.iam.driver.DirectoryDriver;
import io.groundwork.iam.driver.InMemoryGrants;
import io.groundwork.runtime.OperationMachine;
import io.groundwork.runtime.OperationPolicy;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.Worker;
import io.groundwork.runtime.testing.MachineBench;
import io.groundwork.saga.StepState;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class IamParticipantTest {

    private static final StepId GRANT = StepId.of(StepKind.GRANT);
    private static final StepId REVOKE = StepId.of(StepKind.REVOKE);
    private static final ResourceId WEB = new ResourceId("acme", "payments", "web");
    private static final AccessGrant OPERATOR = new AccessGrant("payments-devs", "operator");
    private static final AccessGrant VIEWER = new AccessGrant("payments-devs", "viewer");
    private static final AccessGrant ADMIN = new AccessGrant("payments-devs", "admin");

    private final World world = new World(3, 0);

    /** The participant, the engine, and the real driver over grants in memory. */
    private static final class World {

        final InMemoryGrants grants = new InMemoryGrants();
        final MachineBench bench;

        World(long seed, double duplicates) {
            var group = new Directory.Group("acme", List.of(), List.of("operator", "viewer"));
            var driver = new DirectoryDriver(
                    grants, name -> name.equals("payments-devs") ? Optional.of(group) : Optional.empty());
            bench = new MachineBench(Owner.IAM, seed, duplicates);
            var worker = new Worker<>(Owner.IAM, driver, "worker", bench::now);
            bench.with(new ParticipantMachine<>(new IamParticipant(), MachineBench.proofs()))
                    .with(new OperationMachine(Owner.IAM, OperationPolicy.DEFAULT))
                    .with(topic -> topic.equals("iam.work.directory.v1"), worker::work);
        }

        void deploy(ResourceId resource, long sequence, Step.OnFailure onFailure, AccessGrant... access) {
            bench.start(
                    resource,
                    sequence,
                    RequestKind.DEPLOY,
                    bench.step(StepKind.GRANT, Step.Undo.OWNER, onFailure, new StepInput.Grant(List.of(access))));
        }

        void decommission(ResourceId resource, long sequence) {
            bench.start(
                    resource,
                    sequence,
                    RequestKind.DECOMMISSION,
                    bench.step(StepKind.REVOKE, Step.Undo.NONE, Step.OnFailure.PAUSE, new StepInput.Revoke()));
        }
    }

    @Test
    void shouldGrantAllAndRevokeAllInALaterRequest() {
        deploy(Step.OnFailure.COMPENSATE, OPERATOR, VIEWER, OPERATOR);
        assertThat(said())
                .containsExactly(
                        new AccessStarted(List.of(OPERATOR, VIEWER)), new AccessGranted(List.of(OPERATOR, VIEWER)));
        assertThat(world.grants.of(WEB)).containsExactly(OPERATOR, VIEWER);

        world.bench.close(WEB, 1);
        world.decommission(WEB, 2);
        world.bench.settle();
        assertThat(said().subList(2, 4))
                .containsExactly(
                        new AccessStarted(List.of(OPERATOR, VIEWER)), new AccessRevoked(List.of(OPERATOR, VIEWER)));
        assertThat(world.bench.state(WEB, 2, REVOKE)).isEqualTo(new StepState(1, StepStatus.DONE));
        assertThat(world.grants.of(WEB)).isEmpty();
    }

    @Test
    void shouldLeaveNothingWhenOneGrantIsRefused() {
        deploy(Step.OnFailure.COMPENSATE, ADMIN, OPERATOR);
        assertThat(said()).element(1).isInstanceOfSatisfying(AccessFailed.class, failed -> {
            assertThat(failed.failure().category()).isEqualTo(FailureCategory.AUTH);
            assertThat(failed.failure().message())
                    .isEqualTo("Group payments-devs may not hold role admin; it may hold operator, viewer.");
        });
        assertThat(said().subList(2, 4))
                .containsExactly(new StepUndoing(), new AccessRevoked(List.of(ADMIN, OPERATOR)));
        assertThat(world.grants.of(WEB)).isEmpty();
    }

    @Test
    void shouldDoNothingWhereNoAccessIsHeld() {
        world.decommission(WEB, 1);
        world.bench.settle();
        assertThat(said()).containsExactly(new AccessStarted(List.of()), new AccessRevoked(List.of()));
    }

    @Test
    void shouldSkipWhatNeverStarted() {
        world.bench.cancel(WEB, 1);
        world.bench.settle();
        deploy(Step.OnFailure.COMPENSATE, OPERATOR);
        assertThat(said()).containsExactly(new StepSkipped());
    }

    @Test
    void shouldGetStuckUndoingAndGoOnWhenAPersonSaysSo() {
        deploy(Step.OnFailure.COMPENSATE, OPERATOR);
        world.grants.failing(() -> true);
        world.bench.cancel(WEB, 1);
        world.bench.settle();
        assertThat(said().getLast())
                .isInstanceOfSatisfying(
                        StepStuck.class,
                        stuck -> assertThat(stuck.failure().category()).isEqualTo(FailureCategory.CONNECTIVITY));
        assertThat(world.bench.state(WEB, 1, GRANT)).isEqualTo(new StepState(1, StepStatus.UNDO_STUCK));

        world.bench.intervene(WEB, 1, GRANT, 1, Intervention.SKIP);
        world.bench.intervene(WEB, 1, GRANT, 7, Intervention.RETRY);
        world.bench.settle();
        assertThat(world.bench.state(WEB, 1, GRANT)).isEqualTo(new StepState(1, StepStatus.UNDO_STUCK));

        world.grants.failing(() -> false);
        world.bench.intervene(WEB, 1, GRANT, 1, Intervention.RETRY);
        world.bench.settle();
        assertThat(world.bench.state(WEB, 1, GRANT)).isEqualTo(new StepState(2, StepStatus.UNDONE));
        assertThat(world.grants.of(WEB)).isEmpty();
    }

    @Test
    void shouldSayWhatADirectoryThatCannotBeReachedKeepsWaiting() {
        world.grants.failing(() -> true);
        deploy(Step.OnFailure.COMPENSATE, OPERATOR, VIEWER);

        var progress = said().stream()
                .filter(AccessProgressed.class::isInstance)
                .map(AccessProgressed.class::cast)
                .toList();
        assertThat(progress).isNotEmpty();
        assertThat(progress.getLast().pending())
                .hasSize(2)
                .allSatisfy(
                        pending -> assertThat(pending.lastError().category()).isEqualTo(FailureCategory.CONNECTIVITY));
    }

    @Test
    void shouldRevokeLaterWhatAnUndoHadToLeave() {
        deploy(Step.OnFailure.COMPENSATE, OPERATOR);
        world.grants.failing(() -> true);
        world.bench.cancel(WEB, 1);
        world.bench.settle();
        world.bench.intervene(WEB, 1, GRANT, 1, Intervention.ABANDON);
        world.bench.settle();
        assertThat(said().getLast())
                .isEqualTo(new StepAbandoned(
                        "op@acme.example", "because", List.of("role operator of group payments-devs")));

        world.grants.failing(() -> false);
        world.bench.close(WEB, 1);
        world.decommission(WEB, 2);
        world.bench.settle();
        assertThat(said().getLast()).isEqualTo(new AccessRevoked(List.of(OPERATOR)));
        assertThat(world.grants.of(WEB)).isEmpty();
    }

    @Test
    void shouldPauseARevocationThatFailsUntilAPersonDecides() {
        deploy(Step.OnFailure.COMPENSATE, OPERATOR);
        world.bench.close(WEB, 1);
        world.grants.failing(() -> true);
        world.decommission(WEB, 2);
        world.bench.settle();
        assertThat(world.bench.state(WEB, 2, REVOKE)).isEqualTo(new StepState(1, StepStatus.STUCK));
        world.bench.intervene(WEB, 2, REVOKE, 1, Intervention.RETRY);
        world.bench.settle();
        assertThat(world.bench.state(WEB, 2, REVOKE)).isEqualTo(new StepState(2, StepStatus.STUCK));
        world.bench.intervene(WEB, 2, REVOKE, 2, Intervention.SKIP);
        world.bench.settle();
        assertThat(said().getLast()).isInstanceOf(StepWaived.class);
    }

    @Test
    void shouldAbandonAStuckRevocationThatIsAborted() {
        deploy(Step.OnFailure.COMPENSATE, OPERATOR);
        world.bench.close(WEB, 1);
        world.grants.failing(() -> true);
        world.decommission(WEB, 2);
        world.bench.settle();
        world.bench.intervene(WEB, 2, REVOKE, 1, Intervention.ABORT);
        world.bench.settle();
        assertThat(said().getLast()).isInstanceOf(StepAbandoned.class);
    }

    /** Deploys with cancels, a back end that fails before and after it wrote, duplicates, and orders at random. */
    @Property(tries = 150)
    void shouldHoldAllOrNothingWhateverTheOrder(@ForAll long seed, @ForAll @DoubleRange(max = 0.4) double duplicates) {
        var random = new Random(seed);
        var chaos = new World(seed, duplicates);
        var bench = chaos.bench;
        chaos.grants.failing(() -> random.nextInt(4) == 0);
        var wanted =
                random.nextInt(4) == 0 ? new AccessGrant[] {OPERATOR, ADMIN} : new AccessGrant[] {VIEWER, OPERATOR};
        chaos.deploy(WEB, 1, random.nextBoolean() ? Step.OnFailure.COMPENSATE : Step.OnFailure.PAUSE, wanted);
        for (var steps = random.nextInt(30); steps > 0; steps--) {
            bench.step();
        }
        if (random.nextInt(2) == 0) {
            bench.cancel(WEB, 1);
        }
        bench.settle();
        decideUntilAtRest(chaos, random, 1, GRANT);
        var state = bench.state(WEB, 1, GRANT);
        switch (state.status()) {
            case DONE -> assertThat(chaos.grants.of(WEB)).hasSize(2);
            case SKIPPED, UNDONE -> assertThat(chaos.grants.of(WEB)).isEmpty();
            case WAIVED -> assertThat(chaos.grants.of(WEB)).hasSizeLessThan(3);
            default -> throw new AssertionError("not at rest: " + state);
        }
        bench.close(WEB, 1);
        chaos.decommission(WEB, 2);
        bench.settle();
        decideUntilAtRest(chaos, random, 2, REVOKE);
        if (bench.state(WEB, 2, REVOKE).status() == StepStatus.DONE) {
            assertThat(chaos.grants.of(WEB)).isEmpty();
        }
        assertThat(bench.deadLetters()).isEmpty();
    }

    private static void decideUntilAtRest(World world, Random random, long sequence, StepId step) {
        for (var state = world.bench.state(WEB, sequence, step);
                state.stuck();
                state = world.bench.state(WEB, sequence, step)) {
            var action = random.nextInt(3) == 0 && state.attempt() > 2 ? Intervention.SKIP : Intervention.RETRY;
            world.bench.intervene(WEB, sequence, step, state.attempt(), action);
            world.bench.settle();
        }
    }

    private void deploy(Step.OnFailure onFailure, AccessGrant... access) {
        world.deploy(WEB, 1, onFailure, access);
        world.bench.settle();
    }

    private List<Event> said() {
        return world.bench.events().stream()
                .<Event>map(envelope -> envelope.event())
                .toList();
    }
}
