package io.groundwork.runtime;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How an owner's operations are tried.
 *
 * @param workTime how long after it is handed out a work may start a mutating call
 * @param callTime how long a call may take at most, retries of a client library included; after {@code workTime} and this a
 *     work that did not answer is given up
 * @param firstRetry the delay before the first retry; it doubles with every further one, with full jitter
 * @param longestRetry its cap
 * @param mostTries how many works of one order may fail in a row; one that finds it under way begins the count anew, as what is
 *     polled for hours may fail now and then
 * @param outstanding how many works of one queue are handed out at a time by each partition; the rest wait in the store
 * @param keptFor how long an operation that was undone is remembered, for answers that come late
 * @param undoable whether a worker is asked to undo what came to rest; what cannot be taken back is only forgotten
 */
public record OperationPolicy(
        Duration workTime,
        Duration callTime,
        Duration firstRetry,
        Duration longestRetry,
        int mostTries,
        int outstanding,
        Duration keptFor,
        boolean undoable) {

    /** Ten seconds of work with calls of five, retries from 0.5 s to 30 s, eight of them, 32 works a queue and partition. */
    public static final OperationPolicy DEFAULT = new OperationPolicy(
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            8,
            32,
            Duration.ofHours(1));

    /** Of operations that can be undone. */
    public OperationPolicy(
            Duration workTime,
            Duration callTime,
            Duration firstRetry,
            Duration longestRetry,
            int mostTries,
            int outstanding,
            Duration keptFor) {
        this(workTime, callTime, firstRetry, longestRetry, mostTries, outstanding, keptFor, true);
    }

    /** The same, of operations that cannot be taken back once they are done, such as mails. */
    public OperationPolicy notUndoable() {
        return new OperationPolicy(
                workTime, callTime, firstRetry, longestRetry, mostTries, outstanding, keptFor, false);
    }

    Duration retryAfter(int tries, RandomGenerator random) {
        var ceiling = Math.min(longestRetry.toMillis(), firstRetry.toMillis() << Math.min(20, Math.max(0, tries - 1)));
        // never at once: a back end that fails fast must not be asked in a circle
        return Duration.ofMillis(ceiling / 2 + random.nextLong(ceiling / 2 + 1));
    }
}
