package io.groundwork.runtime.view;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Who waits for news of what: only those are woken that wait for just this, however many others wait. */
public final class Watches<K> {

    private final Map<K, Set<Watch>> watches = new ConcurrentHashMap<>();

    /** Starts to watch. What changes from now on is not missed; read it only then. */
    public Watch watch(K key) {
        var watch = new Watch(key);
        watches.compute(key, (same, others) -> {
            var all = others == null ? ConcurrentHashMap.<Watch>newKeySet() : others;
            all.add(watch);
            return all;
        });
        return watch;
    }

    public void wake(K key) {
        watches.getOrDefault(key, Set.of()).forEach(watch -> watch.changed.release());
    }

    public void wakeAll() {
        watches.keySet().forEach(this::wake);
    }

    /** One who waits. */
    public final class Watch implements AutoCloseable {

        private final K key;
        private final Semaphore changed = new Semaphore(0);

        private Watch(K key) {
            this.key = key;
        }

        /** Waits until there is news, at most so long; whether there is. Call it from a virtual or worker thread. */
        public boolean await(Duration most) throws InterruptedException {
            var woken = changed.tryAcquire(Math.max(0, most.toMillis()), TimeUnit.MILLISECONDS);
            changed.drainPermits();
            return woken;
        }

        @Override
        public void close() {
            watches.computeIfPresent(key, (same, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }
}
