package io.groundwork.allocation.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.groundwork.events.Claim.ServerNeed;
import io.groundwork.events.Claim.Share;
import io.groundwork.events.ServerFact;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is asked of a pool, or told to it, on {@code allocation.claims.v1}. Repeating one changes nothing. */
public sealed interface PoolCommand {

    /** Asked for a resource, and answered to it. */
    sealed interface Asked extends PoolCommand {

        /** The resource that asks. */
        Holder holder();
    }

    /**
     * Asks to hold capacity; all of the amounts or none.
     *
     * @param amounts by measure, each from 1
     * @param servers what the amounts are of a pool of servers
     * @param shares what the amounts are of another pool, where they are for servers
     * @param until how long the claim may wait in the pool's queue; absent: it does not wait
     */
    record Claim(
            Holder holder,
            Map<String, Long> amounts,
            List<ServerNeed> servers,
            List<Share> shares,
            @Nullable Instant until)
            implements Asked {

        /** The {@code ce_type} of a claim. */
        public static final String TYPE = "claim-requested";

        /** @throws IllegalArgumentException if nothing is asked for, or less than 1 of something */
        public Claim {
            if (amounts.isEmpty() || amounts.values().stream().anyMatch(amount -> amount < 1)) {
                throw new IllegalArgumentException("a claim must ask for 1 or more of each measure: " + amounts);
            }
            amounts = new TreeMap<>(amounts);
            servers = servers == null ? List.of() : List.copyOf(servers);
            shares = shares == null ? List.of() : List.copyOf(shares);
        }

        /** A claim of plain amounts that does not wait. */
        public Claim(Holder holder, Map<String, Long> amounts) {
            this(holder, amounts, List.of(), List.of(), null);
        }
    }

    /**
     * Gives back what the holder has, and cancels its claim should that come later.
     *
     * @param servers those that go back while it keeps the others; all that it has does when empty
     */
    record Release(
            Holder holder,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> servers) implements Asked {

        public Release {
            servers = servers == null ? List.of() : List.copyOf(servers);
        }

        public Release(Holder holder) {
            this(holder, List.of());
        }

        /** The {@code ce_type} of a release. */
        public static final String TYPE = "release-requested";
    }

    /** A server of the pool is now as the inventory says. */
    record Noted(ServerFact fact) implements PoolCommand {

        /** The {@code ce_type} of a note. */
        public static final String TYPE = "server-noted";
    }

    /** A server is forgotten, or belongs to another pool from now on. */
    record Gone(String server) implements PoolCommand {

        /** The {@code ce_type} of a departure. */
        public static final String TYPE = "server-gone";
    }

    /** Compares what the pool has given with what stands, and asks every holder whether it knows of it. */
    record Audit() implements PoolCommand {

        /** The {@code ce_type} of an audit. */
        public static final String TYPE = "pool-audit";
    }

    /**
     * A resource says that it holds this. A pool that does not know it gives it back to the holder where it is free.
     *
     * @param claim what is held, with the grant's servers and addresses
     */
    record Asserted(Holder holder, io.groundwork.events.Claim claim, io.groundwork.events.@Nullable Grant grant)
            implements Asked {

        /** The {@code ce_type} of an assertion. */
        public static final String TYPE = "claim-asserted";
    }
}
