package io.groundwork.baremetal.domain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is being done with a server: one operation of the engine.
 *
 * @param operation its id, {@code <server>/<n>}; each job of a server has a higher n
 * @param attempt how often it was ordered: a hold, its end and a call home are orders too
 * @param begun whether the engine has it; before, it waits for another to end or for a place among those of its site
 * @param until its deadline
 * @param held while a person holds it: how much time it will have afterwards; it has no deadline then
 * @param tokenHash of the token by which the server calls home, until it did; absent where none is awaited
 */
public record Job(
        String operation,
        int attempt,
        boolean begun,
        Instant until,
        @Nullable Duration held,
        @Nullable String tokenHash) {

    /** One that waits to begin. */
    static Job waiting(String operation, Instant until, @Nullable String tokenHash) {
        return new Job(operation, 1, false, until, null, tokenHash);
    }

    Job begun(Instant deadline) {
        return new Job(operation, attempt, true, deadline, held, tokenHash);
    }

    Job held(Instant now) {
        var left = Duration.between(now, until);
        return new Job(operation, attempt + 1, begun, until, left.isNegative() ? Duration.ZERO : left, tokenHash);
    }

    Job unheld(Instant now) {
        return new Job(operation, attempt + 1, begun, now.plus(held == null ? Duration.ZERO : held), null, tokenHash);
    }

    /** The server called home; its token is used up. */
    Job phonedHome() {
        return new Job(operation, attempt + 1, begun, until, held, null);
    }
}
