package io.groundwork.runtime;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Bounds what is done at a time, and how often something is begun. Waiting blocks: for virtual threads. */
public final class Pace {

    private final Semaphore places;
    private final long intervalNanos;
    private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());

    /** @param perSecond how many may begin in a second, from 1 */
    public Pace(int atATime, int perSecond) {
        this.places = new Semaphore(atATime, true);
        this.intervalNanos = 1_000_000_000L / perSecond;
    }

    public <T> T paced(Supplier<T> work) {
        places.acquireUninterruptibly();
        try {
            awaitTurn();
            return work.get();
        } finally {
            places.release();
        }
    }

    private void awaitTurn() {
        var turn = nextNanos.getAndUpdate(next -> Math.max(next, System.nanoTime() - intervalNanos) + intervalNanos);
        for (var rest = turn - System.nanoTime(); rest > 0; rest = turn - System.nanoTime()) {
            LockSupport.parkNanos(rest);
        }
    }
}
