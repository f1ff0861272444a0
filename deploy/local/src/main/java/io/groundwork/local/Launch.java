package io.groundwork.local;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * One run of a stack: started completely or not at all, kept running, stopped in order.
 *
 * <p>{@link #start()} and {@link #close()} may meet, when somebody interrupts a start; then the start ends with an
 * exception that nobody needs to hear about.
 */
final class Launch implements AutoCloseable {
    private static final Duration INFRASTRUCTURE_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration SERVICES_TIMEOUT = Duration.ofMinutes(4);
    /** How long a program may take to end before it is killed. */
    static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private final Console console;
    private final TopicSetup topics;
    private final String bootstrapServers;
    private final Endpoints endpoints;
    private final Supervisor supervisor;
    private boolean complete;

    /**
     * @param children what to run
     * @param topics created between infrastructure and services, on {@code bootstrapServers}
     */
    Launch(
            List<Child> children,
            TopicSetup topics,
            String bootstrapServers,
            Endpoints endpoints,
            Logs logs,
            Orphans orphans,
            Console console,
            Duration stopPatience) {
        this.console = console;
        this.topics = topics;
        this.bootstrapServers = bootstrapServers;
        this.endpoints = endpoints;
        this.supervisor = new Supervisor(children, logs, orphans, new Reporter(), stopPatience);
    }

    /** Starts everything and returns when all of it is ready and {@code endpoints.json} says so. */
    void start() throws CannotStartException {
        supervisor.start(Child.Stage.INFRASTRUCTURE, Integer.MAX_VALUE, INFRASTRUCTURE_TIMEOUT);
        topics.create(bootstrapServers);
        // One more than there are cores keeps them busy while another waits for Kafka or Postgres.
        var atOnce = Runtime.getRuntime().availableProcessors() + 1;
        supervisor.start(Child.Stage.SERVICE, atOnce, SERVICES_TIMEOUT);
        synchronized (this) {
            complete = true;
            writeEndpoints();
        }
    }

    /** Stops everything; a second call does nothing more. */
    @Override
    public void close() {
        synchronized (this) {
            complete = false;
            try {
                endpoints.remove();
            } catch (IOException failed) {
                console.warn("cannot remove endpoints.json: " + failed.getMessage());
            }
        }
        supervisor.close();
    }

    private void writeEndpoints() {
        try {
            endpoints.write(supervisor.pids());
        } catch (IOException failed) {
            console.warn("cannot write endpoints.json: " + failed.getMessage());
        }
    }

    final class Reporter implements Supervisor.Listener {
        @Override
        public void ready(Child child, Duration after) {
            console.ready(child.name(), after);
        }

        @Override
        public void died(Child child, int exitCode) {
            console.warn(child.name() + " ended with exit code " + exitCode + ", starting it again");
        }

        @Override
        public void readyAgain(Child child, Duration after) {
            console.ready(child.name() + " again", after);
        }

        @Override
        public void pidsChanged() {
            synchronized (Launch.this) {
                if (complete) {
                    writeEndpoints();
                }
            }
        }
    }
}
