package io.groundwork.request.domain;

import io.groundwork.events.AllocationEvent;
import io.groundwork.events.AllocationEvent.AllocationFailed;
import io.groundwork.events.ApprovalEvent;
import io.groundwork.events.ApprovalEvent.ApprovalExpired;
import io.groundwork.events.ApprovalEvent.ApprovalFailed;
import io.groundwork.events.ApprovalEvent.RequestRejected;
import io.groundwork.events.ComponentEvent;
import io.groundwork.events.ComponentEvent.ComponentFailed;
import io.groundwork.events.ComponentEvent.ComponentProvisioned;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Envelope;
import io.groundwork.events.Fact;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.IamEvent;
import io.groundwork.events.IamEvent.AccessFailed;
import io.groundwork.events.NotificationEvent;
import io.groundwork.events.Outcome;
import io.groundwork.events.Owner;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent;
import io.groundwork.events.RequestEvent.CancelRequested;
import io.groundwork.events.RequestEvent.Check;
import io.groundwork.events.RequestEvent.Intervention;
import io.groundwork.events.RequestEvent.InterventionDecided;
import io.groundwork.events.RequestEvent.InterventionRequested;
import io.groundwork.events.RequestEvent.OnConflict;
import io.groundwork.events.RequestEvent.RequestAborted;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestEvent.RequestQueued;
import io.groundwork.events.RequestEvent.RequestStarted;
import io.groundwork.events.RequestEvent.RequestSubmitted;
import io.groundwork.events.RequestEvent.StepOverdue;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.Step;
import io.groundwork.events.StepEvent;
import io.groundwork.events.StepEvent.StepAbandoned;
import io.groundwork.events.StepEvent.StepStuck;
import io.groundwork.events.StepEvent.StepWaived;
import io.groundwork.events.StepId;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
import io.groundwork.request.domain.ResourceState.Running;
import io.groundwork.request.domain.ResourceState.Turn;
import io.groundwork.request.domain.ResourceState.Waiting;
import io.groundwork.runtime.Action;
import io.groundwork.runtime.Cause;
import io.groundwork.runtime.Participant;
import io.groundwork.runtime.Situation;
import io.groundwork.saga.Active;
import io.groundwork.saga.Due;
import io.groundwork.saga.StepState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Accepts requests, runs one at a time on a resource, watches the deadlines of their steps, and closes them. It owns no step:
 * what it says is about a request as a whole, and nobody else says it.
 *
 * <pre>
 *   submitted ─► started ─► closed        free resource
 *       └► queued ─┘  └► turned ─► closed  busy resource; rejected, failed, overdue, canceled, aborted
 *       └► closed                          never started: canceled in the queue, conflict
 * </pre>
 */
public final class RequestParticipant implements Participant<ResourceState, RequestEvent> {

    /** What is raised once of a step in one attempt and status. */
    private static final String OVERDUE = "overdue ";

    private static final String ASKED = "asked ";
    private static final String DECIDED = "decided ";

    /** How many may wait for a resource: each is part of its one record. */
    private static final int LONGEST_QUEUE = 32;

    private static final StepId APPROVE = StepId.of(StepKind.APPROVE);

    private final Planner planner;

    public RequestParticipant(StepTimeouts timeouts) {
        this.planner = new Planner(timeouts);
    }

    @Override
    public Owner owner() {
        return Owner.REQUEST;
    }

    @Override
    public boolean follows() {
        return true;
    }

    @Override
    public Set<Owner> listensTo() {
        return EnumSet.of(Owner.APPROVAL, Owner.ALLOCATION, Owner.CLOUD, Owner.BAREMETAL, Owner.IAM);
    }

    @Override
    public Class<ResourceState> stateType() {
        return ResourceState.class;
    }

    @Override
    public ResourceState initial() {
        return ResourceState.INITIAL;
    }

    /** @throws IllegalStateException always: it owns no step that could be refused */
    @Override
    public RequestEvent refused(Step step, Failure failure) {
        throw new IllegalStateException("request-service owns no step " + step.id());
    }

