package io.groundwork.events;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an infrastructure shall be. An empty design is legal: it allocates and makes nothing. */
public record Design(List<Component> components, List<AccessGrant> access, Map<String, String> labels) {

    public static final Design EMPTY = new Design(List.of(), List.of(), Map.of());

    public Design {
        components = List.copyOf(components);
        access = List.copyOf(access);
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** Access of a directory's group to the resource's project, in a role of that project. */
    public record AccessGrant(String group, String role) {}
}
