package io.groundwork.cloud.domain;

import io.groundwork.cloud.domain.Ec2Spec.Access;
import io.groundwork.cloud.domain.Ec2Spec.Launch;
import io.groundwork.cloud.domain.Ec2Spec.Machine;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.CloudProvisionerEvent;
import io.groundwork.events.Component;
import io.groundwork.events.Component.CloudVm;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.ComponentEvent;
import io.groundwork.events.ComponentEvent.ComponentDeprovisioned;
import io.groundwork.events.ComponentEvent.ComponentFailed;
import io.groundwork.events.ComponentEvent.ComponentProgressed;
import io.groundwork.events.ComponentEvent.ComponentProvisioned;
import io.groundwork.events.ComponentEvent.ComponentStarted;
import io.groundwork.events.Envelope;
import io.groundwork.events.Fact;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
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
import io.groundwork.events.StepInput.Installation;
import io.groundwork.events.StepInput.MachineType;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Owns the steps {@code provision:<c>} and {@code deprovision:<c>} of {@code cloud.vm} components. A step fans out to one
 * operation for each machine, behind one for what they share (security groups, key pair), and is counted back from their
 * outcomes.
 *
 * <pre>
 *   provision    RUNNING: access ─► machines ─► DONE           one fails: FAILED
 *                UNDOING: machines ─► access ─► UNDONE         one cannot be undone: UNDO_STUCK
 *   deprovision  RUNNING: machines ─► access ─► DONE           one cannot be undone: STUCK
 * </pre>
 *
 * <p>Forward fails ⇒ the component is undone as a whole; further failures change nothing. Undo fails ⇒ once no operation is on
 * its way any more, a person decides, told which machines are left.
 */
public final class CloudParticipant implements Participant<Components, CloudProvisionerEvent> {

    private static final Duration BETWEEN_PROGRESS = Duration.ofSeconds(1);
    private static final String PROGRESS = "progress:";

    @Override
    public Owner owner() {
        return Owner.CLOUD;
    }

    @Override
    public Set<Owner> listensTo() {
        return Set.of(Owner.REQUEST, Owner.APPROVAL, Owner.ALLOCATION, Owner.BAREMETAL, Owner.IAM);
    }

    @Override
    public Class<Components> stateType() {
        return Components.class;
    }

    @Override
    public Components initial() {
        return Components.NONE;
    }

    @Override
    public List<Action<CloudProvisionerEvent>> decide(Situation<Components> now, Cause cause) {
        var active = now.saga().active();
        if (active == null) {
            return List.of();
        }
        var decision = new Decision(now, active);
        for (var due : now.due(Owner.CLOUD)) {
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
            if (step.owner() == Owner.CLOUD) {
                decision.conclude(step, answered);
            }
        }
        return decision.actions;
    }

