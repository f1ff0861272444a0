package io.groundwork.allocation.domain;

import io.groundwork.allocation.domain.Allocation.Denial;
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
import io.groundwork.events.Grant;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The steps {@code allocate} and {@code release}: all claims of a request, or none.
 *
 * <pre>
 *   allocate   forward: asks pool after pool, in the order of their names (two requests can never wait for each other)
 *              denied: gives back what was granted on the way, then fails
 *              undo: gives back every pool touched, also the one whose answer is still out
 *   release    forward: gives back all that the resource holds, or the servers that an instance had before it got another
 * </pre>
 *
 * A pool always acknowledges, so giving back never fails; what ends a step is said only after every pool has.
 */
public final class AllocationParticipant implements Participant<Allocation, AllocationEvent> {

    /** The {@code ce_type} of the command that makes a resource tell the pools what it holds. */
    public static final String AUDIT = "audit-claims";

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
        var audited = audited(now, cause);
        var active = now.saga().active();
        if (active == null) {
            return audited;
        }
        var actions = new ArrayList<>(audited);
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
            case START -> List.of(start(state, active, step, attempt));
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

    private static Action<AllocationEvent> start(Allocation state, Active active, Step step, int attempt) {
        return switch (step.input()) {
            case StepInput.Allocate allocate ->
                Action.step(
                        active,
                        step.id(),
                        attempt,
                        StepStatus.RUNNING,
                        new AllocationStarted(inOrder(allocate.claims())));
            case StepInput.Release release ->
                Action.step(
                        active,
                        step.id(),
                        attempt,
                        StepStatus.RUNNING,
                        new AllocationStarted(
                                List.of(),
                                release.replaced() == null
                                        ? null
                                        : state.behind(release.replaced(), active.sequence())));
            case StepInput.Approve no -> throw notOurs(step);
            case StepInput.Provision no -> throw notOurs(step);
            case StepInput.Grant no -> throw notOurs(step);
            case StepInput.Revoke no -> throw notOurs(step);
            case StepInput.Deprovision no -> throw notOurs(step);
            case StepInput.Elsewhere no -> throw notOurs(step);
        };
    }

    private static IllegalStateException notOurs(Step step) {
        return new IllegalStateException("no step of allocation-service: " + step.id());
    }

    /** One claim for each pool, sorted: what all requests do in the same order cannot deadlock. */
    private static List<Claim> inOrder(List<Claim> claims) {
        var pools = new TreeMap<String, Claim>();
        claims.forEach(claim -> pools.merge(claim.pool(), claim, AllocationParticipant::joined));
        return List.copyOf(pools.values());
    }

    private static Claim joined(Claim one, Claim other) {
        var amounts = new TreeMap<>(one.amounts());
        other.amounts().forEach((measure, amount) -> amounts.merge(measure, amount, Math::addExact));
        return new Claim(one.pool(), amounts, both(one.servers(), other.servers()), both(one.shares(), other.shares()));
    }

    private static <T> List<T> both(List<T> one, List<T> other) {
        return Stream.of(one, other).flatMap(List::stream).toList();
    }

    /** What an audit asks: a pool, whether the resource knows of a claim; an operator, to tell the pools of all it holds. */
    private static List<Action<AllocationEvent>> audited(Situation<Allocation> now, Cause cause) {
        return switch (cause) {
            case Cause.Answered answered
            when answered.type().equals(PoolAnswer.TYPE) -> questioned(now, answered.as(PoolAnswer.class));
            case Cause.Asked asked
            when asked.type().equals(AUDIT) ->
                now.state().holds().stream()
                        .map(hold -> Action.<AllocationEvent>send(
                                Topics.CLAIMS,
                                hold.claim().pool(),
                                PoolCommand.Asserted.TYPE,
                                new PoolCommand.Asserted(holder(now.resource(), hold), hold.claim(), hold.grant())))
                        .toList();
            default -> List.of();
        };
    }

