package io.groundwork.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Many seeds, some at a time. Each runs on its own, and so as it would alone. */
final class Seeds {
    /** Half of the cores, as a build runs the tests of the real processes beside, and those wait for each other. */
    private static final int AT_ONCE = Integer.getInteger(
            "simulation.threads", Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

    private final long first;
    private final long count;

    /** One that failed, and why. */
    record Failure(long seed, Throwable broken) {

        String firstLine() {
            return "seed " + seed + ": "
                    + String.valueOf(broken.getMessage()).lines().findFirst().orElse("");
        }
    }

    Seeds(long first, long count) {
        this.first = first;
        this.count = count;
    }

    /** What comes of {@code what} in a virtual thread: from another one, to hand control to a worker's is dear. */
    static <T> T alone(Callable<T> what) {
        var task = new FutureTask<>(what);
        Thread.ofVirtual().start(task);
        try {
            return task.get();
        } catch (ExecutionException failed) {
            throw new AssertionError(failed.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /**
     * Runs one after the other until one fails.
     *
     * @param mutation made anew for every run
     * @param result called with what came of each, by one thread at a time
     * @return the lowest that failed; null if none did
     */
    @Nullable
    Failure run(Supplier<Mutation> mutation, Consumer<Run.Result> result) {
        var next = new AtomicLong(first);
        var failures = new ConcurrentSkipListMap<Long, Failure>();
        List<Thread> threads = new ArrayList<>();
        for (var one = 0; one < AT_ONCE; one++) {
            threads.add(Thread.ofVirtual().start(() -> {
                // once one failed, only those below it that have begun come to their end
                for (var seed = next.getAndIncrement();
                        seed < first + count && failures.isEmpty();
                        seed = next.getAndIncrement()) {
                    try {
                        var came = Run.of(seed, mutation);
                        synchronized (next) {
                            result.accept(came);
                        }
                    } catch (Throwable failed) {
                        failures.put(seed, new Failure(seed, failed));
                    }
                }
            }));
        }
        for (var thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        return failures.isEmpty() ? null : failures.firstEntry().getValue();
    }
}
