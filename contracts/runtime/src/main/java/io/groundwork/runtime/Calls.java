package io.groundwork.runtime;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Watches the calls of one work: refuses late ones, and remembers whether any was made or went unanswered. */
public final class Calls {

    private final InstantSource clock;
    private boolean mutated;
    private boolean unanswered;

    public Calls(InstantSource clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    <T> T mutate(Instant notAfter, Supplier<T> call) {
        if (clock.instant().isAfter(notAfter)) {
            throw new Operation.Expired(notAfter);
        }
        mutated = true;
        return call.get();
    }

    void unanswered() {
        unanswered = true;
    }

    boolean wasMutated() {
        return mutated;
    }

    boolean wasUnanswered() {
        return unanswered;
    }
}
