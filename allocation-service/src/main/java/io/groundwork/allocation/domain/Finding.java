package io.groundwork.allocation.domain;

import io.groundwork.events.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * What an audit found, on {@code allocation.findings.v1} under the pool.
 *
 * @param detail a sentence for the operator
 * @param healed whether it was put right; what was not needs a person
 */
public record Finding(
        String pool,
        Kind kind,
        @Nullable ResourceId resource,
        @Nullable String server,
        String detail,
        boolean healed) {

    /** The {@code ce_type} of a finding. */
    public static final String TYPE = "audit-finding";

    /** What does not match. */
    public enum Kind {
        /** A pool gave what its holder knows nothing of: it is taken back. */
        CLAIM_WITHOUT_HOLDER,
        /** A resource holds what its pool did not know: the pool gives it again, if nobody else has it. */
        HOLDER_WITHOUT_CLAIM,
        /** Something stands on a server that was given to nobody, or to somebody else: it is not given away. */
        CONSUMER_WITHOUT_CLAIM
    }
}
