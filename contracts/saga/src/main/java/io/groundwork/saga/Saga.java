package io.groundwork.saga;

import io.groundwork.events.Event;
import io.groundwork.events.Fact;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent;
import io.groundwork.events.RequestEvent.RequestStarted;
import io.groundwork.events.Step;
import io.groundwork.events.StepStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a participant knows of the requests on one resource: the fold of everything it has read about it.
 *
 * <p>A join: Kafka keeps the order within a topic, and across topics none is assumed. Whatever the interleaving, participants
 * that have read the same events have the same saga. A duplicate, a late or a foreign fact changes nothing and never throws.
 *
 * <p>Only the headers of a record are folded ({@link Fact}), but for the plan, which {@link RequestStarted} carries; so an
 * unreadable payload or a newer event type still folds.
 *
 * @param closed the highest sequence that is over, kept for ever; facts up to it are dropped
 * @param active the request under way, once its plan was read
 * @param early facts that were read before the plan they belong to, by sequence, the one with the plan first: in whatever order they were read
 */
public record Saga(long closed, @Nullable Active active, List<Early> early) {

    /** Before anything was read. */
    public static final Saga NONE = new Saga(0, null, List.of());

    public Saga {
        early = List.copyOf(early);
    }

    /** No order of reading: that would tell two readers of the same facts apart. */
    private static final Comparator<Early> BY_SEQUENCE = Comparator.<Early>comparingLong(
                    kept -> kept.fact().sequence())
            .thenComparing(kept -> kept.started() == null)
            .thenComparing(kept -> kept.fact().id().value());

    /** A fact that waits for its plan; {@code started} is set on the fact that brings one. */
    public record Early(Fact fact, @Nullable RequestStarted started) {}

    /**
     * What is known after {@code fact}; this very object if it changes nothing.
     *
     * @param event the fact's payload, null if it could not be read or its type is not known
     */
    public Saga apply(Fact fact, @Nullable Event event) {
        if (fact.sequence() <= closed) {
            return this;
        }
        var started = event instanceof RequestStarted start ? start : null;
        if (active == null && started != null) {
            return start(fact, started).resume();
        }
        if (active == null || fact.sequence() != active.sequence()) {
            return closesUnstarted(fact)
                    ? new Saga(fact.sequence(), null, early).pruned()
                    : keep(new Early(fact, started));
        }
        var next = step(active, fact);
        return next.equals(active) ? this : new Saga(closed, next, early);
    }

    /**
     * What {@code owner} keeps of {@code fact}: only what can change what it has to do, now or later. Of a request it has a part in, it always
     * has the same {@link #due} as one that keeps everything.
     */
    public Saga applyFor(Owner owner, Fact fact, @Nullable Event event) {
        return concerns(owner, fact) ? apply(fact, keptBy(owner, event)) : this;
    }

    /** {@code event} as {@code owner} keeps it: of a plan its own steps' inputs alone, and the digest of the whole plan as it was read. */
    public static @Nullable Event keptBy(Owner owner, @Nullable Event event) {
        if (!(event instanceof RequestStarted started)) {
            return event;
        }
        var plan = started.plan();
        // who has no step in it does nothing by it, and need not know whether it is the one that was approved
        var digest = plan.involves(owner) ? plan.digest() : started.digest();
        return new RequestStarted(plan.keptBy(owner), digest, started.ask());
    }

    private boolean concerns(Owner owner, Fact fact) {
        var status = fact.status();
        if (fact.owner() == Owner.REQUEST || fact.owner() == owner || status == null) {
            return true;
        }
        return (active == null || fact.sequence() != active.sequence())
                ? status != StepStatus.RUNNING && status != StepStatus.STUCK
                : active.concerns(owner, fact.step(), status);
    }

    /** What {@code owner} has to do now, in the order of the plan. */
    public List<Due> due(Owner owner) {
        return active == null ? List.of() : active.due(owner);
    }

    /**
     * Forgets a closed request in which {@code owner} has nothing under way, and takes up the next if its plan was read already.
     * An owner whose own step is not at rest when it reads the close brings it to rest first.
     */
    public Saga settle(Owner owner) {
        return settle(owner, Active::closed);
    }

    /** The same, and forgets at once a request of which no step is {@code owner}'s. */
    public Saga settleFor(Owner owner) {
        return settle(owner, request -> request.closed() || !request.involves(owner));
    }

    private Saga settle(Owner owner, Predicate<Active> over) {
        if (active == null || !over.test(active)) {
            return this;
        }
        if (!active.settled(owner)) {
            return active.turned() ? this : new Saga(closed, active.turn(), early);
        }
        var rest = new Saga(active.sequence(), null, early).pruned();
        for (var kept : rest.early) {
            var started = kept.started();
            if (started != null) {
                return rest.start(kept.fact(), started).resume().settle(owner, over);
            }
            if (rest.closesUnstarted(kept.fact())) {
                rest = new Saga(kept.fact().sequence(), null, rest.early).pruned();
            }
        }
        return rest;
    }

    private Saga start(Fact fact, RequestStarted started) {
        var ask = started.ask();
        return new Saga(
                closed,
                new Active(
                        fact.request(),
                        fact.sequence(),
                        ask.operation(),
                        ask.requester(),
                        started.plan(),
                        started.digest(),
                        Map.of(),
                        false,
                        false),
                early);
    }

    /** Folds what was kept for the request that has just started. */
    private Saga resume() {
        var saga = new Saga(closed, active, List.of());
        for (var kept : early) {
            saga = saga.apply(kept.fact(), kept.started());
        }
        return saga;
    }

    private Saga keep(Early late) {
        if (!matters(late.fact())
                || early.stream()
                        .anyMatch(kept -> kept.fact().id().equals(late.fact().id()))) {
            return this;
        }
        var more = new ArrayList<>(early);
        more.add(late);
        more.sort(BY_SEQUENCE);
        return new Saga(closed, active, more);
    }

    private Saga pruned() {
        return new Saga(
                closed,
                active,
                early.stream().filter(kept -> kept.fact().sequence() > closed).toList());
    }

    /** A close whose plan could not be read: there is nothing to bring to rest. */
    private boolean closesUnstarted(Fact fact) {
        return active == null && fact.is(RequestEvent.RequestClosed.class);
    }

    private static Active step(Active active, Fact fact) {
        var step = fact.step();
        if (fact.owner() == Owner.REQUEST) {
            if (fact.is(RequestEvent.RequestClosed.class)) {
                return active.closed() ? active : active.close();
            }
            return turns(active, fact) ? active.turn() : active;
        }
        var status = fact.status();
        if (step == null || status == null) {
            return active;
        }
        var known = active.plan().step(step);
        if (known.isEmpty() || known.get().owner() != fact.owner()) {
            return active;
        }
        return active.with(step, new StepState(fact.attempt(), status));
    }

    private static boolean turns(Active active, Fact fact) {
        if (fact.is(RequestEvent.CancelRequested.class) || fact.is(RequestEvent.RequestAborted.class)) {
            return true;
        }
        var step = fact.step();
        return fact.is(RequestEvent.StepOverdue.class)
                && step != null
                && active.plan()
                        .step(step)
                        .filter(late -> late.onFailure() == Step.OnFailure.COMPENSATE)
                        .isPresent();
    }

    /** Whether a fact can change a saga at all. */
    private static boolean matters(Fact fact) {
        return fact.owner() == Owner.REQUEST
                ? !fact.is(RequestEvent.InterventionRequested.class)
                : fact.step() != null && fact.status() != null;
    }
}
