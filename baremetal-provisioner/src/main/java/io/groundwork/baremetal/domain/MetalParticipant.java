package io.groundwork.baremetal.domain;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.baremetal.domain.InstanceOrder.Installation;
import io.groundwork.events.AllocationEvent.ResourcesAllocated;
import io.groundwork.events.AllocationEvent.ResourcesReleased;
import io.groundwork.events.BaremetalProvisionerEvent;
import io.groundwork.events.Catalogue.OsTemplate;
import io.groundwork.events.Component;
import io.groundwork.events.Component.CloudVm;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.Component.Shutdown;
import io.groundwork.events.Envelope;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Grant;
import io.groundwork.events.Grant.AllocatedAddress;
import io.groundwork.events.Owner;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Action;
import io.groundwork.runtime.Cause;
import io.groundwork.runtime.OperationOutcome;
import io.groundwork.runtime.Situation;
import io.groundwork.runtime.component.Asked;
import io.groundwork.runtime.component.ComponentParticipant;
import io.groundwork.runtime.component.Components;
import io.groundwork.runtime.component.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Components of type {@code metal.server}: an order to a server for each instance, for the servers that were allocated. It
 * remembers which those are until they are released.
 */
public final class MetalParticipant extends ComponentParticipant<BaremetalProvisionerEvent> {

    private static final String ALLOTTED = "allotted:";
    private static final StepId RELEASE = StepId.of(StepKind.RELEASE);

    public MetalParticipant() {
        super(Owner.BAREMETAL, BaremetalProvisionerEvent.class);
    }

    /**
     * What one request was allocated for a component.
     *
     * @param fence of the grant of its servers
     * @param servers by index
     * @param addresses of all the component's instances: they stay with an instance that gets another server
     */
    record Allotted(String site, long fence, Map<Integer, String> servers, List<AllocatedAddress> addresses) {
        Allotted {
            servers = new TreeMap<>(servers);
            addresses = List.copyOf(addresses);
        }
    }

    /** Hands servers what the engine says of their operations: its outcomes are keyed by resource, theirs by server. */
    @Override
    public List<Action<BaremetalProvisionerEvent>> decide(Situation<Components> now, Cause cause) {
        if (cause instanceof Cause.Answered answer && answer.type().equals(OperationOutcome.TYPE)) {
            var server =
                    ServerMachine.serverOf(answer.as(OperationOutcome.class).operation());
            if (server.isPresent()) {
                return List.of(Action.send(Topics.SERVERS, server.get(), OperationOutcome.TYPE, answer.payload()));
            }
        }
        return super.decide(now, cause);
    }

    @Override
    protected Components remember(Components state, Envelope<?> envelope) {
        var sequence = envelope.fact().sequence();
        return switch (envelope.event()) {
            case ResourcesAllocated allocated -> allotted(state, sequence, allocated.grants());
            case ResourcesReleased released ->
                state.forgetting(key -> over(state, key, envelope.fact().step(), sequence));
            default -> state;
        };
    }

    private static Components allotted(Components state, long sequence, List<Grant> grants) {
        var addresses = grants.stream()
                .flatMap(grant -> grant.addresses().stream())
                .collect(Collectors.groupingBy(AllocatedAddress::component));
        var next = state;
        for (var grant : grants) {
            var servers = new TreeMap<String, Map<Integer, String>>();
            grant.servers()
                    .forEach(one -> servers.computeIfAbsent(one.component(), any -> new TreeMap<>())
                            .put(one.index(), one.server()));
            for (var component : servers.entrySet()) {
                next = next.noting(
                        key(component.getKey(), sequence),
                        new Allotted(
                                grant.pool().split("/", -1)[1],
                                grant.fence(),
                                component.getValue(),
                                addresses.getOrDefault(component.getKey(), standing(state, component.getKey()))));
            }
        }
        return next;
    }

