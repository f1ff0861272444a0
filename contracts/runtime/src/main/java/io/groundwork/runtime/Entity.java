package io.groundwork.runtime;

import io.groundwork.events.Proof;
import io.groundwork.saga.Saga;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything a participant keeps of one resource: one value in its store.
 *
 * @param proofs of approvals that were read and whose requests are not over, by sequence; an approval can be read before the end
 *     of the request before it
 * @param verified whether the active plan was found to be approved
 * @param timers that are set, by name
 * @param published how many events it has published of this resource
 */
record Entity<S>(
        Saga saga, S state, List<Proof> proofs, boolean verified, Map<String, Instant> timers, long published) {

    Entity {
        proofs = proofs == null ? List.of() : List.copyOf(proofs);
        timers = Collections.unmodifiableMap(new TreeMap<>(timers));
    }

    static <S> Entity<S> of(S initial) {
        return new Entity<>(Saga.NONE, initial, List.of(), false, Map.of(), 0);
    }

    /** The approval of the request with that sequence; null if none was read. */
    @Nullable
    Proof proof(long sequence) {
        return proofs.stream()
                .filter(proof -> proof.content().sequence() == sequence)
                .findFirst()
                .orElse(null);
    }

    Entity<S> with(Saga next) {
        return new Entity<>(next, state, proofs, verified, timers, published);
    }

    Entity<S> with(S next) {
        return new Entity<>(saga, next, proofs, verified, timers, published);
    }

    /** The first approval of a request counts; one of a request that is over is late. */
    Entity<S> with(Proof proof) {
        var sequence = proof.content().sequence();
        if (sequence <= saga.closed() || proof(sequence) != null) {
            return this;
        }
        var more = new ArrayList<>(proofs);
        more.add(proof);
        return new Entity<>(saga, state, more, verified, timers, published);
    }

    Entity<S> checked() {
        return new Entity<>(saga, state, proofs, true, timers, published);
    }

    /** Without what belongs to requests up to {@code closed}. */
    Entity<S> without(long closed) {
        return new Entity<>(
                saga,
                state,
                proofs.stream()
                        .filter(proof -> proof.content().sequence() > closed)
                        .toList(),
                false,
                Map.of(),
                published);
    }

    Entity<S> with(Map<String, Instant> next) {
        return new Entity<>(saga, state, proofs, verified, next, published);
    }

    Entity<S> published(long count) {
        return new Entity<>(saga, state, proofs, verified, timers, count);
    }
}
