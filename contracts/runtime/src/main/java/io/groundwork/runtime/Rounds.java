package io.groundwork.runtime;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Something done again and again on a virtual thread of its own, until closed. A round that fails is logged, and the next is made. */
public final class Rounds implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Rounds.class);

    private final ScheduledExecutorService clock;

    private Rounds(ScheduledExecutorService clock) {
        this.clock = clock;
    }

    /**
     * Begins the first round after {@code pause}, and each next one that long after the last has ended.
     *
     * @param name of the thread, and in the log
     */
    public static Rounds every(Duration pause, String name, Runnable round) {
        var clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofVirtual().name(name).factory());
        var unused = clock.scheduleWithFixedDelay(
                () -> {
                    try {
                        round.run();
                    } catch (RuntimeException failed) {
                        LOG.warnf(failed, "%s failed; it is tried again in %s", name, pause);
                    }
                },
                pause.toMillis(),
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
        return new Rounds(clock);
    }

    /** Interrupts the round that is under way; there is no other. */
    @Override
    public void close() {
        clock.shutdownNow();
    }
}
