package io.groundwork.runtime;

import io.groundwork.events.ComponentEvent.PendingOperation;
import io.groundwork.events.EventCodec;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import io.groundwork.runtime.OperationOutcome.Kind;
import io.groundwork.runtime.OperationState.Phase;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The engine of one owner's side effects. Orders come in, works go out to queues, results come back, outcomes go to the owner's
 * participant. It decides when a worker is asked, again, or another; what is asked is the driver's matter.
 *
 * <p>The side effect itself is not fenced by Kafka, so it is fenced in time: an operation is handed out again, or turned from
 * done to undone, only after the last work answered or its time and that of its calls are over. As a work may have been delivered
 * twice, an answer does not say that the other is over too: when an operation turns to be undone, "nothing there" counts only
 * after that time. An answer under an older fence changes no state; but if it says that it changed something after the operation came to rest, the driver looks again, and takes
 * away what should not be there.
 */
public final class OperationMachine implements Machine {

    static final String OPERATIONS = "operations";
    /** Rows {@code queue|millis|operation}: what waits for a free place in its queue, oldest first. */
    static final String BACKLOG = "backlog";
    /** By queue: how many works are handed out. */
    static final String OUTSTANDING = "outstanding";

    /** An operation that is looked at again only after this takes long enough for people to ask what it waits for. */
    private static final Duration WORTH_A_WORD = Duration.ofSeconds(1);

    private static final String WAKE = "wake";
    private static final String FORGET = "forget";

    private final Owner owner;
    private final OperationPolicy policy;

    public OperationMachine(Owner owner, OperationPolicy policy) {
        this.owner = owner;
        this.policy = policy;
    }

    @Override
    public Set<String> inputs() {
        return Set.of(Topics.operations(owner), Topics.results(owner));
    }

    @Override
    public Set<String> stores() {
        return Set.of(OPERATIONS, BACKLOG, OUTSTANDING);
    }

    @Override
    public List<Message> handle(Input input, Moment moment, Stores stores) {
        var run = new Run(moment, stores);
        switch (input) {
            case Input.Fired fired -> run.fired(fired.timer());
            case Input.Received received -> {
                try {
                    run.received(received.message());
                } catch (RuntimeException unreadable) {
                    return List.of(DeadLetter.of(owner, received.message(), unreadable));
                }
            }
        }
        return run.out;
    }

    /** One input's way through the engine. */
    private final class Run {

        private final Moment moment;
        private final KeyValues operations;
        private final KeyValues backlog;
        private final KeyValues outstanding;
        private final Timers timers;
        private final List<Message> out = new ArrayList<>();

        Run(Moment moment, Stores stores) {
            this.moment = moment;
            this.operations = stores.store(OPERATIONS);
            this.backlog = stores.store(BACKLOG);
            this.outstanding = stores.store(OUTSTANDING);
            this.timers = new Timers(stores);
        }

        void received(Message message) {
            if (message.topic().equals(Topics.results(owner))) {
                result(message.read(WorkResult.class));
            } else {
                order(message.read(Order.class), message.header(EventCodec.TRACE));
            }
        }

        private void order(Order order, @Nullable String trace) {
            var known = load(order.id());
            if (known == null) {
                // also when it shall be undone: the driver looks whether anything is there
                ready(OperationState.of(order, trace));
                return;
            }
            if (!order.replaces(known.order())) {
                if (order.equals(known.order()) && known.phase() == Phase.AT_REST) {
                    tell(known);
                }
                return;
            }
            var next = known.order(order, trace);
            switch (known.phase()) {
                // the work that is out keeps its time; what follows it goes for the new order
                case HANDED_OUT -> save(next);
                case READY -> {
                    if (order.goal() == Goal.UNDONE && known.fence() == 0) {
                        // no worker has ever had it: there is nothing to undo, and no back end to ask
                        backlog.delete(row(known));
                        rest(next, Kind.REACHED);
                    } else {
                        save(next);
                    }
                }
                case AT_REST -> {
                    if (order.goal() == Goal.UNDONE && !policy.undoable()) {
                        rest(next, Kind.REACHED);
                    } else {
                        ready(next);
                    }
                }
                case WAITING -> {
                    wakeless(known);
                    ready(next);
                }
            }
        }