    @Override
    public List<Action<RequestEvent>> decide(Situation<ResourceState> now, Cause cause) {
        return switch (cause) {
            case Cause.Asked asked ->
                answer(
                        now,
                        asked,
                        Command.of(asked)
                                .orElseThrow(() -> new IllegalArgumentException("no command '" + asked.type() + "'")));
            case Cause.Elapsed elapsed -> elapsed(now, elapsed.timer());
            case Cause.Happened happened -> follow(now);
            case Cause.Reconsidered reconsidered -> follow(now);
            case Cause.Answered answered -> List.of();
        };
    }

    @Override
    public ResourceState evolve(ResourceState state, Envelope<RequestEvent> envelope) {
        var fact = envelope.fact();
        return switch (envelope.event()) {
            case RequestSubmitted submitted -> state.submitted(fact.request(), submitted);
            case RequestQueued queued -> state.queued(fact.request());
            case RequestStarted started -> state.started(fact, started);
            case CancelRequested cancel ->
                state.running(
                        fact,
                        running -> running.turned(new Turn(
                                Outcome.CANCELED, null, "Canceled by " + cancel.actor() + ": " + cancel.reason())));
            case RequestAborted aborted ->
                state.running(
                        fact,
                        running -> running.turned(new Turn(
                                Outcome.FAILED,
                                running.failures().values().stream()
                                        .map(Failure::category)
                                        .findFirst()
                                        .orElse(null),
                                "Aborted by " + aborted.actor() + ": " + aborted.reason())));
            case StepOverdue overdue -> state.running(fact, running -> late(running, fact, overdue));
            case InterventionRequested requested ->
                state.running(fact, running -> running.raised(ASKED + Watch.of(fact)));
            case InterventionDecided decided ->
                state.running(fact, running -> running.raised(DECIDED + Watch.of(fact)));
            case RequestClosed closed -> state.closed(fact.request(), closed);
        };
    }

    @Override
    public ResourceState learn(ResourceState state, Envelope<?> envelope) {
        var fact = envelope.fact();
        return switch (envelope.event()) {
            case ComponentProvisioned made ->
                state.running(fact, running -> running.provisioned(made.component(), made.outputs()));
            case ComponentFailed failed -> failed(state, fact, failed.failure());
            case ComponentEvent other -> state;
            case RequestRejected rejected ->
                turned(
                        state,
                        fact,
                        new Turn(
                                Outcome.REJECTED,
                                null,
                                "Rejected by " + rejected.approver() + ": " + rejected.reason()));
            case ApprovalExpired expired ->
                turned(
                        state,
                        fact,
                        new Turn(Outcome.EXPIRED, null, "Nobody decided until " + expired.deadline() + "."));
            case ApprovalFailed failed -> failed(state, fact, failed.failure());
            case ApprovalEvent.Own other -> state;
            case AllocationFailed failed -> failed(state, fact, failed.failure());
            case AllocationEvent.Own other -> state;
            case AccessFailed failed -> failed(state, fact, failed.failure());
            case IamEvent.Own other -> state;
            case StepStuck stuck -> failed(state, fact, stuck.failure());
            case StepWaived waived -> waived(state, fact);
            case StepAbandoned abandoned -> state.running(fact, running -> running.abandoned(abandoned.left()));
            case StepEvent other -> state;
            case RequestEvent own -> state;
            case NotificationEvent informs -> state;
        };
    }

    private static ResourceState failed(ResourceState state, Fact fact, Failure failure) {
        var step = fact.step();
        if (step == null) {
            return state;
        }
        var known = state.running(fact, running -> running.failed(step, failure));
        return turned(known, fact, new Turn(Outcome.FAILED, failure.category(), failure.message()));
    }

    /** What a waived step was to take away may still be there. */
    private static ResourceState waived(ResourceState state, Fact fact) {
        return state.running(
                fact,
                running -> running.ask().operation() == RequestKind.DECOMMISSION && !APPROVE.equals(fact.step())
                        ? running.abandoned(List.of("what " + fact.step() + " was to take away"))
                        : running);
    }

    /** A stuck step does not turn the request; a failed one does. */
    private static ResourceState turned(ResourceState state, Fact fact, Turn turn) {
        return fact.status() == StepStatus.FAILED ? state.running(fact, running -> running.turned(turn)) : state;
    }

