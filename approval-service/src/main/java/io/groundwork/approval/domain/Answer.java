package io.groundwork.approval.domain;

import java.util.List;

/**
 * What became of a {@link Decide}: the record on {@code approval.replies.v1}. Unless {@code status} is 200, nothing else
 * changed.
 *
 * @param status 200 recorded, 403 not one who may decide, 409 decided already or against a choice that was made, 410 not open any
 *     more, 422 something is missing
 * @param state what the request's approval has come to
 * @param sentence for the person who asked
 * @param errors what is wrong with the fields; empty unless 422
 */
public record Answer(int status, State state, String sentence, List<FieldError> errors) {

    /** The {@code ce_type}. */
    public static final String TYPE = "decide-answer";

    public Answer {
        errors = List.copyOf(errors);
    }

    static Answer of(int status, State state, String sentence) {
        return new Answer(status, state, sentence, List.of());
    }

    /** One wrong field. */
    public record FieldError(String pointer, String detail) {}

    /** What a request's approval has come to. */
    public enum State {
        AWAITING_APPROVAL,
        APPROVED,
        REJECTED,
        EXPIRED,
        WITHDRAWN,
        /** It could be put to nobody. */
        FAILED,
        /** Another question was put on the resource since, or none yet: the view knows. */
        UNKNOWN
    }
}
