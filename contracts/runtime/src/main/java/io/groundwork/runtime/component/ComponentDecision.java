package io.groundwork.runtime.component;

import static io.groundwork.runtime.component.ComponentParticipant.PROGRESS;
import static io.groundwork.runtime.component.ComponentParticipant.component;

import io.groundwork.events.ComponentEvent.ComponentDeprovisioned;
import io.groundwork.events.ComponentEvent.ComponentFailed;
import io.groundwork.events.ComponentEvent.ComponentProgressed;
import io.groundwork.events.ComponentEvent.ComponentProvisioned;
import io.groundwork.events.ComponentEvent.ComponentStarted;
import io.groundwork.events.Event;
import io.groundwork.events.Fact;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.RequestEvent.InterventionDecided;
import io.groundwork.events.Step;
import io.groundwork.events.StepEvent.StepAbandoned;
import io.groundwork.events.StepEvent.StepSkipped;
import io.groundwork.events.StepEvent.StepStuck;
import io.groundwork.events.StepEvent.StepUndoing;
import io.groundwork.events.StepEvent.StepWaived;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepStatus;
import io.groundwork.runtime.Action;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.Situation;
import io.groundwork.runtime.component.ComponentParticipant.Beginning;
import io.groundwork.saga.Active;
import io.groundwork.saga.Due;
import io.groundwork.saga.StepState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a participant of components does because of one cause. */
final class ComponentDecision<E extends Event> {

    private static final Duration BETWEEN_PROGRESS = Duration.ofSeconds(1);

    private final ComponentParticipant<E> participant;
    private final Situation<Components> now;
    private final Active active;
    private final List<Action<E>> actions = new ArrayList<>();
    private final Units<E> units;

    ComponentDecision(ComponentParticipant<E> participant, Situation<Components> now, Active active) {
        this.participant = participant;
        this.now = now;
        this.active = active;
        this.units = new Units<>(participant, now, active, actions);
    }

    List<Action<E>> actions() {
        return actions;
    }

    void due(Due due) {
        var step = due.step();
        switch (due.action()) {
            case START -> start(step, due.attempt());
            case SKIP -> publish(step, due.attempt(), StepStatus.SKIPPED, new StepSkipped());
            case UNDO -> undo(step, due.attempt());
            // a decommission's step that runs is let finish: half of it would help nobody
            case STOP -> {
                if (state(step).status() == StepStatus.STUCK) {
                    publish(
                            step,
                            due.attempt(),
                            StepStatus.ABANDONED,
                            new StepAbandoned(
                                    participant.owner().service(), "The request goes backward.", units.left(step)));
                }
            }
        }
    }

    private void start(Step step, int attempt) {
        switch (step.input()) {
            case StepInput.Provision provision -> provision(step, attempt, provision);
            case StepInput.Deprovision deprovision -> deprovision(step, attempt, deprovision);
            case StepInput.Approve other -> notOurs(step, attempt);
            case StepInput.Allocate other -> notOurs(step, attempt);
            case StepInput.Grant other -> notOurs(step, attempt);
            case StepInput.Revoke other -> notOurs(step, attempt);
            case StepInput.Release other -> notOurs(step, attempt);
            case StepInput.Elsewhere other -> notOurs(step, attempt);
        }
    }

    private void notOurs(Step step, int attempt) {
        fail(step, attempt, FailureCategory.BUG, participant.owner().service() + " cannot do a step of this kind.");
    }

    private void fail(Step step, int attempt, FailureCategory category, String message) {
        publish(
                step,
                attempt,
                StepStatus.FAILED,
                new ComponentFailed(component(step.id()), Failure.permanent(category, message)));
    }

