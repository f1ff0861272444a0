package io.groundwork.events;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Why a pool could not serve a component: every server of the pool is in one of the counts.
 *
 * @param wanted how few servers would have been enough
 * @param suitable how many could have been had
 * @param rejected how many were rejected, by the first reason that holds, such as {@code busy} or {@code required-trait}
 * @param closest the rejected server with the fewest reasons against it; absent if there is none
 */
public record Candidates(
        String pool,
        String component,
        int wanted,
        int suitable,
        Map<String, Long> rejected,
        @Nullable Closest closest) {

    public Candidates {
        rejected = Collections.unmodifiableMap(new TreeMap<>(rejected));
    }

    /** A server and all that stands against it. */
    public record Closest(String server, List<String> reasons) {
        public Closest {
            reasons = List.copyOf(reasons);
        }
    }
}