    private static Running late(Running running, Fact fact, StepOverdue overdue) {
        var raised = running.raised(OVERDUE + Watch.of(fact));
        return running.pausing().contains(fact.step())
                ? raised
                : raised.turned(new Turn(
                        Outcome.FAILED,
                        FailureCategory.TIMEOUT,
                        overdue.service() + " did not finish " + fact.step() + " in time."));
    }

    // Commands

    private List<Action<RequestEvent>> answer(Situation<ResourceState> now, Cause.Asked asked, Command command) {
        return switch (command) {
            case Command.Submit submit -> submit(now, submit);
            case Command.Cancel cancel -> cancel(now, asked, cancel);
            case Command.Intervene intervene -> intervene(now, asked, intervene);
        };
    }

    private static List<Action<RequestEvent>> submit(Situation<ResourceState> now, Command.Submit submit) {
        return now.state().knows(submit.request())
                ? List.of()
                : List.of(about(
                        submit.request(),
                        new RequestSubmitted(submit.ask(), submit.catalogued(), checks(now, submit))));
    }

    /** Those that the REST made, behind what only this state tells without asking anybody. */
    private static @Nullable List<Check> checks(Situation<ResourceState> now, Command.Submit submit) {
        if (submit.checks() == null) {
            return null;
        }
        var checks = new ArrayList<Check>();
        var nothing = now.state().standing() == null;
        switch (submit.ask().operation()) {
            case DEPLOY -> checks.add(Preflight.standing(now.resource(), nothing));
            case REPLACE -> checks.add(Preflight.there(now.resource(), !nothing));
            case DECOMMISSION -> {}
        }
        var active = now.state().active();
        checks.add(Preflight.busy(active == null ? null : active.request()));
        checks.addAll(submit.checks());
        return checks;
    }

    private static List<Action<RequestEvent>> cancel(
            Situation<ResourceState> now, Cause.Asked asked, Command.Cancel cancel) {
        var waiting = now.state().waiting(cancel.request());
        if (waiting.isPresent()) {
            var actions = new ArrayList<>(unstarted(
                    now,
                    waiting.get(),
                    Outcome.CANCELED,
                    null,
                    "Canceled by " + cancel.actor() + " before it started: " + cancel.reason()));
            actions.add(accepted(asked));
            return actions;
        }
        var active = now.saga().active();
        if (active == null || active.closed() || !now.state().isActive(cancel.request())) {
            return List.of(refused(asked, "The request has ended; there is nothing to cancel."));
        }
        if (active.turned()) {
            return List.of(accepted(asked));
        }
        if (active.operation() == RequestKind.DECOMMISSION
                && active.state(APPROVE).satisfied()) {
            return List.of(refused(
                    asked,
                    "A decommission goes only forward once it is approved: what was removed cannot be put back."));
        }
        if (active.operation() == RequestKind.REPLACE
                && active.state(StepId.of(StepKind.ALLOCATE)).satisfied()) {
            return List.of(refused(
                    asked,
                    "A replacement goes only forward once it has the new server: what was on the old one cannot be put"
                            + " back."));
        }
        return List.of(Action.request(active, new CancelRequested(cancel.actor(), cancel.reason())), accepted(asked));
    }

    private static List<Action<RequestEvent>> intervene(
            Situation<ResourceState> now, Cause.Asked asked, Command.Intervene intervene) {
        var active = now.saga().active();
        var running = now.state().active();
        if (active == null
                || running == null
                || active.closed()
                || !running.request().equals(intervene.request())) {
            return List.of(refused(
                    asked,
                    now.state().waiting(intervene.request()).isPresent()
                            ? "The request has not started; cancel it instead."
                            : "The request has ended; there is nothing to decide on."));
        }
        var step = active.plan().step(intervene.step());
        if (step.isEmpty()) {
            return List.of(refused(
                    asked,
                    "The plan has no step " + intervene.step() + "; its steps are "
                            + active.plan().steps().stream()
                                    .map(one -> one.id().value())
                                    .collect(Collectors.joining(", "))
                            + "."));
        }
        var state = active.state(intervene.step());
        var allowed = allowed(active, state);
        if (!allowed.contains(intervene.action())) {
            return List.of(refused(asked, objection(active, step.get(), state, intervene.action(), allowed)));
        }
        if (running.raised().contains(DECIDED + Watch.of(step.get(), state))) {
            return List.of(refused(
                    asked,
                    "It was decided already how " + intervene.step() + " goes on in attempt " + state.attempt()
                            + "; wait for " + step.get().owner().service() + " to act on it."));
        }
        var actions = new ArrayList<Action<RequestEvent>>();
        actions.add(said(
                active,
                step.get(),
                state,
                new InterventionDecided(intervene.action(), intervene.actor(), intervene.reason())));
        if (intervene.action() == Intervention.ABORT) {
            actions.add(Action.request(active, new RequestAborted(intervene.actor(), intervene.reason())));
        }
        actions.add(accepted(asked));
        return actions;
    }

