package io.groundwork.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.EventTypes;
import io.groundwork.events.Outcome;
import io.groundwork.events.Owner;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent;
import io.groundwork.events.RequestId;
import io.groundwork.events.Step;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.saga.History.Said;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.BiConsumer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The fold is a join: what matters is what was read, and not in which order. */
class SagaTest {

    private static final RequestId REQUEST = new RequestId(new UUID(7, 1));
    /** Reads everything and owns no step. */
    private static final Owner OBSERVER = Owner.NOTIFICATION;

    @Property(tries = 400)
    void shouldFoldAnyInterleavingToTheSame(@ForAll long seed) {
        var random = new Random(seed);
        var history = History.of(seed, 1 + random.nextInt(3));
        var read = prefixes(history, random);

        var one = fold(interleaved(read, random), OBSERVER, (before, after) -> {});
        var other = fold(interleaved(read, random), OBSERVER, (before, after) -> {});

        assertThat(one).isEqualTo(other);
    }

    /** What an owner does not keep would never have told it to do anything. */
    @Property(tries = 400)
    void shouldOweTheSameWhetherOrNotItKeepsWhatDoesNotConcernIt(@ForAll long seed) {
        var random = new Random(seed);
        var records = interleaved(prefixes(History.of(seed, 1 + random.nextInt(3)), random), random);
        for (var owner : History.OWNERS) {
            var all = Saga.NONE;
            var own = Saga.NONE;
            for (var record : records) {
                all = all.apply(record.fact(), record.event()).settle(owner);
                own = own.applyFor(owner, record.fact(), record.event()).settleFor(owner);

                assertThat(own.due(owner)).isEqualTo(all.due(owner));
                assertThat(own.closed()).isGreaterThanOrEqualTo(all.closed());
            }
        }
    }

    @Example
    void shouldBeDoneAtOnceWithARequestOfWhichNoStepIsIts() {
        var saga =
                Saga.NONE.applyFor(Owner.IAM, start(1).fact(), start(1).event()).settleFor(Owner.IAM);

        assertThat(saga).isEqualTo(new Saga(1, null, List.of()));
        assertThat(saga.applyFor(Owner.IAM, step(1, 1, StepStatus.DONE, 1).fact(), null))
                .isSameAs(saga);
    }

    @Example
    void shouldKeepOfAPlanItsOwnInputsAndTheDigestAsReadWhateverIsTold() {
        var said = (RequestEvent.RequestStarted) start(1).event();
        var others = said.plan().steps().getFirst();
        var own = new Step(
                new StepId("allocate"),
                StepKind.ALLOCATE,
                Owner.ALLOCATION,
                List.of(),
                others.undo(),
                others.onFailure(),
                others.timeout(),
                new StepInput.Allocate(List.of()));
        var plan = new Plan(List.of(own, others));
        var told = new RequestEvent.RequestStarted(plan, "sha256:of-another", said.ask());

        var active = Saga.NONE.applyFor(Owner.ALLOCATION, start(1).fact(), told).active();

        assertThat(active.digest()).isEqualTo(plan.digest());
        assertThat(active.plan().steps()).containsExactly(own, others.elsewhere());
    }

    @Example
    void shouldKeepNothingOfWhatOthersOnlyBegin() {
        var saga = Saga.NONE.apply(start(1).fact(), start(1).event());

        assertThat(saga.applyFor(
                        Owner.ALLOCATION, step(1, 1, StepStatus.RUNNING, 1).fact(), null))
                .isSameAs(saga);
        assertThat(Saga.NONE.applyFor(
                        Owner.ALLOCATION, step(1, 1, StepStatus.RUNNING, 1).fact(), null))
                .isSameAs(Saga.NONE);
    }

