package io.groundwork.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What iam-service administers and publishes on {@link Topics#DIRECTORY}: the value behind a key {@code <kind>/<name>}. A
 * tombstone removes an entry.
 */
public sealed interface Directory {

    /** Key {@code tenants/<tenant>}. */
    record Tenant(String description) implements Directory {}

    /**
     * Key {@code projects/<tenant>/<project>}.
     *
     * @param groups whose members alone may ask for anything in the project; everybody of the tenant when absent or empty
     */
    record Project(String description, @Nullable List<String> groups) implements Directory {
        public Project {
            groups = groups == null ? null : List.copyOf(groups);
        }

        /** The groups whose members alone may ask; empty for everybody. */
        public List<String> onlyFor() {
            return groups == null ? List.of() : groups;
        }
    }

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
