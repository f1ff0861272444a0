package io.groundwork.e2e;

import java.util.List;
import java.util.Map;

/**
 * What the back ends hold of one project, each told by itself.
 *
 * @param claimed instances claimed, of each resource that claims any
 * @param granted grants that stand, of each resource that has any
 * @param pool instances taken from the project's quota
 */
record Holdings(
        List<Held> machines,
        List<Held> groups,
        List<Held> keys,
        Map<String, Long> claimed,
        Map<String, Long> granted,
        long pool,
        Fleet fleet) {

    /** Something that EC2 holds, with whose it says to be. */
    record Held(String id, String resource, String component, String index, String request) {

        static Held of(String id, Map<String, String> tags) {
            return new Held(
                    id,
                    tags.getOrDefault("groundwork:resource", ""),
                    tags.getOrDefault("groundwork:component", ""),
                    tags.getOrDefault("groundwork:instance", ""),
                    tags.getOrDefault("groundwork:request", ""));
        }
    }
}
