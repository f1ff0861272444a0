package io.groundwork.events;

import java.util.List;

/**
 * What iam-service administers and publishes on {@link Topics#DIRECTORY}: the value behind a key {@code <kind>/<name>}. A
 * tombstone removes an entry.
 */
public sealed interface Directory {

    /** Key {@code tenants/<tenant>}. */
    record Tenant(String description) implements Directory {}

    /** Key {@code projects/<tenant>/<project>}. */
    record Project(String description) implements Directory {}

    /**
     * Key {@code users/<mail address>}.
     *
     * @param roles in the tenant: {@code requester}, {@code approver}, {@code operator}, {@code admin}
     */
    record User(String tenant, String name, List<String> roles) implements Directory {
        public User {
            roles = List.copyOf(roles);
        }
    }

    /**
     * Key {@code groups/<group>}.
     *
     * @param members users' mail addresses
     * @param roles the roles within a project that the group may be granted
     */
    record Group(String tenant, List<String> members, List<String> roles) implements Directory {
        public Group {
            members = List.copyOf(members);
            roles = List.copyOf(roles);
        }
    }
}
