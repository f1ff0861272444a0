package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * Names one infrastructure for ever, as {@code tenant/project/name}. The Kafka key of every event topic: one resource, one
 * partition, one order.
 */
public record ResourceId(String tenant, String project, String name) implements Comparable<ResourceId> {

    /** What each of the three parts must match: a DNS label. */
    public static final Pattern PART = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** @throws IllegalArgumentException if a part is not a DNS label; the message says which */
    public ResourceId {
        check("tenant", tenant);
        check("project", project);
        check("name", name);
    }

    /** @throws IllegalArgumentException if {@code text} is not of the form {@code tenant/project/name} */
    @JsonCreator
    public static ResourceId parse(String text) {
        var parts = text.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("resource must be tenant/project/name, not '" + text + "'");
        }
        return new ResourceId(parts[0], parts[1], parts[2]);
    }

    @Override
    public int compareTo(ResourceId other) {
        return toString().compareTo(other.toString());
    }

    @JsonValue
    @Override
    public String toString() {
        return tenant + "/" + project + "/" + name;
    }

    private static void check(String part, String value) {
        if (!PART.matcher(value).matches()) {
            throw new IllegalArgumentException("resource's " + part + " must be 1 to 63 lower-case letters, digits or"
                    + " hyphens, not starting or ending with a hyphen: '" + value + "'");
        }
    }
}
