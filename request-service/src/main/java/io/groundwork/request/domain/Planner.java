package io.groundwork.request.domain;

import io.groundwork.events.Component;
import io.groundwork.events.Design;
import io.groundwork.events.Owner;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.Catalogued;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.Step.OnFailure;
import io.groundwork.events.Step.Undo;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepInput.Installation;
import io.groundwork.events.StepInput.MachineType;
import io.groundwork.events.StepKind;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compiles what is asked into steps. Pure: the same ask, catalogue and standing design give the same plan and digest.
 *
 * <pre>
 *   deploy:       approve ─► allocate ─► provision:a ─► provision:b (dependsOn a) ─► grant
 *   decommission: approve ─► revoke ─► deprovision:b ─► deprovision:a ─► release
 *   replace:      approve ─► allocate ─► deprovision:a ─► provision:a
 *                                                     └─► release
 * </pre>
 *
 * Steps with nothing to do are left out.
 */
public final class Planner {

    private final StepTimeouts timeouts;

    public Planner(StepTimeouts timeouts) {
        this.timeouts = timeouts;
    }

    /**
     * The plan of a deployment.
     *
     * @param catalogued by component
     */
    public Plan deploy(ResourceId resource, Ask ask, Map<String, Catalogued> catalogued) {
        var design = ask.design();
        var steps = new ArrayList<Step>();
        steps.add(approve(ask, design, Price.of(design, catalogued)));
        var components = inOrder(design.components());
        if (!components.isEmpty()) {
            steps.add(new Step(
                    StepId.of(StepKind.ALLOCATE),
                    StepKind.ALLOCATE,
                    Owner.ALLOCATION,
                    List.of(APPROVE),
                    Undo.OWNER,
                    OnFailure.COMPENSATE,
                    timeouts.allocate().plus(waits(ask)),
                    new StepInput.Allocate(Claims.of(resource, components, catalogued), ask.capacityTimeout())));
        }
        for (var component : components) {
            var needs = new ArrayList<>(List.of(StepId.of(StepKind.ALLOCATE)));
            component.dependsOn().forEach(other -> needs.add(StepId.of(StepKind.PROVISION, other)));
            steps.add(new Step(
                    StepId.of(StepKind.PROVISION, component.name()),
                    StepKind.PROVISION,
                    provisioner(component),
                    needs,
                    Undo.OWNER,
                    OnFailure.COMPENSATE,
                    provisioning(component),
                    new StepInput.Provision(component, machine(catalogued(component, catalogued)))));
        }
        if (!design.access().isEmpty()) {
            steps.add(new Step(
                    StepId.of(StepKind.GRANT),
                    StepKind.GRANT,
                    Owner.IAM,
                    components.isEmpty()
                            ? List.of(APPROVE)
                            : components.stream()
                                    .map(component -> StepId.of(StepKind.PROVISION, component.name()))
                                    .toList(),
                    Undo.OWNER,
                    OnFailure.COMPENSATE,
                    timeouts.grant(),
                    new StepInput.Grant(design.access())));
        }
        return new Plan(steps);
    }

    /** The plan that takes down {@code standing}. It goes forward only: what is removed cannot be put back. */
    public Plan decommission(Ask ask, Design standing, Price price) {
        var steps = new ArrayList<Step>();
        steps.add(approve(ask, standing, price));
        var before = APPROVE;
        if (!standing.access().isEmpty()) {
            before = StepId.of(StepKind.REVOKE);
            steps.add(removal(
                    before, StepKind.REVOKE, Owner.IAM, List.of(APPROVE), timeouts.revoke(), new StepInput.Revoke()));
        }
        var components = inOrder(standing.components()).reversed();
        for (var component : components) {
            var needs = new ArrayList<>(List.of(before));
            components.stream()
                    .filter(other -> other.dependsOn().contains(component.name()))
                    .forEach(other -> needs.add(StepId.of(StepKind.DEPROVISION, other.name())));
            steps.add(removal(
                    StepId.of(StepKind.DEPROVISION, component.name()),
                    StepKind.DEPROVISION,
                    provisioner(component),
                    needs,
                    deprovisioning(component),
                    new StepInput.Deprovision(component.name())));
        }
        if (!components.isEmpty()) {
            steps.add(removal(
                    StepId.of(StepKind.RELEASE),
                    StepKind.RELEASE,
                    Owner.ALLOCATION,
                    components.stream()
                            .map(component -> StepId.of(StepKind.DEPROVISION, component.name()))
                            .toList(),
                    timeouts.release(),
                    new StepInput.Release()));
        }
        return new Plan(steps);
    }