    private void provision(Step step, int attempt, StepInput.Provision input) {
        var name = input.component().name();
        var known = now.state().get(name);
        if (input.index() != null) {
            if (known == null) {
                fail(step, attempt, FailureCategory.CONFLICT, "Nothing stands of " + name + ".");
            } else {
                renew(step, attempt, input, input.index(), known);
            }
            return;
        }
        var before = known != null && known.created() == active.sequence() ? known : null;
        var chosen = before == null ? now.choices() : before.placement();
        switch (participant.begin(new Asked(now.resource(), name, active.sequence(), chosen, now.state()), input)) {
            case Beginning.Refused refused ->
                publish(step, attempt, StepStatus.FAILED, new ComponentFailed(name, refused.failure()));
            case Beginning.Begun begun -> {
                var references = OtherOutputs.referred(input.component(), now.state());
                var missing = References.missing(references);
                if (!missing.isEmpty()) {
                    fail(
                            step,
                            attempt,
                            FailureCategory.VALIDATION,
                            "There is nothing for " + String.join(", ", missing) + ".");
                    return;
                }
                publish(
                        step,
                        attempt,
                        StepStatus.RUNNING,
                        new ComponentStarted(name, begun.count(), begun.placement()));
                if (!references.isEmpty()) {
                    actions.add(Action.note(
                            active,
                            step.id(),
                            attempt,
                            participant.event(new ComponentProgressed(
                                    name, 0, begun.count(), References.told(references), List.of()))));
                }
                var asked = new Asked(now.resource(), name, active.sequence(), begun.placement(), now.state());
                if (participant.shares(input) && (before == null || before.shared() == null)) {
                    units.order(step, attempt, asked, OperationId.SHARED, Goal.DONE, participant.sharing(asked, input));
                } else {
                    units.make(
                            step,
                            attempt,
                            asked,
                            input,
                            before == null ? null : before.shared(),
                            Units.numbered(begun.count())
                                    .filter(unit -> before == null || !before.at(unit, Goal.DONE)));
                }
            }
        }
    }

    /** Makes one machine anew, beside those that stand. */
    private void renew(Step step, int attempt, StepInput.Provision input, int index, InstanceArray array) {
        var name = input.component().name();
        var asked = new Asked(now.resource(), name, active.sequence(), array.placement(), now.state());
        switch (participant.begin(asked, input)) {
            case Beginning.Refused refused ->
                publish(step, attempt, StepStatus.FAILED, new ComponentFailed(name, refused.failure()));
            case Beginning.Begun begun -> {
                publish(
                        step,
                        attempt,
                        StepStatus.RUNNING,
                        new ComponentStarted(name, begun.count(), begun.placement(), index));
                var unit = Integer.toString(index);
                if (array.made(unit) != active.sequence() || !array.at(unit, Goal.DONE)) {
                    units.make(step, attempt, asked, input, array.shared(), Stream.of(unit));
                }
            }
        }
    }

    private void undo(Step step, int attempt) {
        publish(step, attempt, StepStatus.UNDOING, new StepUndoing());
        units.takeDown(step, attempt);
    }

    private void deprovision(Step step, int attempt, StepInput.Deprovision input) {
        var array = now.state().get(input.component());
        var all = array == null ? 0 : array.count();
        publish(
                step,
                attempt,
                StepStatus.RUNNING,
                new ComponentStarted(
                        input.component(),
                        input.index() == null ? all : 1,
                        array == null ? null : array.placement(),
                        input.index()));
        units.takeDown(step, attempt);
    }

    /** Ends a moving step when its operations came to what ends it, or goes on to those that come next. */
    void conclude(Step step, @Nullable OperationId answered) {
        var state = state(step);
        if (!state.moving() || undoDue(step)) {
            return;
        }
        var name = component(step.id());
        var array = now.state().get(name);
        if (array == null) {
            // it never started: there is nothing to take away
            gone(step, 0);
            return;
        }
        if (!array.drivenBy(active.sequence(), step.id(), state.attempt())) {
            return;
        }
        var concluded = switch (array.goal()) {
            case DONE -> made(step, array, answered);
            case UNDONE -> unmade(step, array, answered);
        };
        if (concluded) {
            quiet(name);
        } else if (answered != null && answered.component().equals(name)) {
            announceProgress(name, array);
        }
    }

    private boolean made(Step step, InstanceArray array, @Nullable OperationId answered) {
        var attempt = array.attempt();
        var failure = array.firstFailure();
        if (failure.isPresent()) {
            switch (step.onFailure()) {
                case COMPENSATE ->
                    publish(step, attempt, StepStatus.FAILED, new ComponentFailed(component(step.id()), failure.get()));
                case PAUSE -> publish(step, attempt, StepStatus.STUCK, new StepStuck(failure.get()));
            }
            return true;
        }
        if (array.allDrivenAt(Goal.DONE)) {
            publish(step, attempt, StepStatus.DONE, new ComponentProvisioned(component(step.id()), array.outputs()));
            return true;
        }
        if (answeredShared(answered, step)
                && array.shared() != null
                && step.input() instanceof StepInput.Provision input) {
            // those heard of already are on their way: what they share may be told of twice
            units.make(
                    step,
                    attempt,
                    units.asked(step, array),
                    input,
                    array.shared(),
                    array.machines().filter(unit -> array.unit(unit).equals(InstanceArray.Unit.UNHEARD)));
        }
        return false;
    }

