package io.groundwork.simulators.ec2;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where an instance is on its way, as the last move that was asked for; what it is at a moment follows from the clock. So no
 * timer has to fire, and a restart changes nothing.
 *
 * <pre>
 *   pending ──► running ──► stopping ──► stopped ──► pending …
 *      └───────────┴───────────┴────────────┴──► shutting-down ──► terminated ──► forgotten
 * </pre>
 *
 * @param passing the state until {@code settlesAt}
 * @param resting the state from then on
 * @param forgottenAt when a terminated instance disappears from all answers
 * @param reason why it is not running; EC2's {@code reason} and {@code stateReason}
 */
record Lifecycle(
        InstanceState passing,
        InstanceState resting,
        Instant settlesAt,
        @Nullable Instant forgottenAt,
        @Nullable String reason) {

    static Lifecycle starting(Instant now, Duration launchDelay) {
        return new Lifecycle(InstanceState.PENDING, InstanceState.RUNNING, now.plus(launchDelay), null, null);
    }

    static Lifecycle stopping(Instant now, Duration shutdownDelay) {
        return new Lifecycle(
                InstanceState.STOPPING, InstanceState.STOPPED, now.plus(shutdownDelay), null, userInitiated(now));
    }

    static Lifecycle terminating(Instant now, Duration shutdownDelay, Duration terminatedVisible) {
        var terminatedAt = now.plus(shutdownDelay);
        return new Lifecycle(
                InstanceState.SHUTTING_DOWN,
                InstanceState.TERMINATED,
                terminatedAt,
                terminatedAt.plus(terminatedVisible),
                userInitiated(now));
    }

    private static String userInitiated(Instant now) {
        return "User initiated (" + now.toString().substring(0, 19).replace('T', ' ') + " GMT)";
    }

    InstanceState at(Instant now) {
        return now.isBefore(settlesAt) ? passing : resting;
    }

    boolean isForgotten(Instant now) {
        return forgottenAt != null && !now.isBefore(forgottenAt);
    }
}
