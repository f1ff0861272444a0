package io.groundwork.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a worker found.
 *
 * @param checkpoint null for no change
 * @param settled whether every call was answered; an unanswered one may still land
 * @param mutated whether a mutating call was made, or may have been
 * @param pollAfter set when the outcome is {@code PENDING}
 * @param failure set when the outcome is {@code FAILED}
 */
public record WorkResult(
        String operation,
        long fence,
        String worker,
        Kind kind,
        @Nullable JsonNode checkpoint,
        @Nullable JsonNode outputs,
        @Nullable Duration pollAfter,
        @Nullable String detail,
        @Nullable Failure failure,
        boolean settled,
        boolean mutated) {

    /** The {@code ce_type} of a result. */
    public static final String TYPE = "work-done";

    /** What it came to. */
    public enum Kind {
        DONE,
        PENDING,
        FAILED,
        /** Its time was over before the first call; nothing was done. */
        DROPPED
    }
}
