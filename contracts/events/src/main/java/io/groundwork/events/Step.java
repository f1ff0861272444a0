package io.groundwork.events;

import java.time.Duration;
import java.util.List;

/**
 * One durable unit of a plan.
 *
 * @param owner the participant that alone does it and alone reports on it
 * @param needs the steps that must be done before
 * @param undo whether anything must be undone when the request goes backward
 * @param onFailure what a failure after all retries means
 * @param timeout how long it may be running, or undoing, before it counts as overdue
 * @param input what the owner needs to know to do it
 */
public record Step(
        StepId id,
        StepKind kind,
        Owner owner,
        List<StepId> needs,
        Undo undo,
        OnFailure onFailure,
        Duration timeout,
        StepInput input) {

    public Step {
        needs = List.copyOf(needs);
    }

    /** This step as others than its owner keep it. */
    public Step elsewhere() {
        return new Step(id, kind, owner, needs, undo, onFailure, timeout, new StepInput.Elsewhere());
    }

    /** Whether a step leaves something that going backward must take away. */
    public enum Undo {
        /** The owner takes away what it made. */
        OWNER,
        /** Nothing to take away: at rest when done or failed. */
        NONE
    }

    /** What follows when a step failed after all retries. */
    public enum OnFailure {
        /** The request goes backward. */
        COMPENSATE,
        /** The step is stuck and a person decides: a half-removed thing must not be put back by itself. */
        PAUSE
    }
}
