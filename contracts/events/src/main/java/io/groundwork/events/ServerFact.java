package io.groundwork.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server as it is now, on {@link Topics#INVENTORY} under its id; one for every change of its state or flags. Written by
 * baremetal-provisioner alone; a tombstone says that the server is forgotten.
 *
 * @param tenant the only tenant that may have it; everybody's when absent
 * @param traits its own, beside those of its type
 * @param state of its life cycle, such as {@code available} or {@code clean-failed}
 * @param allocatable whether a new grant may take it
 * @param reason why not, as one word such as {@code cleaning}, {@code maintenance}, {@code quarantine}; absent if it is allocatable
 * @param generation climbs by one with every fact of the server
 * @param fence the newest that the server has heard of, by a reservation or an order; 0 before the first
 * @param consumer what stands on it; absent if nothing
 */
public record ServerFact(
        String id,
        String site,
        String serverType,
        @Nullable String tenant,
        String rack,
        List<String> traits,
        String state,
        boolean allocatable,
        @Nullable String reason,
        long generation,
        long fence,
        @Nullable Consumer consumer) {

    public ServerFact {
        traits = List.copyOf(traits);
    }

    /** The pool that the server belongs to: {@code pool/<site>/<server type>}. */
    public String pool() {
        return "pool/" + site + "/" + serverType;
    }

    /**
     * The instance that stands on a server.
     *
     * @param fence under which it was put there; 0 if it stood there before Groundwork knew the server
     */
    public record Consumer(ResourceId resource, String component, int index, long fence) {}
}
