package io.groundwork.baremetal.domain;

import io.groundwork.events.BaremetalProvisionerEvent;
import io.groundwork.events.ComponentEvent.ComponentDeprovisioned;
import io.groundwork.events.ComponentEvent.ComponentFailed;
import io.groundwork.events.Envelope;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Owner;
import io.groundwork.events.Step;
import io.groundwork.events.StepEvent.DecisionParked;
import io.groundwork.events.StepEvent.StepAbandoned;
import io.groundwork.events.StepEvent.StepSkipped;
import io.groundwork.events.StepStatus;
import io.groundwork.runtime.Action;
import io.groundwork.runtime.Cause;
import io.groundwork.runtime.Participant;
import io.groundwork.runtime.Situation;
import io.groundwork.saga.Active;
import io.groundwork.saga.Due;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes part in the shared fold. No kind of component is made of servers yet, so that no plan has a step for it; should one
 * come, it is refused in words, and the request goes backward instead of waiting for ever.
 */
public final class BaremetalParticipant implements Participant<Servers, BaremetalProvisionerEvent> {

    @Override
    public Owner owner() {
        return Owner.BAREMETAL;
    }

    @Override
    public Set<Owner> listensTo() {
        return Set.of(Owner.REQUEST, Owner.APPROVAL, Owner.ALLOCATION, Owner.CLOUD, Owner.IAM);
    }

    @Override
    public Class<Servers> stateType() {
        return Servers.class;
    }

    @Override
    public Servers initial() {
        return Servers.NONE;
    }

    @Override
    public List<Action<BaremetalProvisionerEvent>> decide(Situation<Servers> now, Cause cause) {
        return now.active().stream()
                .flatMap(active -> now.due(Owner.BAREMETAL).stream().map(due -> act(active, due)))
                .toList();
    }

    private Action<BaremetalProvisionerEvent> act(Active active, Due due) {
        var step = due.step();
        return switch (due.action()) {
            case START ->
                say(
                        active,
                        due,
                        StepStatus.FAILED,
                        refused(
                                step,
                                Failure.permanent(
                                        FailureCategory.VALIDATION, "Bare-metal servers are not supported yet.")));
            case SKIP -> say(active, due, StepStatus.SKIPPED, new StepSkipped());
            case UNDO -> say(active, due, StepStatus.UNDONE, new ComponentDeprovisioned(component(step), 0));
            case STOP ->
                say(
                        active,
                        due,
                        StepStatus.ABANDONED,
                        new StepAbandoned(Owner.BAREMETAL.service(), "The request goes backward.", List.of()));
        };
    }

    private static Action<BaremetalProvisionerEvent> say(
            Active active, Due due, StepStatus status, BaremetalProvisionerEvent event) {
        return Action.step(active, due.step().id(), due.attempt(), status, event);
    }

    @Override
    public Servers evolve(Servers state, Envelope<BaremetalProvisionerEvent> event) {
        return state;
    }

    @Override
    public BaremetalProvisionerEvent refused(Step step, Failure failure) {
        return new ComponentFailed(component(step), failure);
    }

    @Override
    public Optional<BaremetalProvisionerEvent> parked(Failure failure, String deadLetter) {
        return Optional.of(new DecisionParked(failure, deadLetter));
    }

    private static String component(Step step) {
        var id = step.id().value();
        return id.substring(id.indexOf(':') + 1);
    }
}
