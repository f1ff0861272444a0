package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What allocation-service administers and publishes on {@link Topics#CATALOGUE}: the value behind a key
 * {@code <kind>/<name>}. A tombstone withdraws an entry.
 */
public sealed interface Catalogue {

    /**
     * Key {@code flavors/<name>}: a size of virtual machine.
     *
     * @param memoryGiB in GiB
     * @param pricePerMonth of one machine, in {@code currency}; in JSON a decimal number as text, so that no reader rounds it
     * @param instanceType the provider's name for it
     */
    record Flavor(
            int vcpus,
            int memoryGiB,
            @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal pricePerMonth,
            String currency,
            String instanceType)
            implements Catalogue {}

    /**
     * Key {@code images/<name>}.
     *
     * @param providerName the name that it is found by at the provider
     */
    record Image(String providerName, String description) implements Catalogue {}

    /** Key {@code networks/<name>}. */
    record Network(String description) implements Catalogue {}

    /** Key {@code regions/<name>}: where an approver may place machines. */
    record Region(String description) implements Catalogue {}

    /** Key {@code profiles/<name>}: the provider account and role that machines are made with. */
    record Profile(String description) implements Catalogue {}

    /**
     * Key {@code sites/<name>}: where servers stand; its queue is {@code site-<name>}.
     *
     * @param ipam who gives servers there their addresses; absent: {@link Ipam#SUBNETS}
     */
    record Site(String description, @Nullable Ipam ipam) implements Catalogue {

        /** A site with subnets of ours. */
        public Site(String description) {
            this(description, null);
        }

        /** Who gives servers here their addresses. */
        public Ipam addressing() {
            return ipam == null ? Ipam.SUBNETS : ipam;
        }
    }

    /** Who manages the addresses of a site. */
    enum Ipam {
        /** Groundwork: every address is claimed of the subnet that a network has there, and configured on the server. */
        @JsonProperty("subnets")
        SUBNETS,
        /** The networks' own DHCP servers: nothing is claimed, and servers ask for their addresses as they boot. */
        @JsonProperty("dhcp")
        DHCP
    }

    /**
     * Key {@code cordons/server/<id>}, {@code cordons/rack/<site>/<rack>} or {@code cordons/site/<name>}: nothing new comes here; what
     * stands stays.
     */
    record Cordon(String reason) implements Catalogue {}

    /**
     * Key {@code server-types/<name>}: a make of server. With a site it names a pool, {@code pool/<site>/<server type>}.
     *
     * @param cpus logical processors
     * @param memoryGiB in GiB
     * @param nics how many network interfaces, from 1
     * @param traits what every server of the type has
     * @param pricePerMonth of one server, in {@code currency}; in JSON a decimal number as text
     */
    record ServerType(
            int cpus,
            int memoryGiB,
            List<Disk> disks,
            int nics,
            List<String> traits,
            @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal pricePerMonth,
            String currency)
            implements Catalogue {
        public ServerType {
            disks = List.copyOf(disks);
            traits = List.copyOf(traits);
        }
    }

    /**
     * A disk that a server of a type has.
     *
     * @param sizeGiB at least
     * @param kind {@code hdd}, {@code ssd} or {@code nvme}
     */
    record Disk(int sizeGiB, String kind) {}

    /**
     * Key {@code os-templates/<name>}: how an operating system gets onto a server.
     *
     * @param image what is booted or written: an URL
     * @param kernel an URL, where the boot needs one
     * @param initrd an URL, where the boot needs one
     * @param kernelArguments a template
     * @param userData a template of cloud-init's user data, before the component's own
     * @param networkData a template of cloud-init's network data
     * @param diskless whether it runs from the network and leaves no trace on a disk
     */
    record OsTemplate(
            Boot boot,
            String image,
            @Nullable String kernel,
            @Nullable String initrd,
            @Nullable String kernelArguments,
            @Nullable String userData,
            @Nullable String networkData,
            boolean diskless,
            String description)
            implements Catalogue {}

    /** What a server boots from to be installed. */
    enum Boot {
        @JsonProperty("disk")
        DISK,
        @JsonProperty("network")
        NETWORK,
        @JsonProperty("virtual-media")
        VIRTUAL_MEDIA
    }

    /**
     * Key {@code subnets/<name>}: the addresses of a network at a site; the pool {@code subnet/<name>}. A network has one subnet at
     * a site at most.
     *
     * @param cidr such as {@code 10.20.0.0/24}
     * @param gateway an address of it, never handed out
     * @param reserved further addresses, or ranges {@code from-to}, that are never handed out
     * @param nameservers addresses
     * @param coolDown how long an address rests after it was given back
     * @param domain the DNS zone that its addresses have their names in; absent: they have none
     */
    record Subnet(
            String network,
            String site,
            String cidr,
            @Nullable String gateway,
            List<String> reserved,
            List<String> nameservers,
            Duration coolDown,
            @Nullable String domain)
            implements Catalogue {
        public Subnet {
            reserved = List.copyOf(reserved);
            nameservers = List.copyOf(nameservers);
        }

        /**
         * The name of one of its addresses, such as {@code ip-10-20-0-11.ams1.example}. As it is the address' own, nobody else has it
         * and it rests as long.
         */
        public @Nullable String nameOf(String address) {
            return domain == null ? null : "ip-" + address.replace('.', '-') + "." + domain;
        }
    }

    /**
     * Key {@code quotas/<tenant>/<project>}: the most that a project may hold, by measure; a measure not named is not limited.
     *
     * @param units how a measure may be asked for, and how much of its limit may be held; absent: as it comes, and all of it
     */
    record Quota(Map<String, Long> limits, @Nullable Map<String, Units> units) implements Catalogue {
        public Quota {
            limits = Collections.unmodifiableMap(new TreeMap<>(limits));
            units = units == null ? null : Collections.unmodifiableMap(new TreeMap<>(units));
        }

        /** Limits alone. */
        public Quota(Map<String, Long> limits) {
            this(limits, null);
        }

        /** How {@code measure} may be asked for. */
        public Units units(String measure) {
            return units == null ? Units.ANY : units.getOrDefault(measure, Units.ANY);
        }

        /** How much may be held, by measure. */
        public Map<String, Long> capacity() {
            var capacity = new TreeMap<String, Long>();
            limits.forEach(
                    (measure, limit) -> capacity.put(measure, units(measure).capacity(limit)));
            return capacity;
        }
    }

    /**
     * How a measure may be asked for, with the names and the meaning of OpenStack Placement's inventories. What is absent sets no
     * bound.
     *
     * @param reserved of the limit, never handed out
     * @param minUnit the least that one request may claim
     * @param maxUnit the most that one request may claim
     * @param stepSize what a claim must be a multiple of
     * @param allocationRatio how often what is not reserved may be handed out
     */
    record Units(
            @Nullable Long reserved,
            @Nullable Long minUnit,
            @Nullable Long maxUnit,
            @Nullable Long stepSize,
            @Nullable BigDecimal allocationRatio) {

        /** Whatever is asked for. */
        public static final Units ANY = new Units(null, null, null, null, null);

        private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

        /** How much of {@code limit} may be held. */
        public long capacity(long limit) {
            var left = BigDecimal.valueOf(limit).subtract(BigDecimal.valueOf(reserved == null ? 0 : reserved));
            var often = allocationRatio == null ? left : left.multiply(allocationRatio);
            return often.min(MOST).max(BigDecimal.ZERO).longValue();
        }

        /** Why {@code amount} may not be claimed at once, whatever is free; null if it may. */
        public @Nullable String objection(long amount) {
            if (minUnit != null && amount < minUnit) {
                return "less than the least, " + minUnit;
            }
            if (maxUnit != null && amount > maxUnit) {
                return "more than the most at once, " + maxUnit;
            }
            return stepSize != null && amount % stepSize != 0 ? "no multiple of " + stepSize : null;
        }
    }
}
