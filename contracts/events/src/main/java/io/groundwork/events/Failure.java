package io.groundwork.events;

import org.jspecify.annotations.Nullable;

/**
 * Why something failed. Never holds a secret.
 *
 * @param message one sentence for the requester
 * @param detail what an operator needs beyond it, such as the provider's error code
 * @param retryable whether doing the same again can help
 */
public record Failure(
        FailureCategory category, String message, @Nullable String detail, boolean retryable) {

    /** A failure that doing the same again will not mend. */
    public static Failure permanent(FailureCategory category, String message) {
        return new Failure(category, message, null, false);
    }
}
