package io.groundwork.iam.domain;

import io.groundwork.events.Design.AccessGrant;
import io.groundwork.events.Envelope;
import io.groundwork.events.Event;
import io.groundwork.events.Fact;
import io.groundwork.events.Failure;
import io.groundwork.events.IamEvent;
import io.groundwork.events.IamEvent.AccessFailed;
import io.groundwork.events.IamEvent.AccessGranted;
import io.groundwork.events.IamEvent.AccessProgressed;
import io.groundwork.events.IamEvent.AccessRevoked;
import io.groundwork.events.IamEvent.AccessStarted;
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
import io.groundwork.iam.domain.Access.Grant;
import io.groundwork.runtime.Action;
import io.groundwork.runtime.Cause;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.OperationOutcome;
import io.groundwork.runtime.Order;
import io.groundwork.runtime.Participant;
import io.groundwork.runtime.Situation;
import io.groundwork.saga.Active;
import io.groundwork.saga.Due;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The steps {@code grant} and {@code revoke}: each grant is an operation of its own on the queue {@code directory}.
 *
 * <pre>
 *   grant    forward: orders every grant; done when all stand, failed when the first fails for good
 *            undo: orders every grant of the request to be taken away; stuck when one cannot be
 *   revoke   forward: orders every grant that the resource has to be taken away; stuck when one cannot be
 * </pre>
 */
public final class IamParticipant implements Participant<Access, IamEvent> {

    /** The queue of all orders. */
    public static final String QUEUE = "directory";

    private static final StepId REVOKE = StepId.of(StepKind.REVOKE);

    @Override
    public Owner owner() {
        return Owner.IAM;
    }

    @Override
    public Set<Owner> listensTo() {
        return Set.of(Owner.REQUEST, Owner.APPROVAL, Owner.ALLOCATION, Owner.CLOUD, Owner.BAREMETAL);
    }

    @Override
    public Class<Access> stateType() {
        return Access.class;
    }

    @Override
    public Access initial() {
        return Access.NONE;
    }

    @Override
    public List<Action<IamEvent>> decide(Situation<Access> now, Cause cause) {
        var active = now.saga().active();
        if (active == null) {
            return List.of();
        }
        var actions = new ArrayList<Action<IamEvent>>();
        for (var due : now.due(Owner.IAM)) {
            due(now.state(), active, due).ifPresent(actions::add);
        }
        switch (cause) {
            case Cause.Happened happened ->
                actions.addAll(happened(
                        now,
                        active,
                        happened.envelope().fact(),
                        happened.envelope().event()));
            case Cause.Answered answered ->
                conclude(now.state(), active)
                        .or(() -> progress(now.state(), active, answered))
                        .ifPresent(actions::add);
            case Cause.Asked asked -> {}
            case Cause.Elapsed elapsed -> {}
            case Cause.Reconsidered reconsidered -> {}
        }
        return actions;
    }

    private static Optional<Action<IamEvent>> due(Access state, Active active, Due due) {
        var step = due.step();
        var attempt = due.attempt();
        return switch (due.action()) {
            case START -> Optional.of(start(state, active, step, attempt));
            case SKIP -> Optional.of(Action.step(active, step.id(), attempt, StepStatus.SKIPPED, new StepSkipped()));
            case UNDO -> Optional.of(Action.step(active, step.id(), attempt, StepStatus.UNDOING, new StepUndoing()));
            // a revocation that runs is let finish; one that a person turned away from is left as it stands
            case STOP ->
                active.state(step.id()).stuck()
                        ? Optional.of(
                                abandon(state, active, step.id(), attempt, "groundwork", "The request was aborted."))
                        : Optional.empty();
        };
    }

    private static Action<IamEvent> start(Access state, Active active, Step step, int attempt) {
        var access = switch (step.input()) {
            case StepInput.Grant grant -> grant.access().stream().distinct().toList();
            case StepInput.Revoke revoke -> Access.of(state.grants());
            case StepInput.Approve no -> throw notOurs(step);
            case StepInput.Allocate no -> throw notOurs(step);
            case StepInput.Provision no -> throw notOurs(step);
            case StepInput.Deprovision no -> throw notOurs(step);
            case StepInput.Release no -> throw notOurs(step);
            case StepInput.Elsewhere no -> throw notOurs(step);
        };
        return Action.step(active, step.id(), attempt, StepStatus.RUNNING, new AccessStarted(access));
    }

    private static IllegalStateException notOurs(Step step) {
        return new IllegalStateException("no step of iam-service: " + step.id());
    }

