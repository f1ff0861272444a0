package io.groundwork.events;

/** The ends of a request. */
public enum Outcome {
    COMPLETED,
    REJECTED,
    EXPIRED,
    CANCELED,
    FAILED,
    /** At rest, but something of it may be left: a person abandoned an undo. */
    TAINTED
}
