package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One part of a design: an instance array. The JSON field {@code type} says which. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes(@JsonSubTypes.Type(value = Component.CloudVm.class, name = "cloud.vm"))
public sealed interface Component {

    /** Unique within the design; a DNS label. */
    String name();

    /** How many instances, from 1. */
    int count();

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
