package io.groundwork.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a provider account took the credentials that Groundwork has for it, on {@link Topics#ACCOUNTS} under {@code
 * <profile>/<region>}; one for every look. Written by cloud-provisioner alone.
 *
 * @param usable whether the last look was answered
 * @param reason why not, in one sentence without a word of the provider's own; absent if usable
 * @param at when it was looked at
 */
public record AccountFact(
        String profile,
        String region,
        boolean usable,
        @Nullable String reason,
        Instant at) {}
