package io.groundwork.baremetal.domain;

import org.jspecify.annotations.Nullable;

/**
 * What keeps a server from being used, whatever its state; each with its reason, absent if not set.
 *
 * @param maintenance a person works on it
 * @param quarantine it is believed to be defective
 * @param retired it is never to be used again
 */
public record Flags(
        @Nullable String maintenance,
        @Nullable String quarantine,
        @Nullable String retired) {

    static final Flags NONE = new Flags(null, null, null);

    Flags maintenance(@Nullable String reason) {
        return new Flags(reason, quarantine, retired);
    }

    Flags quarantine(@Nullable String reason) {
        return new Flags(maintenance, reason, retired);
    }

    Flags retired(@Nullable String reason) {
        return new Flags(maintenance, quarantine, reason);
    }

    /** The first that is set, as a word; null if none is. */
    @Nullable
    String word() {
        if (maintenance != null) {
            return "maintenance";
        }
        if (quarantine != null) {
            return "quarantine";
        }
        return retired == null ? null : "retired";
    }
}
