package io.groundwork.local;

/** Why the stack cannot start here, in one line for the person who tried, with what to do about it where that is known. */
final class CannotStartException extends Exception {
    CannotStartException(String message) {
        super(message);
    }

    CannotStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