    /** What an operator may do about a step in this state. */
    private static List<Intervention> allowed(Active active, StepState state) {
        return switch (state.status()) {
            // once the request goes backward, its owner brings a stuck step to rest by itself
            case STUCK ->
                active.turned() ? List.of() : List.of(Intervention.RETRY, Intervention.SKIP, Intervention.ABORT);
            case UNDO_STUCK -> List.of(Intervention.RETRY, Intervention.ABANDON);
            case WAITING, RUNNING, DONE, WAIVED, FAILED, UNDOING, SKIPPED, UNDONE, ABANDONED -> List.of();
        };
    }

    private static String objection(
            Active active, Step step, StepState state, Intervention action, List<Intervention> allowed) {
        var word = word(action);
        if (!allowed.isEmpty()) {
            return "Not " + word + ": " + step.id() + " is stuck "
                    + (active.turned() ? "being undone" : "going forward") + "; possible are " + words(allowed) + ".";
        }
        var stuck = active.plan().steps().stream()
                .filter(other -> !allowed(active, active.state(other.id())).isEmpty())
                .map(other -> other.id() + " (" + words(allowed(active, active.state(other.id()))) + ")")
                .collect(Collectors.joining("; "));
        return "Not " + word + ": " + step.id() + " is not stuck but "
                + state.status().word() + ". "
                + (stuck.isEmpty() ? "No step waits for a decision." : "A decision is possible on " + stuck + ".");
    }

    private static String words(List<Intervention> actions) {
        return actions.stream().map(RequestParticipant::word).collect(Collectors.joining(", "));
    }

    private static String word(Intervention action) {
        return switch (action) {
            case RETRY -> "retry";
            case SKIP -> "skip";
            case ABANDON -> "abandon";
            case ABORT -> "abort";
        };
    }

    // What follows by itself

    private List<Action<RequestEvent>> follow(Situation<ResourceState> now) {
        var active = now.saga().active();
        var running = now.state().active();
        if (active == null) {
            return now.state().queue().stream()
                    .findFirst()
                    .map(first -> start(now, first))
                    .orElse(List.of());
        }
        // a closed request is let go of first; then this is asked again
        if (running == null || active.closed()) {
            return List.of();
        }
        if (active.complete() || active.unwound()) {
            return close(now, active, running);
        }
        var actions = new ArrayList<Action<RequestEvent>>();
        askOperators(active, running).forEach(actions::add);
        watch(now, active, running).forEach(actions::add);
        queue(now, running).forEach(actions::add);
        return actions;
    }

    private List<Action<RequestEvent>> start(Situation<ResourceState> now, Waiting next) {
        var resource = now.resource();
        var standing = now.state().standing();
        return switch (next.ask().operation()) {
            case DEPLOY -> {
                if (standing == null) {
                    yield started(now, next, planner.deploy(resource, next.ask(), next.catalogued()));
                }
                yield conflict(
                        now,
                        next,
                        standing.tainted()
                                ? resource
                                        + " is tainted, something of it may be left: decommission it before deploying anew."
                                : resource + " stands already: decommission it first, or deploy under another name.");
            }
            case DECOMMISSION -> {
                if (standing == null) {
                    yield conflict(now, next, "Nothing stands as " + resource + ": there is nothing to decommission.");
                }
                yield started(now, next, planner.decommission(next.ask(), standing.design(), standing.price()));
            }
            case REPLACE -> replace(now, next);
        };
    }

