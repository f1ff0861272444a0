package io.groundwork.baremetal.driver;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far a task has come with a server.
 *
 * @param since when the phase began
 * @param forced whether power was cut
 * @param erasing by disk, where to see how far it is; empty text for one that is erased
 * @param how its disks are erased, once that is known
 * @param polls how often it was looked at since something changed
 */
public record BmcCheckpoint(
        Phase phase,
        @Nullable Instant since,
        boolean forced,
        Map<String, String> erasing,
        @Nullable String how,
        int polls) {

    static final BmcCheckpoint START = new BmcCheckpoint(Phase.START, null, false, Map.of(), null, 0);

    /** In this order. */
    public enum Phase {
        START,
        /** On its way to being off. */
        STOPPING,
        /** Off: what is to come can be prepared. */
        OFF,
        /** Its disks erase themselves. */
        ERASING,
        /** Switched on, with something to boot. */
        BOOTING,
        /** What was to happen has happened; it is being tidied up. */
        ENDING
    }

    public BmcCheckpoint {
        erasing = Collections.unmodifiableMap(new TreeMap<>(erasing));
    }

    BmcCheckpoint to(Phase next, Instant now) {
        return new BmcCheckpoint(next, now, false, erasing, how, 0);
    }

    BmcCheckpoint forcing() {
        return new BmcCheckpoint(phase, since, true, erasing, how, 0);
    }

    BmcCheckpoint erasing(String drive, String monitor) {
        var more = new TreeMap<>(erasing);
        more.put(drive, monitor);
        return new BmcCheckpoint(phase, since, forced, more, how, 0);
    }

    BmcCheckpoint by(String means) {
        return new BmcCheckpoint(phase, since, forced, erasing, means, polls);
    }

    BmcCheckpoint polled() {
        return new BmcCheckpoint(phase, since, forced, erasing, how, polls + 1);
    }
}
