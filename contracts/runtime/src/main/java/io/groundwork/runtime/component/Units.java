package io.groundwork.runtime.component;

import static io.groundwork.runtime.component.ComponentParticipant.component;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.Event;
import io.groundwork.events.Step;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.runtime.Action;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.Order;
import io.groundwork.runtime.Situation;
import io.groundwork.saga.Active;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The operations of components' units: what is ordered of them, and which of them there may be. */
final class Units<E extends Event> {

    private final ComponentParticipant<E> participant;
    private final Situation<Components> now;
    private final Active active;
    private final List<Action<E>> actions;

    /** @param actions where orders go */
    Units(ComponentParticipant<E> participant, Situation<Components> now, Active active, List<Action<E>> actions) {
        this.participant = participant;
        this.now = now;
        this.active = active;
        this.actions = actions;
    }

    void make(
            Step step,
            int attempt,
            Asked asked,
            StepInput.Provision input,
            @Nullable JsonNode shared,
            Stream<String> units) {
        units.forEach(unit -> order(
                step,
                attempt,
                asked,
                unit,
                Goal.DONE,
                participant.making(asked, input, Integer.parseInt(unit), shared)));
    }

    /** Orders to undo what is not undone: the units first, what they share only when all of them are gone. */
    void takeDown(Step step, int attempt) {
        var array = now.state().get(component(step.id()));
        if (array == null) {
            return;
        }
        var units = machines(array, step)
                .filter(unit -> launched(array, step) && !array.at(unit, Goal.UNDONE))
                .toList();
        for (var unit : units) {
            var asked = asked(step, array, array.made(unit));
            order(step, attempt, asked, unit, Goal.UNDONE, participant.unmaking(asked, Integer.parseInt(unit)));
        }
        if (units.isEmpty()) {
            takeShared(step, attempt, array);
        }
    }

    void takeShared(Step step, int attempt, InstanceArray array) {
        if (shared(array, step) && !array.at(OperationId.SHARED, Goal.UNDONE)) {
            var asked = asked(step, array);
            order(step, attempt, asked, OperationId.SHARED, Goal.UNDONE, participant.unsharing(asked));
        }
    }

    Asked asked(Step step, InstanceArray array) {
        return asked(step, array, array.created());
    }

    private Asked asked(Step step, InstanceArray array, long made) {
        return new Asked(now.resource(), component(step.id()), made, array.placement(), now.state());
    }

    /** The one machine that a step is about; absent of one that is about them all. */
    static @Nullable Integer index(Step step) {
        return switch (step.input()) {
            case StepInput.Provision provision -> provision.index();
            case StepInput.Deprovision deprovision -> deprovision.index();
            case StepInput.Approve other -> null;
            case StepInput.Allocate other -> null;
            case StepInput.Grant other -> null;
            case StepInput.Revoke other -> null;
            case StepInput.Release other -> null;
            case StepInput.Elsewhere other -> null;
        };
    }

    /** The machines that a step takes down: to undo one that makes a machine anew leaves alone what others have made. */
    private Stream<String> machines(InstanceArray array, Step step) {
        var index = index(step);
        if (index == null) {
            return array.machines();
        }
        var unit = index.toString();
        return step.kind() == StepKind.PROVISION && array.made(unit) != active.sequence()
                ? Stream.empty()
                : Stream.of(unit);
    }

    List<String> left(Step step) {
        var name = component(step.id());
        var array = now.state().get(name);
        return array == null ? List.of() : array.left(named(name), of(array, step));
    }

    /** Everything that may have been made of a component, by unit. */
    Stream<String> of(InstanceArray array, Step step) {
        return Stream.concat(
                launched(array, step) ? machines(array, step) : Stream.empty(),
                shared(array, step) ? Stream.of(OperationId.SHARED) : Stream.empty());
    }

    /** Whether units may have been ordered: not before what they share was made. */
    private boolean launched(InstanceArray array, Step step) {
        return !shared(array, step) || array.shared() != null;
    }

    /** Whether the component's units share anything: by what was heard, or by the plan that makes it. */
    boolean shared(InstanceArray array, Step step) {
        return index(step) == null
                && (array.units().containsKey(OperationId.SHARED)
                        || (step.input() instanceof StepInput.Provision input && participant.shares(input)));
    }

    void order(Step step, int attempt, Asked asked, String unit, Goal goal, Task task) {
        var id = new OperationId(now.resource(), asked.created(), asked.component(), unit).toString();
        actions.add(Action.send(
                task.topic(),
                task.key() == null ? id : task.key(),
                Order.TYPE,
                new Order(
                        id,
                        now.resource(),
                        active.request(),
                        active.sequence(),
                        step.id(),
                        attempt,
                        task.queue(),
                        List.of(named(asked.component()).apply(unit)),
                        goal,
                        Order.specification(task.specification()))));
    }

    UnaryOperator<String> named(String component) {
        return unit -> unit.equals(OperationId.SHARED) ? participant.sharedName(component) : component + "-" + unit;
    }

    static Stream<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString);
    }
}
