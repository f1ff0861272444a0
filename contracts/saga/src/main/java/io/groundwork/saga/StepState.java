package io.groundwork.saga;

import io.groundwork.events.Step;
import io.groundwork.events.StepStatus;

/** How far a step has come. Ordered: it only climbs, by attempt and then by status. */
public record StepState(int attempt, StepStatus status) implements Comparable<StepState> {

    /** Nothing was heard of it. */
    public static final StepState WAITING = new StepState(0, StepStatus.WAITING);

    /** Whether what needs this step may start. */
    public boolean satisfied() {
        return switch (status) {
            case DONE, WAIVED -> true;
            case WAITING, RUNNING, STUCK, FAILED, UNDOING, UNDO_STUCK, SKIPPED, UNDONE, ABANDONED -> false;
        };
    }

    /** Whether a request that goes backward is finished with this step. */
    public boolean atRest(Step.Undo undo) {
        return switch (status) {
            case SKIPPED, UNDONE, ABANDONED -> true;
            case DONE, WAIVED, FAILED -> undo == Step.Undo.NONE;
            case WAITING, RUNNING, STUCK, UNDOING, UNDO_STUCK -> false;
        };
    }

    /** Whether a person must decide. */
    public boolean stuck() {
        return status == StepStatus.STUCK || status == StepStatus.UNDO_STUCK;
    }

    /** Whether its owner has something under way. */
    public boolean moving() {
        return status == StepStatus.RUNNING || status == StepStatus.UNDOING;
    }

    /** Whether this can only be said of a request that goes backward. */
    boolean backward() {
        return switch (status) {
            case FAILED, UNDOING, UNDO_STUCK, SKIPPED, UNDONE, ABANDONED -> true;
            case WAITING, RUNNING, STUCK, DONE, WAIVED -> false;
        };
    }

    @Override
    public int compareTo(StepState other) {
        return attempt != other.attempt ? Integer.compare(attempt, other.attempt) : status.compareTo(other.status);
    }
}
