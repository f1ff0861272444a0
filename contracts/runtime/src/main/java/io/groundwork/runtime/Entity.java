package io.groundwork.runtime;

import io.groundwork.events.Proof;
import io.groundwork.saga.Saga;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything a participant keeps of one resource: one value in its store.
 *
 * @param proof of the active request's approval, once read
 * @param verified whether {@code proof} was found to approve the active plan
 * @param timers that are set, by name
 * @param published how many events it has published of this resource
 */
record Entity<S>(
        Saga saga, S state, @Nullable Proof proof, boolean verified, Map<String, Instant> timers, long published) {

    Entity {
        timers = Collections.unmodifiableMap(new TreeMap<>(timers));
    }

    static <S> Entity<S> of(S initial) {
        return new Entity<>(Saga.NONE, initial, null, false, Map.of(), 0);
    }

    Entity<S> with(Saga next) {
        return new Entity<>(next, state, proof, verified, timers, published);
    }

    Entity<S> with(S next) {
        return new Entity<>(saga, next, proof, verified, timers, published);
    }

    Entity<S> with(@Nullable Proof next, boolean checked) {
        return new Entity<>(saga, state, next, checked, timers, published);
    }

    Entity<S> with(Map<String, Instant> next) {
        return new Entity<>(saga, state, proof, verified, next, published);
    }

    Entity<S> published(long count) {
        return new Entity<>(saga, state, proof, verified, timers, count);
    }
}
