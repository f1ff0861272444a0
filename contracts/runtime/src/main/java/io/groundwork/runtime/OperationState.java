package io.groundwork.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.Failure;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything the engine keeps of one operation.
 *
 * <pre>
 *   READY ─► HANDED_OUT ─► WAITING ─► READY        a poll or a retry fell due
 *                  │ └────────────────► READY      no answer in time, or a new order
 *                  └─► AT_REST                     the goal is reached, or it failed for good
 * </pre>
 *
 * @param tries how many works of this order have failed since the last that moved it on
 * @param fence of the last work handed out; 0 before the first
 * @param until when the work handed out is given up, or the next is due; null when neither is the case
 * @param settledAt no call that went unanswered can land after it
 * @param over when the last work handed out is over, whether or not it was answered: until then it may be with a second worker;
 *     null before the first
 * @param superseded whether the work handed out cannot bring the operation to rest: the order changed since, or what it saw may
 *     have
 * @param result REACHED or FAILED when at rest, else PENDING
 * @param told what the participant knows the order waits for; null when nothing
 * @param trace that the order came with
 */
record OperationState(
        Order order,
        @Nullable JsonNode checkpoint,
        Phase phase,
        int tries,
        long fence,
        @Nullable Instant until,
        Instant settledAt,
        @Nullable Instant over,
        OperationOutcome.Kind result,
        @Nullable JsonNode outputs,
        @Nullable Failure lastError,
        @Nullable String worker,
        boolean superseded,
        @Nullable String told,
        @Nullable String trace) {

    enum Phase {
        /** In its queue's backlog. */
        READY,
        /** A worker has it, or its queue does. */
        HANDED_OUT,
        /** For its next poll or retry. */
        WAITING,
        AT_REST
    }

    static OperationState of(Order order, @Nullable String trace) {
        return new OperationState(
                order,
                null,
                Phase.READY,
                0,
                0,
                null,
                Instant.EPOCH,
                null,
                OperationOutcome.Kind.PENDING,
                null,
                null,
                null,
                false,
                null,
                trace);
    }

    /**
     * With another order. One that turns it to be undone comes with a doubt: a repetition of the last work, though that was
     * answered, may still make something, and "nothing there" counts only after it.
     */
    OperationState order(Order next, @Nullable String by) {
        var doubted = next.goal() == order.goal() || over == null ? this : unsettledUntil(over);
        return doubted.with(draft -> {
            draft.order = next;
            draft.tries = 0;
            draft.result = OperationOutcome.Kind.PENDING;
            draft.superseded = phase == Phase.HANDED_OUT;
            draft.told = null;
            draft.trace = by;
        });
    }

    OperationState phase(Phase next, @Nullable Instant at) {
        return with(draft -> {
            draft.phase = next;
            draft.until = at;
        });
    }

    OperationState handedOut(Instant givenUpAt) {
        return with(draft -> {
            draft.phase = Phase.HANDED_OUT;
            draft.fence++;
            draft.until = givenUpAt;
            draft.over = givenUpAt;
            draft.superseded = false;
        });
    }

    OperationState unsettledUntil(Instant at) {
        return with(draft -> draft.settledAt = at.isAfter(settledAt) ? at : settledAt);
    }

    /** With what a worker found, whatever the goal is by now. */
    OperationState learned(WorkResult found) {
        return with(draft -> {
            draft.checkpoint = found.checkpoint() == null ? checkpoint : found.checkpoint();
            draft.outputs = found.outputs() == null ? outputs : found.outputs();
            draft.worker = found.worker();
        });
    }

    OperationState failedOnce(Failure failure) {
        return with(draft -> {
            draft.tries++;
            draft.lastError = failure;
        });
    }

    /** Under way, as the last work found: what failed before it was passing. */
    OperationState moved() {
        return with(draft -> {
            draft.tries = 0;
            draft.lastError = null;
        });
    }

    OperationState error(@Nullable Failure failure) {
        return with(draft -> draft.lastError = failure);
    }

    OperationState told(@Nullable String detail) {
        return with(draft -> draft.told = detail);
    }

    /** Whatever the work that is out finds, another must look again. */
    OperationState outdated() {
        return with(draft -> draft.superseded = true);
    }

    OperationState rest(OperationOutcome.Kind how) {
        return with(draft -> {
            draft.phase = Phase.AT_REST;
            draft.until = null;
            draft.result = how;
            draft.lastError = how == OperationOutcome.Kind.REACHED ? null : lastError;
            draft.superseded = false;
            draft.told = null;
        });
    }

    private OperationState with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.state();
    }

    /** The next state while it is put together. */
    private static final class Draft {

        private Order order;
        private @Nullable JsonNode checkpoint;
        private Phase phase;
        private int tries;
        private long fence;
        private @Nullable Instant until;
        private Instant settledAt;
        private @Nullable Instant over;
        private OperationOutcome.Kind result;
        private @Nullable JsonNode outputs;
        private @Nullable Failure lastError;
        private @Nullable String worker;
        private boolean superseded;
        private @Nullable String told;
        private @Nullable String trace;

        Draft(OperationState from) {
            order = from.order;
            checkpoint = from.checkpoint;
            phase = from.phase;
            tries = from.tries;
            fence = from.fence;
            until = from.until;
            settledAt = from.settledAt;
            over = from.over;
            result = from.result;
            outputs = from.outputs;
            lastError = from.lastError;
            worker = from.worker;
            superseded = from.superseded;
            told = from.told;
            trace = from.trace;
        }

        OperationState state() {
            return new OperationState(
                    order,
                    checkpoint,
                    phase,
                    tries,
                    fence,
                    until,
                    settledAt,
                    over,
                    result,
                    outputs,
                    lastError,
                    worker,
                    superseded,
                    told,
                    trace);
        }
    }
}