    private static List<Action<AllocationEvent>> questioned(Situation<Allocation> now, PoolAnswer answer) {
        var holder = answer.holder();
        var hold = new Hold(new Claim(answer.pool(), Map.of()), holder.sequence(), holder.attempt(), null);
        if (answer.verdict() != PoolAnswer.Verdict.QUESTIONED || now.state().knows(hold)) {
            return List.of();
        }
        return List.of(
                release(now.state(), now.resource(), hold),
                Action.send(
                        Topics.FINDINGS,
                        answer.pool(),
                        Finding.TYPE,
                        new Finding(
                                answer.pool(),
                                Finding.Kind.CLAIM_WITHOUT_HOLDER,
                                now.resource(),
                                null,
                                "Request " + holder.sequence() + " does not hold it any more.",
                                true)));
    }

    private static List<Action<AllocationEvent>> happened(
            Situation<Allocation> now, Active active, Fact fact, Event event) {
        if (event instanceof InterventionDecided decided && fact.step() != null) {
            return intervene(now.state(), active, fact.step(), fact.attempt(), decided);
        }
        var setOut = event instanceof AllocationStarted || event instanceof StepUndoing;
        return setOut && fact.owner() == Owner.ALLOCATION ? proceed(now, active, true) : List.of();
    }

    private static List<Action<AllocationEvent>> answered(Situation<Allocation> now, Active active, PoolAnswer answer) {
        return switch (answer.verdict()) {
            case GRANTED, RELEASED -> proceed(now, active, false);
            case DENIED -> proceed(now, active, true);
            case WAITING -> awaits(now, active, answer);
            case OVER, QUESTIONED -> List.of();
        };
    }

