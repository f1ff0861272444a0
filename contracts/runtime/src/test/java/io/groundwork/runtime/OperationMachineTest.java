package io.groundwork.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.groundwork.events.EventCodec;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.groundwork.events.StepId;
import io.groundwork.events.Topics;
import io.groundwork.runtime.OperationOutcome.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OperationMachineTest {

    private static final OperationPolicy POLICY = new OperationPolicy(
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofMillis(500),
            Duration.ofSeconds(4),
            3,
            2,
            Duration.ofHours(1));
    private static final List<String> OPERATIONS =
            List.of("a/b/c#1/web/0", "a/b/c#1/web/1", "a/b/c#1/web/2", "a/b/c#1/x/0");
    private static final Failure REFUSED = Failure.permanent(FailureCategory.VALIDATION, "no");
    private static final Failure THROTTLED = new Failure(FailureCategory.THROTTLED, "later", null, true);

    /** What may happen to the engine from outside; {@code number} chooses among what there is. */
    enum What {
        ORDER,
        UNDO,
        RETRY,
        REPEAT_ORDER,
        OLD_ORDER,
        DONE,
        PENDING,
        FAIL,
        THROTTLE,
        LOSE,
        DROP,
        REPEAT_RESULT,
        TIME
    }

    record Move(What what, int number) {}

    @Provide
    Arbitrary<List<Move>> moves() {
        return Combinators.combine(
                        Arbitraries.of(What.class), Arbitraries.integers().between(0, 1_000))
                .as(Move::new)
                .list()
                .ofMaxSize(120);
    }

    @Property(tries = 500)
    void shouldKeepEveryOperationInOneHandAndBringItToItsLastGoal(@ForAll("moves") List<Move> moves) {
        var world = new World();
        moves.forEach(world::move);
        world.finish();
    }

    @Test
    void shouldUndoWithoutAskingAnybodyWhatNoWorkerEverHad() {
        var world = new World();
        for (var operation : OPERATIONS.subList(0, 3)) {
            world.order(operation, 1, Goal.DONE);
        }
        assertThat(world.out).hasSize(2);

        world.order(OPERATIONS.get(2), 1, Goal.UNDONE);

        assertThat(world.out).hasSize(2);
        assertThat(world.last(OPERATIONS.get(2)).kind()).isEqualTo(Kind.REACHED);
    }

    @Test
    void shouldOnlyForgetWhatCannotBeTakenBack() {
        var world = new World(POLICY.notUndoable());
        var operation = OPERATIONS.getFirst();
        world.order(operation, 1, Goal.DONE);
        world.answer(world.out.getFirst(), WorkResult.Kind.DONE, null, true);

        world.order(operation, 1, Goal.UNDONE);

        assertThat(world.out).hasSize(1);
        assertThat(world.last(operation).kind()).isEqualTo(Kind.REACHED);
        world.time(POLICY.keptFor());
        assertThat(world.stores.store(OperationMachine.OPERATIONS).get(operation))
                .isNull();
    }

    @Test
    void shouldAskADriverToUndoWhatItNeverHeardOf() {
        var world = new World();

        world.order(OPERATIONS.getFirst(), 1, Goal.UNDONE);

        assertThat(world.out.getFirst().work().order().goal()).isEqualTo(Goal.UNDONE);
    }

    @Test
    void shouldTurnToUndoOnlyWhenTheWorkThatIsOutIsOver() {
        var world = new World();
        var operation = OPERATIONS.getFirst();
        world.order(operation, 1, Goal.DONE);

        world.order(operation, 1, Goal.UNDONE);
        world.time(Duration.ofSeconds(15).minusMillis(1));
        assertThat(world.out).hasSize(1);
        world.time(Duration.ofMillis(1));

        assertThat(world.out).hasSize(2);
        var second = world.out.getLast().work();
        assertThat(second.order().goal()).isEqualTo(Goal.UNDONE);
        assertThat(second.fence()).isEqualTo(2);
        assertThat(second.settledAt()).isEqualTo(World.START.plusSeconds(15));
    }

    @Test
    void shouldDoubtUntilNoRepetitionOfTheLastWorkCanMakeAnything() {
        var world = new World();
        var answered = OPERATIONS.getFirst();
        world.order(answered, 1, Goal.DONE);
        world.time(Duration.ofSeconds(1));
        world.answer(world.out.getFirst(), WorkResult.Kind.FAILED, REFUSED, true);

        world.order(answered, 1, Goal.UNDONE);

        assertThat(world.out.getLast().work().settledAt()).isEqualTo(World.START.plusSeconds(15));

        var early = OPERATIONS.get(1);
        world.order(early, 1, Goal.DONE);
        var out = world.out.getLast();
        world.order(early, 1, Goal.UNDONE);
        world.answer(out, WorkResult.Kind.DONE, null, true);

        assertThat(world.out.getLast().work().settledAt()).isEqualTo(World.START.plusSeconds(16));
    }

    @Test
    void shouldNotDoubtWhatCameToRestLongAgo() {
        var world = new World();
        var operation = OPERATIONS.getFirst();
        world.order(operation, 1, Goal.DONE);
        world.answer(world.out.getFirst(), WorkResult.Kind.DONE, null, true);
        world.time(Duration.ofHours(1));

        world.order(operation, 1, Goal.UNDONE);

        assertThat(world.out.getLast().work().settledAt()).isBefore(world.now);
    }

    @Test
    void shouldLookAgainWhenALateWorkSaysThatItChangedSomething() {
        var world = new World();
        var operation = OPERATIONS.getFirst();
        world.order(operation, 1, Goal.DONE);
        var late = world.out.getFirst();
        world.order(operation, 1, Goal.UNDONE);
        world.time(Duration.ofSeconds(15));
        world.answer(world.out.getLast(), WorkResult.Kind.DONE, null, true);
        assertThat(world.last(operation).kind()).isEqualTo(Kind.REACHED);
        world.time(Duration.ofSeconds(40));

        world.answer(late, WorkResult.Kind.DONE, null, true);

        var again = world.out.getLast().work();
        assertThat(again.order().goal()).isEqualTo(Goal.UNDONE);
        assertThat(again.fence()).isEqualTo(3);
        assertThat(again.settledAt()).isEqualTo(world.now);
    }

    @Test
    void shouldNotBelieveALookThatALateChangeMayHaveMissed() {
        var world = new World();
        var operation = OPERATIONS.getFirst();
        world.order(operation, 1, Goal.DONE);
        var late = world.out.getFirst();
        world.order(operation, 1, Goal.UNDONE);
        world.time(Duration.ofSeconds(15));
        var looking = world.out.getLast();

        world.answer(late, WorkResult.Kind.DONE, null, true);
        world.answer(looking, WorkResult.Kind.DONE, null, true);

        assertThat(world.outcomes).isNotEmpty().allMatch(outcome -> outcome.kind() == Kind.PENDING);
        assertThat(world.out.getLast().work().fence()).isEqualTo(3);
    }

    @Test
    void shouldNeverLeadBackFromUndone() {
        var world = new World();
        var operation = OPERATIONS.getFirst();
        world.order(operation, 1, Goal.UNDONE);
        world.answer(world.out.getFirst(), WorkResult.Kind.DONE, null, true);

        world.order(operation, 2, Goal.DONE);

        assertThat(world.out).hasSize(1);
    }

    @Test
    void shouldKeepWhatCouldNotBeUndone() {
        var world = new World();
        var operation = OPERATIONS.getFirst();
        world.order(operation, 1, Goal.UNDONE);
        world.answer(world.out.getFirst(), WorkResult.Kind.FAILED, REFUSED, true);
        world.time(Duration.ofHours(5));

        world.order(operation, 2, Goal.UNDONE);

        assertThat(world.out.getLast().work().fence()).isEqualTo(2);
    }

    @Test
    void shouldNotAskAtOnceAWorkerThatDroppedItsWork() {
        var world = new World();
        world.order(OPERATIONS.getFirst(), 1, Goal.DONE);

        world.answer(world.out.getFirst(), WorkResult.Kind.DROPPED, null, false);

        assertThat(world.out).hasSize(1);
        world.time(POLICY.firstRetry());
        assertThat(world.out).hasSize(2);
    }

    @Test
    void shouldSayThatAnErrorIsOver() {
        var world = new World();
        var operation = OPERATIONS.getFirst();
        world.order(operation, 1, Goal.DONE);
        world.answer(world.out.getFirst(), WorkResult.Kind.FAILED, THROTTLED, true);
        assertThat(world.last(operation).pending().lastError()).isEqualTo(THROTTLED);
        world.time(Duration.ofSeconds(1));

        world.answer(world.out.getLast(), WorkResult.Kind.PENDING, null, true);

        assertThat(world.last(operation).pending().lastError()).isNull();
    }

    @Test
    void shouldSayOnceWhatASlowOperationWaitsFor() {
        var world = new World();
        var operation = OPERATIONS.getFirst();
        world.order(operation, 1, Goal.DONE);
        for (var look = 0; look < 3; look++) {
            world.pending(world.out.getLast(), Duration.ofSeconds(30), "installs the operating system");
            world.time(Duration.ofSeconds(31));
        }

        assertThat(world.told(operation)).hasSize(1);
        assertThat(world.last(operation).pending().detail()).isEqualTo("installs the operating system");
        assertThat(world.last(operation).pending().worker()).isEqualTo("worker");

        world.pending(world.out.getLast(), Duration.ofSeconds(30), "waits for the server to call home");

        assertThat(world.last(operation).pending().detail()).isEqualTo("waits for the server to call home");
        assertThat(world.last(operation).pending().nextTry()).isNull();
    }

    @Test
    void shouldNameTheQueueInWhichNobodyWorksAndGoOnWhenSomebodyDoes() {
        var world = new World();
        var operation = OPERATIONS.getFirst();
        world.order(operation, 1, Goal.DONE);
        var queue = world.out.getFirst().work().order().queue();

        world.time(POLICY.workTime().plus(POLICY.callTime()));

        var waits = world.last(operation);
        assertThat(waits.kind()).isEqualTo(Kind.PENDING);
        assertThat(waits.pending().lastError().message())
                .isEqualTo("No worker of queue " + queue + " answered in time.");
        assertThat(waits.pending().worker()).isNull();
        world.answer(world.out.getLast(), WorkResult.Kind.DONE, null, true);
        assertThat(world.last(operation).kind()).isEqualTo(Kind.REACHED);
    }

    @Test
    void shouldNotSpeakOfWhatIsLookedAtAgainSoon() {
        var world = new World();
        world.order(OPERATIONS.getFirst(), 1, Goal.DONE);

        world.pending(world.out.getFirst(), Duration.ofMillis(200), "waits until the machine runs");

        assertThat(world.told(OPERATIONS.getFirst())).isEmpty();
    }

    @Test
    void shouldCarryTheTraceOfTheOrderWhicheverRecordOrTimerHandsItOut() {
        var world = new World();
        for (var operation : OPERATIONS.subList(0, 3)) {
            world.order(operation, 1, Goal.DONE);
        }
        world.answer(world.out.getFirst(), WorkResult.Kind.DONE, null, true);
        assertThat(world.out.getLast().work().order().id()).isEqualTo(OPERATIONS.get(2));
        world.answer(world.out.getLast(), WorkResult.Kind.FAILED, THROTTLED, true);
        world.time(Duration.ofSeconds(1));

        assertThat(world.works)
                .hasSizeGreaterThan(3)
                .allSatisfy(work -> assertThat(work.header(EventCodec.TRACE)).isEqualTo(World.trace(work.key())));
    }

    @Test
    void shouldPutAnUnreadableRecordAside() {
        var world = new World();

        world.handle(new Input.Received(new Message(Topics.operations(Owner.CLOUD), "x", Map.of(), new byte[] {'{'})));

        assertThat(world.letters).hasSize(1);
    }

    /** The engine with everything around it: what is out, what was answered, and what must hold at every step. */
    private static final class World {

        static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
        private static final RequestId REQUEST = new RequestId(new UUID(0, 1));

        record Out(Work work, Instant over) {}

        final OperationMachine engine;
        final InMemoryStores stores = new InMemoryStores();
        final Random random = new Random(7);
        final List<Out> out = new ArrayList<>();
        final Set<Out> answered = new HashSet<>();
        final List<WorkResult> results = new ArrayList<>();
        final List<OperationOutcome> outcomes = new ArrayList<>();
        final List<Message> works = new ArrayList<>();
        final List<Message> letters = new ArrayList<>();
        final Map<String, Order> orders = new HashMap<>();
        final Set<String> refused = new HashSet<>();
        Instant now = START;

        World() {
            this(POLICY);
        }

        World(OperationPolicy policy) {
            engine = new OperationMachine(Owner.CLOUD, policy);
        }

        void move(Move move) {
            var number = move.number();
            var operation = OPERATIONS.get(number % OPERATIONS.size());
            var known = orders.get(operation);
            switch (move.what()) {
                case ORDER -> {
                    if (known == null) {
                        order(operation, 1, Goal.DONE);
                    }
                }
                case UNDO -> order(operation, known == null ? 1 : known.attempt(), Goal.UNDONE);
                case RETRY -> {
                    if (known != null) {
                        order(operation, known.attempt() + 1, known.goal());
                    }
                }
                case REPEAT_ORDER -> {
                    if (known != null) {
                        order(operation, known.attempt(), known.goal());
                    }
                }
                case OLD_ORDER -> {
                    if (known != null && (known.attempt() > 1 || known.goal() == Goal.UNDONE)) {
                        send(of(operation, 1, Goal.DONE));
                    }
                }
                case DONE -> answerSome(number, WorkResult.Kind.DONE, null, number % 3 != 0);
                case PENDING -> answerSome(number, WorkResult.Kind.PENDING, null, number % 3 != 0);
                case FAIL -> answerSome(number, WorkResult.Kind.FAILED, REFUSED, true);
                case THROTTLE -> answerSome(number, WorkResult.Kind.FAILED, THROTTLED, true);
                case LOSE -> answerSome(number, WorkResult.Kind.FAILED, THROTTLED, false);
                case DROP -> answerSome(number, WorkResult.Kind.DROPPED, null, false);
                case REPEAT_RESULT -> {
                    if (!results.isEmpty()) {
                        send(results.get(number % results.size()));
                    }
                }
                case TIME -> time(Duration.ofMillis(number * 20L));
            }
        }

        /** Answers one of the works that were ever handed out, at whatever time it is. */
        private void answerSome(int number, WorkResult.Kind kind, Failure failure, boolean settled) {
            var open = out.stream().filter(one -> !answered.contains(one)).toList();
            if (!open.isEmpty()) {
                answer(open.get(number % open.size()), kind, failure, settled);
            }
        }

        void answer(Out one, WorkResult.Kind kind, Failure failure, boolean settled) {
            answer(one, kind, kind == WorkResult.Kind.PENDING ? Duration.ofSeconds(1) : null, null, failure, settled);
        }

        void pending(Out one, Duration pollAfter, String detail) {
            answer(one, WorkResult.Kind.PENDING, pollAfter, detail, null, true);
        }

        private void answer(
                Out one, WorkResult.Kind kind, Duration pollAfter, String detail, Failure failure, boolean settled) {
            answered.add(one);
            if (kind == WorkResult.Kind.FAILED) {
                refused.add(one.work().order().id());
            }
            var result = new WorkResult(
                    one.work().order().id(),
                    one.work().fence(),
                    "worker",
                    kind,
                    JsonNodeFactory.instance.objectNode(),
                    null,
                    pollAfter,
                    detail,
                    failure,
                    settled,
                    kind != WorkResult.Kind.DROPPED);
            results.add(result);
            send(result);
        }

        void order(String operation, int attempt, Goal goal) {
            var order = of(operation, attempt, goal);
            orders.put(operation, order);
            send(order);
        }

        private static Order of(String operation, int attempt, Goal goal) {
            return new Order(
                    operation,
                    ResourceId.parse("a/b/c"),
                    REQUEST,
                    1,
                    new StepId("provision:web"),
                    attempt,
                    operation.contains("/x/") ? "ec2-y" : "ec2-x",
                    List.of(),
                    goal,
                    JsonNodeFactory.instance.objectNode());
        }

        /** Each operation has its own. */
        static String trace(String operation) {
            return "00-0af7651916cd43dd8448eb211c80319c-%016x-01".formatted(operation.hashCode());
        }

        private void send(Order order) {
            receive(Topics.operations(Owner.CLOUD), order.id(), Order.TYPE, trace(order.id()), order);
        }

        private void send(WorkResult result) {
            receive(Topics.results(Owner.CLOUD), result.operation(), WorkResult.TYPE, null, result);
        }

        private void receive(String topic, String key, String type, @Nullable String trace, Object payload) {
            handle(new Input.Received(Commands.message(topic, key, "id", type, now, trace, payload)));
        }

        /** Lets time pass; every timer fires at its time. */
        void time(Duration much) {
            var until = now.plus(much);
            while (true) {
                var due = new Timers(stores).due(until, 1);
                if (due.isEmpty()) {
                    break;
                }
                now = due.getFirst().due().isAfter(now) ? due.getFirst().due() : now;
                handle(new Input.Fired(due.getFirst()));
            }
            now = until;
        }

        void handle(Input input) {
            for (var message : engine.handle(input, new Moment(now, random), stores)) {
                if (message.topic().startsWith("cloud.work.")) {
                    works.add(message);
                    handedOut(Json.read(message.value(), Work.class), message);
                } else if (message.topic().equals(Topics.outcomes(Owner.CLOUD))) {
                    outcomes.add(Json.read(message.value(), OperationOutcome.class));
                } else {
                    letters.add(message);
                }
            }
        }

        private void handedOut(Work work, Message message) {
            var operation = work.order().id();
            assertThat(message.topic())
                    .isEqualTo(Topics.work(Owner.CLOUD, work.order().queue()));
            assertThat(work.notAfter()).isEqualTo(now.plus(POLICY.workTime()));
            var earlier = out.stream()
                    .filter(one -> one.work().order().id().equals(operation))
                    .toList();
            assertThat(work.fence()).as("fences count").isEqualTo(earlier.size() + 1L);
            for (var before : earlier) {
                if (!answered.contains(before)) {
                    assertThat(now).as("no two hands on one operation").isAfterOrEqualTo(before.over());
                    assertThat(work.settledAt())
                            .as("what is unanswered is waited for")
                            .isAfterOrEqualTo(before.over());
                }
                assertThat(work.order().goal())
                        .isGreaterThanOrEqualTo(before.work().order().goal());
            }
            out.add(new Out(work, work.notAfter().plus(POLICY.callTime())));
            assertThat(out.stream()
                            .filter(one -> one.work()
                                    .order()
                                    .queue()
                                    .equals(work.order().queue()))
                            .filter(one -> !answered.contains(one) && one.over().isAfter(now))
                            .count())
                    .as("works out in one queue")
                    .isLessThanOrEqualTo(POLICY.outstanding());
        }

        List<OperationOutcome> told(String operation) {
            return outcomes.stream()
                    .filter(outcome -> outcome.operation().equals(operation))
                    .toList();
        }

        OperationOutcome last(String operation) {
            return told(operation).getLast();
        }

        /** Everybody answers from now on: every operation comes to rest at the goal that was ordered last. */
        void finish() {
            for (var round = 0; round < 60; round++) {
                var open = out.stream()
                        .filter(one -> !answered.contains(one) && one.over().isAfter(now))
                        .toList();
                open.forEach(one -> answer(one, WorkResult.Kind.DONE, null, true));
                time(Duration.ofSeconds(1));
            }
            orders.forEach((operation, order) -> {
                var last = last(operation);
                assertThat(last.goal()).isEqualTo(order.goal());
                assertThat(last.attempt()).isEqualTo(order.attempt());
                if (refused.contains(operation)) {
                    assertThat(last.kind()).isNotEqualTo(Kind.PENDING);
                } else {
                    assertThat(last.kind()).isEqualTo(Kind.REACHED);
                }
            });
            assertThat(letters).isEmpty();
        }
    }
}
