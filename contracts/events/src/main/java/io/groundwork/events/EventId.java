package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Names one event for ever; the same event, said again, has the same id. */
public record EventId(UUID value) {

    /**
     * The id of an event.
     *
     * @param ordinal which of the owner's events of this type, step and attempt it is
     */
    public static EventId of(RequestId request, String type, @Nullable StepId step, int attempt, long ordinal) {
        return new EventId(Uuids.named(
                request.toString(),
                type,
                step == null ? "" : step.value(),
                Integer.toString(attempt),
                Long.toString(ordinal)));
    }

    /** @throws IllegalArgumentException if {@code text} is no UUID */
    @JsonCreator
    public static EventId parse(String text) {
        return new EventId(UUID.fromString(text));
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
