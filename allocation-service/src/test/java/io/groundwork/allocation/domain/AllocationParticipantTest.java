package io.groundwork.allocation.domain;

import static io.groundwork.allocation.domain.World.ALLOCATE;
import static io.groundwork.allocation.domain.World.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.AllocationEvent.AllocationFailed;
import io.groundwork.events.AllocationEvent.AllocationStarted;
import io.groundwork.events.AllocationEvent.ResourcesAllocated;
import io.groundwork.events.AllocationEvent.ResourcesReleased;
import io.groundwork.events.Claim;
import io.groundwork.events.Event;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.RequestEvent.Intervention;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step.OnFailure;
import io.groundwork.events.StepEvent.StepSkipped;
import io.groundwork.events.StepEvent.StepStuck;
import io.groundwork.events.StepEvent.StepUndoing;
import io.groundwork.events.StepEvent.StepWaived;
import io.groundwork.events.StepStatus;
import io.groundwork.saga.StepState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class AllocationParticipantTest {

    private static final String FIRST = "quota/acme/payments";
    private static final String SECOND = "quota/acme/shared";
    private static final ResourceId WEB = new ResourceId("acme", "payments", "web");
    private static final ResourceId DB = new ResourceId("acme", "payments", "db");

    private final World world = new World(7, 0);

    @Test
    void shouldClaimInSortedOrderAndSayWhatItHolds() {
        // one pool twice: one claim
        world.deploy(WEB, 1, OnFailure.COMPENSATE, claim(SECOND, 1), claim(FIRST, 2), claim(SECOND, 3));
        world.bench.settle();
        var claims = List.of(claim(FIRST, 2), claim(SECOND, 4));
        assertThat(said()).containsExactly(new AllocationStarted(claims), new ResourcesAllocated(claims));
        assertThat(world.held(WEB, SECOND, "instances")).isEqualTo(4);
    }

    @Test
    void shouldAllocateNothingForADesignWithoutComponents() {
        world.deploy(WEB, 1, OnFailure.COMPENSATE);
        world.bench.settle();
        assertThat(said()).containsExactly(new AllocationStarted(List.of()), new ResourcesAllocated(List.of()));
    }

    @Test
    void shouldGiveBackWhatItGotOnTheWayWhenAPoolDenies() {
        world.limits.put(SECOND, Map.of("instances", 1L));
        world.deploy(WEB, 1, OnFailure.COMPENSATE, claim(FIRST, 2), claim(SECOND, 2));
        world.bench.settle();

        assertThat(said()).hasSize(4).element(1).isInstanceOfSatisfying(AllocationFailed.class, failed -> {
            assertThat(failed.failure().category()).isEqualTo(FailureCategory.QUOTA);
            assertThat(failed.reasons()).containsEntry(SECOND, "instances: limit 1, used 0, asked 2");
        });
        // a failed step is undone too, though nothing is left of this one
        assertThat(said()).element(2).isEqualTo(new StepUndoing());
        assertThat(said()).element(3).isEqualTo(new ResourcesReleased(List.of()));
        assertThat(world.used(FIRST, "instances")).isZero();
    }

    @Test
    void shouldGiveBackAllWhenTheRequestGoesBackward() {
        world.deploy(WEB, 1, OnFailure.COMPENSATE, claim(FIRST, 2), claim(SECOND, 2));
        world.bench.settle();
        world.bench.cancel(WEB, 1);
        world.bench.settle();
        assertThat(said().subList(2, 4))
                .containsExactly(new StepUndoing(), new ResourcesReleased(List.of(claim(FIRST, 2), claim(SECOND, 2))));
        assertThat(world.used(FIRST, "instances") + world.used(SECOND, "instances"))
                .isZero();
    }

    @Test
    void shouldReleaseWhatEarlierRequestsHold() {
        world.deploy(WEB, 1, OnFailure.COMPENSATE, claim(FIRST, 2));
        world.bench.settle();
        world.bench.close(WEB, 1);
        world.decommission(WEB, 2);
        world.bench.settle();
        assertThat(said().subList(2, 4))
                .containsExactly(new AllocationStarted(List.of()), new ResourcesReleased(List.of(claim(FIRST, 2))));
        assertThat(world.bench.state(WEB, 2, RELEASE)).isEqualTo(new StepState(1, StepStatus.DONE));
        assertThat(world.used(FIRST, "instances")).isZero();
    }

    @Test
    void shouldSkipWhatNeverStarted() {
        world.bench.cancel(WEB, 1);
        world.bench.settle();
        world.deploy(WEB, 1, OnFailure.COMPENSATE, claim(FIRST, 2));
        world.bench.settle();
        assertThat(said()).containsExactly(new StepSkipped());
    }

    @Test
    void shouldRetryOrSkipAStepThatPauses() {
        world.limits.put(FIRST, Map.of("instances", 1L));
        for (var resource : List.of(WEB, DB)) {
            world.deploy(resource, 1, OnFailure.PAUSE, claim(FIRST, 2));
            world.bench.settle();
            assertThat(world.bench.state(resource, 1, ALLOCATE)).isEqualTo(new StepState(1, StepStatus.STUCK));
            // of another attempt: nobody's
            world.bench.intervene(resource, 1, ALLOCATE, 2, Intervention.RETRY);
            world.bench.settle();
            assertThat(said().getLast()).isInstanceOf(StepStuck.class);
        }
        world.limits.clear();
        world.bench.intervene(WEB, 1, ALLOCATE, 1, Intervention.RETRY);
        world.bench.intervene(WEB, 1, ALLOCATE, 1, Intervention.RETRY);
        world.bench.settle();
        assertThat(world.bench.state(WEB, 1, ALLOCATE)).isEqualTo(new StepState(2, StepStatus.DONE));
        assertThat(world.used(FIRST, "instances")).isEqualTo(2);

        world.bench.intervene(DB, 1, ALLOCATE, 1, Intervention.SKIP);
        world.bench.settle();
        assertThat(said().getLast()).isInstanceOf(StepWaived.class);
    }

    /** Many resources and two tight pools; cancels, duplicates and orders at random. */
    @Property(tries = 100)
    void shouldHoldAllOrNothingWhateverTheOrder(@ForAll long seed, @ForAll @DoubleRange(max = 0.4) double duplicates) {
        var random = new Random(seed);
        var race = new World(seed, duplicates);
        race.limits.put(FIRST, Map.of("instances", 6L));
        race.limits.put(SECOND, Map.of("instances", 4L));
        var resources = new ArrayList<ResourceId>();
        for (var i = 0; i < 5; i++) {
            resources.add(new ResourceId("acme", "payments", "r" + i));
        }
        for (var resource : resources) {
            race.deploy(resource, 1, OnFailure.COMPENSATE, claim(SECOND, 1), claim(FIRST, 2));
            for (var steps = random.nextInt(12); steps > 0; steps--) {
                race.bench.step();
            }
            if (random.nextInt(3) == 0) {
                race.bench.cancel(resource, 1);
            }
        }
        race.bench.settle();
        assertThat(race.bench.deadLetters()).isEmpty();
        assertThat(race.used(FIRST, "instances")).isLessThanOrEqualTo(6);
        for (var resource : resources) {
            var done = race.bench.state(resource, 1, ALLOCATE).status() == StepStatus.DONE;
            if (!done) {
                assertThat(race.bench.state(resource, 1, ALLOCATE).status())
                        .isIn(StepStatus.UNDONE, StepStatus.SKIPPED);
            }
            assertThat(race.held(resource, FIRST, "instances")).isEqualTo(done ? 2 : 0);
            assertThat(race.held(resource, SECOND, "instances")).isEqualTo(done ? 1 : 0);
            race.bench.close(resource, 1);
            race.decommission(resource, 2);
        }
        race.bench.settle();
        assertThat(race.bench.deadLetters()).isEmpty();
        for (var resource : resources) {
            assertThat(race.bench.state(resource, 2, RELEASE)).isEqualTo(new StepState(1, StepStatus.DONE));
        }
        assertThat(race.used(FIRST, "instances") + race.used(SECOND, "instances"))
                .isZero();
    }

    private List<Event> said() {
        return world.bench.events().stream()
                .<Event>map(envelope -> envelope.event())
                .toList();
    }

    private static Claim claim(String pool, long instances) {
        return new Claim(pool, Map.of("instances", instances));
    }
}
