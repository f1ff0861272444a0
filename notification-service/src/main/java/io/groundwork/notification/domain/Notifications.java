package io.groundwork.notification.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * What notification-service keeps of one resource.
 *
 * @param told the operations whose end was said, oldest first: as many as a cause may be repeated after
 */
public record Notifications(List<String> told) {

    /** Nobody was ever told anything. */
    public static final Notifications NONE = new Notifications(List.of());

    private static final int MOST = 200;

    public Notifications {
        told = List.copyOf(told);
    }

    boolean knows(String operation) {
        return told.contains(operation);
    }

    Notifications with(String operation) {
        if (knows(operation)) {
            return this;
        }
        var more = new ArrayList<>(told.subList(Math.max(0, told.size() - MOST + 1), told.size()));
        more.add(operation);
        return new Notifications(more);
    }
}
