package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How far one attempt at a step has come. Within an attempt the status only climbs, in the order of the constants:
 *
 * <pre>
 *   waiting ─► running ─► stuck ─► done | failed ─► undoing ─► undo-stuck ─► undone
 *      └► skipped            └► waived                              └► abandoned
 * </pre>
 *
 * A retry is the next attempt, which enters at {@code running} or {@code undoing}.
 */
public enum StepStatus {
    /** Nothing was heard of it yet. */
    WAITING("waiting"),
    RUNNING("running"),
    /** Going forward failed after all retries and the plan says to pause: a person decides. */
    STUCK("stuck"),
    DONE("done"),
    /** Forward, a person decided to go on without it; satisfies what needs it. */
    WAIVED("waived"),
    /** Failed for good: the request goes backward. */
    FAILED("failed"),
    /** Backward: being undone. */
    UNDOING("undoing"),
    /** Undoing failed after all retries: a person decides. */
    UNDO_STUCK("undo-stuck"),
    /** Backward: never started, never will be. */
    SKIPPED("skipped"),
    /** Nothing of it is left. */
    UNDONE("undone"),
    /** A person gave up undoing it; something may be left, and the request ends tainted. */
    ABANDONED("abandoned");

    private final String word;

    StepStatus(String word) {
        this.word = word;
    }

    /** @throws IllegalArgumentException if no status has this word */
    @JsonCreator
    public static StepStatus of(String word) {
        for (var status : values()) {
            if (status.word.equals(word)) {
                return status;
            }
        }
        throw new IllegalArgumentException("no step status '" + word + "'");
    }

    /** The word on the wire, in the header {@code ce_status} and in JSON. */
    @JsonValue
    public String word() {
        return word;
    }
}
