package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.groundwork.events.Component.FailureDomain;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A hold on capacity. A request makes one claim of a pool at most.
 *
 * @param pool the claimable it is taken from: {@code quota/acme/payments}, {@code pool/ams1/m1.large}, {@code subnet/ams1-default};
 *     one key in one partition
 * @param amounts how much of each of the pool's measures, such as {@code {"instances": 3, "vcpus": 6}}; each from 1. Of servers the
 *     measure is {@code servers}, of addresses {@code addresses}
 * @param servers of a pool of servers: what each component needs
 * @param shares of another pool: what of {@code amounts} is for servers, so that it shrinks with a component that gets fewer
 */
public record Claim(
        String pool,
        Map<String, Long> amounts,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ServerNeed> servers,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Share> shares) {

    public Claim {
        amounts = Collections.unmodifiableMap(new TreeMap<>(amounts));
        servers = servers == null ? List.of() : List.copyOf(servers);
        shares = shares == null ? List.of() : List.copyOf(shares);
    }

    public Claim(String pool, Map<String, Long> amounts) {
        this(pool, amounts, List.of(), List.of());
    }

    /**
     * The servers that a component needs of a pool; the fields are those of {@link Component.MetalServer}.
     *
     * @param minCount from 1 to {@code count}
     * @param index of the first instance that a server is for; 0 when absent. It is given where an instance gets another server
     */
    public record ServerNeed(
            String component,
            int count,
            int minCount,
            List<String> preferredServers,
            List<String> requiredTraits,
            List<String> forbiddenTraits,
            @Nullable FailureDomain spread,
            @Nullable FailureDomain antiAffinity,
            @Nullable Integer index) {

        public ServerNeed(
                String component,
                int count,
                int minCount,
                List<String> preferredServers,
                List<String> requiredTraits,
                List<String> forbiddenTraits,
                @Nullable FailureDomain spread,
                @Nullable FailureDomain antiAffinity) {
            this(
                    component,
                    count,
                    minCount,
                    preferredServers,
                    requiredTraits,
                    forbiddenTraits,
                    spread,
                    antiAffinity,
                    null);
        }

        public ServerNeed {
            preferredServers = List.copyOf(preferredServers);
            requiredTraits = List.copyOf(requiredTraits);
            forbiddenTraits = List.copyOf(forbiddenTraits);
        }
    }

    /**
     * A component's part of a claim.
     *
     * @param network of a subnet's claim: the network the addresses are for
     * @param each how much for each of {@code count} instances
     */
    public record Share(String component, @Nullable String network, int count, Map<String, Long> each) {
        public Share {
            each = Collections.unmodifiableMap(new TreeMap<>(each));
        }
    }
}