        private void result(WorkResult found) {
            var known = load(found.operation());
            if (known == null) {
                return;
            }
            if (known.phase() != Phase.HANDED_OUT || found.fence() != known.fence()) {
                stale(known, found);
                return;
            }
            wakeless(known);
            leave(known.order().queue());
            var state = known.learned(found);
            if (!found.settled()) {
                state = state.unsettledUntil(known.until() == null ? moment.now() : known.until());
            }
            if (known.superseded()) {
                ready(state);
            } else {
                switch (found.kind()) {
                    case DONE -> rest(state, Kind.REACHED);
                    // never at once: a queue that is behind, or a worker whose clock is wrong, must not be asked in a
                    // circle
                    case DROPPED -> waiting(state, policy.firstRetry(), false);
                    case PENDING -> pending(state, found);
                    case FAILED -> failed(state, failure(found));
                }
            }
            next(known.order().queue());
        }

        /** Under way. What is looked at again soon is not worth a word, unless it takes back one about an error. */
        private void pending(OperationState state, WorkResult found) {
            var delay = found.pollAfter() == null ? policy.firstRetry() : found.pollAfter();
            var slow = delay.compareTo(WORTH_A_WORD) >= 0;
            var news = slow && !Objects.equals(state.told(), found.detail());
            var next = slow ? state.told(found.detail()) : state;
            waiting(next.moved(), delay, news || state.lastError() != null);
        }

        /**
         * Something may have been changed up to now by a work that was given up: "nothing there" counts only when it is observed
         * later, a work that is out may have looked too early, and an operation that came to rest looks again.
         */
        private void stale(OperationState known, WorkResult found) {
            if (!found.mutated()) {
                return;
            }
            var doubted = known.unsettledUntil(moment.now());
            switch (known.phase()) {
                case HANDED_OUT -> save(doubted.outdated());
                case READY, WAITING -> save(doubted);
                case AT_REST -> {
                    if (known.result() == Kind.REACHED) {
                        ready(doubted);
                    } else {
                        save(doubted);
                    }
                }
            }
        }

        private void failed(OperationState state, Failure failure) {
            var once = state.failedOnce(failure);
            if (!failure.retryable() || once.tries() >= policy.mostTries()) {
                rest(once, Kind.FAILED);
            } else {
                waiting(once, policy.retryAfter(once.tries(), moment.random()), true);
            }
        }

        void fired(Timer timer) {
            timers.cancel(timer);
            var known = load(timer.key());
            if (known == null) {
                return;
            }
            if (timer.name().equals(FORGET)) {
                if (known.phase() == Phase.AT_REST
                        && known.order().goal() == Goal.UNDONE
                        && known.result() == Kind.REACHED) {
                    operations.delete(timer.key());
                }
                return;
            }
            if (!timer.due().equals(known.until())) {
                return;
            }
            if (known.phase() == Phase.HANDED_OUT) {
                // given up: it may have changed something up to this very moment, but cannot any more
                leave(known.order().queue());
                var silent = new Failure(
                        FailureCategory.TIMEOUT,
                        "No worker of queue " + known.order().queue() + " answered in time.",
                        null,
                        true);
                ready(known.unsettledUntil(timer.due()).error(silent));
                tell(known.error(silent));
                next(known.order().queue());
            } else if (known.phase() == Phase.WAITING) {
                ready(known);
            }
        }

        /** Hands it out if its queue has a place free, else puts it behind the others. */
        private void ready(OperationState state) {
            var queue = state.order().queue();
            if (count(queue) < policy.outstanding()) {
                handOut(state);
            } else {
                var waiting = state.phase(Phase.READY, moment.now());
                backlog.put(row(waiting), new byte[] {1});
                save(waiting);
            }
        }

