package io.groundwork.simulation;

import io.groundwork.events.Design.AccessGrant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Where grants stand. */
final class SimulatedDirectory {

    private final Map<String, Set<AccessGrant>> standing = new HashMap<>();

    /** What stands through a resource. */
    Set<AccessGrant> standing(String resource) {
        return Set.copyOf(standing.getOrDefault(resource, new HashSet<>()));
    }
}
