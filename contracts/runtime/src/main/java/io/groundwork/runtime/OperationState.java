package io.groundwork.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.Failure;
import java.time.Instant;
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
        boolean superseded) {

    enum Phase {
        /** In its queue's backlog. */
        READY,
        /** A worker has it, or its queue does. */
        HANDED_OUT,
        /** For its next poll or retry. */
        WAITING,
        AT_REST
    }

    static OperationState of(Order order) {
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
                false);
    }

    /**
     * With another order. One that turns it to be undone comes with a doubt: a repetition of the last work, though that was
     * answered, may still make something, and "nothing there" counts only after it.
     */
    OperationState order(Order next) {
        var doubted = next.goal() == order.goal() || over == null ? this : unsettledUntil(over);
        return doubted.ordered(next);
    }

    private OperationState ordered(Order next) {
        return new OperationState(
                next,
                checkpoint,
                phase,
                0,
                fence,
                until,
                settledAt,
                over,
                OperationOutcome.Kind.PENDING,
                outputs,
                lastError,
                worker,
                phase == Phase.HANDED_OUT);
    }

    OperationState phase(Phase next, @Nullable Instant at) {
        return new OperationState(
                order,
                checkpoint,
                next,
                tries,
                fence,
                at,
                settledAt,
                over,
                result,
                outputs,
                lastError,
                worker,
                superseded);
    }

    OperationState handedOut(Instant givenUpAt) {
        return new OperationState(
                order,
                checkpoint,
                Phase.HANDED_OUT,
                tries,
                fence + 1,
                givenUpAt,
                settledAt,
                givenUpAt,
                result,
                outputs,
                lastError,
                worker,
                false);
    }

    OperationState unsettledUntil(Instant at) {
        return new OperationState(
                order,
                checkpoint,
                phase,
                tries,
                fence,
                until,
                at.isAfter(settledAt) ? at : settledAt,
                over,
                result,
                outputs,
                lastError,
                worker,
                superseded);
    }

    /** With what a worker found, whatever the goal is by now. */
    OperationState learned(WorkResult found) {
        return new OperationState(
                order,
                found.checkpoint() == null ? checkpoint : found.checkpoint(),
                phase,
                tries,
                fence,
                until,
                settledAt,
                over,
                result,
                found.outputs() == null ? outputs : found.outputs(),
                lastError,
                found.worker(),
                superseded);
    }

    OperationState failedOnce(Failure failure) {
        return new OperationState(
                order,
                checkpoint,
                phase,
                tries + 1,
                fence,
                until,
                settledAt,
                over,
                result,
                outputs,
                failure,
                worker,
                superseded);
    }

    /** Under way, as the last work found: what failed before it was passing. */
    OperationState moved() {
        return new OperationState(
                order, checkpoint, phase, 0, fence, until, settledAt, over, result, outputs, null, worker, superseded);
    }

    OperationState error(@Nullable Failure failure) {
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
                failure,
                worker,
                superseded);
    }

    /** Whatever the work that is out finds, another must look again. */
    OperationState outdated() {
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
                true);
    }

    OperationState rest(OperationOutcome.Kind how) {
        return new OperationState(
                order,
                checkpoint,
                Phase.AT_REST,
                tries,
                fence,
                null,
                settledAt,
                over,
                how,
                outputs,
                how == OperationOutcome.Kind.REACHED ? null : lastError,
                worker,
                false);
    }
}
