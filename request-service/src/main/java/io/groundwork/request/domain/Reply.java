package io.groundwork.request.domain;

/** The answer to a command, on {@code request.replies.v1} under the command's id. */
public sealed interface Reply {

    /** The {@code ce_type} of {@code reply}. */
    static String type(Reply reply) {
        return switch (reply) {
            case Accepted accepted -> Accepted.TYPE;
            case Refused refused -> Refused.TYPE;
        };
    }

    /** It was done, or had been done before. */
    record Accepted() implements Reply {
        public static final String TYPE = "accepted";
    }

    /**
     * It was not done, and never will be.
     *
     * @param reason one sentence that says what would be possible instead
     * @param status the HTTP status it amounts to
     */
    record Refused(String reason, int status) implements Reply {
        public static final String TYPE = "refused";
    }
}
