package io.groundwork.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one move of an operation, handed to the workers of its queue.
 *
 * @param fence numbers the works of an operation, from 1; a result under an older one changes no state
 * @param notAfter no mutating call may be started after it
 * @param settledAt no call of an earlier work that went unanswered can land after it; "nothing there" counts only when it was
 *     observed later, plus the back end's consistency window
 * @param tries how many works of this order have failed in a row
 */
public record Work(
        Order order, @Nullable JsonNode checkpoint, long fence, Instant notAfter, Instant settledAt, int tries) {

    /** The {@code ce_type} of a work. */
    public static final String TYPE = "work-handed-out";
}
