package io.groundwork.events;

/** Why something failed, coarse enough to search and alert by. */
public enum FailureCategory {
    VALIDATION,
    QUOTA,
    CAPACITY,
    POLICY,
    AUTH,
    CONFLICT,
    THROTTLED,
    CONNECTIVITY,
    PROVIDER,
    TIMEOUT,
    BUG
}
