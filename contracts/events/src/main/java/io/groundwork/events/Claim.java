package io.groundwork.events;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A hold on capacity.
 *
 * @param pool the claimable it is taken from, such as {@code quota/acme/payments}: one key in one partition
 * @param amounts how much of each of the pool's measures, such as {@code {"instances": 3, "vcpus": 6}}; each from 1
 */
public record Claim(String pool, Map<String, Long> amounts) {
    public Claim {
        amounts = Collections.unmodifiableMap(new TreeMap<>(amounts));
    }
}
