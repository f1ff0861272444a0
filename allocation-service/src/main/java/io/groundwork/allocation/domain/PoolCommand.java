package io.groundwork.allocation.domain;

import java.util.Map;
import java.util.TreeMap;

/** What is asked of a pool on {@code allocation.claims.v1}. Repeating one changes nothing. */
public sealed interface PoolCommand {

    /** The resource that asks. */
    Holder holder();

    /**
     * Asks to hold capacity; all of the amounts or none.
     *
     * @param amounts by measure, each from 1
     */
    record Claim(Holder holder, Map<String, Long> amounts) implements PoolCommand {

        /** The {@code ce_type} of a claim. */
        public static final String TYPE = "claim-requested";

        /** @throws IllegalArgumentException if nothing is asked for, or less than 1 of something */
        public Claim {
            if (amounts.isEmpty() || amounts.values().stream().anyMatch(amount -> amount < 1)) {
                throw new IllegalArgumentException("a claim must ask for 1 or more of each measure: " + amounts);
            }
            amounts = new TreeMap<>(amounts);
        }
    }

    /** Gives back what the holder has, and cancels its claim should that come later. */
    record Release(Holder holder) implements PoolCommand {

        /** The {@code ce_type} of a release. */
        public static final String TYPE = "release-requested";
    }
}
