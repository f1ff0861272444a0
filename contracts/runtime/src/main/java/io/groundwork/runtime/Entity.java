package io.groundwork.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.groundwork.events.Proof;
import io.groundwork.saga.Saga;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything a participant keeps of one resource: one value in its store.
 *
 * @param proofs approvals that were read, by sequence: the active request's, and those read before their plan
 * @param verified whether the active request's was found to approve its plan
 * @param timers that are set, by name
 * @param published how many events it has published of this resource
 * @param wake when it is woken next: at the earliest of its timers, or at one that was earlier once
 * @param trace the active request's, for what a timer leads to; null without one
 */
record Entity<S>(
        Saga saga,
        S state,
        Map<Long, Proof> proofs,
        boolean verified,
        Map<String, Instant> timers,
        long published,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant wake,
        @Nullable String trace) {

    Entity {
        proofs = Collections.unmodifiableMap(new TreeMap<>(proofs));
        timers = Collections.unmodifiableMap(new TreeMap<>(timers));
    }

    static <S> Entity<S> of(S initial) {
        return new Entity<>(Saga.NONE, initial, Map.of(), false, Map.of(), 0, null, null);
    }

    Entity<S> with(Saga next) {
        return new Entity<>(next, state, proofs, verified, timers, published, wake, trace);
    }

    Entity<S> with(S next) {
        return new Entity<>(saga, next, proofs, verified, timers, published, wake, trace);
    }

    /** With an approval of request number {@code sequence}; of one that is over, or was verified already, it changes nothing. */
    Entity<S> approved(long sequence, Proof proof) {
        var active = saga.active();
        if (sequence <= saga.closed() || (verified && active != null && active.sequence() == sequence)) {
            return this;
        }
        var more = new TreeMap<>(proofs);
        more.put(sequence, proof);
        return new Entity<>(saga, state, more, verified, timers, published, wake, trace);
    }

    Entity<S> verified(boolean checked) {
        return new Entity<>(saga, state, proofs, checked, timers, published, wake, trace);
    }

    /** The active request's approval, once read. */
    @Nullable
    Proof proof() {
        var active = saga.active();
        return active == null ? null : proofs.get(active.sequence());
    }

    /** Let go of a request that is over: its timers and its approval, but not what was read already of the next one. */
    Entity<S> settled(Saga next) {
        var later = new TreeMap<>(proofs);
        later.headMap(next.closed(), true).clear();
        return new Entity<>(next, state, later, false, Map.of(), published, wake, null);
    }

    Entity<S> with(Map<String, Instant> next) {
        return new Entity<>(saga, state, proofs, verified, next, published, wake, trace);
    }

    Entity<S> published(long count) {
        return new Entity<>(saga, state, proofs, verified, timers, count, wake, trace);
    }

    Entity<S> waking(@Nullable Instant at) {
        return Objects.equals(wake, at)
                ? this
                : new Entity<>(saga, state, proofs, verified, timers, published, at, trace);
    }

    /** With the trace of what was read last, unless the active request has one. */
    Entity<S> traced(@Nullable String read) {
        return trace != null || saga.active() == null
                ? this
                : new Entity<>(saga, state, proofs, verified, timers, published, wake, read);
    }
}
