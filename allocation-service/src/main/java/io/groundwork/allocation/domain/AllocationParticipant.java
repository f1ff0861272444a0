package io.groundwork.allocation.domain;

import io.groundwork.allocation.domain.Allocation.Hold;
import io.groundwork.allocation.domain.Allocation.Walk;
import io.groundwork.events.AllocationEvent;
import io.groundwork.events.AllocationEvent.AllocationFailed;
import io.groundwork.events.AllocationEvent.AllocationStarted;
import io.groundwork.events.AllocationEvent.CapacityAwaited;
import io.groundwork.events.AllocationEvent.ResourcesAllocated;
import io.groundwork.events.AllocationEvent.ResourcesReleased;
import io.groundwork.events.Claim;
import io.groundwork.events.Envelope;
import io.groundwork.events.Event;
import io.groundwork.events.Fact;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent.InterventionDecided;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepEvent;
import io.groundwork.events.StepEvent.StepAbandoned;
import io.groundwork.events.StepEvent.StepSkipped;
import io.groundwork.events.StepEvent.StepStuck;
import io.groundwork.events.StepEvent.StepUndoing;
import io.groundwork.events.StepEvent.StepWaived;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Action;
import io.groundwork.runtime.Cause;
import io.groundwork.runtime.Participant;
import io.groundwork.runtime.Situation;
import io.groundwork.saga.Active;
import io.groundwork.saga.Due;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The steps {@code allocate} and {@code release}: all claims of a request, or none.
 *
 * <pre>
 *   allocate   forward: asks pool after pool, in the order of their names (two requests can never wait for each other)
 *              denied: gives back what was granted on the way, then fails
 *              undo: gives back every pool touched, also the one whose answer is still out
 *   release    forward: gives back all that the resource holds
 * </pre>
 *
 * A pool always acknowledges, so giving back never fails; what ends a step is said only after every pool has.
 */
public final class AllocationParticipant implements Participant<Allocation, AllocationEvent> {

    private static final StepId RELEASE = StepId.of(StepKind.RELEASE);

    @Override
    public Owner owner() {
        return Owner.ALLOCATION;
    }

    @Override
    public Set<Owner> listensTo() {
        return Set.of(Owner.REQUEST, Owner.APPROVAL, Owner.CLOUD, Owner.BAREMETAL, Owner.IAM);
    }

    @Override
    public Class<Allocation> stateType() {
        return Allocation.class;
    }

    @Override
    public Allocation initial() {
        return Allocation.NONE;
    }

    @Override
    public List<Action<AllocationEvent>> decide(Situation<Allocation> now, Cause cause) {
        var active = now.saga().active();
        if (active == null) {
            return List.of();
        }
        var actions = new ArrayList<Action<AllocationEvent>>();
        for (var due : now.due(Owner.ALLOCATION)) {
            actions.addAll(due(now.state(), active, due));
        }
        switch (cause) {
            case Cause.Happened happened ->
                actions.addAll(happened(
                        now,
                        active,
                        happened.envelope().fact(),
                        happened.envelope().event()));
            case Cause.Answered answered -> {
                if (answered.type().equals(PoolAnswer.TYPE)) {
                    actions.addAll(answered(now, active, answered.as(PoolAnswer.class)));
                }
            }
            case Cause.Asked asked -> {}
            case Cause.Elapsed elapsed -> {}
            case Cause.Reconsidered reconsidered -> {}
        }
        return actions;
    }

    private static List<Action<AllocationEvent>> due(Allocation state, Active active, Due due) {
        var step = due.step();
        var attempt = due.attempt();
        return switch (due.action()) {
            case START -> List.of(start(active, step, attempt));
            case SKIP -> List.of(Action.step(active, step.id(), attempt, StepStatus.SKIPPED, new StepSkipped()));
            case UNDO -> List.of(Action.step(active, step.id(), attempt, StepStatus.UNDOING, new StepUndoing()));
            // a release that runs is let finish; one that a person turned away from is left as it stands
            case STOP ->
                active.state(step.id()).stuck()
                        ? List.of(Action.step(
                                active,
                                step.id(),
                                attempt,
                                StepStatus.ABANDONED,
                                new StepAbandoned("groundwork", "The request was aborted.", pools(state.holds()))))
                        : List.of();
        };
    }

