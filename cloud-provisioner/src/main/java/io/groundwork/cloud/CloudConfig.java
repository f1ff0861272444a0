package io.groundwork.cloud;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What can be set of the cloud-provisioner. */
@ConfigMapping(prefix = "cloud")
public interface CloudConfig {

    /** Where EC2 and STS answer, instead of AWS' own addresses. */
    Optional<URI> endpoint();

    /**
     * Provider accounts and roles by the name that approvers choose. {@code standard} needs no entry: it is who the process is by
     * the SDK's default credentials.
     */
    Map<String, Profile> profiles();

    /** How long EC2 may hide what exists; "nothing there" counts only when it is observed later. */
    @WithDefault("PT30S")
    Duration consistencyWindow();

    /** How long a machine that EC2 answered a launch with may be unknown to EC2. */
    @WithDefault("PT60S")
    Duration notFoundPatience();

    /** The delay before the first look at something under way; each further one is half as long again. */
    @WithDefault("PT1S")
    Duration firstPoll();

    /** The longest delay between two looks. */
    @WithDefault("PT10S")
    Duration longestPoll();

    /** How many works of one queue and profile are done at a time by this process; from 1. */
    @WithDefault("16")
    int concurrency();

    /** How many works of one queue and profile are started a second by this process; from 1. */
    @WithDefault("50")
    int worksPerSecond();

    /** How often it is tried whether each account takes its credentials, in each region of the catalogue; zero for never. */
    @WithDefault("PT1M")
    Duration accountLooks();

    /** One account and role. */
    interface Profile {

        /** The role to assume; absent: none. */
        Optional<String> roleArn();

        /** What the role's owner asks for, that nobody else's request is confused with it. */
        Optional<String> externalId();
    }
}
