package io.groundwork.baremetal.driver;

import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A call to a BMC that did not do what it should. */
public abstract sealed class RedfishException extends RuntimeException {

    private RedfishException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** As others are told. */
    abstract Failure failure();

    /** No connection: nothing was sent. */
    public static final class Unreachable extends RedfishException {

        public Unreachable(String detail, @Nullable Throwable cause) {
            super(detail, cause);
        }

        @Override
        Failure failure() {
            return new Failure(FailureCategory.CONNECTIVITY, "The server's BMC cannot be reached.", getMessage(), true);
        }
    }

    /** Sent, and not answered: it may have happened, or still happen. */
    public static final class Unanswered extends RedfishException {

        public Unanswered(String detail, @Nullable Throwable cause) {
            super(detail, cause);
        }

        @Override
        Failure failure() {
            return new Failure(FailureCategory.CONNECTIVITY, "The server's BMC did not answer.", getMessage(), true);
        }
    }

    /** Not now: nothing was done. */
    public static final class Busy extends RedfishException {

        private final Duration retryAfter;

        public Busy(Duration retryAfter) {
            super("busy for " + retryAfter.toSeconds() + " s", null);
            this.retryAfter = retryAfter;
        }

        Duration retryAfter() {
            return retryAfter;
        }

        @Override
        Failure failure() {
            return new Failure(FailureCategory.THROTTLED, "The server's BMC is busy.", getMessage(), true);
        }
    }

    /** The BMC does not take the account, or is not the one that was meant. */
    public static final class Forbidden extends RedfishException {

        public Forbidden(String detail) {
            super(detail, null);
        }

        @Override
        Failure failure() {
            return new Failure(FailureCategory.AUTH, "The server's BMC cannot be used.", getMessage(), false);
        }
    }

    /** The session was ended by another: a later work has the server. */
    public static final class SessionEnded extends RedfishException {

        public SessionEnded() {
            super("the session was ended", null);
        }

        @Override
        Failure failure() {
            return new Failure(
                    FailureCategory.CONFLICT, "Another session took over the server's BMC.", getMessage(), true);
        }
    }

    /** An answer that says no, or nothing that can be understood. */
    public static final class Refused extends RedfishException {

        private final int status;

        /** @param status 0 for an answer that cannot be understood */
        public Refused(int status, String detail) {
            super(detail, null);
            this.status = status;
        }

        int status() {
            return status;
        }

        /** Whether nothing was done. */
        boolean definite() {
            return status >= 400 && status < 500;
        }

        @Override
        Failure failure() {
            return new Failure(
                    FailureCategory.PROVIDER,
                    "The server's BMC refused.",
                    (status == 0 ? "" : status + " ") + getMessage(),
                    !definite() || status == 409 || status == 412);
        }
    }
}
