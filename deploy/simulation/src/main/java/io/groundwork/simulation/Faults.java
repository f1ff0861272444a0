package io.groundwork.simulation;

import java.time.Duration;
import java.util.List;

/**
 * What may go wrong, and how often.
 *
 * @param crash a task crashes within a transaction once in so many inputs; 0: never
 * @param stall a task, or a whole queue, stands still once in so many moves; 0: never
 * @param longest how long a task is down or stands still at most
 * @param freeze a worker is frozen at one of its calls in so many percent of works
 * @param thaw how long it is frozen at most
 * @param kill a worker that is frozen is killed in so many percent
 * @param again a work or a result is delivered twice in so many percent
 * @param late how long after the first the second comes at most, and a work whose worker was killed
 * @param torn whether what a task sent stays sent when it crashes: what transactions prevent, to see that it is found
 */
public record Faults(
        int crash,
        int stall,
        Duration longest,
        int freeze,
        Duration thaw,
        int kill,
        int again,
        Duration late,
        boolean torn) {

    /** Nothing goes wrong. */
    public static final Faults NONE = new Faults(0, 0, Duration.ZERO, 0, Duration.ZERO, 0, 0, Duration.ZERO, false);

    /** The same without one kind of fault, for each kind: back ends go wrong where works are repeated, too. */
    public List<Faults> withoutOne() {
        return List.of(
                new Faults(0, stall, longest, freeze, thaw, kill, again, late, torn),
                new Faults(crash, 0, longest, freeze, thaw, kill, again, late, torn),
                new Faults(crash, stall, longest, 0, thaw, 0, again, late, torn),
                new Faults(crash, stall, longest, freeze, thaw, 0, again, late, torn),
                new Faults(crash, stall, longest, freeze, thaw, kill, 0, late, torn));
    }
}
