package io.groundwork.runtime.component;

import io.groundwork.events.Component;
import io.groundwork.events.Component.CloudVm;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.ComponentEvent.ComponentProvisioned;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Envelope;
import io.groundwork.events.Owner;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestEvent.RequestStarted;
import io.groundwork.events.StepInput;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What components take from the outputs of others: remembered as long as a plan that runs wants it. */
final class OtherOutputs {

    private static final String OUTPUTS = "outputs:";
    private static final String WANTED = "wanted";

    private OtherOutputs() {}

    /** Whose outputs the plan's components refer to. */
    record Wanted(long sequence, Set<String> components) {}

    /** A component's user data, with what it takes filled in. */
    static @Nullable String filled(Component component, Components known) {
        return References.filled(userData(component), referred(component, known));
    }

    /** What each reference of a component becomes; empty for one that there is nothing for. */
    static Map<String, Optional<String>> referred(Component component, Components known) {
        return References.values(userData(component), other -> outputs(known, other));
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

    /** What an event changes of what {@code owner} remembers. */
    static Components learn(Owner owner, Components state, Envelope<?> envelope) {
        var sequence = envelope.fact().sequence();
        return switch (envelope.event()) {
            case RequestStarted started -> started(owner, state, sequence, started.plan());
            case RequestClosed closed -> over(state, sequence);
            case ComponentProvisioned provisioned -> provisioned(state, sequence, provisioned);
            default -> state;
        };
    }

    /** Of a request without a part of its own it will read nothing more, not even the close. */
    private static Components started(Owner owner, Components state, long sequence, Plan plan) {
        var wanted = wanted(owner, plan);
        var rest = forgetting(state, wanted);
        return plan.steps().stream().anyMatch(step -> step.owner() == owner)
                ? rest.noting(WANTED, new Wanted(sequence, wanted))
                : rest.forgetting(WANTED::equals);
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

    private static Set<String> wanted(Owner owner, Plan plan) {
        var names = new TreeSet<String>();
        for (var step : plan.steps()) {
            if (step.owner() == owner && step.input() instanceof StepInput.Provision provision) {
                names.addAll(References.components(userData(provision.component())));
            }
        }
        return names;
    }
}
