package io.groundwork.request.domain;

import java.time.Duration;

/**
 * How long the owner of a step may take, each way, before the step counts as overdue.
 *
 * @param approvalGrace beyond the approval's own deadline, which approval-service keeps itself
 * @param allocate beyond the time a request waits for capacity, which allocation-service keeps itself
 * @param install of servers, which boot for many minutes
 * @param uninstall of servers: until they are off, before they are cleaned
 */
public record StepTimeouts(
        Duration approvalGrace,
        Duration allocate,
        Duration provision,
        Duration grant,
        Duration revoke,
        Duration deprovision,
        Duration release,
        Duration install,
        Duration uninstall) {

    public static final StepTimeouts DEFAULT = new StepTimeouts(
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(2),
            Duration.ofMinutes(30),
            Duration.ofMinutes(2),
            Duration.ofHours(3),
            Duration.ofHours(1));
}