    private List<Action<RequestEvent>> replace(Situation<ResourceState> now, Waiting next) {
        var resource = now.resource();
        var standing = now.state().standing();
        var replace = Objects.requireNonNull(next.ask().replace());
        if (standing == null) {
            return conflict(now, next, "Nothing stands as " + resource + ": there is no server to replace.");
        }
        if (standing.tainted()) {
            return conflict(
                    now,
                    next,
                    resource + " is tainted, something of it may be left or gone: decommission it and deploy it anew.");
        }
        var objections = standing.objections(replace);
        if (!objections.isEmpty()) {
            return unstarted(
                    now,
                    next,
                    Outcome.FAILED,
                    FailureCategory.VALIDATION,
                    objections.stream().map(Standing.Objection::detail).collect(Collectors.joining(" ")));
        }
        return started(now, next, planner.replace(next.ask(), standing));
    }

    private static List<Action<RequestEvent>> started(Situation<ResourceState> now, Waiting next, Plan plan) {
        var sequence = now.state().sequence() + 1;
        var event = new RequestStarted(plan, plan.digest(), next.ask());
        return List.of(new Action.Publish<>(next.request(), sequence, null, 0, null, event));
    }

    /** Says of each newcomer that it stands in the queue, or closes it if it does not want to. */
    private static List<Action<RequestEvent>> queue(Situation<ResourceState> now, Running running) {
        var actions = new ArrayList<Action<RequestEvent>>();
        var position = 0;
        for (var waiting : now.state().queue()) {
            position++;
            if (waiting.told()) {
                continue;
            }
            if (waiting.ask().onConflict() == OnConflict.REJECT) {
                actions.addAll(conflict(
                        now,
                        waiting,
                        now.resource() + " is busy with request " + running.request()
                                + ": try again after its end, or ask with \"onConflict\": \"queue\"."));
            } else if (position > LONGEST_QUEUE) {
                actions.addAll(conflict(
                        now,
                        waiting,
                        LONGEST_QUEUE + " requests wait for " + now.resource()
                                + " already: try again when some of them have ended."));
            } else {
                actions.add(about(waiting.request(), new RequestQueued(position, running.request())));
            }
        }
        return actions;
    }

    private static List<Action<RequestEvent>> askOperators(Active active, Running running) {
        var actions = new ArrayList<Action<RequestEvent>>();
        for (var step : active.plan().steps()) {
            var state = active.state(step.id());
            var allowed = allowed(active, state);
            if (!allowed.isEmpty() && !running.raised().contains(ASKED + Watch.of(step, state))) {
                actions.add(said(
                        active,
                        step,
                        state,
                        new InterventionRequested(
                                step.owner().service(),
                                Optional.ofNullable(running.failures().get(step.id()))
                                        .orElseGet(() -> Failure.permanent(
                                                FailureCategory.BUG,
                                                step.owner().service() + " gave up on " + step.id()
                                                        + "; its report could not be read.")),
                                allowed)));
            }
        }
        return actions;
    }

    // Deadlines

    /** Keeps one timer for each step that its owner has to move and that is not overdue yet. */
    private static List<Action<RequestEvent>> watch(Situation<ResourceState> now, Active active, Running running) {
        var watched = watched(active);
        var actions = new ArrayList<Action<RequestEvent>>();
        now.timers().keySet().stream()
                .filter(timer -> !watched.containsKey(timer))
                .forEach(timer -> actions.add(new Action.CancelTimer<>(timer)));
        watched.forEach((timer, step) -> {
            if (!now.timers().containsKey(timer) && !running.raised().contains(OVERDUE + timer)) {
                actions.add(new Action.SetTimer<>(timer, now.now().plus(step.timeout())));
            }
        });
        return actions;
    }