    /**
     * The plan that puts one instance of what stands on another server. The new server is claimed before the old one is touched; from
     * there on a person decides about what fails, as what was on the old one cannot be put back. The old one is given back as soon as
     * it is taken down, whatever becomes of the new one.
     *
     * @throws IllegalArgumentException if {@link Standing#objections} has any to it
     */
    public Plan replace(Ask ask, Standing standing) {
        var replace = Objects.requireNonNull(ask.replace());
        var objections = standing.objections(replace);
        if (!objections.isEmpty()) {
            throw new IllegalArgumentException(objections.toString());
        }
        var server = standing.server(replace.component()).orElseThrow();
        var made = Objects.requireNonNull(standing.made().get(replace.component()));
        var down = StepId.of(StepKind.DEPROVISION, server.name());
        var allocate = StepId.of(StepKind.ALLOCATE);
        return new Plan(List.of(
                approve(ask, standing.design(), standing.price()),
                new Step(
                        allocate,
                        StepKind.ALLOCATE,
                        Owner.ALLOCATION,
                        List.of(APPROVE),
                        Undo.OWNER,
                        OnFailure.COMPENSATE,
                        timeouts.allocate().plus(waits(ask)),
                        new StepInput.Allocate(List.of(made.another(replace)), ask.capacityTimeout())),
                removal(
                        down,
                        StepKind.DEPROVISION,
                        provisioner(server),
                        List.of(allocate),
                        deprovisioning(server),
                        new StepInput.Deprovision(server.name(), replace.index())),
                new Step(
                        StepId.of(StepKind.PROVISION, server.name()),
                        StepKind.PROVISION,
                        provisioner(server),
                        List.of(down),
                        Undo.OWNER,
                        OnFailure.PAUSE,
                        provisioning(server),
                        new StepInput.Provision(standing.filled(server), made.machine(), replace.index())),
                removal(
                        StepId.of(StepKind.RELEASE),
                        StepKind.RELEASE,
                        Owner.ALLOCATION,
                        List.of(allocate, down),
                        timeouts.release(),
                        new StepInput.Release(new StepInput.Replaced(server.name(), replace.index())))));
    }

    /**
     * The components, each behind those it depends on, else in the order of the design.
     *
     * @throws IllegalArgumentException if they depend on each other in a circle or on none of these
     */
    static List<Component> inOrder(List<Component> components) {
        var ordered = new ArrayList<Component>();
        Set<Component> left = new LinkedHashSet<>(components);
        Set<String> placed = new LinkedHashSet<>();
        while (!left.isEmpty()) {
            var next = left.stream()
                    .filter(component -> placed.containsAll(component.dependsOn()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("these depend on each other or on nothing known: "
                            + left.stream().map(Component::name).collect(Collectors.joining(", "))));
            ordered.add(next);
            left.remove(next);
            placed.add(next.name());
        }
        return ordered;
    }

    /**
     * What a design costs a month.
     *
     * @param amount a decimal number as text
     */
    public record Price(String amount, String currency) {

        /** Of nothing. */
        public static final Price NONE = new Price("0", "EUR");

        /** The sum over all machines; in the currency of the first, as a catalogue has one. */
        public static Price of(Design design, Map<String, Catalogued> catalogued) {
            var sum = BigDecimal.ZERO;
            var currency = NONE.currency;
            for (var component : design.components()) {
                var one = of(catalogued(component, catalogued));
                sum = sum.add(new BigDecimal(one.amount).multiply(BigDecimal.valueOf(component.count())));
                currency = one.currency;
            }
            return new Price(sum.toPlainString(), currency);
        }

        private static Price of(Catalogued catalogued) {
            return switch (catalogued) {
                case Catalogued.Vm vm ->
                    new Price(
                            vm.flavor().pricePerMonth().toPlainString(),
                            vm.flavor().currency());
                case Catalogued.Server server ->
                    new Price(
                            server.serverType().pricePerMonth().toPlainString(),
                            server.serverType().currency());
            };
        }
    }

    private static final StepId APPROVE = StepId.of(StepKind.APPROVE);

    private Step approve(Ask ask, Design design, Price price) {
        return new Step(
                APPROVE,
                StepKind.APPROVE,
                Owner.APPROVAL,
                List.of(),
                Undo.NONE,
                OnFailure.COMPENSATE,
                ask.approvalTimeout().plus(timeouts.approvalGrace()),
                new StepInput.Approve(
                        ask.requester(),
                        ask.operation(),
                        ask.approvers(),
                        ask.quorum(),
                        ask.approvalTimeout(),
                        ask.operation() == RequestKind.DEPLOY
                                && design.components().stream().anyMatch(Component.CloudVm.class::isInstance),
                        design,
                        price.amount(),
                        price.currency(),
                        ask.replace()));
    }

    private static Step removal(
            StepId id, StepKind kind, Owner owner, List<StepId> needs, Duration timeout, StepInput input) {
        return new Step(id, kind, owner, needs, Undo.NONE, OnFailure.PAUSE, timeout, input);
    }

    private static Duration waits(Ask ask) {
        return ask.capacityTimeout() == null ? Duration.ZERO : ask.capacityTimeout();
    }

    private static Owner provisioner(Component component) {
        return switch (component) {
            case Component.CloudVm vm -> Owner.CLOUD;
            case Component.MetalServer server -> Owner.BAREMETAL;
        };
    }

    private Duration provisioning(Component component) {
        return switch (component) {
            case Component.CloudVm vm -> timeouts.provision();
            case Component.MetalServer server -> timeouts.install();
        };
    }

    private Duration deprovisioning(Component component) {
        return switch (component) {
            case Component.CloudVm vm -> timeouts.deprovision();
            case Component.MetalServer server -> timeouts.uninstall();
        };
    }

    private static StepInput.Machine machine(Catalogued catalogued) {
        return switch (catalogued) {
            case Catalogued.Vm vm ->
                new MachineType(vm.flavor().instanceType(), vm.image().providerName());
            case Catalogued.Server server -> new Installation(server.osTemplate());
        };
    }

    static Catalogued catalogued(Component component, Map<String, Catalogued> catalogued) {
        return Objects.requireNonNull(
                catalogued.get(component.name()), () -> "no catalogue entry for component " + component.name());
    }
}
