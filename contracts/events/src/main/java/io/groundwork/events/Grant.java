package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pool gave for a claim.
 *
 * @param pool such as {@code pool/ams1/m1.large} or {@code subnet/ams1-default}
 * @param fence a later grant of the same pool has a higher one
 * @param servers by component and index
 * @param addresses by component, index and network
 * @param unmet what was wished for and could not be had
 */
public record Grant(
        String pool,
        long fence,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<AllocatedServer> servers,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<AllocatedAddress> addresses,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Unmet> unmet) {

    public Grant {
        servers = servers == null ? List.of() : List.copyOf(servers);
        addresses = addresses == null ? List.of() : List.copyOf(addresses);
        unmet = unmet == null ? List.of() : List.copyOf(unmet);
    }

    /**
     * The server behind an instance. Resource, component and index name the instance for ever, whatever server stands behind it.
     *
     * @param index from 0
     * @param generation of the {@link ServerFact} by which it was free
     * @param preferenceNotMet why it is none of the preferred servers; absent if it is one, or none was preferred
     */
    public record AllocatedServer(
            String component,
            int index,
            String server,
            long generation,
            String rack,
            @Nullable String preferenceNotMet) {}

    /**
     * An address of an instance in a network.
     *
     * @param index from 0
     * @param address such as {@code 10.20.0.11}
     * @param prefixLength of the subnet, such as 24
     * @param dnsName held with the address; absent where the subnet has no domain
     */
    public record AllocatedAddress(
            String component,
            int index,
            String network,
            String subnet,
            String address,
            int prefixLength,
            @Nullable String gateway,
            List<String> nameservers,
            @Nullable String dnsName) {
        public AllocatedAddress {
            nameservers = nameservers == null ? List.of() : List.copyOf(nameservers);
        }
    }

    /**
     * A wish that was not met, without an error.
     *
     * @param wish the component's field: {@code preferredServers}, {@code spread} or {@code count}
     * @param server the preferred server that was not taken
     * @param reason such as {@code busy}, or a sentence
     */
    public record Unmet(
            String component, String wish, @Nullable String server, String reason) {}
}