    private List<Action<RequestEvent>> elapsed(Situation<ResourceState> now, String timer) {
        var active = now.saga().active();
        var running = now.state().active();
        if (active == null || running == null || active.closed()) {
            return follow(now);
        }
        var step = watched(active).get(timer);
        if (step == null || running.raised().contains(OVERDUE + timer)) {
            return follow(now);
        }
        var state = active.state(step.id());
        var service = step.owner().service();
        return List.of(
                said(active, step, state, new StepOverdue(service, now.now())),
                said(
                        active,
                        step,
                        state,
                        new InterventionRequested(
                                service,
                                new Failure(
                                        FailureCategory.TIMEOUT,
                                        service + " has not moved " + step.id() + " on within " + step.timeout()
                                                + "; the request waits for its return.",
                                        null,
                                        true),
                                List.of())));
    }

    /** The steps that their owners have to move now, by the name of their timer. */
    private static Map<String, Step> watched(Active active) {
        var due = new TreeSet<StepId>();
        for (var owner : Owner.values()) {
            active.due(owner).stream().map(Due::step).map(Step::id).forEach(due::add);
        }
        var watched = new LinkedHashMap<String, Step>();
        for (var step : active.plan().steps()) {
            var state = active.state(step.id());
            if (state.moving() || due.contains(step.id())) {
                watched.put(Watch.of(step, state), step);
            }
        }
        return watched;
    }

    /** Names one stay of a step in one status, such as {@code 1/running/provision:web}. */
    private static final class Watch {

        static String of(Step step, StepState state) {
            return of(state.attempt(), state.status(), step.id());
        }

        /** What {@link #said} was said of. */
        static String of(Fact fact) {
            return of(fact.attempt(), fact.status(), fact.step());
        }

        private static String of(int attempt, @Nullable StepStatus status, @Nullable StepId step) {
            return attempt + "/" + (status == null ? "" : status.word()) + "/" + step;
        }

        private Watch() {}
    }

    // The end

    private static List<Action<RequestEvent>> close(Situation<ResourceState> now, Active active, Running running) {
        if (active.complete()) {
            var waived = active.plan().steps().stream()
                    .filter(step -> active.state(step.id()).status() == StepStatus.WAIVED)
                    .map(step -> step.id().value())
                    .collect(Collectors.joining(", "));
            return closed(
                    now,
                    active,
                    running,
                    Outcome.COMPLETED,
                    null,
                    waived.isEmpty() ? null : "Completed without " + waived + ", by an operator's decision.",
                    switch (active.operation()) {
                        case DEPLOY -> running.outputs();
                        case DECOMMISSION -> remaining(now, active);
                        case REPLACE -> replaced(now, active, running);
                    });
        }
        var turn = Objects.requireNonNullElseGet(running.turn(), () -> unread(active));
        if (tainted(active)) {
            var left = running.left().isEmpty() ? "" : " May be left: " + String.join(", ", running.left()) + ".";
            return closed(
                    now,
                    active,
                    running,
                    Outcome.TAINTED,
                    turn.category(),
                    turn.message() + left,
                    switch (active.operation()) {
                        case DEPLOY -> abandoned(active, running);
                        case DECOMMISSION -> remaining(now, active);
                        case REPLACE -> replaced(now, active, running);
                    });
        }
        return closed(now, active, running, turn.outcome(), turn.category(), turn.message(), Map.of());
    }

    /** Something may be left that was not asked for, or something gone that was to stay. */
    private static boolean tainted(Active active) {
        return active.plan().steps().stream().anyMatch(step -> {
            var status = active.state(step.id()).status();
            return status == StepStatus.ABANDONED
                    || switch (active.operation()) {
                        case DEPLOY -> false;
                        case DECOMMISSION -> step.kind() != StepKind.APPROVE && status != StepStatus.SKIPPED;
                        // an instance has lost its server and got no other
                        case REPLACE -> step.kind() == StepKind.DEPROVISION && passed(status);
                    };
        });
    }

    private static boolean passed(StepStatus status) {
        return status == StepStatus.DONE || status == StepStatus.WAIVED;
    }

    /** What stands after a replacement: the instance on its new server, or without one. */
    private static Map<String, ComponentOutputs> replaced(
            Situation<ResourceState> now, Active active, Running running) {
        var standing = now.state().standing();
        var replace = running.ask().replace();
        if (standing == null || replace == null) {
            return Map.of();
        }
        var made = running.outputs().get(replace.component());
        if (active.complete() && made != null) {
            var merged = new TreeMap<>(standing.outputs());
            merged.put(replace.component(), made);
            return merged;
        }
        return passed(active.state(StepId.of(StepKind.DEPROVISION, replace.component()))
                        .status())
                ? Standing.without(standing.outputs(), replace.component(), replace.index())
                : standing.outputs();
    }

