package io.groundwork.simulators;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts the calls that reached a simulator, refused ones included, and remembers the last of them. In memory only. */
public final class Calls {
    /** How many calls are remembered in full. */
    public static final int REMEMBERED = 1_000;

    /**
     * One call.
     *
     * @param at when it arrived
     * @param scope where in the back end it went: a region of EC2
     * @param status the HTTP status of the answer, 0 if the answer was withheld
     * @param outcome {@code ok} or the back end's error code
     * @param fault the fault that hit it, if one did
     */
    public record Call(
            Instant at,
            String action,
            @Nullable String scope,
            int status,
            String outcome,
            Fault.@Nullable Kind fault) {}

    private final Map<String, Long> counts = new TreeMap<>();
    private final ArrayDeque<Call> recent = new ArrayDeque<>();

    public synchronized void record(Call call) {
        counts.merge(call.action(), 1L, Long::sum);
        if (recent.size() == REMEMBERED) {
            recent.removeFirst();
        }
        recent.addLast(call);
    }

    /** How often the action was called since the start or the last {@link #clear}. */
    public synchronized long count(String action) {
        return counts.getOrDefault(action, 0L);
    }

    public synchronized Map<String, Long> counts() {
        return new TreeMap<>(counts);
    }

    /** The last calls, oldest first, at most {@code count} and {@link #REMEMBERED}. */
    public synchronized List<Call> last(int count) {
        return recent.stream().skip(Math.max(0, recent.size() - (long) count)).toList();
    }

    public synchronized void clear() {
        counts.clear();
        recent.clear();
    }
}
