package io.groundwork.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.ComponentEvent.PendingOperation;
import io.groundwork.events.Failure;
import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.groundwork.events.StepId;
import org.jspecify.annotations.Nullable;

/**
 * What has become of an operation: sent to its owner's participant when it reaches its goal or fails for good, and when its
 * tries or error change, or what it waits for.
 *
 * @param outputs of the driver, when done
 * @param failure when failed
 * @param pending what to show of it while it is not at its goal
 */
public record OperationOutcome(
        String operation,
        ResourceId resource,
        RequestId request,
        long sequence,
        @Nullable StepId step,
        int attempt,
        Goal goal,
        Kind kind,
        @Nullable JsonNode outputs,
        @Nullable Failure failure,
        PendingOperation pending) {

    /** The {@code ce_type} of an outcome. */
    public static final String TYPE = "operation-outcome";

    /** What {@code order} came to. */
    public static OperationOutcome of(
            Order order, Kind kind, @Nullable JsonNode outputs, @Nullable Failure failure, PendingOperation pending) {
        return new OperationOutcome(
                order.id(),
                order.resource(),
                order.request(),
                order.sequence(),
                order.step(),
                order.attempt(),
                order.goal(),
                kind,
                kind == Kind.REACHED ? outputs : null,
                kind == Kind.FAILED ? failure : null,
                pending);
    }

    /** How far it has come. */
    public enum Kind {
        /** At its goal. */
        REACHED,
        /** Failed for good: not retryable, or out of tries. */
        FAILED,
        /** Neither yet. */
        PENDING
    }
}