    /** Says where the claim stands, once for each place. */
    private static List<Action<AllocationEvent>> awaits(Situation<Allocation> now, Active active, PoolAnswer answer) {
        var walk = now.state().walk();
        var place = answer.waiting();
        if (walk == null || place == null || walk.sequence() != active.sequence()) {
            return List.of();
        }
        var asked = walk.asked();
        var said = new CapacityAwaited(answer.pool(), place.position(), place.until());
        return asked == null || !concerns(answer, asked) || said.equals(walk.awaited())
                ? List.of()
                : List.of(Action.note(active, walk.step(), walk.attempt(), said));
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
                            .map(hold -> release(now.state(), resource, hold))
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
                    released(now.state(), walk)));
        }
        if (walk.denial() != null) {
            return List.of(failed(active, walk, walk.denial()));
        }
        return List.of(
                asked == null
                        ? Action.step(
                                active,
                                walk.step(),
                                walk.attempt(),
                                StepStatus.DONE,
                                new ResourcesAllocated(
                                        claims(walk.granted()),
                                        walk.granted().stream()
                                                .flatMap(hold -> Stream.ofNullable(hold.grant()))
                                                .toList()))
                        : claim(resource, asked, until(active, walk)));
    }

    /** Which servers went is said where the resource holds on to others of their pools. */
    private static ResourcesReleased released(Allocation state, Walk walk) {
        var rest = state.without(walk.granted()).holds().stream()
                .map(hold -> hold.claim().pool())
                .collect(Collectors.toSet());
        return new ResourcesReleased(
                claims(walk.granted()),
                walk.granted().stream()
                        .flatMap(hold -> Stream.ofNullable(hold.grant()))
                        .filter(grant -> rest.contains(grant.pool()))
                        .toList());
    }

    /** Until when a claim may wait: the deadline is one for all pools, as what is held while waiting is kept from others. */
    private static @Nullable Instant until(Active active, Walk walk) {
        var since = walk.since();
        return since == null
                ? null
                : active.plan()
                        .step(walk.step())
                        .map(step -> step.input() instanceof StepInput.Allocate allocate ? allocate.patience() : null)
                        .map(since::plus)
                        .orElse(null);
    }

    private static Action<AllocationEvent> failed(Active active, Walk walk, Denial denial) {
        var why = denial.why();
        var quota = denial.pool().startsWith("quota/");
        var waited = walk.awaited() == null
                ? ""
                : " It waited until " + walk.awaited().until() + ".";
        var failure = new Failure(
                quota ? FailureCategory.QUOTA : FailureCategory.CAPACITY,
                "There is not enough left of " + denial.pool() + " ("
                        + (denial.candidates().isEmpty() ? why : counted(denial)) + ")." + waited,
                null,
                !quota);
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
                        new AllocationFailed(failure, Map.of(denial.pool(), why), denial.candidates()));
    }

    /** Such as {@code db needs 3 servers, 1 suits; rejected: 4 busy, 2 required-trait}. */
    private static String counted(Denial denial) {
        return denial.candidates().stream()
                .map(one -> one.component() + " needs " + one.wanted() + " servers, " + one.suitable()
                        + " could be had; rejected: "
                        + (one.rejected().isEmpty()
                                ? "none"
                                : one.rejected().entrySet().stream()
                                        .map(reason -> reason.getValue() + " " + reason.getKey())
                                        .collect(Collectors.joining(", "))))
                .collect(Collectors.joining("; "));
    }

    private static List<Action<AllocationEvent>> intervene(
            Allocation state, Active active, StepId id, int attempt, InterventionDecided decided) {
        var step = active.plan()
                .step(id)
                .filter(one -> one.owner() == Owner.ALLOCATION)
                .orElse(null);
        var now = active.state(id);
        // undoing never gets stuck here, so all that can be decided on is a step that pauses
        if (step == null || now.attempt() != attempt || now.status() != StepStatus.STUCK) {
            return List.of();
        }
        return switch (decided.action()) {
            case RETRY -> List.of(start(state, active, step, attempt + 1));
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
                                ? Walk.givingBack(
                                        step,
                                        fact.sequence(),
                                        fact.attempt(),
                                        started.returned() == null ? state.holds() : state.of(started.returned()))
                                : Walk.claiming(step, fact.sequence(), fact.attempt(), fact.time(), started.wanted()));
            case ResourcesAllocated allocated ->
                state.allocated(allocated.claims().stream()
                        .map(claim -> new Hold(
                                claim, fact.sequence(), fact.attempt(), grant(allocated.grants(), claim.pool())))
                        .toList());
            case AllocationFailed failed -> state.with((Walk) null);
            case CapacityAwaited awaited -> {
                var walk = state.walk();
                yield walk == null ? state : state.with(walk.awaiting(awaited));
            }
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

    private static @Nullable Grant grant(List<Grant> grants, String pool) {
        return grants.stream()
                .filter(grant -> grant.pool().equals(pool))
                .findFirst()
                .orElse(null);
    }

    private static List<Hold> gone(Allocation state, StepId step, long sequence) {
        var walk = state.walk();
        return step.equals(RELEASE) && walk != null ? walk.granted() : of(state, sequence);
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
                yield asked != null && concerns(answer, asked)
                        ? state.with(walk.granted(granted(asked, answer.grant())))
                        : state;
            }
            case DENIED -> {
                var asked = walk.asked();
                yield asked != null && concerns(answer, asked)
                        ? state.with(walk.denied(new Denial(answer.pool(), answer.shortfalls(), answer.candidates())))
                        : state;
            }
            case RELEASED ->
                walk.releasing().stream()
                        .filter(hold -> concerns(answer, hold))
                        .findFirst()
                        .map(hold -> state.with(walk.released(hold)))
                        .orElse(state);
            case OVER, WAITING, QUESTIONED -> state;
        };
    }

    private static Hold granted(Hold asked, @Nullable Grant grant) {
        var servers = grant == null ? 0 : grant.servers().size();
        return new Hold(Shares.taken(asked.claim(), servers), asked.sequence(), asked.attempt(), grant);
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

    private static Action<AllocationEvent> claim(ResourceId resource, Hold hold, @Nullable Instant until) {
        return Action.send(
                Topics.CLAIMS,
                hold.claim().pool(),
                PoolCommand.Claim.TYPE,
                new PoolCommand.Claim(
                        holder(resource, hold),
                        hold.claim().amounts(),
                        hold.claim().servers(),
                        hold.claim().shares(),
                        until));
    }

    private static Action<AllocationEvent> release(Allocation state, ResourceId resource, Hold hold) {
        var some = state.heldBeyond(hold).isPresent() && hold.grant() != null
                ? Part.names(hold.grant())
                : List.<String>of();
        return Action.send(
                Topics.CLAIMS,
                hold.claim().pool(),
                PoolCommand.Release.TYPE,
                new PoolCommand.Release(holder(resource, hold), some));
    }

    private static Holder holder(ResourceId resource, Hold hold) {
        return new Holder(resource, hold.sequence(), hold.attempt());
    }
}
