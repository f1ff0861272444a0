package io.groundwork.request.view;

import io.groundwork.events.Outcome;

/** How far a request has come, in a word. */
public enum RequestState {
    SUBMITTED,
    QUEUED,
    AWAITING_APPROVAL,
    ALLOCATING,
    /** What it needs is not free; it stands in the queue of a pool. */
    WAITING_FOR_CAPACITY,
    PROVISIONING,
    GRANTING,
    DEPROVISIONING,
    /** A step is stuck, or its owner is silent. */
    NEEDS_ATTENTION,
    /** Going backward. */
    COMPENSATING,
    COMPLETED,
    REJECTED,
    EXPIRED,
    CANCELED,
    FAILED,
    TAINTED;

    /** Whether the request has ended. */
    public boolean ended() {
        return compareTo(COMPLETED) >= 0;
    }

    static RequestState of(Outcome outcome) {
        return switch (outcome) {
            case COMPLETED -> COMPLETED;
            case REJECTED -> REJECTED;
            case EXPIRED -> EXPIRED;
            case CANCELED -> CANCELED;
            case FAILED -> FAILED;
            case TAINTED -> TAINTED;
        };
    }
}