    private static List<Action<IamEvent>> happened(Situation<Access> now, Active active, Fact fact, Event event) {
        if (event instanceof InterventionDecided decided && fact.step() != null) {
            return intervene(now.state(), active, fact.step(), fact.attempt(), decided);
        }
        if (fact.owner() != Owner.IAM || !(event instanceof AccessStarted || event instanceof StepUndoing)) {
            return List.of();
        }
        var orders = orders(now.resource(), now.state(), active, fact);
        return orders.isEmpty() ? conclude(now.state(), active).map(List::of).orElse(List.of()) : orders;
    }

    /** What the event that has just been said has set out to do. */
    private static List<Action<IamEvent>> orders(ResourceId resource, Access state, Active active, Fact said) {
        var orders = new ArrayList<Action<IamEvent>>();
        state.where(grant -> by(grant, active) && grant.attempt() == said.attempt() && !grant.reached())
                .forEach((id, grant) -> orders.add(Action.send(
                        Topics.operations(Owner.IAM),
                        id,
                        Order.TYPE,
                        new Order(
                                id,
                                resource,
                                grant.request(),
                                grant.sequence(),
                                said.step(),
                                grant.attempt(),
                                QUEUE,
                                List.of(),
                                grant.goal(),
                                Order.specification(new GrantSpecification(resource, grant.access()))))));
        return orders;
    }

    /** The end of the step that is under way, if all is reached or one has failed. */
    private static Optional<Action<IamEvent>> conclude(Access state, Active active) {
        return active.plan().steps().stream()
                .filter(step ->
                        step.owner() == Owner.IAM && active.state(step.id()).moving())
                .findFirst()
                .flatMap(step -> conclude(state, active, step));
    }

    private static Optional<Action<IamEvent>> conclude(Access state, Active active, Step step) {
        var now = active.state(step.id());
        var ordered = state.where(grant -> by(grant, active)).values();
        var failure =
                ordered.stream().map(Grant::failure).filter(Objects::nonNull).findFirst();
        if (failure.isEmpty() && !ordered.stream().allMatch(Grant::reached)) {
            return Optional.empty();
        }
        var forward = now.status() == StepStatus.RUNNING;
        var attempt = now.attempt();
        if (failure.isPresent()) {
            if (forward && step.onFailure() == Step.OnFailure.COMPENSATE) {
                return Optional.of(
                        Action.step(active, step.id(), attempt, StepStatus.FAILED, new AccessFailed(failure.get())));
            }
            var stuck = forward ? StepStatus.STUCK : StepStatus.UNDO_STUCK;
            return Optional.of(Action.step(active, step.id(), attempt, stuck, new StepStuck(failure.get())));
        }
        var access = access(ordered);
        if (!forward) {
            return Optional.of(Action.step(active, step.id(), attempt, StepStatus.UNDONE, new AccessRevoked(access)));
        }
        return Optional.of(Action.step(
                active,
                step.id(),
                attempt,
                StepStatus.DONE,
                step.id().equals(REVOKE) ? new AccessRevoked(access) : new AccessGranted(access)));
    }

    /** What the step waits for, when that is news. */
    private static Optional<Action<IamEvent>> progress(Access state, Active active, Cause.Answered answered) {
        var outcome = answered.as(OperationOutcome.class);
        var grant = state.grants().get(outcome.operation());
        if (grant == null
                || !outcome.pending().equals(grant.pending())
                || !by(grant, active)
                || outcome.step() == null
                || !active.state(outcome.step()).moving()) {
            return Optional.empty();
        }
        var pending = state.where(some -> by(some, active)).values().stream()
                .flatMap(some -> Stream.ofNullable(some.pending()))
                .toList();
        return Optional.of(Action.note(active, outcome.step(), grant.attempt(), new AccessProgressed(pending)));
    }

    private static boolean by(Grant grant, Active active) {
        return grant.sequence() == active.sequence();
    }

    private static List<AccessGrant> access(Collection<Grant> grants) {
        return grants.stream().map(Grant::access).toList();
    }

