package io.groundwork.baremetal.domain;

import java.time.Duration;

/**
 * How long each transient state may last, and how many servers may be in two of them.
 *
 * @param waiting before it begins: for another operation of the server to end, or for a place
 * @param power to switch power by hand
 * @param deploys how many servers of a site are deployed at a time, for each partition of the servers
 * @param cleans how many servers of a site are cleaned at a time, for each partition of the servers
 */
public record Deadlines(
        Duration waiting,
        Duration verify,
        Duration inspect,
        Duration clean,
        Duration deploy,
        Duration delete,
        Duration adopt,
        Duration power,
        int deploys,
        int cleans) {

    /** Half an hour for what a BMC answers, an hour for an installation, six for disks; 250 deploys, 50 cleans. */
    public static final Deadlines DEFAULT = new Deadlines(
            Duration.ofHours(2),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30),
            Duration.ofHours(6),
            Duration.ofHours(1),
            Duration.ofMinutes(30),
            Duration.ofMinutes(10),
            Duration.ofMinutes(15),
            250,
            50);

    Duration of(Life.Transient life) {
        return switch (life) {
            case Life.Verifying any -> verify;
            case Life.Inspecting any -> inspect;
            case Life.Cleaning any -> clean;
            case Life.Deploying any -> deploy;
            case Life.Deleting any -> delete;
            case Life.Adopting any -> adopt;
        };
    }

    /** How many places there are in a lane: {@code <site>/<state>}. */
    int places(String lane) {
        return lane.endsWith("/deploying") ? deploys : cleans;
    }

    /** Among how many of its kind it takes a place; 0 if they are not counted. */
    int places(Life.Transient life) {
        return switch (life) {
            case Life.Deploying any -> deploys;
            case Life.Cleaning any -> cleans;
            case Life.Verifying any -> 0;
            case Life.Inspecting any -> 0;
            case Life.Deleting any -> 0;
            case Life.Adopting any -> 0;
        };
    }
}
