package io.groundwork.request.view;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.groundwork.events.AllocationEvent;
import io.groundwork.events.AllocationEvent.AllocationFailed;
import io.groundwork.events.AllocationEvent.CapacityAwaited;
import io.groundwork.events.ApprovalEvent;
import io.groundwork.events.ApprovalEvent.ApprovalFailed;
import io.groundwork.events.ApprovalEvent.ApprovalRequested;
import io.groundwork.events.ApprovalEvent.DecisionRecorded;
import io.groundwork.events.ApprovalEvent.RequestApproved;
import io.groundwork.events.ComponentEvent;
import io.groundwork.events.ComponentEvent.ComponentDeprovisioned;
import io.groundwork.events.ComponentEvent.ComponentFailed;
import io.groundwork.events.ComponentEvent.ComponentProgressed;
import io.groundwork.events.ComponentEvent.ComponentProvisioned;
import io.groundwork.events.ComponentEvent.PendingOperation;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Event;
import io.groundwork.events.Fact;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.IamEvent;
import io.groundwork.events.IamEvent.AccessFailed;
import io.groundwork.events.IamEvent.AccessGranted;
import io.groundwork.events.IamEvent.AccessProgressed;
import io.groundwork.events.IamEvent.AccessRevoked;
import io.groundwork.events.NotificationEvent.NotificationDelayed;
import io.groundwork.events.NotificationEvent.NotificationFailed;
import io.groundwork.events.NotificationEvent.NotificationSent;
import io.groundwork.events.Outcome;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.Check;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestEvent.RequestQueued;
import io.groundwork.events.RequestEvent.RequestStarted;
import io.groundwork.events.RequestEvent.RequestSubmitted;
import io.groundwork.events.RequestEvent.StepOverdue;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepEvent;
import io.groundwork.events.StepEvent.DecisionParked;
import io.groundwork.events.StepEvent.StepAbandoned;
import io.groundwork.events.StepEvent.StepStuck;
import io.groundwork.events.StepId;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.saga.Active;
import io.groundwork.saga.Due;
import io.groundwork.saga.Saga;
import io.groundwork.saga.StepState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything known of one request: a fold of what all owners said of it. Each part is written from one topic alone, so the
 * order in which topics interleave does not matter; every event is folded once.
 *
 * @param version how many events were folded
 * @param ask absent until its submission was read
 * @param checks what was looked at when it was accepted
 * @param behind the request that it queued behind
 * @param startedAt when it became the active one of its resource
 * @param saga of this request alone
 * @param steps what was said of each step beside how far it has come
 * @param approval who was asked, once they were
 * @param region that the approver chose
 * @param outputs by component
 * @param deliveries mails and webhooks that are tried again, by operation
 * @param closed how it ended
 */
