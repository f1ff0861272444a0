package io.groundwork.baremetal.driver;

import java.time.Duration;

/**
 * How long servers are given.
 *
 * @param softPowerOff for an operating system to shut down, before power is cut
 * @param boot from being switched on to asking for what to boot
 * @param firstPoll the delay before the first look at something under way; each further one is half as long again
 * @param longestPoll its cap
 */
public record BmcPatience(Duration softPowerOff, Duration boot, Duration firstPoll, Duration longestPoll) {

    /** @param polls how many looks there were before */
    Duration pollAfter(int polls) {
        var delay = firstPoll.toMillis() * Math.pow(1.5, Math.min(polls, 20));
        return Duration.ofMillis(Math.min(longestPoll.toMillis(), (long) delay));
    }
}
