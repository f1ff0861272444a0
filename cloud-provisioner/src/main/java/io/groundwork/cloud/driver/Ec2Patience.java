package io.groundwork.cloud.driver;

import java.time.Duration;

/**
 * How long EC2 is given.
 *
 * @param consistencyWindow how long EC2 may hide what exists; "nothing there" counts only when it is observed later
 * @param notFound how long a machine that EC2 answered a launch with may be unknown to EC2 afterwards
 * @param firstPoll the delay before the first look at something under way; each further one is half as long again
 * @param longestPoll its cap
 */
public record Ec2Patience(Duration consistencyWindow, Duration notFound, Duration firstPoll, Duration longestPoll) {

    public static final Ec2Patience DEFAULT = new Ec2Patience(
            Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofSeconds(10));

    /** @param polls how many looks there were before */
    Duration pollAfter(int polls) {
        var delay = firstPoll.toMillis() * Math.pow(1.5, Math.min(polls, 20));
        return Duration.ofMillis(Math.min(longestPoll.toMillis(), (long) delay));
    }
}
