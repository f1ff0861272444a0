package io.groundwork.runtime;

import io.groundwork.events.Event;
import io.groundwork.events.RequestId;
import io.groundwork.events.StepId;
import io.groundwork.events.StepStatus;
import io.groundwork.saga.Active;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a decision leads to. */
public sealed interface Action<E extends Event> {

    /** Says {@code event} on the participant's own topic; its state and the saga take it in at once. */
    record Publish<E extends Event>(
            RequestId request,
            long sequence,
            @Nullable StepId step,
            int attempt,
            @Nullable StepStatus status,
            E event) implements Action<E> {}

    /**
     * Sends {@code payload} on a private topic, or the completions topic.
     *
     * @param request that it is about, absent on private topics
     */
    record Send<E extends Event>(
            String topic,
            String key,
            String type,
            Object payload,
            @Nullable RequestId request,
            long sequence) implements Action<E> {}

    /** Sets the resource's timer of that name, instead of the one that is set. Forgotten when the request is closed. */
    record SetTimer<E extends Event>(String name, Instant at) implements Action<E> {}

    record CancelTimer<E extends Event>(String name) implements Action<E> {}

    /** Says how far a step of the active request has come. */
    static <E extends Event> Action<E> step(Active active, StepId step, int attempt, StepStatus status, E event) {
        return new Publish<>(active.request(), active.sequence(), step, attempt, status, event);
    }

    /** Says something of a step that does not change how far it has come. */
    static <E extends Event> Action<E> note(Active active, StepId step, int attempt, E event) {
        return new Publish<>(active.request(), active.sequence(), step, attempt, null, event);
    }

    /** Says something of the active request as a whole. */
    static <E extends Event> Action<E> request(Active active, E event) {
        return new Publish<>(active.request(), active.sequence(), null, 0, null, event);
    }

    static <E extends Event> Action<E> send(String topic, String key, String type, Object payload) {
        return new Send<>(topic, key, type, payload, null, 0);
    }

    /**
     * Sends a record that others read as they do events, with the same attributes.
     *
     * @param sequence of the request, 0 if it never started
     */
    static <E extends Event> Action<E> announce(
            String topic, String key, String type, Object payload, RequestId request, long sequence) {
        return new Send<>(topic, key, type, payload, request, sequence);
    }
}
