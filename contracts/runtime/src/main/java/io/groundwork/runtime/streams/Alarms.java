package io.groundwork.runtime.streams;

import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * When the tasks of a stream thread want to be called next. Kafka Streams looks at what is due only between two polls, so the poll
 * must not outlast it: {@link MachineProcessor} says here what {@link WatchedClients} waits for at most. An idle thread can then
 * wait long for records, and a timer fires in time all the same.
 */
final class Alarms {

    private static final long NOT_SERVED_MILLIS = 1_000;

    private static final ThreadLocal<Map<Object, Long>> ALL = ThreadLocal.withInitial(IdentityHashMap::new);

    /** In the stream thread. The last word of {@code task} counts. */
    static void set(Object task, long millis) {
        ALL.get().put(task, millis);
    }

    static void clear(Object task) {
        ALL.get().remove(task);
    }

    /** In the stream thread: how long a poll may last, at most {@code atMost} and at least a millisecond. */
    static Duration patience(Duration atMost) {
        var now = System.currentTimeMillis();
        var least = atMost.toMillis();
        for (var at : ALL.get().values()) {
            var left = at - now;
            // one that was not called when it was due is of a task that does not run: it is not waited for
            if (left > -NOT_SERVED_MILLIS && left < least) {
                least = left;
            }
        }
        return Duration.ofMillis(Math.max(1, least));
    }

    private Alarms() {}
}
