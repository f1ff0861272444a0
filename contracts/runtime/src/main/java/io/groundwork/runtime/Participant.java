package io.groundwork.runtime;

import io.groundwork.events.Envelope;
import io.groundwork.events.Event;
import io.groundwork.events.Failure;
import io.groundwork.events.Owner;
import io.groundwork.events.Step;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a service decides, as pure functions of what it knows about one resource.
 *
 * @param <S> its own state of a resource: a record, JSON in a store; {@code equals} tells whether it changed
 * @param <E> the events it may publish, and no others
 */
public interface Participant<S, E extends Event> {

    Owner owner();

    /** Whose events it reads: those its own steps need or are needed by, and request-service. Never its own. */
    Set<Owner> listensTo();

    /** Whether it folds all that is said of a request, and not only what its own steps need: the owner of requests does. */
    default boolean follows() {
        return false;
    }

    /** Private topics keyed by resource id that it reads beside its own commands and outcomes. */
    default Set<String> alsoReads() {
        return Set.of();
    }

    Class<S> stateType();

    /** Its state of a resource it has never met. */
    S initial();

    /**
     * What follows from {@code cause}. Called again with each event that it publishes, so that one decision can follow from
     * another; ends when nothing more follows. Must be idempotent: the same cause on the state it led to gives nothing.
     */
    List<Action<E>> decide(Situation<S> now, Cause cause);

    /** What an event of its own, already published, changes. Never refuses: what is published has happened. */
    S evolve(S state, Envelope<E> event);

    /**
     * What an answer to its own request (an operation's or a claim's outcome) changes, before it decides on it. A repeated or
     * outdated answer changes nothing.
     */
    default S learn(S state, Cause.Answered answer) {
        return state;
    }

    /**
     * What an event of another owner changes, before it decides on it, such as outputs that it must remember until the close.
     * A repeated, outdated or foreign event changes nothing.
     */
    default S learn(S state, Envelope<?> event) {
        return state;
    }

    /** The event by which it fails a step before starting it, such as when the approval's proof is not valid. */
    E refused(Step step, Failure failure);

    /** The event by which it says that it could not decide on an input; empty if it has no step to say it of. */
    default Optional<E> parked(Failure failure, String deadLetter) {
        return Optional.empty();
    }
}
