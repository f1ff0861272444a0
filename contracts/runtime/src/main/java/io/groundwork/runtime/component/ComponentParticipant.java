package io.groundwork.runtime.component;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.Component;
import io.groundwork.events.ComponentEvent;
import io.groundwork.events.ComponentEvent.ComponentDeprovisioned;
import io.groundwork.events.ComponentEvent.ComponentFailed;
import io.groundwork.events.ComponentEvent.ComponentProgressed;
import io.groundwork.events.ComponentEvent.ComponentProvisioned;
import io.groundwork.events.ComponentEvent.ComponentStarted;
import io.groundwork.events.Envelope;
import io.groundwork.events.Event;
import io.groundwork.events.Fact;
import io.groundwork.events.Failure;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent.InterventionDecided;
import io.groundwork.events.Step;
import io.groundwork.events.StepEvent;
import io.groundwork.events.StepEvent.DecisionParked;
import io.groundwork.events.StepEvent.StepAbandoned;
import io.groundwork.events.StepEvent.StepSkipped;
import io.groundwork.events.StepEvent.StepStuck;
import io.groundwork.events.StepEvent.StepUndoing;
import io.groundwork.events.StepEvent.StepWaived;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.runtime.Action;
import io.groundwork.runtime.Cause;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.OperationOutcome;
import io.groundwork.runtime.Participant;
import io.groundwork.runtime.Situation;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Owns the steps {@code provision:<c>} and {@code deprovision:<c>} of the components that are its own. A step fans out to one
 * operation for each unit, behind one for what they share, and is counted back from their outcomes.
 *
 * <pre>
 *   provision    RUNNING: shared ─► units ─► DONE              one fails: FAILED
 *                UNDOING: units ─► shared ─► UNDONE            one cannot be undone: UNDO_STUCK
 *   deprovision  RUNNING: units ─► shared ─► DONE              one cannot be undone: STUCK
 * </pre>
 *
 * <p>Forward fails ⇒ the component is undone as a whole; further failures change nothing. Undo fails ⇒ once no operation is on
 * its way any more, a person decides, told which units are left.
 *
 * @param <E> the owner's events: those of components and of steps
 */
public abstract class ComponentParticipant<E extends Event> implements Participant<Components, E> {

    /** How timers begin that are for telling of progress. */
    static final String PROGRESS = "progress:";

    private final Owner owner;
    private final Class<E> events;

    /** @param events the sealed interface of what {@code owner} publishes */
    protected ComponentParticipant(Owner owner, Class<E> events) {
        this.owner = owner;
        this.events = events;
    }

    /** What making a component starts with. */
    public sealed interface Beginning {

        /**
         * It can be made.
         *
         * @param count how many units
         * @param placement where and as whom; absent where there is nothing to choose
         */
        record Begun(int count, @Nullable Choices placement) implements Beginning {}

        /** It cannot. */
        record Refused(Failure failure) implements Beginning {}
    }

    /**
     * Whether and how the component can be made.
     *
     * @param asked its placement is what was chosen now
     */
    protected abstract Beginning begin(Asked asked, StepInput.Provision input);

    /** Whether the units of the component share anything that is made before them. */
    protected abstract boolean shares(StepInput.Provision input);

    /** What the units share, and who makes it. Asked only if they {@linkplain #shares share} something. */
    protected abstract Task sharing(Asked asked, StepInput.Provision input);

    /** What takes away what the units share. */
    protected abstract Task unsharing(Asked asked);

    /**
     * What makes one unit.
     *
     * @param shared what the units share; absent if nothing
     */
    protected abstract Task making(Asked asked, StepInput.Provision input, int index, @Nullable JsonNode shared);

    /** What takes one unit away. */
    protected abstract Task unmaking(Asked asked, int index);

    /** What the units of a component share, as people name it. */
    protected abstract String sharedName(String component);

    /** What an event of another owner changes of what is remembered, beside the outputs that components refer to. */
    protected Components remember(Components state, Envelope<?> envelope) {
        return state;
    }

    /** A component's user data, with what it takes from the outputs of others filled in. */
    protected static @Nullable String userData(Asked asked, Component component) {
        return OtherOutputs.filled(component, asked.known());
    }

    @Override
    public final Components learn(Components state, Envelope<?> envelope) {
        return remember(OtherOutputs.learn(owner, state, envelope), envelope);
    }

    @Override
    public Owner owner() {
        return owner;
    }

    @Override
    public Set<Owner> listensTo() {
        var others =
                EnumSet.of(Owner.REQUEST, Owner.APPROVAL, Owner.ALLOCATION, Owner.CLOUD, Owner.BAREMETAL, Owner.IAM);
        others.remove(owner);
        return others;
    }

