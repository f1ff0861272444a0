package io.groundwork.cloud.driver;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to reach EC2.
 *
 * @param endpoint of EC2 and STS; null for AWS' own
 * @param roles to assume, by profile; {@link #STANDARD} without one is who the process is
 * @param callTime how long one call may take at most
 */
public record Profiles(@Nullable URI endpoint, Map<String, Role> roles, Duration callTime) {

    /** The profile that needs no configuration. */
    public static final String STANDARD = "standard";

    public Profiles {
        roles = Map.copyOf(roles);
    }

    /** @param arn null: the process' own identity under another name */
    public record Role(@Nullable String arn, @Nullable String externalId) {}
}
