package io.groundwork.request.domain;

import io.groundwork.events.Claim;
import io.groundwork.events.Claim.ServerNeed;
import io.groundwork.events.Component;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Design;
import io.groundwork.events.Plan;
import io.groundwork.events.Replacement;
import io.groundwork.events.StepInput;
import io.groundwork.request.domain.Planner.Price;
import io.groundwork.runtime.component.References;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a resource consists of.
 *
 * @param price of it all, when it was deployed
 * @param made of what its servers were made, by component
 * @param tainted whether something else may be left too, or some of this may be gone
 * @param lacking instances that nothing may stand behind, or half of something, such as {@code db-0}: replacing them mends it
 */
public record Standing(
        Design design,
        Map<String, ComponentOutputs> outputs,
        Price price,
        Map<String, Made> made,
        boolean tainted,
        Set<String> lacking) {

    public Standing {
        outputs = Collections.unmodifiableMap(new TreeMap<>(outputs));
        // what was deployed before there were replacements knows of neither
        made = made == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(made));
        lacking = lacking == null ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(lacking));
    }

    /**
     * Of what the servers of a component were made, as their deployment's plan had it: another one is made of the same, whatever the
     * catalogue says by then.
     *
     * @param need what was asked of their pool
     */
    public record Made(String pool, ServerNeed need, StepInput.Machine machine) {

        /** Of all components of servers that {@code plan} deploys. */
        public static Map<String, Made> of(Plan plan) {
            var machines = new TreeMap<String, StepInput.Machine>();
            var claims = new ArrayList<Claim>();
            for (var step : plan.steps()) {
                if (step.input() instanceof StepInput.Provision provision && provision.index() == null) {
                    machines.put(provision.component().name(), provision.machine());
                } else if (step.input() instanceof StepInput.Allocate allocate) {
                    claims.addAll(allocate.claims());
                }
            }
            var made = new TreeMap<String, Made>();
            for (var claim : claims) {
                for (var need : claim.servers()) {
                    var machine = machines.get(need.component());
                    if (machine != null) {
                        made.put(need.component(), new Made(claim.pool(), need, machine));
                    }
                }
            }
            return made;
        }

        /** The claim of one server more, for an instance that gets another one. */
        Claim another(Replacement replace) {
            return new Claim(
                    pool,
                    Map.of("servers", 1L),
                    List.of(new ServerNeed(
                            need.component(),
                            1,
                            1,
                            replace.preferredServers().isEmpty() ? need.preferredServers() : replace.preferredServers(),
                            need.requiredTraits(),
                            need.forbiddenTraits(),
                            need.spread(),
                            need.antiAffinity(),
                            replace.index())),
                    List.of());
        }
    }

    /** Why an instance cannot be given another server: what is wrong with a field of the ask. */
    public record Objection(String field, String detail) {}

    /** Everything that is wrong with {@code replace}; empty if nothing is. */
    public List<Objection> objections(Replacement replace) {
        var server = server(replace.component());
        if (server.isEmpty()) {
            return List.of(new Objection(
                    "component",
                    design.components().stream().anyMatch(other -> other.name().equals(replace.component()))
                            ? replace.component() + " is not of type metal.server: only servers can be replaced."
                            : "There is no component " + replace.component() + "; of type metal.server is " + servers()
                                    + "."));
        }
        var objections = new ArrayList<Objection>();
        var found = outputs.get(replace.component());
        var count = found == null ? server.get().count() : found.count();
        if (replace.index() < 0 || replace.index() >= count) {
            objections.add(new Objection(
                    "index",
                    replace.component() + " has " + count + " instances: index must be a whole number from 0 to "
                            + (count - 1) + "."));
        }
        var missing = References.missing(referred(server.get()));
        if (!missing.isEmpty()) {
            objections.add(new Objection(
                    "component", "There is nothing any more for " + String.join(", ", missing) + " in its userData."));
        }
        return objections;
    }

    private String servers() {
        var names = design.components().stream()
                .filter(MetalServer.class::isInstance)
                .map(Component::name)
                .sorted()
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }

    /** The component of servers that is called so. */
    public Optional<MetalServer> server(String name) {
        return design.components().stream()
                .filter(MetalServer.class::isInstance)
                .map(MetalServer.class::cast)
                .filter(component -> component.name().equals(name) && made.containsKey(name))
                .findFirst();
    }

    /** A component with what its user data takes from others filled in: their provisioners do not tell it again. */
    MetalServer filled(MetalServer of) {
        return new MetalServer(
                of.name(),
                of.count(),
                of.minCount(),
                of.dependsOn(),
                of.site(),
                of.serverType(),
                of.preferredServers(),
                of.requiredTraits(),
                of.forbiddenTraits(),
                of.spread(),
                of.antiAffinity(),
                of.osTemplate(),
                of.networks(),
                of.sshKey(),
                References.filled(of.userData(), referred(of)),
                of.allowDataLoss(),
                of.shutdown());
    }

    private Map<String, Optional<String>> referred(MetalServer server) {
        return References.values(server.userData(), other -> Optional.ofNullable(outputs.get(other)));
    }

    /** What stands of it when one instance does not. */
    public static Map<String, ComponentOutputs> without(
            Map<String, ComponentOutputs> outputs, String component, int index) {
        var left = new TreeMap<>(outputs);
        left.computeIfPresent(
                component,
                (name, of) -> new ComponentOutputs(
                        of.count(),
                        of.instances().stream()
                                .filter(instance -> instance.index() != index)
                                .toList()));
        return left;
    }

    /** After a replacement; {@code stands} says whether the instance has a server now. */
    Standing replaced(Replacement replace, boolean stands, Map<String, ComponentOutputs> now) {
        var names = new TreeSet<>(lacking);
        if (stands) {
            names.remove(replace.name());
        } else {
            names.add(replace.name());
        }
        return new Standing(design, now, price, made, tainted, names);
    }

    /** What stands of {@code standing}, or else nothing that is known. */
    static Standing tainted(
            @Nullable Standing standing, Design design, Map<String, ComponentOutputs> outputs, Price price) {
        return standing == null
                ? new Standing(design, outputs, price, Map.of(), true, Set.of())
                : new Standing(standing.design, outputs, price, standing.made, true, standing.lacking);
    }
}