    @Property(tries = 200)
    void shouldFoldTheSameWhenNothingIsEverSettled(@ForAll long seed) {
        var random = new Random(seed);
        var read = prefixes(History.of(seed, 2), random);

        assertThat(plainFold(interleaved(read, random))).isEqualTo(plainFold(interleaved(read, random)));
    }

    @Property(tries = 200)
    void shouldEndWithNothingButTheHighestSequence(@ForAll long seed) {
        var random = new Random(seed);
        var history = History.of(seed, 3);

        for (var owner : History.OWNERS) {
            // its own facts come first: it folds them before anybody else can read them
            var records = new ArrayList<>(history.said(owner));
            var others = new EnumMap<>(history.topics);
            others.remove(owner);
            records.addAll(interleaved(others, random));

            assertThat(fold(records, owner, (before, after) -> {})).isEqualTo(new Saga(3, null, List.of()));
        }
    }

    @Property(tries = 200)
    void shouldOnlyClimbAndNeverTurnForwardAgain(@ForAll long seed) {
        var random = new Random(seed);
        var records = interleaved(History.of(seed, 2).topics, random);

        fold(records, OBSERVER, (before, after) -> {
            assertThat(after.closed()).isGreaterThanOrEqualTo(before.closed());
            var was = before.active();
            var is = after.active();
            if (was != null && is != null && was.sequence() == is.sequence()) {
                assertThat(is.turned() || !was.turned()).isTrue();
                assertThat(is.closed() || !was.closed()).isTrue();
                was.steps().forEach((step, state) -> assertThat(is.state(step)).isGreaterThanOrEqualTo(state));
            }
        });
    }

    @Property(tries = 200)
    void shouldStartOnlyWhatHasAllItNeedsAndUndoOnlyWhatNothingStandsOn(@ForAll long seed) {
        var random = new Random(seed);
        var records = interleaved(History.of(seed, 2).topics, random);

        fold(records, OBSERVER, (before, after) -> {
            var active = after.active();
            if (active == null) {
                return;
            }
            for (var owner : Owner.values()) {
                for (var due : active.due(owner)) {
                    check(active, owner, due);
                }
            }
        });
    }

    private static void check(Active active, Owner owner, Due due) {
        var step = due.step();
        var state = active.state(step.id());
        assertThat(step.owner()).isEqualTo(owner);
        assertThat(due.attempt()).isGreaterThanOrEqualTo(1);
        switch (due.action()) {
            case START -> {
                assertThat(active.turned()).isFalse();
                assertThat(state).isEqualTo(StepState.WAITING);
                assertThat(step.needs()).allMatch(need -> active.state(need).satisfied());
            }
            case SKIP -> {
                assertThat(active.turned()).isTrue();
                assertThat(state.status()).isEqualTo(StepStatus.WAITING);
            }
            case STOP -> assertThat(step.undo()).isEqualTo(Step.Undo.NONE);
            case UNDO -> {
                assertThat(step.undo()).isEqualTo(Step.Undo.OWNER);
                if (state.satisfied()) {
                    assertThat(active.plan().steps())
                            .filteredOn(other -> other.needs().contains(step.id()))
                            .allMatch(other -> active.state(other.id()).atRest(other.undo()));
                }
            }
        }
    }

    @Property(tries = 300)
    void shouldIgnoreWhatIsForeign(@ForAll long seed) {
        var random = new Random(seed);
        var saga = Saga.NONE.apply(start(1).fact(), start(1).event());
        var plan = History.plan(random);
        for (var i = 0; i < 50; i++) {
            var owner = any(Owner.values(), random);
            var types = List.copyOf(EventTypes.classes(owner).keySet());
            // a fact of a step that the plan does not have, or that another owns
            var fact = History.fact(
                    owner,
                    types.get(random.nextInt(types.size())),
                    REQUEST,
                    random.nextInt(3),
                    random.nextBoolean() ? null : plan.steps().getFirst().id(),
                    random.nextInt(4),
                    random.nextBoolean() ? null : any(StepStatus.values(), random),
                    i);
            saga = saga.apply(fact, null);
            for (var any : Owner.values()) {
                saga.due(any);
                saga.settle(any);
            }
        }
    }

