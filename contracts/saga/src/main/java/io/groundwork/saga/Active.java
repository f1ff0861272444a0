package io.groundwork.saga;

import io.groundwork.events.Owner;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.Step;
import io.groundwork.events.StepId;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The request that is under way on a resource.
 *
 * @param plan of a participant's own fold {@linkplain Plan#keptBy what it keeps} of it
 * @param digest of the whole plan: in a participant's own fold as it was read, otherwise as request-service said it
 * @param steps what was heard of each step; those never heard of are absent
 * @param turned whether the request goes backward; never unset
 * @param closed whether request-service said that it is over
 */
public record Active(
        RequestId request,
        long sequence,
        RequestKind operation,
        String requester,
        Plan plan,
        String digest,
        Map<StepId, StepState> steps,
        boolean turned,
        boolean closed) {

    public Active {
        steps = Collections.unmodifiableMap(new TreeMap<>(steps));
    }

    public StepState state(StepId step) {
        return steps.getOrDefault(step, StepState.WAITING);
    }

    /** Whether everything asked for is done. */
    public boolean complete() {
        return !turned
                && plan.steps().stream().allMatch(step -> state(step.id()).satisfied());
    }

    /** Whether the request went backward and every owner has said that its steps are at rest. */
    public boolean unwound() {
        return turned && plan.steps().stream().allMatch(this::atRest);
    }

    /** What {@code owner} has to do now, in the order of the plan. */
    public List<Due> due(Owner owner) {
        var due = new ArrayList<Due>();
        for (var step : plan.steps()) {
            if (step.owner() == owner) {
                var action = turned ? backward(step) : forward(step);
                action.ifPresent(what ->
                        due.add(new Due(step, Math.max(1, state(step.id()).attempt()), what)));
            }
        }
        return due;
    }

    boolean involves(Owner owner) {
        return plan.involves(owner);
    }

    /**
     * Whether {@code owner} need know that a step of another has come to {@code status}. It waits for the approval and for what its own
     * steps need to be satisfied, and for what needed them to be at rest; and whatever turns the request backward turns it for all.
     */
    boolean concerns(Owner owner, @Nullable StepId id, StepStatus status) {
        var known = id == null ? Optional.<Step>empty() : plan.step(id);
        if (known.isEmpty()) {
            return false;
        }
        var step = known.get();
        return switch (status) {
            case WAITING, RUNNING, STUCK -> false;
            case DONE, WAIVED ->
                step.kind() == StepKind.APPROVE
                        || plan.steps().stream()
                                .filter(own -> own.owner() == owner)
                                .anyMatch(own -> own.needs().contains(step.id())
                                        || (step.undo() == Step.Undo.NONE
                                                && step.needs().contains(own.id())));
            case FAILED, UNDOING, UNDO_STUCK, SKIPPED, UNDONE, ABANDONED -> true;
        };
    }

    /** Whether {@code owner} has nothing under way and owes nothing: it may forget the request once it is closed. */
    boolean settled(Owner owner) {
        return plan.steps().stream()
                .filter(step -> step.owner() == owner)
                .allMatch(step -> turned ? atRest(step) : state(step.id()).satisfied());
    }

    Active with(StepId step, StepState state) {
        var climbed = new TreeMap<>(steps);
        climbed.merge(step, state, (now, next) -> next.compareTo(now) > 0 ? next : now);
        return new Active(
                request, sequence, operation, requester, plan, digest, climbed, turned || state.backward(), closed);
    }

    Active turn() {
        return turned ? this : new Active(request, sequence, operation, requester, plan, digest, steps, true, closed);
    }

    Active close() {
        return new Active(request, sequence, operation, requester, plan, digest, steps, turned, true);
    }

    private Optional<Due.Action> forward(Step step) {
        return state(step.id()).equals(StepState.WAITING)
                        && step.needs().stream().allMatch(need -> state(need).satisfied())
                ? Optional.of(Due.Action.START)
                : Optional.empty();
    }

    private Optional<Due.Action> backward(Step step) {
        return switch (state(step.id()).status()) {
            case WAITING -> Optional.of(Due.Action.SKIP);
            // nothing can have started behind a step that was never done, so there is nothing to wait for
            case RUNNING, STUCK -> Optional.of(step.undo() == Step.Undo.NONE ? Due.Action.STOP : Due.Action.UNDO);
            case DONE, WAIVED, FAILED ->
                step.undo() == Step.Undo.OWNER && dependentsAtRest(step)
                        ? Optional.of(Due.Action.UNDO)
                        : Optional.empty();
            case UNDOING, UNDO_STUCK, SKIPPED, UNDONE, ABANDONED -> Optional.empty();
        };
    }

    private boolean dependentsAtRest(Step step) {
        return plan.steps().stream()
                .filter(other -> other.needs().contains(step.id()))
                .allMatch(this::atRest);
    }

    private boolean atRest(Step step) {
        return state(step.id()).atRest(step.undo());
    }
}
