package io.groundwork.local;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a table of programs running. A program that ends before it was ever ready fails the start; one that ends later
 * is started again after a second, with the same command, as often as it takes.
 */
final class Supervisor implements AutoCloseable {
    private static final Duration RESTART_DELAY = Duration.ofSeconds(1);
    private static final Duration PROBE_INTERVAL = Duration.ofMillis(50);
    private static final Duration ROTATE_INTERVAL = Duration.ofSeconds(10);

    /** Who wants to know. Calls come from several threads. */
    interface Listener {
        void ready(Child child, Duration after);

        void died(Child child, int exitCode);

        void readyAgain(Child child, Duration after);

        /** A program was started; {@link #pids()} is new. */
        void pidsChanged();
    }

    private final List<Child> children;
    private final Logs logs;
    private final Orphans orphans;
    private final Listener listener;
    private final Duration stopPatience;

    private final Map<String, Keeper> keepers = new LinkedHashMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ScheduledExecutorService housekeeping = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("logs").daemon().factory());

    /**
     * @param children in the order of their importance: stopped from the last to the first
     * @param stopPatience how long a program may take to end before it is killed
     */
    Supervisor(List<Child> children, Logs logs, Orphans orphans, Listener listener, Duration stopPatience) {
        this.children = children;
        this.logs = logs;
        this.orphans = orphans;
        this.listener = listener;
        this.stopPatience = stopPatience;
        var unused = housekeeping.scheduleWithFixedDelay(
                () -> children.forEach(child -> logs.rotate(child.name())),
                ROTATE_INTERVAL.toMillis(),
                ROTATE_INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /**
     * Starts all programs of a stage and returns when every one is ready.
     *
     * @param atOnce how many may be starting at a time
     * @throws CannotStartException naming the first that failed, or that is not ready after {@code timeout}; the others go
     *     on until {@link #close()}
     */
    void start(Child.Stage stage, int atOnce, Duration timeout) throws CannotStartException {
        var members = children.stream().filter(child -> child.stage() == stage).toList();
        var outcomes = new LinkedBlockingQueue<Outcome>();
        var permits = new Semaphore(atOnce);
        for (var child : members) {
            var keeper = new Keeper(child, permits, outcomes);
            synchronized (keepers) {
                keepers.put(child.name(), keeper);
            }
            Thread.ofPlatform().name(child.name()).daemon().start(keeper);
        }
        var missing = new ArrayList<>(members);
        var deadline = System.nanoTime() + timeout.toNanos();
        while (!missing.isEmpty()) {
            var outcome = next(outcomes, deadline);
            if (outcome == null) {
                var name = missing.getFirst().name();
                throw new CannotStartException(
                        name + " was not ready after " + timeout.toSeconds() + " s" + hint(name, logs.lastLine(name)));
            }
            if (outcome.failure() != null) {
                throw new CannotStartException(outcome.failure());
            }
            missing.remove(outcome.child());
        }
    }

    /** The process ids of what runs, in the order of the table. */
    Map<String, Long> pids() {
        var pids = new LinkedHashMap<String, Long>();
        for (var running : running()) {
            pids.put(running.name(), running.pid());
        }
        return pids;
    }

    /** Stops everything, services first and together, then the rest one by one; a second call does nothing. */
    @Override
    public void close() {
        stopping.countDown();
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        housekeeping.shutdownNow();
        try (var stoppers = Executors.newVirtualThreadPerTaskExecutor()) {
            keepersOf(Child.Stage.SERVICE).forEach(keeper -> stoppers.execute(keeper::stop));
        }
        keepersOf(Child.Stage.INFRASTRUCTURE).reversed().forEach(Keeper::stop);
        recordRunning();
    }

    private void recordRunning() {
        synchronized (orphans) {
            orphans.record(running());
        }
    }

    private List<Keeper> keepersOf(Child.Stage stage) {
        synchronized (keepers) {
            return keepers.values().stream()
                    .filter(keeper -> keeper.child.stage() == stage)
                    .toList();
        }
    }

    private List<Orphans.Running> running() {
        synchronized (keepers) {
            return children.stream()
                    .flatMap(child -> Stream.ofNullable(keepers.get(child.name())))
                    .flatMap(keeper -> Stream.ofNullable(keeper.running))
                    .toList();
        }
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private String hint(String name, String lastLine) {
        return (lastLine.isEmpty() ? "" : ": " + lastLine) + " (log: " + logs.of(name) + ")";
    }

    private static @Nullable Outcome next(LinkedBlockingQueue<Outcome> outcomes, long deadline) {
        try {
            return outcomes.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** @param failure null when the program is ready */
    private record Outcome(Child child, @Nullable String failure) {}

    /** Starts one program, watches it, and starts it again. */
    private final class Keeper implements Runnable {
        private final Child child;
        private final Semaphore permits;
        private final LinkedBlockingQueue<Outcome> outcomes;
        private @Nullable Process process;
        private volatile Orphans.@Nullable Running running;

        Keeper(Child child, Semaphore permits, LinkedBlockingQueue<Outcome> outcomes) {
            this.child = child;
            this.permits = permits;
            this.outcomes = outcomes;
        }

        @Override
        public void run() {
            try {
                permits.acquire();
                boolean ready;
                try {
                    ready = startFirst();
                } finally {
                    permits.release();
                }
                while (ready && !isStopping()) {
                    keep();
                }
            } catch (InterruptedException impossible) {
                throw new IllegalStateException("nobody interrupts this thread", impossible);
            }
        }

        private boolean startFirst() throws InterruptedException {
            var began = System.nanoTime();
            try {
                var started = spawn();
                if (started == null) {
                    return false;
                }
                if (awaitReady(started)) {
                    listener.ready(child, since(began));
                    outcomes.add(new Outcome(child, null));
                    return true;
                }
                outcomes.add(new Outcome(
                        child,
                        child.name() + " ended with exit code " + started.exitValue() + " before it was ready"
                                + hint(child.name(), logs.lastLine(child.name()))));
            } catch (IOException | RuntimeException failed) {
                outcomes.add(new Outcome(child, child.name() + " cannot start: " + failed.getMessage()));
            }
            return false;
        }

        /** Waits for the end of what runs and starts it again. */
        private void keep() throws InterruptedException {
            var ended = process;
            if (ended != null) {
                var exitCode = ended.waitFor();
                if (isStopping()) {
                    return;
                }
                running = null;
                process = null;
                listener.died(child, exitCode);
            }
            if (stopping.await(RESTART_DELAY.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            try {
                var began = System.nanoTime();
                var started = spawn();
                if (started != null && awaitReady(started)) {
                    listener.readyAgain(child, since(began));
                }
            } catch (IOException | RuntimeException failed) {
                // Said by the exit code at the next turn if it started at all, and tried again in any case.
                System.err.println("groundwork: " + child.name() + " cannot start: " + failed.getMessage());
            }
        }

        /** Null when all is being stopped. */
        private @Nullable Process spawn() throws IOException {
            child.before().run();
            var builder = new ProcessBuilder(Processes.detached(child.command()))
                    .directory(child.directory().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            logs.of(child.name()).toFile()));
            builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
            builder.environment().putAll(child.environment());
            Process started;
            synchronized (this) {
                if (isStopping()) {
                    return null;
                }
                started = builder.start();
                process = started;
                running = Orphans.Running.of(child, started.pid());
            }
            recordRunning();
            listener.pidsChanged();
            return started;
        }

        /** False when it ended instead. */
        private boolean awaitReady(Process started) throws InterruptedException {
            while (!started.waitFor(PROBE_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                if (child.probe().isReady(started.pid())) {
                    return true;
                }
            }
            return false;
        }

        private void stop() {
            Process last;
            synchronized (this) {
                last = process;
            }
            if (last != null) {
                Processes.stop(last.toHandle(), child.stopSignal(), stopPatience.toMillis());
                running = null;
            }
        }

        private static Duration since(long nanos) {
            return Duration.ofNanos(System.nanoTime() - nanos);
        }
    }
}
