package io.groundwork.baremetal;

import io.groundwork.baremetal.domain.Deadlines;
import io.groundwork.baremetal.domain.ServerMachine;
import io.groundwork.runtime.OperationPolicy;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What can be set of the baremetal-provisioner. */
@ConfigMapping(prefix = "baremetal")
public interface BaremetalConfig {

    /** Where servers that boot reach this service. */
    URI publicUrl();

    /** Derives the one-time tokens by which servers call home; the same in every process. */
    String phoneHomeSecret();

    /** The servers to enrol at the first start: a resource on the class path, or a file. */
    Optional<String> seeds();

    /** The base of the addresses in {@link #seeds}, for those that have only a path. */
    Optional<URI> seedsBase();

    /** SHA-256 of the certificate of the BMCs in {@link #seeds}, for those that name none. */
    Optional<String> seedsFingerprint();

    /** Accounts of BMCs by the name that servers refer to. */
    Map<String, Credential> credentials();

    /** Certificates of authorities (PEM) that BMCs without a pinned certificate are trusted by; the JDK's own when absent. */
    Optional<Path> authorities();

    /** Sites by name, as far as there is anything to say of them. */
    Map<String, Site> sites();

    /** How booting servers are told what to boot. */
    @WithDefault("IPXE")
    Media media();

    /** How long an operating system is given to shut down before the power is cut. */
    @WithDefault("PT3M")
    Duration softPowerOff();

    /**
     * How long a server may take from being switched on to asking for what to boot. One that has not asked by then came up while
     * nobody answered, and is reset; but for one whose virtual media is an image that is kept elsewhere.
     */
    @WithDefault("PT15M")
    Duration bootTime();

    /** The delay before the first look at something under way; each further one is half as long again. */
    @WithDefault("PT1S")
    Duration firstPoll();

    /** The longest delay between two looks. */
    @WithDefault("PT30S")
    Duration longestPoll();

    /** How long a work may start calls that change a server. A server begins nothing new before that and a call's time are over. */
    @WithDefault("PT60S")
    Duration workTime();

    /** How long a call to a BMC may take. */
    @WithDefault("PT15S")
    Duration callTime();

    /** How many works of one site are done at a time by this process; from 1. */
    @WithDefault("64")
    int concurrency();

    /** How many works of one site are started a second by this process; from 1. */
    @WithDefault("200")
    int worksPerSecond();

    Looks looks();

    Limits limits();

    /** How long each transient state may last, and how many servers may be in two of them. */
    interface Limits {

        @WithDefault("PT2H")
        Duration waiting();

        @WithDefault("PT10M")
        Duration verify();

        @WithDefault("PT30M")
        Duration inspect();

        @WithDefault("PT6H")
        Duration clean();

        @WithDefault("PT1H")
        Duration deploy();

        @WithDefault("PT30M")
        Duration delete();

        @WithDefault("PT10M")
        Duration adopt();

        @WithDefault("PT15M")
        Duration power();

        /** Servers of a site that are deployed at a time, for each partition of the servers. */
        @WithDefault("250")
        int deploys();

        /** Servers of a site that are cleaned at a time, for each partition of the servers. */
        @WithDefault("50")
        int cleans();
    }

    /** Looks at the power of servers that nothing is done with. */
    interface Looks {

        /** How often at each; zero for never. Less often where there are too many servers for {@link #perSecond}. */
        @WithDefault("PT5M")
        Duration every();

        /** At how many by this process in a second, and at a time; from 1. */
        @WithDefault("50")
        int perSecond();
    }

    /** An account of BMCs. */
    interface Credential {

        String user();

        String password();
    }

    /** A site. */
    interface Site {

        /** Where its switches are told which ports to open, by the simulator's API; absent: they are not told. */
        Optional<URI> switchUrl();

        /** What is booted to erase the disks of a server whose BMC cannot; absent: such a server cannot be cleaned. */
        Optional<String> cleaningImage();
    }

    /** What a booting server finds at its address. */
    enum Media {
        /** A script for iPXE. */
        IPXE,
        /** A description for a simulated server. */
        SIMULATED
    }

    default OperationPolicy policy() {
        return ServerMachine.policy(workTime(), callTime());
    }

    default Deadlines deadlines() {
        var limits = limits();
        return new Deadlines(
                limits.waiting(),
                limits.verify(),
                limits.inspect(),
                limits.clean(),
                limits.deploy(),
                limits.delete(),
                limits.adopt(),
                limits.power(),
                limits.deploys(),
                limits.cleans());
    }
}
