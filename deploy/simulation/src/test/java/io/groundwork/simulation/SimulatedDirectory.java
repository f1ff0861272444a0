package io.groundwork.simulation;

import io.groundwork.events.Design.AccessGrant;
import io.groundwork.events.Directory;
import io.groundwork.events.ResourceId;
import io.groundwork.iam.driver.Grants;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** A directory that at times does not answer, before or after having acted. It keeps its promise: fences hold. */
final class SimulatedDirectory implements Grants {

    /** A group that may be granted the role {@code operator}, and no other. */
    static final String GROUP = "payments-devs";

    private record Row(AccessGrant access, long fence, boolean stands) {}

    private final Simulation simulation;
    private final Chance chance;
    private final Checker checker;
    private final Map<String, Map<String, Row>> rows = new HashMap<>();

    SimulatedDirectory(Simulation simulation, Checker checker) {
        this.simulation = simulation;
        this.chance = simulation.chance();
        this.checker = checker;
    }

    Optional<Directory.Group> group(String name) {
        return name.equals(GROUP)
                ? Optional.of(new Directory.Group("acme", List.of("dev@acme.example"), List.of("operator")))
                : Optional.empty();
    }

    /** What stands through a resource. */
    Set<AccessGrant> standing(String resource) {
        var standing = new HashSet<AccessGrant>();
        rows.getOrDefault(resource, Map.of()).values().stream()
                .filter(Row::stands)
                .forEach(row -> standing.add(row.access()));
        return standing;
    }

    @Override
    public boolean stand(String operation, ResourceId resource, AccessGrant access, long fence) {
        return call("stand " + operation, () -> write(operation, resource, new Row(access, fence, true)));
    }

    @Override
    public boolean remove(String operation, ResourceId resource, AccessGrant access, long fence) {
        return call("remove " + operation, () -> write(operation, resource, new Row(access, fence, false)));
    }

    @Override
    public List<AccessGrant> of(ResourceId resource) {
        return List.copyOf(standing(resource.toString()));
    }

    private boolean write(String operation, ResourceId resource, Row row) {
        var of = rows.computeIfAbsent(resource.toString(), any -> new TreeMap<>());
        var known = of.get(operation);
        if (known != null && known.fence() > row.fence()) {
            return false;
        }
        if (row.stands() && (known == null || !known.stands())) {
            checker.granted(resource.toString(), operation);
        }
        of.put(operation, row);
        return true;
    }

    private boolean call(String what, BooleanSupplier effect) {
        Strand.breathe();
        simulation.sleep(chance.upTo(Duration.ofMillis(20)));
        var fate = simulation.faults().again() > 0 ? chance.below(40) : 40;
        if (fate == 0) {
            throw unanswered(what, "before it acted");
        }
        var answer = effect.getAsBoolean();
        if (fate == 1) {
            throw unanswered(what, "after it acted");
        }
        simulation.say(() -> "directory answers " + what + ": " + answer);
        Strand.breathe();
        return answer;
    }

    private Unavailable unanswered(String what, String when) {
        simulation.say(() -> "directory does not answer " + what + ", " + when);
        return new Unavailable(new IOException("connection reset"));
    }
}
