package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Tracks one ask on one infrastructure from its POST to its end. */
public record RequestId(UUID value) implements Comparable<RequestId> {

    /** @throws IllegalArgumentException if {@code text} is no UUID */
    @JsonCreator
    public static RequestId parse(String text) {
        return new RequestId(UUID.fromString(text));
    }

    /** The same id for the same key of the same tenant, so that a repeated POST is recognised for ever. */
    public static RequestId of(String tenant, String idempotencyKey) {
        return new RequestId(Uuids.named("request", tenant, idempotencyKey));
    }

    @Override
    public int compareTo(RequestId other) {
        return value.compareTo(other.value);
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
