package io.groundwork.runtime.streams;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.Quarkus;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process when a thread that it cannot do without has failed, as nothing in it would start that thread again: whoever
 * runs the service starts a new process, which goes on from what was committed. A process that stayed would look alive and do
 * nothing.
 */
@ApplicationScoped
@Unremovable
public class LastResort implements StreamsUncaughtExceptionHandler {

    private static final Logger LOG = Logger.getLogger(LastResort.class);
    private static final int FAILED = 1;

    @Override
    public StreamThreadExceptionResponse handle(Throwable failure) {
        if (endedByTheBroker(failure)) {
            LOG.warnf(
                    failure, "the broker has ended a transaction; a new stream thread goes on from what was committed");
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        exit("a stream thread", failure);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /**
     * Whether a transaction was found to be over when it was to be committed, as its timeout had passed while the broker stood still.
     * Kafka Streams takes it for a fault of its own, unlike being fenced off.
     */
    private static boolean endedByTheBroker(@Nullable Throwable failure) {
        return failure != null && (failure instanceof InvalidTxnStateException || endedByTheBroker(failure.getCause()));
    }

    /** @param what has failed, for the log */
    static void exit(String what, Throwable failure) {
        LOG.fatalf(failure, "%s has failed; the process ends, to be started again", what);
        Quarkus.asyncExit(FAILED);
    }
}
