package io.groundwork.allocation.domain;

import io.groundwork.events.ResourceId;

/**
 * Whom a claim is for: the same holder asking again means the same claim.
 *
 * @param sequence of the request that claims
 * @param attempt at its step, from 1
 */
public record Holder(ResourceId resource, long sequence, int attempt) {

    /** Whether this is {@code other} or one that the same resource asked for before it. */
    boolean upTo(Holder other) {
        return sequence != other.sequence ? sequence < other.sequence : attempt <= other.attempt;
    }
}
