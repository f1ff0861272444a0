package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One part of a design: an instance array. The JSON field {@code type} says which. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Component.CloudVm.class, name = "cloud.vm"),
    @JsonSubTypes.Type(value = Component.MetalServer.class, name = "metal.server")
})
public sealed interface Component {

    /** Unique within the design; a DNS label. */
    String name();

    /** How many instances, from 1. */
    int count();

    /** How few instances are enough, from 1 to {@link #count()}. */
    default int enough() {
        return count();
    }

    /** Names of components that must stand before this one is made. */
    List<String> dependsOn();

    /**
     * Equal virtual machines in a cloud.
     *
     * @param flavor a catalogue's flavor: size and price
     * @param image a catalogue's image
     * @param bootVolumeGiB size of the boot volume in GiB; the image's own when absent
     * @param networks the catalogue's networks, the first is the primary one
     * @param userData handed to the machine's first boot as it is
     */
    record CloudVm(
            String name,
            int count,
            List<String> dependsOn,
            String flavor,
            String image,
            @Nullable Integer bootVolumeGiB,
            List<String> networks,
            List<SecurityGroup> securityGroups,
            @Nullable SshKey sshKey,
            @Nullable String userData)
            implements Component {

        public CloudVm {
            dependsOn = dependsOn == null ? List.of() : List.copyOf(dependsOn);
            networks = networks == null ? List.of() : List.copyOf(networks);
            securityGroups = securityGroups == null ? List.of() : List.copyOf(securityGroups);
        }
    }

    /**
     * Servers of one type at one site, each installed with the same operating system.
     *
     * @param minCount how few servers are enough, from 1 to {@code count}; all when absent
     * @param serverType a catalogue's server type: with the site it names the pool
     * @param preferredServers servers that are taken first where they can be; others are taken without an error where not
     * @param requiredTraits what every server must have, of its own or by its type
     * @param forbiddenTraits what no server may have
     * @param spread over what the servers are spread as evenly as what is free allows; absent: it does not matter
     * @param antiAffinity of what no two servers of the component may share one; absent: they may
     * @param networks the catalogue's networks, the first is the primary one; a server gets an address of each one's subnet at
     *     the site
     * @param userData handed to the server's first boot; {@code ${<component>.instances[<i>].privateIp}} (or {@code providerId}),
     *     of a component in {@code dependsOn}, becomes what that instance got
     * @param allowDataLoss whether disks that still hold data may be wiped
     * @param shutdown how servers are switched off when they are given back; absent: the {@linkplain Shutdown#USUAL usual} way
     */
    record MetalServer(
            String name,
            int count,
            @Nullable Integer minCount,
            List<String> dependsOn,
            String site,
            String serverType,
            List<String> preferredServers,
            List<String> requiredTraits,
            List<String> forbiddenTraits,
            @Nullable FailureDomain spread,
            @Nullable FailureDomain antiAffinity,
            String osTemplate,
            List<String> networks,
            @Nullable SshKey sshKey,
            @Nullable String userData,
            boolean allowDataLoss,
            @Nullable Shutdown shutdown)
            implements Component {

        public MetalServer {
            dependsOn = dependsOn == null ? List.of() : List.copyOf(dependsOn);
            preferredServers = preferredServers == null ? List.of() : List.copyOf(preferredServers);
            requiredTraits = requiredTraits == null ? List.of() : List.copyOf(requiredTraits);
            forbiddenTraits = forbiddenTraits == null ? List.of() : List.copyOf(forbiddenTraits);
            networks = networks == null ? List.of() : List.copyOf(networks);
        }

        @Override
        public int enough() {
            return minCount == null ? count : minCount;
        }
    }

    /**
     * How a system is brought to its end.
     *
     * @param timeout how long it is given after it was asked to shut down; zero: it is not asked. Absent: as long as its
     *     provisioner gives every system
     * @param force whether power is cut afterwards; else a person decides what becomes of a system that does not shut down
     */
    record Shutdown(@Nullable Duration timeout, boolean force) {

        /** Where nothing else is asked for. */
        public static final Shutdown USUAL = new Shutdown(null, true);
    }

    /** What fails as one. */
    enum FailureDomain {
        @JsonProperty("rack")
        RACK
    }

    /** A named set of ingress rules, made for the component and removed with it. */
    record SecurityGroup(String name, List<Ingress> ingress) {
        public SecurityGroup {
            ingress = ingress == null ? List.of() : List.copyOf(ingress);
        }
    }

    /**
     * Lets traffic in.
     *
     * @param protocol {@code tcp}, {@code udp} or {@code icmp}
     * @param port 1 to 65535; 0 for {@code icmp}
     * @param cidr where it may come from, such as {@code 10.0.0.0/8}
     */
    record Ingress(String protocol, int port, String cidr) {}

    /** A public key in OpenSSH's one-line form, for the machines' first user. */
    record SshKey(String name, String publicKey) {}
}
