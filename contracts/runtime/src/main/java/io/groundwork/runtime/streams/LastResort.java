package io.groundwork.runtime.streams;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.Quarkus;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jboss.logging.Logger;

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
        exit("a stream thread", failure);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** @param what has failed, for the log */
    static void exit(String what, Throwable failure) {
        LOG.fatalf(failure, "%s has failed; the process ends, to be started again", what);
        Quarkus.asyncExit(FAILED);
    }
}
