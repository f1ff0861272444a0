package io.groundwork.e2e;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The servers, and what is held of them.
 *
 * @param claimed ids of servers, of each resource that claims any
 * @param addresses of servers, of each resource that claims any
 * @param held servers that the pools count as held
 * @param free servers that the pools count as free
 * @param taken addresses that the subnets count as held
 */
record Fleet(
        List<Server> servers,
        Map<String, List<String>> claimed,
        Map<String, List<String>> addresses,
        long held,
        long free,
        long taken) {

    /**
     * One of them.
     *
     * @param state as its owner says
     * @param why it is in that state, or not offered; empty if it is offered
     * @param consumer the instance that stands on it, {@code <resource>/<component>/<index>}; empty for none
     * @param runs whether its power is on, as it really is
     * @param linked whether it is really linked to a network, or to a medium
     * @param owners whose data is really on its disks
     * @param overlaps changes of two sessions that came between each other
     */
    record Server(
            String id,
            String state,
            String why,
            String consumer,
            boolean runs,
            boolean linked,
            Set<String> owners,
            List<String> overlaps) {

        /** The resource that it belongs to; empty for none. */
        String resource() {
            return consumer.isEmpty() ? "" : consumer.replaceAll("/[^/]+/[^/]+$", "");
        }
    }
}
