package io.groundwork.runtime.component;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.Component;
import io.groundwork.events.Component.CloudVm;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.ComponentEvent;
import io.groundwork.events.ComponentEvent.ComponentDeprovisioned;
import io.groundwork.events.ComponentEvent.ComponentFailed;
import io.groundwork.events.ComponentEvent.ComponentProgressed;
import io.groundwork.events.ComponentEvent.ComponentProvisioned;
import io.groundwork.events.ComponentEvent.ComponentStarted;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Envelope;
import io.groundwork.events.Event;
import io.groundwork.events.Fact;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Owner;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent.InterventionDecided;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestEvent.RequestStarted;
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
import io.groundwork.events.StepStatus;
import io.groundwork.runtime.Action;
import io.groundwork.runtime.Cause;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.OperationOutcome;
import io.groundwork.runtime.Order;
import io.groundwork.runtime.Participant;
import io.groundwork.runtime.Situation;
import io.groundwork.saga.Active;
import io.groundwork.saga.Due;
import io.groundwork.saga.StepState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    private static final Duration BETWEEN_PROGRESS = Duration.ofSeconds(1);
    private static final String PROGRESS = "progress:";
    private static final String OUTPUTS = "outputs:";
    private static final String WANTED = "wanted";

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
        var text = userData(component);
        return References.filled(text, References.values(text, other -> outputs(asked.known(), other)));
    }

    private static @Nullable String userData(Component component) {
        return switch (component) {
            case CloudVm vm -> vm.userData();
            case MetalServer metal -> metal.userData();
        };
    }

    /** Of another component: remembered if it is another owner's, known if it is one's own. */
    private static Optional<ComponentOutputs> outputs(Components known, String component) {
        return known.note(OUTPUTS + component, ComponentOutputs.class)
                .or(() -> Optional.ofNullable(known.get(component)).map(InstanceArray::outputs));
    }

    @Override
    public final Components learn(Components state, Envelope<?> envelope) {
        var sequence = envelope.fact().sequence();
        var learned = switch (envelope.event()) {
            case RequestStarted started ->
                forgetting(state, wanted(started.plan())).noting(WANTED, new Wanted(sequence, wanted(started.plan())));
            case RequestClosed closed -> over(state, sequence);
            case ComponentProvisioned provisioned -> provisioned(state, sequence, provisioned);
            default -> state;
        };
        return remember(learned, envelope);
    }

    private static Components forgetting(Components state, Set<String> but) {
        return state.forgetting(key -> key.startsWith(OUTPUTS) && !but.contains(key.substring(OUTPUTS.length())));
    }

    /** Unless the next request was read of already. */
    private static Components over(Components state, long sequence) {
        var wanted = state.note(WANTED, Wanted.class);
        return wanted.isPresent() && wanted.get().sequence() > sequence
                ? state
                : forgetting(state, Set.of()).forgetting(WANTED::equals);
    }

    /** Outputs may be read before the plan that says whether they are wanted. */
    private static Components provisioned(Components state, long sequence, ComponentProvisioned provisioned) {
        var wanted = state.note(WANTED, Wanted.class);
        return wanted.isPresent()
                        && wanted.get().sequence() >= sequence
                        && !wanted.get().components().contains(provisioned.component())
                ? state
                : state.noting(OUTPUTS + provisioned.component(), provisioned.outputs());
    }

    private Set<String> wanted(Plan plan) {
        var names = new TreeSet<String>();
        for (var step : plan.steps()) {
            if (step.owner() == owner && step.input() instanceof StepInput.Provision provision) {
                names.addAll(References.components(userData(provision.component())));
            }
        }
        return names;
    }

    /** Whose outputs the plan's components refer to. */
    record Wanted(long sequence, Set<String> components) {}

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
        var decision = new Decision(now, active);
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
        return decision.actions;
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
                    yield state.with(
                            name,
                            array != null && array.created() == fact.sequence()
                                    ? array.toward(Goal.DONE, fact, step)
                                    : InstanceArray.started(started.count(), started.placement(), fact, step));
                }
                yield array == null ? state : state.with(name, array.toward(Goal.UNDONE, fact, step));
            }
            case ComponentProgressed progressed -> array == null ? state : state.with(name, array.reported(progressed));
            case ComponentProvisioned provisioned -> array == null ? state : state.with(name, array.reported(null));
            case ComponentFailed failed -> state;
            case ComponentDeprovisioned deprovisioned -> state.without(name);
        };
    }

    private static Components step(Components state, Fact fact, StepEvent event) {
        return switch (event) {
            case StepUndoing undoing -> {
                var step = fact.step();
                var array = step == null ? null : state.get(component(step));
                yield step == null || array == null
                        ? state
                        : state.with(component(step), array.toward(Goal.UNDONE, fact, step));
            }
            // what a person gave up on stays known: a later decommission takes down what is left
            case StepSkipped skipped -> state;
            case StepStuck stuck -> state;
            case StepWaived waived -> state;
            case StepAbandoned abandoned -> state;
            case DecisionParked parked -> state;
        };
    }

    @Override
    public final E refused(Step step, Failure failure) {
        return events.cast(new ComponentFailed(component(step.id()), failure));
    }

    @Override
    public final Optional<E> parked(Failure failure, String deadLetter) {
        return Optional.of(events.cast(new DecisionParked(failure, deadLetter)));
    }

    private static String component(StepId step) {
        return step.value().substring(step.value().indexOf(':') + 1);
    }

    /** What follows from one cause. */
    private final class Decision {

        private final Situation<Components> now;
        private final Active active;
        private final List<Action<E>> actions = new ArrayList<>();

        Decision(Situation<Components> now, Active active) {
            this.now = now;
            this.active = active;
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
                                new StepAbandoned(owner.service(), "The request goes backward.", left(step)));
                    }
                }
            }
        }

        private void start(Step step, int attempt) {
            switch (step.input()) {
                case StepInput.Provision provision -> provision(step, attempt, provision);
                case StepInput.Deprovision deprovision -> deprovision(step, attempt, deprovision.component());
                case StepInput.Approve other -> notOurs(step, attempt);
                case StepInput.Allocate other -> notOurs(step, attempt);
                case StepInput.Grant other -> notOurs(step, attempt);
                case StepInput.Revoke other -> notOurs(step, attempt);
                case StepInput.Release other -> notOurs(step, attempt);
            }
        }

        private void notOurs(Step step, int attempt) {
            fail(step, attempt, FailureCategory.BUG, owner.service() + " cannot do a step of this kind.");
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
            var before = known != null && known.created() == active.sequence() ? known : null;
            var chosen = before == null ? now.choices() : before.placement();
            switch (begin(new Asked(now.resource(), name, active.sequence(), chosen, now.state()), input)) {
                case Beginning.Refused refused ->
                    publish(step, attempt, StepStatus.FAILED, new ComponentFailed(name, refused.failure()));
                case Beginning.Begun begun -> {
                    var references =
                            References.values(userData(input.component()), other -> outputs(now.state(), other));
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
                                events.cast(new ComponentProgressed(
                                        name, 0, begun.count(), References.told(references), List.of()))));
                    }
                    var asked = new Asked(now.resource(), name, active.sequence(), begun.placement(), now.state());
                    if (shares(input) && (before == null || before.shared() == null)) {
                        order(step, attempt, asked, OperationId.SHARED, Goal.DONE, sharing(asked, input));
                    } else {
                        make(
                                step,
                                attempt,
                                asked,
                                input,
                                before == null ? null : before.shared(),
                                units(begun.count()).filter(unit -> before == null || !before.at(unit, Goal.DONE)));
                    }
                }
            }
        }

        private void make(
                Step step,
                int attempt,
                Asked asked,
                StepInput.Provision input,
                @Nullable JsonNode shared,
                Stream<String> units) {
            units.forEach(unit ->
                    order(step, attempt, asked, unit, Goal.DONE, making(asked, input, Integer.parseInt(unit), shared)));
        }

        private void undo(Step step, int attempt) {
            publish(step, attempt, StepStatus.UNDOING, new StepUndoing());
            takeDown(step, attempt);
        }

        private void deprovision(Step step, int attempt, String component) {
            var array = now.state().get(component);
            publish(
                    step,
                    attempt,
                    StepStatus.RUNNING,
                    new ComponentStarted(
                            component, array == null ? 0 : array.count(), array == null ? null : array.placement()));
            takeDown(step, attempt);
        }

        /** Orders to undo what is not undone: the units first, what they share only when all of them are gone. */
        private void takeDown(Step step, int attempt) {
            var array = now.state().get(component(step.id()));
            if (array == null) {
                return;
            }
            var units = array.machines()
                    .filter(unit -> launched(array, step) && !array.at(unit, Goal.UNDONE))
                    .toList();
            var asked = asked(step, array);
            for (var unit : units) {
                order(step, attempt, asked, unit, Goal.UNDONE, unmaking(asked, Integer.parseInt(unit)));
            }
            if (units.isEmpty()) {
                takeShared(step, attempt, array);
            }
        }

        private void takeShared(Step step, int attempt, InstanceArray array) {
            if (shared(array, step) && !array.at(OperationId.SHARED, Goal.UNDONE)) {
                var asked = asked(step, array);
                order(step, attempt, asked, OperationId.SHARED, Goal.UNDONE, unsharing(asked));
            }
        }

        private Asked asked(Step step, InstanceArray array) {
            return new Asked(now.resource(), component(step.id()), array.created(), array.placement(), now.state());
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
                        publish(
                                step,
                                attempt,
                                StepStatus.FAILED,
                                new ComponentFailed(component(step.id()), failure.get()));
                    case PAUSE -> publish(step, attempt, StepStatus.STUCK, new StepStuck(failure.get()));
                }
                return true;
            }
            if (array.allMachinesAt(Goal.DONE)) {
                publish(
                        step,
                        attempt,
                        StepStatus.DONE,
                        new ComponentProvisioned(component(step.id()), array.outputs()));
                return true;
            }
            if (answeredShared(answered, step)
                    && array.shared() != null
                    && step.input() instanceof StepInput.Provision input) {
                // those heard of already are on their way: what they share may be told of twice
                make(
                        step,
                        attempt,
                        asked(step, array),
                        input,
                        array.shared(),
                        array.machines().filter(unit -> array.unit(unit).equals(InstanceArray.Unit.UNHEARD)));
            }
            return false;
        }

        private boolean unmade(Step step, InstanceArray array, @Nullable OperationId answered) {
            var units = units(array, step).toList();
            if (units.stream().allMatch(unit -> array.at(unit, Goal.UNDONE))) {
                gone(step, array.count());
                return true;
            }
            var machines = units.stream().filter(unit -> !unit.equals(OperationId.SHARED));
            if (machines.allMatch(unit -> array.at(unit, Goal.UNDONE))) {
                if (array.unit(OperationId.SHARED).failure() == null) {
                    if (answered != null
                            && answered.component().equals(component(step.id()))
                            && !answeredShared(answered, step)) {
                        takeShared(step, array.attempt(), array);
                    }
                    return false;
                }
            }
            var failed = array.failed(units.stream());
            var open = units.stream()
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
                            "Could not remove " + String.join(", ", array.left(named(name), failed.stream())) + ": "
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
                    new ComponentDeprovisioned(component(step.id()), count));
        }

        private void announceProgress(String component, InstanceArray array) {
            if (!now.timers().containsKey(PROGRESS + component)
                    && !array.progress(component).equals(array.reported())) {
                actions.add(
                        new Action.SetTimer<>(PROGRESS + component, now.now().plus(BETWEEN_PROGRESS)));
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
                actions.add(Action.note(active, array.step(), array.attempt(), events.cast(progress)));
            }
        }

        void intervene(Fact fact, InterventionDecided decided) {
            var step = fact.step() == null
                    ? null
                    : active.plan()
                            .step(fact.step())
                            .filter(mine -> mine.owner() == owner)
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
                                new StepAbandoned(decided.actor(), decided.reason(), left(step)));
                    }
                }
                // request-service turns the request backward, and what is due then is due here too
                case ABORT -> {}
            }
        }

        private List<String> left(Step step) {
            var name = component(step.id());
            var array = now.state().get(name);
            return array == null ? List.of() : array.left(named(name), units(array, step));
        }

        /** Everything that may have been made of a component, by unit. */
        private Stream<String> units(InstanceArray array, Step step) {
            return Stream.concat(
                    launched(array, step) ? array.machines() : Stream.empty(),
                    shared(array, step) ? Stream.of(OperationId.SHARED) : Stream.empty());
        }

        /** Whether units may have been ordered: not before what they share was made. */
        private boolean launched(InstanceArray array, Step step) {
            return !shared(array, step) || array.shared() != null;
        }

        /** Whether the component's units share anything: by what was heard, or by the plan that makes it. */
        private boolean shared(InstanceArray array, Step step) {
            return array.units().containsKey(OperationId.SHARED)
                    || (step.input() instanceof StepInput.Provision input && shares(input));
        }

        private boolean answeredShared(@Nullable OperationId answered, Step step) {
            return answered != null
                    && answered.component().equals(component(step.id()))
                    && answered.unit().equals(OperationId.SHARED);
        }

        private boolean undoDue(Step step) {
            return now.due(owner).stream().anyMatch(due -> due.step().equals(step) && due.action() == Due.Action.UNDO);
        }

        private StepState state(Step step) {
            return active.state(step.id());
        }

        private void publish(Step step, int attempt, StepStatus status, Event event) {
            actions.add(Action.step(active, step.id(), attempt, status, events.cast(event)));
        }

        private void order(Step step, int attempt, Asked asked, String unit, Goal goal, Task task) {
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

        private UnaryOperator<String> named(String component) {
            return unit -> unit.equals(OperationId.SHARED) ? sharedName(component) : component + "-" + unit;
        }

        private static Stream<String> units(int count) {
            return IntStream.range(0, count).mapToObj(Integer::toString);
        }
    }
}