    private static List<Action<IamEvent>> intervene(
            Access state, Active active, StepId id, int attempt, InterventionDecided decided) {
        var step =
                active.plan().step(id).filter(one -> one.owner() == Owner.IAM).orElse(null);
        var now = active.state(id);
        if (step == null || now.attempt() != attempt || !now.stuck()) {
            return List.of();
        }
        var forward = now.status() == StepStatus.STUCK;
        return switch (decided.action()) {
            case RETRY ->
                List.of(
                        forward
                                ? start(state, active, step, attempt + 1)
                                : Action.step(active, id, attempt + 1, StepStatus.UNDOING, new StepUndoing()));
            case SKIP ->
                forward
                        ? List.of(Action.step(
                                active,
                                id,
                                attempt,
                                StepStatus.WAIVED,
                                new StepWaived(decided.actor(), decided.reason())))
                        : List.of();
            case ABANDON ->
                forward ? List.of() : List.of(abandon(state, active, id, attempt, decided.actor(), decided.reason()));
            // request-service says RequestAborted too, which turns the saga
            case ABORT -> List.of();
        };
    }

    private static Action<IamEvent> abandon(
            Access state, Active active, StepId step, int attempt, String actor, String reason) {
        var left = state.where(grant -> by(grant, active) && !grant.reached()).values().stream()
                .map(grant -> "role " + grant.access().role() + " of group "
                        + grant.access().group())
                .toList();
        return Action.step(active, step, attempt, StepStatus.ABANDONED, new StepAbandoned(actor, reason, left));
    }

    @Override
    public Access evolve(Access state, Envelope<IamEvent> envelope) {
        var fact = envelope.fact();
        return switch (envelope.event()) {
            case AccessStarted started ->
                REVOKE.equals(fact.step()) ? undoing(state, fact, true) : granting(state, fact, started.access());
            case StepUndoing undoing -> undoing(state, fact, false);
            case AccessRevoked revoked -> gone(state);
            case StepAbandoned abandoned -> gone(state);
            case StepWaived waived -> gone(state);
            case AccessProgressed progressed -> state;
            case AccessGranted granted -> state;
            case AccessFailed failed -> state;
            case StepStuck stuck -> state;
            case StepSkipped skipped -> state;
            case StepEvent.DecisionParked parked -> state;
        };
    }

    private static Access granting(Access state, Fact fact, List<AccessGrant> wanted) {
        var next = state;
        for (var access : wanted) {
            var id = operation(fact.resource(), fact.sequence(), access);
            var known = state.grants().get(id);
            next = next.with(
                    id,
                    known == null
                            ? new Grant(
                                    access,
                                    fact.sequence(),
                                    fact.request(),
                                    fact.sequence(),
                                    fact.attempt(),
                                    Goal.DONE,
                                    false,
                                    null,
                                    null)
                            : known.ordered(fact.request(), fact.sequence(), fact.attempt(), Goal.DONE));
        }
        return next;
    }

    /** @param all of the resource, or only what this request made */
    private static Access undoing(Access state, Fact fact, boolean all) {
        return state.change(
                grant -> all || grant.made() == fact.sequence(),
                grant -> grant.ordered(fact.request(), fact.sequence(), fact.attempt(), Goal.UNDONE));
    }

    /** What could not be taken away is kept: the next decommission tries again. */
    private static Access gone(Access state) {
        return new Access(state.where(grant -> !(grant.goal() == Goal.UNDONE && grant.reached())));
    }

    static String operation(ResourceId resource, long sequence, AccessGrant access) {
        return resource + "#" + sequence + "/" + access.group() + "/" + access.role();
    }

    @Override
    public Access learn(Access state, Cause.Answered answer) {
        if (!answer.type().equals(OperationOutcome.TYPE)) {
            return state;
        }
        var outcome = answer.as(OperationOutcome.class);
        var grant = state.grants().get(outcome.operation());
        if (grant == null || grant.goal() != outcome.goal() || grant.reached()) {
            return state;
        }
        return switch (outcome.kind()) {
            // under an older attempt it is there all the same
            case REACHED -> state.with(outcome.operation(), grant.arrived());
            case FAILED ->
                current(grant, outcome)
                        ? state.with(outcome.operation(), grant.failed(Objects.requireNonNull(outcome.failure())))
                        : state;
            case PENDING ->
                current(grant, outcome) ? state.with(outcome.operation(), grant.pending(outcome.pending())) : state;
        };
    }

    private static boolean current(Grant grant, OperationOutcome outcome) {
        return outcome.sequence() == grant.sequence() && outcome.attempt() == grant.attempt();
    }

    @Override
    public IamEvent refused(Step step, Failure failure) {
        return new AccessFailed(failure);
    }

    @Override
    public Optional<IamEvent> parked(Failure failure, String deadLetter) {
        return Optional.of(new StepEvent.DecisionParked(failure, deadLetter));
    }
}