    @Override
    public Components learn(Components state, Cause.Answered answer) {
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
    public Components evolve(Components state, Envelope<CloudProvisionerEvent> envelope) {
        var fact = envelope.fact();
        return switch (envelope.event()) {
            case ComponentEvent event -> component(state, fact, event);
            case StepEvent event -> step(state, fact, event);
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
    public CloudProvisionerEvent refused(Step step, Failure failure) {
        return new ComponentFailed(component(step.id()), failure);
    }

    @Override
    public Optional<CloudProvisionerEvent> parked(Failure failure, String deadLetter) {
        return Optional.of(new DecisionParked(failure, deadLetter));
    }

    private static String component(StepId step) {
        return step.value().substring(step.value().indexOf(':') + 1);
    }

    /** What follows from one cause. */
    private static final class Decision {

        private final Situation<Components> now;
        private final Active active;
        private final List<Action<CloudProvisionerEvent>> actions = new ArrayList<>();

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
                                new StepAbandoned(Owner.CLOUD.service(), "The request goes backward.", left(step)));
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
            fail(step, attempt, FailureCategory.BUG, "cloud-provisioner cannot do a step of this kind.");
        }

        private void fail(Step step, int attempt, FailureCategory category, String message) {
            publish(
                    step,
                    attempt,
                    StepStatus.FAILED,
                    new ComponentFailed(component(step.id()), Failure.permanent(category, message)));
        }

        private void provision(Step step, int attempt, StepInput.Provision input) {
            var known = now.state().get(input.component().name());
            var placement = known != null && known.created() == active.sequence() ? known.placement() : now.choices();
            if (placement == null) {
                fail(step, attempt, FailureCategory.VALIDATION, "No region and profile were chosen.");
                return;
            }
            var component = input.component();
            publish(
                    step,
                    attempt,
                    StepStatus.RUNNING,
                    new ComponentStarted(component.name(), component.count(), placement));
            var vm = vm(component);
            var before = known != null && known.created() == active.sequence() ? known : null;
            if (needsAccess(vm) && (before == null || before.access() == null)) {
                order(
                        step,
                        attempt,
                        active.sequence(),
                        OperationId.ACCESS,
                        Goal.DONE,
                        new Access(placement, vm.name(), vm.securityGroups(), vm.sshKey()));
            } else {
                launch(
                        step,
                        attempt,
                        input,
                        placement,
                        before == null ? null : before.access(),
                        machines(vm.count()).filter(unit -> before == null || !before.at(unit, Goal.DONE)));
            }
        }

        private void launch(
                Step step,
                int attempt,
                StepInput.Provision input,
                Choices placement,
                Ec2Spec.@Nullable AccessOutputs access,
                Stream<String> units) {
            var vm = vm(input.component());
            var type = type(input.machine());
            var launch = new Launch(
                    type.instanceType(),
                    type.image(),
                    vm.bootVolumeGiB(),
                    access == null ? List.of() : access.groupIds(),
                    access == null ? null : access.keyName(),
                    vm.userData());
            units.forEach(unit -> order(
                    step,
                    attempt,
                    active.sequence(),
                    unit,
                    Goal.DONE,
                    new Machine(placement, vm.name(), Integer.parseInt(unit), launch)));
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

        /** Orders to undo what is not undone: the machines first, what they share only when all of them are gone. */
        private void takeDown(Step step, int attempt) {
            var name = component(step.id());
            var array = now.state().get(name);
            var placement = array == null ? null : array.placement();
            if (array == null || placement == null) {
                return;
            }
            var machines = array.machines()
                    .filter(unit -> launched(array, step) && !array.at(unit, Goal.UNDONE))
                    .toList();
            for (var unit : machines) {
                order(
                        step,
                        attempt,
                        array.created(),
                        unit,
                        Goal.UNDONE,
                        new Machine(placement, name, Integer.parseInt(unit), null));
            }
            if (machines.isEmpty()) {
                takeAccess(step, attempt, array, placement);
            }
        }

        private void takeAccess(Step step, int attempt, InstanceArray array, Choices placement) {
            if (shares(array, step) && !array.at(OperationId.ACCESS, Goal.UNDONE)) {
                order(
                        step,
                        attempt,
                        array.created(),
                        OperationId.ACCESS,
                        Goal.UNDONE,
                        new Access(placement, component(step.id()), List.of(), null));
            }
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
            var placement = array.placement();
            if (answeredAccess(answered, step)
                    && array.access() != null
                    && placement != null
                    && step.input() instanceof StepInput.Provision input) {
                // those heard of already are on their way: the access may be told of twice
                launch(
                        step,
                        attempt,
                        input,
                        placement,
                        array.access(),
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
            var machines = units.stream().filter(unit -> !unit.equals(OperationId.ACCESS));
            if (machines.allMatch(unit -> array.at(unit, Goal.UNDONE))) {
                var placement = array.placement();
                var access = array.unit(OperationId.ACCESS);
                if (access.failure() == null) {
                    if (answered != null
                            && answered.component().equals(component(step.id()))
                            && !answeredAccess(answered, step)
                            && placement != null) {
                        takeAccess(step, array.attempt(), array, placement);
                    }
                    return false;
                }
            }
            var failed = array.failed(units.stream());
            var open = units.stream()
                    .filter(unit -> !unit.equals(OperationId.ACCESS) || failed.contains(unit))
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
                            "Could not remove " + String.join(", ", array.left(name, failed.stream())) + ": "
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
                actions.add(Action.note(active, array.step(), array.attempt(), progress));
            }
        }

        void intervene(Fact fact, InterventionDecided decided) {
            var step = fact.step() == null
                    ? null
                    : active.plan()
                            .step(fact.step())
                            .filter(mine -> mine.owner() == Owner.CLOUD)
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
            return array == null ? List.of() : array.left(name, units(array, step));
        }

        /** Everything that may have been made of a component, by unit. */
        private Stream<String> units(InstanceArray array, Step step) {
            return Stream.concat(
                    launched(array, step) ? array.machines() : Stream.empty(),
                    shares(array, step) ? Stream.of(OperationId.ACCESS) : Stream.empty());
        }

        /** Whether machines may have been ordered: not before what they share was made. */
        private boolean launched(InstanceArray array, Step step) {
            return !shares(array, step) || array.access() != null;
        }

        /** Whether the component's machines share anything: by what was heard, or by the plan that makes it. */
        private boolean shares(InstanceArray array, Step step) {
            return array.units().containsKey(OperationId.ACCESS)
                    || (step.input() instanceof StepInput.Provision input && needsAccess(vm(input.component())));
        }

        private boolean answeredAccess(@Nullable OperationId answered, Step step) {
            return answered != null
                    && answered.component().equals(component(step.id()))
                    && answered.unit().equals(OperationId.ACCESS);
        }

        private boolean undoDue(Step step) {
            return now.due(Owner.CLOUD).stream()
                    .anyMatch(due -> due.step().equals(step) && due.action() == Due.Action.UNDO);
        }

        private StepState state(Step step) {
            return active.state(step.id());
        }

        private void publish(Step step, int attempt, StepStatus status, CloudProvisionerEvent event) {
            actions.add(Action.step(active, step.id(), attempt, status, event));
        }

        private void order(Step step, int attempt, long created, String unit, Goal goal, Ec2Spec spec) {
            var id = new OperationId(now.resource(), created, spec.component(), unit).toString();
            actions.add(Action.send(
                    Topics.operations(Owner.CLOUD),
                    id,
                    Order.TYPE,
                    new Order(
                            id,
                            now.resource(),
                            active.request(),
                            active.sequence(),
                            step.id(),
                            attempt,
                            "ec2-" + spec.placement().region(),
                            List.of(InstanceArray.name(spec.component(), unit)),
                            goal,
                            Order.specification(spec))));
        }

        private static Stream<String> machines(int count) {
            return Stream.iterate(0, index -> index + 1).limit(count).map(String::valueOf);
        }

        private static boolean needsAccess(CloudVm vm) {
            return !vm.securityGroups().isEmpty() || vm.sshKey() != null;
        }

        private static MachineType type(StepInput.Machine machine) {
            return switch (machine) {
                case MachineType type -> type;
                case Installation no -> throw new IllegalStateException("no machine of cloud-provisioner: " + no);
            };
        }

        private static CloudVm vm(Component component) {
            return switch (component) {
                case CloudVm vm -> vm;
                case MetalServer no ->
                    throw new IllegalStateException("no component of cloud-provisioner: " + component.name());
            };
        }
    }
}
