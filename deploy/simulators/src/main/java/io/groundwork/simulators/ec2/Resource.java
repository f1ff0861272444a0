package io.groundwork.simulators.ec2;

import java.util.Map;

/** A thing that a region holds. Immutable: a change is a new value under the same id. */
sealed interface Resource {
    String id();

    /** A thing that can carry tags. */
    sealed interface Tagged extends Resource permits Instance, Volume, SecurityGroup, KeyPair {
        Map<String, String> tags();

        Tagged withTags(Map<String, String> tags);

        /** As filters and answers name it, such as {@code security-group}. */
        String resourceType();
    }

    /** What a region remembers without showing it. */
    sealed interface Hidden extends Resource permits Launch {}
}