    private static Action<AllocationEvent> start(Active active, Step step, int attempt) {
        return switch (step.input()) {
            case StepInput.Allocate allocate ->
                Action.step(
                        active,
                        step.id(),
                        attempt,
                        StepStatus.RUNNING,
                        new AllocationStarted(inOrder(allocate.claims())));
            case StepInput.Release release ->
                Action.step(active, step.id(), attempt, StepStatus.RUNNING, new AllocationStarted(List.of()));
            case StepInput.Approve no -> throw notOurs(step);
            case StepInput.Provision no -> throw notOurs(step);
            case StepInput.Grant no -> throw notOurs(step);
            case StepInput.Revoke no -> throw notOurs(step);
            case StepInput.Deprovision no -> throw notOurs(step);
        };
    }

    private static IllegalStateException notOurs(Step step) {
        return new IllegalStateException("no step of allocation-service: " + step.id());
    }

    /** One claim for each pool, sorted: what all requests do in the same order cannot deadlock. */
    private static List<Claim> inOrder(List<Claim> claims) {
        var pools = new TreeMap<String, Map<String, Long>>();
        for (var claim : claims) {
            var amounts = pools.computeIfAbsent(claim.pool(), any -> new TreeMap<>());
            claim.amounts().forEach((measure, amount) -> amounts.merge(measure, amount, Math::addExact));
        }
        return pools.entrySet().stream()
                .map(pool -> new Claim(pool.getKey(), pool.getValue()))
                .toList();
    }

    private static List<Action<AllocationEvent>> happened(
            Situation<Allocation> now, Active active, Fact fact, Event event) {
        if (event instanceof InterventionDecided decided && fact.step() != null) {
            return intervene(active, fact.step(), fact.attempt(), decided);
        }
        var setOut = event instanceof AllocationStarted || event instanceof StepUndoing;
        return setOut && fact.owner() == Owner.ALLOCATION ? proceed(now, active, true) : List.of();
    }

    private static List<Action<AllocationEvent>> answered(Situation<Allocation> now, Active active, PoolAnswer answer) {
        return switch (answer.verdict()) {
            case GRANTED, RELEASED -> proceed(now, active, false);
            case DENIED -> proceed(now, active, true);
            case OVER -> List.of();
        };
    }

    /**
     * The next move of the walk.
     *
     * @param turned whether it has only now begun to give back, so that the pools must be told
     */
    private static List<Action<AllocationEvent>> proceed(Situation<Allocation> now, Active active, boolean turned) {
        var resource = now.resource();
        var walk = now.state().walk();
        if (walk == null || walk.sequence() != active.sequence()) {
            return List.of();
        }
        var status = active.state(walk.step()).status();
        if (!walk.releasing().isEmpty()) {
            return turned
                    ? walk.releasing().stream()
                            .map(hold -> release(resource, hold))
                            .toList()
                    : List.of();
        }
        var asked = walk.asked();
        if (status == StepStatus.UNDOING || walk.step().equals(RELEASE)) {
            return List.of(Action.step(
                    active,
                    walk.step(),
                    walk.attempt(),
                    status == StepStatus.UNDOING ? StepStatus.UNDONE : StepStatus.DONE,
                    new ResourcesReleased(claims(walk.granted()))));
        }
        if (walk.denied() != null) {
            return List.of(failed(active, walk, walk.denied()));
        }
        return List.of(
                asked == null
                        ? Action.step(
                                active,
                                walk.step(),
                                walk.attempt(),
                                StepStatus.DONE,
                                new ResourcesAllocated(claims(walk.granted())))
                        : claim(resource, asked));
    }

    private static Action<AllocationEvent> failed(Active active, Walk walk, String pool) {
        var why = walk.shortfalls().stream().map(Object::toString).collect(Collectors.joining("; "));
        var failure =
                Failure.permanent(FailureCategory.QUOTA, "There is not enough left of " + pool + " (" + why + ").");
        var pauses = active.plan()
                .step(walk.step())
                .filter(step -> step.onFailure() == Step.OnFailure.PAUSE)
                .isPresent();
        return pauses
                ? Action.step(active, walk.step(), walk.attempt(), StepStatus.STUCK, new StepStuck(failure))
                : Action.step(
                        active,
                        walk.step(),
                        walk.attempt(),
                        StepStatus.FAILED,
                        new AllocationFailed(failure, Map.of(pool, why)));
    }

    private static List<Action<AllocationEvent>> intervene(
            Active active, StepId id, int attempt, InterventionDecided decided) {
        var step = active.plan()
                .step(id)
                .filter(one -> one.owner() == Owner.ALLOCATION)
                .orElse(null);
        var state = active.state(id);
        // undoing never gets stuck here, so all that can be decided on is a step that pauses
        if (step == null || state.attempt() != attempt || state.status() != StepStatus.STUCK) {
            return List.of();
        }
        return switch (decided.action()) {
            case RETRY -> List.of(start(active, step, attempt + 1));
            case SKIP ->
                List.of(Action.step(
                        active, id, attempt, StepStatus.WAIVED, new StepWaived(decided.actor(), decided.reason())));
            case ABANDON, ABORT -> List.of();
        };
    }

