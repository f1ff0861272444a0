package io.groundwork.events;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of a pool is taken, on {@link Topics#POOLS} under the claimable. Written by allocation-service alone.
 *
 * @param used by measure
 * @param servers of a pool of servers: how many are {@code free}, {@code busy}, or kept out by the reason that is the key
 * @param waiting claims in its queue
 * @param resting addresses of a subnet that cool down
 */
public record PoolTotals(Map<String, Long> used, Map<String, Long> servers, long waiting, long resting) {
    public PoolTotals {
        used = Collections.unmodifiableMap(new TreeMap<>(used));
        servers = Collections.unmodifiableMap(new TreeMap<>(servers));
    }
}