    /** The addresses of a component that stands. */
    private static List<AllocatedAddress> standing(Components state, String component) {
        var array = state.get(component);
        return array == null
                ? List.of()
                : state.note(key(component, array.created()), Allotted.class)
                        .map(Allotted::addresses)
                        .orElse(List.of());
    }

    private static String key(String component, long sequence) {
        return ALLOTTED + component + "#" + sequence;
    }

    /**
     * Whether what was allotted up to {@code sequence} is released, and nothing stands on it any more. What a request was allotted itself is
     * not what its step {@code release} gives back: an instance may be put there yet.
     */
    private static boolean over(Components state, String key, @Nullable StepId step, long sequence) {
        if (!key.startsWith(ALLOTTED)) {
            return false;
        }
        var hash = key.lastIndexOf('#');
        var made = Long.parseLong(key.substring(hash + 1));
        var array = state.get(key.substring(ALLOTTED.length(), hash));
        var newest = RELEASE.equals(step) ? sequence - 1 : sequence;
        return made <= newest && (array == null || !array.standsBy(made));
    }

    @Override
    protected Beginning begin(Asked asked, StepInput.Provision input) {
        var allotted = allotted(asked);
        if (allotted.isEmpty()
                || (input.index() != null && !allotted.get().servers().containsKey(input.index()))) {
            return new Beginning.Refused(
                    Failure.permanent(FailureCategory.BUG, "No servers were allocated for " + asked.component() + "."));
        }
        return new Beginning.Begun(allotted.get().servers().size(), null);
    }

    @Override
    protected boolean shares(StepInput.Provision input) {
        return false;
    }

    @Override
    protected Task sharing(Asked asked, StepInput.Provision input) {
        throw new IllegalStateException("servers share nothing");
    }

    @Override
    protected Task unsharing(Asked asked) {
        throw new IllegalStateException("servers share nothing");
    }

    @Override
    protected Task making(Asked asked, StepInput.Provision input, int index, @Nullable JsonNode shared) {
        var metal = metal(input.component());
        var addresses = new ArrayList<AllocatedAddress>();
        allotted(asked)
                .ifPresent(allotted -> allotted.addresses().stream()
                        .filter(address -> address.index() == index)
                        .forEach(addresses::add));
        return task(
                asked,
                index,
                new Installation(
                        template(input.machine()),
                        metal.networks(),
                        addresses,
                        metal.sshKey(),
                        userData(asked, metal),
                        metal.allowDataLoss()),
                metal.shutdown());
    }

    @Override
    protected Task unmaking(Asked asked, int index) {
        return task(asked, index, null, null);
    }

    private static Task task(Asked asked, int index, @Nullable Installation installation, @Nullable Shutdown shutdown) {
        var allotted = allotted(asked)
                .orElseThrow(
                        () -> new IllegalStateException("it is forgotten which servers " + asked.component() + " has"));
        var server = allotted.servers().get(index);
        if (server == null) {
            throw new IllegalStateException(asked.component() + " has no server " + index);
        }
        return new Task(
                Topics.SERVERS,
                server,
                "site-" + allotted.site(),
                new InstanceOrder(
                        server,
                        allotted.fence(),
                        allotted.site(),
                        asked.resource(),
                        asked.component(),
                        index,
                        installation,
                        shutdown));
    }

    @Override
    protected String sharedName(String component) {
        return component;
    }

    private static Optional<Allotted> allotted(Asked asked) {
        return asked.known().note(key(asked.component(), asked.created()), Allotted.class);
    }

    private static OsTemplate template(StepInput.Machine machine) {
        return switch (machine) {
            case StepInput.Installation installation -> installation.osTemplate();
            case StepInput.MachineType no ->
                throw new IllegalStateException("no machine of baremetal-provisioner: " + no);
        };
    }

    private static MetalServer metal(Component component) {
        return switch (component) {
            case MetalServer metal -> metal;
            case CloudVm no ->
                throw new IllegalStateException("no component of baremetal-provisioner: " + component.name());
        };
    }
}