    @Override
    public Allocation evolve(Allocation state, Envelope<AllocationEvent> envelope) {
        var fact = envelope.fact();
        var step = fact.step();
        if (step == null) {
            return state;
        }
        return switch (envelope.event()) {
            case AllocationStarted started ->
                state.with(
                        step.equals(RELEASE)
                                ? Walk.givingBack(step, fact.sequence(), fact.attempt(), state.holds())
                                : Walk.claiming(step, fact.sequence(), fact.attempt(), started.wanted()));
            case ResourcesAllocated allocated ->
                state.allocated(allocated.claims().stream()
                        .map(claim -> new Hold(claim, fact.sequence(), fact.attempt()))
                        .toList());
            case AllocationFailed failed -> state.with((Walk) null);
            case CapacityAwaited awaited -> state;
            case ResourcesReleased released -> state.without(gone(state, step, fact.sequence()));
            case StepEvent.StepUndoing undoing -> {
                var walk = state.walk();
                yield state.with(
                        walk == null
                                ? Walk.givingBack(step, fact.sequence(), fact.attempt(), of(state, fact.sequence()))
                                : walk.undoing());
            }
            case StepEvent.StepStuck stuck -> state.with((Walk) null);
            case StepEvent.StepSkipped skipped -> state;
            case StepEvent.StepWaived waived -> state;
            case StepEvent.StepAbandoned abandoned -> state;
            case StepEvent.DecisionParked parked -> state;
        };
    }

    private static List<Hold> gone(Allocation state, StepId step, long sequence) {
        return step.equals(RELEASE) ? state.holds() : of(state, sequence);
    }

    private static List<Hold> of(Allocation state, long sequence) {
        return state.holds().stream()
                .filter(hold -> hold.sequence() == sequence)
                .toList();
    }

    @Override
    public Allocation learn(Allocation state, Cause.Answered answered) {
        var walk = state.walk();
        if (walk == null || !answered.type().equals(PoolAnswer.TYPE)) {
            return state;
        }
        var answer = answered.as(PoolAnswer.class);
        return switch (answer.verdict()) {
            case GRANTED -> {
                var asked = walk.asked();
                yield asked != null && concerns(answer, asked) ? state.with(walk.granted(asked)) : state;
            }
            case DENIED -> {
                var asked = walk.asked();
                yield asked != null && concerns(answer, asked)
                        ? state.with(walk.denied(answer.pool(), answer.shortfalls()))
                        : state;
            }
            case RELEASED ->
                walk.releasing().stream()
                        .filter(hold -> concerns(answer, hold))
                        .findFirst()
                        .map(hold -> state.with(walk.released(hold)))
                        .orElse(state);
            case OVER -> state;
        };
    }

    private static boolean concerns(PoolAnswer answer, Hold hold) {
        return answer.pool().equals(hold.claim().pool())
                && answer.holder().sequence() == hold.sequence()
                && answer.holder().attempt() == hold.attempt();
    }

    @Override
    public AllocationEvent refused(Step step, Failure failure) {
        return new AllocationFailed(failure, Map.of());
    }

    @Override
    public Optional<AllocationEvent> parked(Failure failure, String deadLetter) {
        return Optional.of(new StepEvent.DecisionParked(failure, deadLetter));
    }

    private static List<Claim> claims(List<Hold> holds) {
        return holds.stream().map(Hold::claim).toList();
    }

    private static List<String> pools(List<Hold> holds) {
        return holds.stream().map(hold -> hold.claim().pool()).distinct().toList();
    }

    private static Action<AllocationEvent> claim(ResourceId resource, Hold hold) {
        return Action.send(
                Topics.CLAIMS,
                hold.claim().pool(),
                PoolCommand.Claim.TYPE,
                new PoolCommand.Claim(holder(resource, hold), hold.claim().amounts()));
    }

    private static Action<AllocationEvent> release(ResourceId resource, Hold hold) {
        return Action.send(
                Topics.CLAIMS,
                hold.claim().pool(),
                PoolCommand.Release.TYPE,
                new PoolCommand.Release(holder(resource, hold)));
    }

    private static Holder holder(ResourceId resource, Hold hold) {
        return new Holder(resource, hold.sequence(), hold.attempt());
    }
}