    private boolean unmade(Step step, InstanceArray array, @Nullable OperationId answered) {
        var all = units.of(array, step).toList();
        if (all.stream().allMatch(unit -> array.at(unit, Goal.UNDONE))) {
            gone(step, array.count());
            return true;
        }
        var machines = all.stream().filter(unit -> !unit.equals(OperationId.SHARED));
        if (machines.allMatch(unit -> array.at(unit, Goal.UNDONE))) {
            if (array.unit(OperationId.SHARED).failure() == null) {
                if (answered != null
                        && answered.component().equals(component(step.id()))
                        && !answeredShared(answered, step)) {
                    units.takeShared(step, array.attempt(), array);
                }
                return false;
            }
        }
        var failed = array.failed(all.stream());
        var open = all.stream()
                .filter(unit -> !unit.equals(OperationId.SHARED) || failed.contains(unit))
                .filter(unit -> !array.at(unit, Goal.UNDONE))
                .count();
        if (failed.isEmpty() || open > failed.size()) {
            return false;
        }
        var first = array.firstFailure().orElseThrow();
        var name = component(step.id());
        publish(
                step,
                array.attempt(),
                state(step).status() == StepStatus.UNDOING ? StepStatus.UNDO_STUCK : StepStatus.STUCK,
                new StepStuck(new Failure(
                        first.category(),
                        "Could not remove " + String.join(", ", array.left(units.named(name), failed.stream())) + ": "
                                + first.message(),
                        first.detail(),
                        true)));
        return true;
    }

    private void gone(Step step, int count) {
        var state = state(step);
        publish(
                step,
                state.attempt(),
                state.status() == StepStatus.UNDOING ? StepStatus.UNDONE : StepStatus.DONE,
                new ComponentDeprovisioned(
                        component(step.id()), Units.index(step) == null ? count : 1, Units.index(step)));
    }

    private void announceProgress(String component, InstanceArray array) {
        if (!now.timers().containsKey(PROGRESS + component)
                && !array.progress(component).equals(array.reported())) {
            actions.add(new Action.SetTimer<>(PROGRESS + component, now.now().plus(BETWEEN_PROGRESS)));
        }
    }

    private void quiet(String component) {
        if (now.timers().containsKey(PROGRESS + component)) {
            actions.add(new Action.CancelTimer<>(PROGRESS + component));
        }
    }

    void progress(String component) {
        var array = now.state().get(component);
        if (array == null) {
            return;
        }
        var state = active.state(array.step());
        var progress = array.progress(component);
        if (state.moving()
                && array.drivenBy(active.sequence(), array.step(), state.attempt())
                && !progress.equals(array.reported())) {
            actions.add(Action.note(active, array.step(), array.attempt(), participant.event(progress)));
        }
    }

    void intervene(Fact fact, InterventionDecided decided) {
        var step = fact.step() == null
                ? null
                : active.plan()
                        .step(fact.step())
                        .filter(mine -> mine.owner() == participant.owner())
                        .orElse(null);
        if (step == null || fact.sequence() != active.sequence()) {
            return;
        }
        var state = state(step);
        if (!state.stuck() || state.attempt() != fact.attempt() || undoDue(step)) {
            return;
        }
        var undo = state.status() == StepStatus.UNDO_STUCK;
        switch (decided.action()) {
            case RETRY -> {
                if (undo) {
                    undo(step, state.attempt() + 1);
                } else if (!active.turned()) {
                    start(step, state.attempt() + 1);
                }
            }
            case SKIP -> {
                if (!undo && !active.turned()) {
                    publish(
                            step,
                            state.attempt(),
                            StepStatus.WAIVED,
                            new StepWaived(decided.actor(), decided.reason()));
                }
            }
            case ABANDON -> {
                if (undo) {
                    publish(
                            step,
                            state.attempt(),
                            StepStatus.ABANDONED,
                            new StepAbandoned(decided.actor(), decided.reason(), units.left(step)));
                }
            }
            // request-service turns the request backward, and what is due then is due here too
            case ABORT -> {}
        }
    }

    private boolean answeredShared(@Nullable OperationId answered, Step step) {
        return answered != null
                && answered.component().equals(component(step.id()))
                && answered.unit().equals(OperationId.SHARED);
    }

    private boolean undoDue(Step step) {
        return now.due(participant.owner()).stream()
                .anyMatch(due -> due.step().equals(step) && due.action() == Due.Action.UNDO);
    }

    private StepState state(Step step) {
        return active.state(step.id());
    }

    private void publish(Step step, int attempt, StepStatus status, Event event) {
        actions.add(Action.step(active, step.id(), attempt, status, participant.event(event)));
    }
}