public record RequestView(
        RequestId id,
        ResourceId resource,
        long version,
        @Nullable Ask ask,
        List<Check> checks,
        @Nullable RequestId behind,
        @Nullable Instant startedAt,
        Saga saga,
        Map<StepId, StepNotes> steps,
        @Nullable Approval approval,
        @Nullable String region,
        Map<String, ComponentOutputs> outputs,
        Map<String, PendingOperation> deliveries,
        @Nullable RequestClosed closed) {

    public RequestView {
        steps = Collections.unmodifiableMap(new TreeMap<>(steps));
        outputs = Collections.unmodifiableMap(new TreeMap<>(outputs));
        // a row from before there were any
        checks = List.copyOf(Objects.requireNonNullElse(checks, List.of()));
        deliveries = Collections.unmodifiableMap(new TreeMap<>(Objects.requireNonNullElse(deliveries, Map.of())));
    }

    /** Before anything was read of it. */
    public static RequestView of(RequestId id, ResourceId resource) {
        return new RequestView(
                id, resource, 0, null, List.of(), null, null, Saga.NONE, Map.of(), null, null, Map.of(), Map.of(),
                null);
    }

    /**
     * Who was asked to decide.
     *
     * @param decided those who have
     */
    public record Approval(List<String> approvers, Instant deadline, Set<String> decided) {
        public Approval {
            approvers = List.copyOf(approvers);
            decided = Collections.unmodifiableSet(new TreeSet<>(decided));
        }
    }

    /**
     * What was said of a step.
     *
     * @param at when its owner last said how far it is
     * @param detail in words
     * @param failure the latest
     * @param pending operations that have not reached their goal
     * @param overdue in which attempt and status its owner was silent for too long
     * @param awaited where it stood last in a queue for capacity
     */
    public record StepNotes(
            @Nullable Instant at,
            @Nullable String detail,
            @Nullable Failure failure,
            List<PendingOperation> pending,
            @Nullable StepState overdue,
            @Nullable CapacityAwaited awaited) {

        static final StepNotes NONE = new StepNotes(null, null, null, List.of(), null, null);

        public StepNotes {
            pending = List.copyOf(pending);
        }

        StepNotes at(Instant when) {
            return new StepNotes(when, detail, failure, pending, overdue, awaited);
        }

        StepNotes detail(@Nullable String text, List<PendingOperation> operations) {
            return new StepNotes(at, text, failure, operations, overdue, awaited);
        }

        StepNotes failed(Failure why) {
            return new StepNotes(at, why.message(), why, pending, overdue, awaited);
        }

        StepNotes awaiting(CapacityAwaited place) {
            return new StepNotes(at, detail, failure, pending, overdue, place);
        }

        /** What broke is mended once the step runs anew, is done, or is not needed; an undo goes on because of it. */
        StepNotes at(StepStatus status, Instant when) {
            return switch (status) {
                case RUNNING, DONE, WAIVED, SKIPPED ->
                    new StepNotes(when, failure == null ? detail : null, null, pending, overdue, awaited);
                case WAITING, FAILED, STUCK, UNDOING, UNDO_STUCK, UNDONE, ABANDONED -> at(when);
            };
        }

        StepNotes overdue(StepState when) {
            return new StepNotes(at, detail, failure, pending, when, awaited);
        }
    }

    /**
     * What a request waits for.
     *
     * @param kind {@code person}, {@code team}, {@code service}, {@code provider}, {@code capacity} or {@code queue}
     * @param until when it stops waiting, if it does by itself
     */
    public record WaitingFor(
            String kind, String name, @Nullable Instant until) {}

    /** Why a request failed, or is about to. */
    public record Trouble(
            @Nullable FailureCategory category, @Nullable String message) {}

    /** What is known after one more event. The caller sees to it that none is folded twice. */
    public RequestView apply(Fact fact, @Nullable Event event) {
        var folded = with(saga.apply(fact, event));
        var status = fact.status();
        if (fact.owner() != Owner.REQUEST && fact.step() != null && status != null) {
            folded = folded.step(fact, notes -> notes.at(status, fact.time()));
        }
        return event == null ? folded : folded.said(fact, event);
    }

    private RequestView said(Fact fact, Event event) {
        return switch (event) {
            case RequestSubmitted submitted -> with(submitted.ask(), submitted.checks());
            case RequestQueued queued -> changed(draft -> draft.behind = queued.behind());
            case RequestStarted started -> changed(draft -> draft.startedAt = fact.time());
            case StepOverdue overdue ->
                step(
                        fact,
                        notes -> notes.overdue(new StepState(
                                fact.attempt(), Objects.requireNonNullElse(fact.status(), StepStatus.WAITING))));
            case RequestClosed end -> changed(draft -> draft.closed = end);
            case RequestEvent other -> this;
            case ApprovalRequested requested ->
                with(new Approval(
                        requested.approvers(), requested.deadline(), approval == null ? Set.of() : approval.decided()));
            case DecisionRecorded decision -> decided(decision.approver());
            case RequestApproved approved ->
                approved.proof().content().choices() == null
                        ? this
                        : chosen(approved.proof().content().choices().region());
            case ApprovalFailed failed -> step(fact, notes -> notes.failed(failed.failure()));
            case ApprovalEvent.Own other -> this;
            case AllocationFailed failed -> step(fact, notes -> notes.failed(failed.failure()));
            case CapacityAwaited awaited -> step(fact, notes -> notes.awaiting(awaited));
            case AllocationEvent.Own other -> this;
            case ComponentProgressed progress ->
                step(
                        fact,
                        notes -> notes.detail(
                                progress.done() + " of " + progress.total()
                                        + (progress.detail() == null ? "" : ", " + progress.detail()),
                                progress.pending()));
            case ComponentProvisioned made ->
                step(fact, notes -> notes.detail(null, List.of())).with(made.component(), made.outputs());
            case ComponentFailed failed ->
                step(fact, notes -> notes.detail(null, List.of()).failed(failed.failure()));
            case ComponentDeprovisioned gone -> step(fact, notes -> notes.detail(null, List.of()));
            case ComponentEvent other -> this;
            case AccessFailed failed ->
                step(fact, notes -> notes.detail(null, List.of()).failed(failed.failure()));
            case AccessProgressed progress -> step(fact, notes -> notes.detail(null, progress.pending()));
            case AccessGranted granted -> step(fact, notes -> notes.detail(null, List.of()));
            case AccessRevoked revoked -> step(fact, notes -> notes.detail(null, List.of()));
            case IamEvent.Own other -> this;
            case StepStuck stuck -> step(fact, notes -> notes.failed(stuck.failure()));
            case StepAbandoned abandoned ->
                step(
                        fact,
                        notes -> notes.detail(
                                abandoned.left().isEmpty()
                                        ? "given up"
                                        : "given up; may be left: " + String.join(", ", abandoned.left()),
                                List.of()));
            case DecisionParked parked -> step(fact, notes -> notes.failed(parked.failure()));
            case StepEvent other -> this;
            case NotificationDelayed delayed -> delivery(delayed.delivery().id(), delayed.delivery());
            case NotificationSent sent -> delivery(sent.operation(), null);
            case NotificationFailed failed -> delivery(failed.operation(), null);
        };
    }

    // What it means

    /** How far it has come. */
    @JsonIgnore
    public RequestState state() {
        if (closed != null) {
            return RequestState.of(closed.outcome());
        }
        var active = saga.active();
        if (active == null) {
            return behind == null ? RequestState.SUBMITTED : RequestState.QUEUED;
        }
        if (stuck(active).isPresent() || silent(active).isPresent()) {
            return RequestState.NEEDS_ATTENTION;
        }
        if (active.turned()) {
            return RequestState.COMPENSATING;
        }
        return switch (next(active).kind()) {
            case APPROVE -> RequestState.AWAITING_APPROVAL;
            case ALLOCATE ->
                awaited(next(active)) == null ? RequestState.ALLOCATING : RequestState.WAITING_FOR_CAPACITY;
            case PROVISION -> RequestState.PROVISIONING;
            case GRANT -> RequestState.GRANTING;
            case REVOKE, DEPROVISION, RELEASE -> RequestState.DEPROVISIONING;
        };
    }

    /** What and whom it waits for; empty once it has ended. */
    @JsonIgnore
    public Optional<WaitingFor> waitingFor() {
        if (closed != null) {
            return Optional.empty();
        }
        var active = saga.active();
        if (active == null) {
            return Optional.of(
                    behind == null
                            ? new WaitingFor("service", Owner.REQUEST.service(), null)
                            : new WaitingFor("queue", behind.toString(), null));
        }
        var stuck = stuck(active);
        if (stuck.isPresent()) {
            return Optional.of(new WaitingFor("team", "operators", null));
        }
        var silent = silent(active);
        if (silent.isPresent()) {
            return Optional.of(new WaitingFor("service", silent.get().owner().service(), null));
        }
        var step = next(active);
        return Optional.of(waitingFor(step, active.state(step.id())));
    }

    /** The same, where {@code ahead} is the request under way on the resource now: who was ahead at first may have ended. */
    @JsonIgnore
    public Optional<WaitingFor> waitingFor(Optional<UUID> ahead) {
        return waitingFor()
                .map(said -> state() == RequestState.QUEUED
                        ? ahead.map(id -> new WaitingFor("queue", id.toString(), null))
                                .orElse(new WaitingFor("service", Owner.REQUEST.service(), null))
                        : said);
    }

    private WaitingFor waitingFor(Step step, StepState state) {
        var said = approval;
        if (step.kind() == StepKind.APPROVE && said != null && state.status() == StepStatus.RUNNING) {
            var open = said.approvers().stream()
                    .filter(approver -> !said.decided().contains(approver))
                    .collect(Collectors.joining(", "));
            return new WaitingFor("person", open, said.deadline());
        }
        var capacity = awaited(step);
        if (capacity != null && state.status() == StepStatus.RUNNING) {
            return new WaitingFor(
                    "capacity", capacity.pool() + " (number " + capacity.position() + ")", capacity.until());
        }
        var since = notes(step.id()).at();
        var from = since == null ? startedAt : since;
        var until = from == null ? null : from.plus(step.timeout());
        return step.owner() == Owner.CLOUD && state.moving()
                ? new WaitingFor("provider", region == null ? "cloud" : region, until)
                : new WaitingFor("service", step.owner().service(), until);
    }

    private @Nullable CapacityAwaited awaited(Step step) {
        return notes(step.id()).awaited();
    }

    /** Why it failed or goes backward; empty if it does neither. */
    @JsonIgnore
    public Optional<Trouble> error() {
        var end = closed;
        if (end != null) {
            return end.category() == null && end.message() == null
                    ? Optional.empty()
                    : Optional.of(new Trouble(end.category(), end.message()));
        }
        var active = saga.active();
        return active == null
                ? Optional.empty()
                : active.plan().steps().stream()
                        .map(step -> notes(step.id()).failure())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .map(failure -> new Trouble(failure.category(), failure.message()));
    }

    /** Whether it has ended and everything that led there was read too. */
    @JsonIgnore
    public boolean settled() {
        var active = saga.active();
        return closed != null && (active == null || active.complete() || active.unwound());
    }

    /** Whether something may be left, or gone, that nobody asked for. */
    @JsonIgnore
    public boolean taints() {
        var end = closed;
        var active = saga.active();
        if (end == null) {
            return false;
        }
        return end.outcome() == Outcome.TAINTED
                || (end.operation() == RequestKind.DECOMMISSION
                        && active != null
                        && active.plan().steps().stream()
                                .anyMatch(step -> step.kind() != StepKind.APPROVE
                                        && active.state(step.id()).status() == StepStatus.WAIVED));
    }

    /** What was said of a step. */
    public StepNotes notes(StepId step) {
        return steps.getOrDefault(step, StepNotes.NONE);
    }

    /** A step that automation gave up on. */
    private static Optional<Step> stuck(Active active) {
        return active.plan().steps().stream()
                .filter(step -> {
                    var status = active.state(step.id()).status();
                    return status == StepStatus.UNDO_STUCK || (status == StepStatus.STUCK && !active.turned());
                })
                .findFirst();
    }

    /** A step whose owner was silent for too long and still is. */
    private Optional<Step> silent(Active active) {
        return active.plan().steps().stream()
                .filter(step -> active.state(step.id()).equals(notes(step.id()).overdue()))
                .filter(step -> !active.state(step.id()).atRest(step.undo()))
                .findFirst();
    }

    /** The step that the request is at: what moves or is due, else the last. */
    private static Step next(Active active) {
        var due = new ArrayList<StepId>();
        for (var owner : EnumSet.allOf(Owner.class)) {
            active.due(owner).stream().map(Due::step).map(Step::id).forEach(due::add);
        }
        var plan = active.plan().steps();
        return plan.stream()
                .filter(step -> active.state(step.id()).moving() || due.contains(step.id()))
                .findFirst()
                .orElseGet(plan::getLast);
    }

    // Changed copies

    RequestView version(long next) {
        return changed(draft -> draft.version = next);
    }

    private RequestView with(Saga next) {
        return changed(draft -> draft.saga = next);
    }

    private RequestView with(Ask asked, @Nullable List<Check> looked) {
        return changed(draft -> {
            draft.ask = asked;
            draft.checks = looked == null ? List.of() : looked;
        });
    }

    private RequestView with(Approval next) {
        return changed(draft -> draft.approval = next);
    }

    private RequestView decided(String approver) {
        if (approval == null) {
            return this;
        }
        var more = new TreeSet<>(approval.decided());
        more.add(approver);
        return with(new Approval(approval.approvers(), approval.deadline(), more));
    }

    private RequestView chosen(String where) {
        return changed(draft -> draft.region = where);
    }

    private RequestView with(String component, ComponentOutputs made) {
        var more = new TreeMap<>(outputs);
        more.put(component, made);
        return changed(draft -> draft.outputs = more);
    }

    /** @param pending absent once it came to its end */
    private RequestView delivery(@Nullable String operation, @Nullable PendingOperation pending) {
        if (operation == null) {
            return this;
        }
        var more = new TreeMap<>(deliveries);
        if (pending == null) {
            more.remove(operation);
        } else {
            more.put(operation, pending);
        }
        return changed(draft -> draft.deliveries = more);
    }

    private RequestView step(Fact fact, UnaryOperator<StepNotes> change) {
        var step = fact.step();
        if (step == null) {
            return this;
        }
        var more = new TreeMap<>(steps);
        more.put(step, change.apply(notes(step)));
        return changed(draft -> draft.steps = more);
    }

    private RequestView changed(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.view();
    }

    /** A view of which something is to be another. */
    private static final class Draft {

        private final RequestView of;
        private long version;
        private @Nullable Ask ask;
        private List<Check> checks;
        private @Nullable RequestId behind;
        private @Nullable Instant startedAt;
        private Saga saga;
        private Map<StepId, StepNotes> steps;
        private @Nullable Approval approval;
        private @Nullable String region;
        private Map<String, ComponentOutputs> outputs;
        private Map<String, PendingOperation> deliveries;
        private @Nullable RequestClosed closed;

        Draft(RequestView of) {
            this.of = of;
            this.version = of.version;
            this.ask = of.ask;
            this.checks = of.checks;
            this.behind = of.behind;
            this.startedAt = of.startedAt;
            this.saga = of.saga;
            this.steps = of.steps;
            this.approval = of.approval;
            this.region = of.region;
            this.outputs = of.outputs;
            this.deliveries = of.deliveries;
            this.closed = of.closed;
        }

        RequestView view() {
            return new RequestView(
                    of.id,
                    of.resource,
                    version,
                    ask,
                    checks,
                    behind,
                    startedAt,
                    saga,
                    steps,
                    approval,
                    region,
                    outputs,
                    deliveries,
                    closed);
        }
    }
}