    /** The cause stood in an event whose payload could not be read. */
    private static Turn unread(Active active) {
        var failed = active.plan().steps().stream()
                .filter(step -> active.state(step.id()).status() == StepStatus.FAILED)
                .map(step -> step.id().value())
                .findFirst()
                .orElse("a step");
        return new Turn(
                Outcome.FAILED, FailureCategory.BUG, "The report of why " + failed + " failed could not be read.");
    }

    private static Map<String, ComponentOutputs> abandoned(Active active, Running running) {
        var left = new TreeMap<>(running.outputs());
        left.keySet()
                .removeIf(component ->
                        active.state(StepId.of(StepKind.PROVISION, component)).status() != StepStatus.ABANDONED);
        return left;
    }

    private static Map<String, ComponentOutputs> remaining(Situation<ResourceState> now, Active active) {
        var standing = now.state().standing();
        if (standing == null) {
            return Map.of();
        }
        var left = new TreeMap<>(standing.outputs());
        left.keySet()
                .removeIf(component ->
                        active.state(StepId.of(StepKind.DEPROVISION, component)).status() == StepStatus.DONE);
        return left;
    }

    private static List<Action<RequestEvent>> closed(
            Situation<ResourceState> now,
            Active active,
            Running running,
            Outcome outcome,
            @Nullable FailureCategory category,
            @Nullable String message,
            Map<String, ComponentOutputs> outputs) {
        var event = new RequestClosed(
                active.operation(),
                outcome,
                category,
                message,
                Outputs.bounded(outputs),
                running.startedAt(),
                millis(now.now()),
                running.ask().recipients());
        return List.of(Action.request(active, event), completion(now, active.request(), active.sequence(), event));
    }

    private static List<Action<RequestEvent>> conflict(Situation<ResourceState> now, Waiting waiting, String message) {
        return unstarted(now, waiting, Outcome.FAILED, FailureCategory.CONFLICT, message);
    }

    private static List<Action<RequestEvent>> unstarted(
            Situation<ResourceState> now,
            Waiting waiting,
            Outcome outcome,
            @Nullable FailureCategory category,
            String message) {
        var ask = waiting.ask();
        var event = new RequestClosed(
                ask.operation(),
                outcome,
                category,
                message,
                Map.of(),
                ask.acceptedAt(),
                millis(now.now()),
                ask.recipients());
        return List.of(about(waiting.request(), event), completion(now, waiting.request(), 0, event));
    }

    private static Action<RequestEvent> completion(
            Situation<ResourceState> now, RequestId request, long sequence, RequestClosed closed) {
        return Action.announce(
                Topics.COMPLETIONS,
                now.resource().toString(),
                Completion.TYPE,
                Completion.of(request, now.resource(), closed),
                request,
                sequence);
    }

    private static Instant millis(Instant time) {
        return Instant.ofEpochMilli(time.toEpochMilli());
    }

    /** Says something of a request that has not started. */
    private static Action<RequestEvent> about(RequestId request, RequestEvent event) {
        return new Action.Publish<>(request, 0, null, 0, null, event);
    }

    /** Says something of a step as it is now; its status stands on it only to say of which stay, and changes nothing. */
    private static Action<RequestEvent> said(Active active, Step step, StepState state, RequestEvent event) {
        return new Action.Publish<>(
                active.request(), active.sequence(), step.id(), state.attempt(), state.status(), event);
    }

    private static Action<RequestEvent> accepted(Cause.Asked asked) {
        return reply(asked, new Reply.Accepted());
    }

    private static Action<RequestEvent> refused(Cause.Asked asked, String reason) {
        return reply(asked, new Reply.Refused(reason, 409));
    }

    private static Action<RequestEvent> reply(Cause.Asked asked, Reply reply) {
        return Action.send(Topics.replies(Owner.REQUEST), asked.id(), Reply.type(reply), reply);
    }
}
