package io.groundwork.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request of the kind {@link RequestKind#REPLACE} asks for: another server behind one instance. The instance stays what it is, with
 * its name, addresses and labels.
 *
 * @param component of type {@code metal.server}
 * @param index of the instance, from 0
 * @param reason for the approver and for the instance's history
 * @param preferredServers taken first where they can be; the component's own preferences when empty
 */
public record Replacement(
        String component, int index, @Nullable String reason, List<String> preferredServers) {

    public Replacement {
        preferredServers = preferredServers == null ? List.of() : List.copyOf(preferredServers);
    }

    /** The instance as people name it, such as {@code db-0}. */
    public String name() {
        return component + "-" + index;
    }
}
