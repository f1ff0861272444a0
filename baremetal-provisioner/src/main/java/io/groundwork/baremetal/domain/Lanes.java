package io.groundwork.baremetal.domain;

import io.groundwork.runtime.KeyValues;
import io.groundwork.runtime.Stores;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How many servers of a site may be in a state at a time: each takes a place of its lane, or waits for one. */
final class Lanes {

    /** By lane: how many places are taken. */
    private static final String PLACES = "places";
    /** Rows {@code lane|millis|server}: who waits for a place, the longest first. */
    private static final String QUEUE = "queue";

    static final Set<String> STORES = Set.of(PLACES, QUEUE);

    private final KeyValues places;
    private final KeyValues queue;
    private final Deadlines deadlines;

    Lanes(Stores stores, Deadlines deadlines) {
        this.places = stores.store(PLACES);
        this.queue = stores.store(QUEUE);
        this.deadlines = deadlines;
    }

    /** Where a server takes a place that is {@code moving}; null if its kind is not counted. */
    @Nullable
    String laneOf(Server server, Life.Transient moving) {
        return deadlines.places(moving) == 0 ? null : server.registration().site() + "/" + moving.word();
    }

    boolean free(String lane) {
        return taken(lane) < deadlines.places(lane);
    }

    void take(String lane) {
        change(lane, 1);
    }

    void giveBack(String lane) {
        change(lane, -1);
    }

    private int taken(String lane) {
        var count = places.get(lane);
        return count == null ? 0 : ByteBuffer.wrap(count).getInt();
    }

    private void change(String lane, int by) {
        var count = ByteBuffer.allocate(Integer.BYTES).putInt(Math.max(0, taken(lane) + by));
        places.put(lane, count.array());
    }

    void await(String lane, String server, Life.Transient moving) {
        queue.put(lane + "|%016x|".formatted(moving.job().until().toEpochMilli()) + server, new byte[] {1});
    }

    /** Takes out who has waited longest, as long as a place is free; it may wait no more. */
    Optional<String> next(String lane) {
        if (!free(lane)) {
            return Optional.empty();
        }
        var first = queue.range(lane + '|', lane + '}', 1);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        var row = first.getFirst().key();
        queue.delete(row);
        return Optional.of(row.substring(row.lastIndexOf('|') + 1));
    }
}
