package io.groundwork.baremetal.domain;

import io.groundwork.events.Catalogue.OsTemplate;
import io.groundwork.events.Component.Shutdown;
import io.groundwork.events.Component.SshKey;
import io.groundwork.events.Grant.AllocatedAddress;
import io.groundwork.events.ResourceId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The specification of an order to a server: which instance to put on it, or to take down.
 *
 * @param fence of the grant by which the instance has the server
 * @param index from 0; with resource and component it names the instance for ever
 * @param installation absent in an order to take it down
 * @param shutdown how its system is brought to its end, once there is one; the order that put it there says so. Absent: as
 *     every other
 */
public record InstanceOrder(
        String server,
        long fence,
        String site,
        ResourceId resource,
        String component,
        int index,
        @Nullable Installation installation,
        @Nullable Shutdown shutdown) {

    /**
     * What to put on it.
     *
     * @param networks of the design: one network interface each, in this order
     * @param addresses by network; a network without one has its own DHCP server
     * @param userData of the component, with what it refers to filled in
     */
    public record Installation(
            OsTemplate osTemplate,
            List<String> networks,
            List<AllocatedAddress> addresses,
            @Nullable SshKey sshKey,
            @Nullable String userData,
            boolean allowDataLoss) {
        public Installation {
            addresses = List.copyOf(addresses);
            // an order from before there was DHCP names addresses alone, in the networks' order
            networks = networks == null
                    ? addresses.stream().map(AllocatedAddress::network).toList()
                    : List.copyOf(networks);
        }

        /** In the first network, by which the system is reached and reaches others; empty where DHCP gives it, or there is no network. */
        public Optional<AllocatedAddress> primary() {
            return networks.stream().findFirst().flatMap(this::address);
        }

        /** In {@code network}; empty where its DHCP server gives one. */
        public Optional<AllocatedAddress> address(String network) {
            return addresses.stream()
                    .filter(address -> address.network().equals(network))
                    .findFirst();
        }
    }

    /** Without what was to be installed. */
    InstanceOrder installed() {
        return ending(shutdown, null);
    }

    InstanceOrder ending(@Nullable Shutdown how) {
        return ending(how, installation);
    }

    private InstanceOrder ending(@Nullable Shutdown how, @Nullable Installation what) {
        return new InstanceOrder(server, fence, site, resource, component, index, what, how);
    }

    /** As people name the instance, such as {@code db-0}. */
    public String name() {
        return component + "-" + index;
    }
}