    @Property(tries = 200)
    void shouldChangeNothingWhenAnythingIsReadAgain(@ForAll long seed) {
        var random = new Random(seed);
        var records = interleaved(prefixes(History.of(seed, 2), random), random);
        var saga = fold(records, OBSERVER, (before, after) -> {});

        for (var record : records) {
            assertThat(saga.apply(record.fact(), record.event())).isSameAs(saga);
        }
    }

    @Example
    void shouldKeepAnOwnerWhoseStepIsNotAtRestAndTurnItBackward() {
        var saga = Saga.NONE
                .apply(start(1).fact(), start(1).event())
                .apply(step(1, 1, StepStatus.RUNNING, 1).fact(), null)
                .apply(close(1).fact(), close(1).event());

        var kept = saga.settle(Owner.CLOUD);

        assertThat(kept.due(Owner.CLOUD)).extracting(Due::action).containsExactly(Due.Action.UNDO);
        assertThat(kept.apply(step(1, 1, StepStatus.UNDONE, 2).fact(), null).settle(Owner.CLOUD))
                .isEqualTo(new Saga(1, null, List.of()));
        assertThat(saga.settle(Owner.IAM)).isEqualTo(new Saga(1, null, List.of()));
    }

    @Example
    void shouldTakeUpTheNextRequestOnceTheLastIsAtRest() {
        var saga = Saga.NONE
                .apply(start(1).fact(), start(1).event())
                .apply(step(1, 1, StepStatus.RUNNING, 1).fact(), null)
                .apply(close(1).fact(), close(1).event())
                .settle(Owner.CLOUD)
                .apply(start(2).fact(), start(2).event());
        assertThat(saga.active()).extracting(Active::sequence).isEqualTo(1L);

        var next = saga.apply(step(1, 1, StepStatus.UNDONE, 2).fact(), null).settle(Owner.CLOUD);

        assertThat(next.active()).extracting(Active::sequence).isEqualTo(2L);
        assertThat(next.due(Owner.CLOUD)).extracting(Due::action).containsExactly(Due.Action.START);
    }

    @Example
    void shouldPassOverARequestWhosePlanCouldNotBeRead() {
        var running = Saga.NONE
                .apply(start(1).fact(), start(1).event())
                .apply(step(1, 1, StepStatus.RUNNING, 1).fact(), null)
                .apply(close(1).fact(), close(1).event())
                .settle(Owner.CLOUD)
                .apply(start(2).fact(), null)
                .apply(close(2).fact(), null);

        var late = running.apply(step(1, 1, StepStatus.UNDONE, 2).fact(), null).settle(Owner.CLOUD);
        var early = running.apply(start(3).fact(), start(3).event())
                .apply(step(1, 1, StepStatus.UNDONE, 2).fact(), null)
                .settle(Owner.CLOUD);

        assertThat(late).isEqualTo(new Saga(2, null, List.of()));
        assertThat(early).isEqualTo(late.apply(start(3).fact(), start(3).event()));
    }

    @Example
    void shouldTakeUpARequestThatIsOverAlreadyToBringItsOwnStepsToRest() {
        for (var id = 0; id < 20; id++) {
            var saga = Saga.NONE
                    .apply(start(1).fact(), start(1).event())
                    .apply(step(1, 1, StepStatus.RUNNING, 1).fact(), null)
                    .apply(close(1).fact(), close(1).event())
                    .apply(close(2, id).fact(), close(2, id).event())
                    .apply(start(2).fact(), start(2).event())
                    .apply(step(1, 1, StepStatus.UNDONE, 2).fact(), null)
                    .settle(Owner.CLOUD);

            assertThat(saga.due(Owner.CLOUD)).extracting(Due::action).containsExactly(Due.Action.SKIP);
        }
    }

