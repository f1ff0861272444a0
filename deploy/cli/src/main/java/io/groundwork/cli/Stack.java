package io.groundwork.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The stack that a command works on: one that runs already, or one of its own that it stops again. */
final class Stack implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Endpoints endpoints;
    private final @Nullable Process own;

    private Stack(Endpoints endpoints, @Nullable Process own) {
        this.endpoints = endpoints;
        this.own = own;
    }

    /**
     * The stack of {@code dataDirectory}, started if it does not run.
     *
     * @param up the command that starts one
     * @throws CannotStart if it does not become ready
     */
    static Stack of(Path dataDirectory, List<String> up) throws IOException, InterruptedException {
        var running = running(dataDirectory);
        if (running.isPresent()) {
            return new Stack(running.get(), null);
        }
        System.out.println("The stack is not up; starting it.");
        var process = new ProcessBuilder(up).inheritIO().start();
        var deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            if (process.waitFor(250, TimeUnit.MILLISECONDS)) {
                throw new CannotStart("the stack did not start; its reason stands above");
            }
            var ready = running(dataDirectory);
            if (ready.isPresent()) {
                return new Stack(ready.get(), process);
            }
        }
        stop(process);
        throw new CannotStart("the stack was not ready within " + PATIENCE.toMinutes() + " minutes");
    }

    /** The stack of {@code dataDirectory}, if it is really there: its processes run, and it answers that it is ready. */
    private static Optional<Endpoints> running(Path dataDirectory) throws IOException {
        return Endpoints.of(dataDirectory)
                .filter(Endpoints::alive)
                .filter(at -> new Http().ready(at.of("request-service") + "/q/health/ready"));
    }

    Endpoints endpoints() {
        return endpoints;
    }

    @Override
    public void close() throws InterruptedException {
        if (own != null) {
            stop(own);
        }
    }

    private static void stop(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** No stack can be had. */
    static final class CannotStart extends RuntimeException {
        CannotStart(String message) {
            super(message);
        }
    }
}