        private void handOut(OperationState state) {
            var order = state.order();
            var notAfter = moment.now().plus(policy.workTime());
            var givenUpAt =
                    Instant.ofEpochMilli(notAfter.plus(policy.callTime()).toEpochMilli());
            var handed = state.handedOut(givenUpAt);
            outstanding.put(order.queue(), number(count(order.queue()) + 1));
            timers.set(new Timer(givenUpAt, order.id(), WAKE));
            save(handed);
            out.add(message(
                    Topics.work(owner, order.queue()),
                    order.id(),
                    Work.TYPE,
                    handed,
                    new Work(
                            order, handed.checkpoint(), handed.fence(), notAfter, handed.settledAt(), handed.tries())));
        }

        private void waiting(OperationState state, Duration delay, boolean tell) {
            var until = Instant.ofEpochMilli(moment.now().plus(delay).toEpochMilli());
            var waiting = state.phase(Phase.WAITING, until);
            timers.set(new Timer(until, state.order().id(), WAKE));
            save(waiting);
            if (tell) {
                tell(waiting);
            }
        }

        private void rest(OperationState state, Kind how) {
            var rested = state.rest(how);
            save(rested);
            tell(rested);
            // what could not be undone is kept, with all that is known of it, for the person who decides
            if (rested.order().goal() == Goal.UNDONE && how == Kind.REACHED) {
                timers.set(new Timer(
                        moment.now().plus(policy.keptFor()), rested.order().id(), FORGET));
            }
        }

        /** A place in the queue became free: the one that waits longest takes it. */
        private void next(String queue) {
            while (count(queue) < policy.outstanding()) {
                var first = backlog.range(queue + '|', queue + '}', 1);
                if (first.isEmpty()) {
                    return;
                }
                var row = first.getFirst().key();
                backlog.delete(row);
                var state = load(row.substring(row.lastIndexOf('|') + 1));
                if (state != null && state.phase() == Phase.READY) {
                    handOut(state);
                }
            }
        }

        private void tell(OperationState state) {
            var order = state.order();
            var pending = new PendingOperation(
                    order.id(),
                    order.instances(),
                    state.tries(),
                    state.lastError(),
                    state.worker(),
                    state.fence(),
                    state.phase() == Phase.WAITING && state.lastError() != null ? state.until() : null,
                    state.told());
            out.add(message(
                    Topics.outcomes(owner),
                    order.resource().toString(),
                    OperationOutcome.TYPE,
                    state,
                    OperationOutcome.of(order, state.result(), state.outputs(), state.lastError(), pending)));
        }

        private Message message(String topic, String key, String type, OperationState of, Object payload) {
            var id = Uuids.named(
                    topic, key, Long.toString(of.fence()), moment.now().toString(), Integer.toString(out.size()));
            return Commands.message(topic, key, id.toString(), type, moment.now(), of.trace(), payload);
        }

        private void wakeless(OperationState state) {
            if (state.until() != null && state.phase() != Phase.READY) {
                timers.cancel(new Timer(state.until(), state.order().id(), WAKE));
            }
        }

        private void leave(String queue) {
            outstanding.put(queue, number(Math.max(0, count(queue) - 1)));
        }

        private int count(String queue) {
            var value = outstanding.get(queue);
            return value == null ? 0 : ByteBuffer.wrap(value).getInt();
        }

        private @Nullable OperationState load(String id) {
            return operations.read(id, OperationState.class);
        }

        private void save(OperationState state) {
            operations.write(state.order().id(), state);
        }
    }

    private static Failure failure(WorkResult found) {
        return found.failure() == null
                ? Failure.permanent(FailureCategory.BUG, "The driver failed without a reason.")
                : found.failure();
    }

    private static String row(OperationState state) {
        var since = state.until() == null ? 0 : state.until().toEpochMilli();
        return state.order().queue() + '|' + Timer.prefix(since) + state.order().id();
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }
}
