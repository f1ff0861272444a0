package io.groundwork.request.domain;

import java.time.Duration;

/**
 * How long the owner of a step may take, each way, before the step counts as overdue.
 *
 * @param approvalGrace beyond the approval's own deadline, which approval-service keeps itself
 */
public record StepTimeouts(
        Duration approvalGrace,
        Duration allocate,
        Duration provision,
        Duration grant,
        Duration revoke,
        Duration deprovision,
        Duration release) {

    public static final StepTimeouts DEFAULT = new StepTimeouts(
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(2),
            Duration.ofMinutes(30),
            Duration.ofMinutes(2));
}
