package io.groundwork.saga;

import io.groundwork.events.Step;

/**
 * What the owner of a step has to do now.
 *
 * @param attempt the attempt to report it under
 */
public record Due(Step step, int attempt, Action action) {

    /** What to do. */
    public enum Action {
        /** All that the step needs is done: start it. */
        START,
        /** Never started and never will be: say so. */
        SKIP,
        /** Running or stuck, with nothing to undo: bring it to rest. */
        STOP,
        /** Take away what it made, or may have made. */
        UNDO
    }
}
