package io.groundwork.allocation.domain;

import io.groundwork.events.PoolTotals;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A pool's totals.
 *
 * @param fence of its last grant, or of a newer one that a server of it has heard of; 0 before the first
 * @param used by measure, each from 1
 * @param servers how many are in each condition: {@link ServerRow#FREE}, or why not; each from 1
 * @param tickets given out to claims that wait
 * @param waiting claims in the queue
 * @param cooling addresses that rest
 * @param cursor behind what was given last: where to look for the next; empty before the first
 * @param stale whether what others see of it is older than it
 */
public record Pool(
        long fence,
        Map<String, Long> used,
        Map<String, Long> servers,
        long tickets,
        long waiting,
        long cooling,
        String cursor,
        boolean stale) {

    static final Pool EMPTY = new Pool(0, Map.of(), Map.of(), 0, 0, 0, "", false);

    public Pool {
        used = used == null ? Map.of() : Collections.unmodifiableMap(used);
        servers = servers == null ? Map.of() : Collections.unmodifiableMap(servers);
        cursor = cursor == null ? "" : cursor;
    }

    Pool granted(Map<String, Long> amounts) {
        return taken(amounts).after(fence + 1);
    }

    /** Taken without a grant. */
    Pool taken(Map<String, Long> amounts) {
        var more = new TreeMap<>(used);
        amounts.forEach((measure, amount) -> more.merge(measure, amount, Math::addExact));
        return new Pool(fence, more, servers, tickets, waiting, cooling, cursor, stale);
    }

    Pool released(Map<String, Long> amounts) {
        var less = new TreeMap<>(used);
        amounts.forEach((measure, amount) -> less(less, measure, amount));
        return new Pool(fence, less, servers, tickets, waiting, cooling, cursor, stale);
    }

    /** Grants from now on are newer than {@code heard}. */
    Pool after(long heard) {
        return heard <= fence ? this : new Pool(heard, used, servers, tickets, waiting, cooling, cursor, stale);
    }

    /** One server's condition changed; null is none, of one that came or went. */
    Pool counted(@Nullable String before, @Nullable String now) {
        var counts = new TreeMap<>(servers);
        if (before != null) {
            less(counts, before, 1);
        }
        if (now != null) {
            counts.merge(now, 1L, Long::sum);
        }
        return new Pool(fence, used, counts, tickets, waiting, cooling, cursor, stale);
    }

    Pool queued() {
        return new Pool(fence, used, servers, tickets + 1, waiting + 1, cooling, cursor, stale);
    }

    Pool unqueued() {
        return new Pool(fence, used, servers, tickets, waiting - 1, cooling, cursor, stale);
    }

    Pool cooling(long more) {
        return new Pool(fence, used, servers, tickets, waiting, cooling + more, cursor, stale);
    }

    Pool stale(boolean now) {
        return new Pool(fence, used, servers, tickets, waiting, cooling, cursor, now);
    }

    PoolTotals totals() {
        return new PoolTotals(used, servers, waiting, cooling);
    }

    Pool at(String next) {
        return new Pool(fence, used, servers, tickets, waiting, cooling, next, stale);
    }

    private static void less(Map<String, Long> counts, String name, long amount) {
        counts.computeIfPresent(name, (any, now) -> now > amount ? now - amount : null);
    }
}
