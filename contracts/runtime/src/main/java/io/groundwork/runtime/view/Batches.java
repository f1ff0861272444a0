package io.groundwork.runtime.view;

import io.groundwork.runtime.rest.Database;
import io.micrometer.core.instrument.Metrics;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Writes what a view has read. A database that is away delays the view and loses nothing; what can never be written is set aside,
 * logged and counted as {@code groundwork.view.unfit}, and stops nothing behind it. In a service that stops, what cannot be
 * written says nothing of the records, as their database is closed: they are left to be read again.
 */
@ApplicationScoped
public class Batches {

    private static final Logger LOG = Logger.getLogger(Batches.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final CountDownLatch stopping = new CountDownLatch(1);

    /** Before anything that a view writes with is closed. */
    void stop(@Observes ShutdownEvent stop) {
        stopping.countDown();
    }

    /** As {@link #write(List, Consumer, Predicate)}; unfit is what the database {@linkplain Database#refuses refuses}. */
    public <T> void write(List<T> batch, Consumer<List<T>> write) throws InterruptedException {
        write(batch, write, Database::refuses);
    }

    /**
     * Returns when all of {@code batch} is written or set aside.
     *
     * @param write writes some of it in one transaction; called again with the same after a failure
     * @param unfit whether a failure will come again whenever the same is written
     * @throws InterruptedException if not all is, as the service stops
     */
    public <T> void write(List<T> batch, Consumer<List<T>> write, Predicate<RuntimeException> unfit)
            throws InterruptedException {
        if (written(batch, write, unfit)) {
            return;
        }
        for (var one : batch) {
            if (!written(List.of(one), write, unfit)) {
                LOG.error("one record is not in the view");
                Metrics.counter("groundwork.view.unfit").increment();
            }
        }
    }

    /** False if they never will be. */
    private <T> boolean written(List<T> some, Consumer<List<T>> write, Predicate<RuntimeException> unfit)
            throws InterruptedException {
        var pause = FIRST_PAUSE;
        while (true) {
            try {
                write.accept(some);
                return true;
            } catch (RuntimeException failed) {
                if (stopping.getCount() == 0) {
                    throw stopped(failed);
                }
                if (unfit.test(failed)) {
                    LOG.errorf(failed, "of %d records one or more cannot be written", some.size());
                    return false;
                }
                LOG.warnf(failed, "the view waits for the database; %d records again in %s", some.size(), pause);
                if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw stopped(failed);
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private static InterruptedException stopped(RuntimeException failed) {
        var stopped = new InterruptedException("the service stops; what it could not write is read again by the next");
        stopped.initCause(failed);
        return stopped;
    }
}