    @Override
    public final Class<Components> stateType() {
        return Components.class;
    }

    @Override
    public final Components initial() {
        return Components.NONE;
    }

    @Override
    public List<Action<E>> decide(Situation<Components> now, Cause cause) {
        var active = now.saga().active();
        if (active == null) {
            return List.of();
        }
        var decision = new ComponentDecision<>(this, now, active);
        for (var due : now.due(owner)) {
            decision.due(due);
        }
        switch (cause) {
            case Cause.Happened happened
            when happened.envelope().event() instanceof InterventionDecided decided ->
                decision.intervene(happened.envelope().fact(), decided);
            case Cause.Elapsed elapsed
            when elapsed.timer().startsWith(PROGRESS) ->
                decision.progress(elapsed.timer().substring(PROGRESS.length()));
            case Cause.Happened ignored -> {}
            case Cause.Elapsed ignored -> {}
            case Cause.Answered ignored -> {}
            case Cause.Asked ignored -> {}
            case Cause.Reconsidered ignored -> {}
        }
        var answered = cause instanceof Cause.Answered answer ? operation(answer) : null;
        for (var step : active.plan().steps()) {
            if (step.owner() == owner) {
                decision.conclude(step, answered);
            }
        }
        return decision.actions();
    }

    @Override
    public final Components learn(Components state, Cause.Answered answer) {
        var operation = operation(answer);
        var array = operation == null ? null : state.get(operation.component());
        return operation == null || array == null
                ? state
                : state.with(operation.component(), array.learn(operation, answer.as(OperationOutcome.class)));
    }

    private static @Nullable OperationId operation(Cause.Answered answer) {
        return answer.type().equals(OperationOutcome.TYPE)
                ? OperationId.parse(answer.as(OperationOutcome.class).operation())
                        .orElse(null)
                : null;
    }

    @Override
    public final Components evolve(Components state, Envelope<E> envelope) {
        var fact = envelope.fact();
        return switch ((Event) envelope.event()) {
            case ComponentEvent event -> component(state, fact, event);
            case StepEvent event -> step(state, fact, event);
            case Event other -> state;
        };
    }

    private static Components component(Components state, Fact fact, ComponentEvent event) {
        var name = event.component();
        var array = state.get(name);
        var step = fact.step();
        return switch (event) {
            case ComponentStarted started -> {
                if (step == null) {
                    yield state;
                }
                if (step.equals(StepId.of(StepKind.PROVISION, name))) {
                    if (started.index() != null) {
                        yield array == null ? state : state.with(name, array.renewing(started.index(), fact, step));
                    }
                    yield state.with(
                            name,
                            array != null && array.created() == fact.sequence()
                                    ? array.toward(Goal.DONE, fact, step, null)
                                    : InstanceArray.started(started.count(), started.placement(), fact, step));
                }
                yield array == null ? state : state.with(name, array.toward(Goal.UNDONE, fact, step, started.index()));
            }
            case ComponentProgressed progressed -> array == null ? state : state.with(name, array.reported(progressed));
            case ComponentProvisioned provisioned -> array == null ? state : state.with(name, array.reported(null));
            case ComponentFailed failed -> state;
            case ComponentDeprovisioned gone ->
                gone.index() == null
                        ? state.without(name)
                        : array == null ? state : state.with(name, array.reported(null));
        };
    }

    private static Components step(Components state, Fact fact, StepEvent event) {
        return switch (event) {
            case StepUndoing undoing -> {
                var step = fact.step();
                var array = step == null ? null : state.get(component(step));
                yield step == null || array == null
                        ? state
                        : state.with(component(step), array.toward(Goal.UNDONE, fact, step, about(array, fact, step)));
            }
            // what a person gave up on stays known: a later decommission takes down what is left
            case StepSkipped skipped -> state;
            case StepStuck stuck -> state;
            case StepWaived waived -> state;
            case StepAbandoned abandoned -> state;
            case DecisionParked parked -> state;
        };
    }

    /** An undo is about what the step was about. */
    private static @Nullable Integer about(InstanceArray array, Fact fact, StepId step) {
        return array.driving() == fact.sequence() && array.step().equals(step) ? array.only() : null;
    }

    @Override
    public final E refused(Step step, Failure failure) {
        return events.cast(new ComponentFailed(component(step.id()), failure));
    }

    /** As an event of the owner. */
    final E event(Event event) {
        return events.cast(event);
    }

    @Override
    public final Optional<E> parked(Failure failure, String deadLetter) {
        return Optional.of(events.cast(new DecisionParked(failure, deadLetter)));
    }

    static String component(StepId step) {
        return step.value().substring(step.value().indexOf(':') + 1);
    }
}
