package io.groundwork.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an event's headers alone say: enough to fold a saga even when the payload cannot be read.
 *
 * @param owner whose topic it stands on
 * @param type the {@code ce_type}
 * @param sequence the number of the request among those started on the resource, from 1; 0 where there is none yet
 * @param step absent for facts about the request as a whole
 * @param attempt at the step, from 1; 0 without step
 * @param causation the event, command or answer that led to this one
 * @param time when it was decided
 * @param traceparent W3C trace context
 */
public record Fact(
        Owner owner,
        String type,
        EventId id,
        ResourceId resource,
        RequestId request,
        long sequence,
        @Nullable StepId step,
        int attempt,
        @Nullable StepStatus status,
        @Nullable String causation,
        Instant time,
        @Nullable String traceparent) {

    /** Whether this is a fact of the given kind. */
    public boolean is(Class<? extends Event> event) {
        return EventTypes.classes(owner).get(type) == event;
    }
}
