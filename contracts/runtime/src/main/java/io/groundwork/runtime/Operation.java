package io.groundwork.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a driver is given: one long-running mutation at one moment.
 *
 * @param specification what it shall do
 * @param checkpoint how far it has come; null before the first move
 * @param work fence, times and tries
 */
public record Operation<P, C>(P specification, @Nullable C checkpoint, Work work, Calls calls) {

    /** The operation's id. */
    public String id() {
        return work.order().id();
    }

    /** Whether "nothing there", observed now, can be trusted, given how long the back end may hide what exists. */
    public boolean settled(Duration consistencyWindow) {
        return !calls.now().isBefore(work.settledAt().plus(consistencyWindow));
    }

    /**
     * Makes a call that changes something: only before the work's time is over.
     *
     * @throws Expired if it is over; the driver lets it pass
     */
    public <T> T mutate(Supplier<T> call) {
        return calls.mutate(work.notAfter(), call);
    }

    /** Says that a call was sent and went unanswered: it may have happened, or still happen. */
    public void unanswered() {
        calls.unanswered();
    }

    /** Thrown instead of a call that would come too late. */
    public static final class Expired extends RuntimeException {
        Expired(Instant notAfter) {
            super("the work's time was over at " + notAfter);
        }
    }
}
