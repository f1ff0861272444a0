package io.groundwork.runtime;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The timers of one machine in one partition: rows of a store ordered by time. */
public final class Timers {

    /** The store's name. */
    public static final String STORE = "timers";

    private static final byte[] PRESENT = {1};

    private final KeyValues rows;

    public Timers(Stores stores) {
        this.rows = stores.store(STORE);
    }

    public void set(Timer timer) {
        rows.put(timer.encoded(), PRESENT);
    }

    public void cancel(Timer timer) {
        rows.delete(timer.encoded());
    }

    /** The timers due at {@code now}, earliest first, at most {@code limit}. They stay until cancelled. */
    public List<Timer> due(Instant now, int limit) {
        return due(Instant.EPOCH, now, limit);
    }

    /**
     * The timers due at {@code now}, earliest first, at most {@code limit}. They stay until cancelled.
     *
     * @param from before which there is none: a store takes long to pass over what was deleted
     */
    public List<Timer> due(Instant from, Instant now, int limit) {
        return rows.range(Timer.prefix(from.toEpochMilli()), Timer.prefix(now.toEpochMilli() + 1), limit).stream()
                .map(entry -> Timer.decode(entry.key()))
                .toList();
    }

    /** The earliest timer, whenever it is due. */
    public Optional<Timer> next() {
        return next(Instant.EPOCH);
    }

    /**
     * The earliest timer, whenever it is due.
     *
     * @param from before which there is none
     */
    public Optional<Timer> next(Instant from) {
        return rows.range(Timer.prefix(from.toEpochMilli()), "g", 1).stream()
                .map(entry -> Timer.decode(entry.key()))
                .findFirst();
    }

    /** When the timer stored under {@code key} is due, in milliseconds since the epoch. */
    public static long dueMillis(String key) {
        return Timer.decode(key).due().toEpochMilli();
    }
}