    @Example
    void shouldDropWhatBelongsToNoStartedRequest() {
        assertThat(Saga.NONE.apply(step(0, 1, StepStatus.RUNNING, 1).fact(), null))
                .isSameAs(Saga.NONE);
    }

    private static Said start(long sequence) {
        var step = new Step(
                new StepId("provision:web"),
                StepKind.PROVISION,
                Owner.CLOUD,
                List.of(),
                Step.Undo.OWNER,
                Step.OnFailure.COMPENSATE,
                Duration.ofMinutes(5),
                new StepInput.Release());
        var started = History.started(new Plan(List.of(step)));
        return new Said(
                History.fact(
                        Owner.REQUEST,
                        EventTypes.type(Owner.REQUEST, RequestEvent.RequestStarted.class),
                        REQUEST,
                        sequence,
                        null,
                        0,
                        null,
                        sequence),
                started);
    }

    private static Said close(long sequence) {
        return close(sequence, sequence);
    }

    private static Said close(long sequence, long ordinal) {
        return new Said(
                History.fact(
                        Owner.REQUEST,
                        EventTypes.type(Owner.REQUEST, RequestEvent.RequestClosed.class),
                        REQUEST,
                        sequence,
                        null,
                        0,
                        null,
                        ordinal),
                History.closed(Outcome.FAILED));
    }

    private static Said step(long sequence, int attempt, StepStatus status, long ordinal) {
        return new Said(
                History.fact(
                        Owner.CLOUD,
                        "io.groundwork.cloud.component-progressed.v1",
                        REQUEST,
                        sequence,
                        new StepId("provision:web"),
                        attempt,
                        status,
                        ordinal),
                null);
    }

    /** How far somebody may have read: a beginning of each topic. */
    private static Map<Owner, List<Said>> prefixes(History history, Random random) {
        var read = new EnumMap<Owner, List<Said>>(Owner.class);
        history.topics.forEach((owner, records) ->
                read.put(owner, records.subList(0, random.nextInt(records.size() + 1))));
        return read;
    }

    /** The topics in one order that keeps each topic's own, with earlier records read again here and there. */
    private static List<Said> interleaved(Map<Owner, List<Said>> topics, Random random) {
        var next = new EnumMap<Owner, Integer>(Owner.class);
        var records = new ArrayList<Said>();
        // a topic that is preferred is read far ahead of the others
        var preferred = any(Owner.values(), random);
        while (true) {
            var open = topics.keySet().stream()
                    .filter(owner -> next.getOrDefault(owner, 0) < size(topics, owner))
                    .sorted(Comparator.naturalOrder())
                    .toList();
            if (open.isEmpty()) {
                return records;
            }
            var owner = open.contains(preferred) && random.nextInt(4) > 0
                    ? preferred
                    : open.get(random.nextInt(open.size()));
            records.add(topics.getOrDefault(owner, List.of()).get(next.merge(owner, 1, Integer::sum) - 1));
            if (random.nextInt(3) == 0) {
                records.add(records.get(random.nextInt(records.size())));
            }
        }
    }

    private static <T> T any(T[] values, Random random) {
        return values[random.nextInt(values.length)];
    }

    private static int size(Map<Owner, List<Said>> topics, Owner owner) {
        return topics.getOrDefault(owner, List.of()).size();
    }

    private static Saga fold(List<Said> records, Owner owner, BiConsumer<Saga, Saga> check) {
        var saga = Saga.NONE;
        for (var record : records) {
            var before = saga;
            saga = saga.apply(record.fact(), record.event()).settle(owner);
            check.accept(before, saga);
        }
        return saga;
    }

    private static Saga plainFold(List<Said> records) {
        var saga = Saga.NONE;
        for (var record : records) {
            saga = saga.apply(record.fact(), record.event());
        }
        return saga;
    }
}
