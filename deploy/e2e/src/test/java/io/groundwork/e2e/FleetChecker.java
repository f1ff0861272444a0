package io.groundwork.e2e;

import io.groundwork.e2e.Checker.Column;
import io.groundwork.e2e.Checker.Finding;
import io.groundwork.e2e.Fleet.Server;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Whether servers run exactly what the topics say that stands, every other one is back, and claims are of these servers. */
final class FleetChecker {
    private static final String AVAILABLE = "available";
    private static final String ACTIVE = "active";

    private final Set<String> resources;
    private final Fleet fleet;
    private final Consumer<Finding> findings;
    /** The request by which each instance stands. */
    private final Map<String, String> wanted = new TreeMap<>();
    /** Servers by the resource that stands on them. */
    private final Map<String, Set<String>> there = new HashMap<>();

    /** @param standing the deploy that a resource stands by, if it stands */
    FleetChecker(Set<String> resources, Map<String, Asked> standing, Fleet fleet, Consumer<Finding> findings) {
        this.resources = resources;
        this.fleet = fleet;
        this.findings = findings;
        standing.forEach((resource, stands) -> stands.components("metal.server").forEach(component -> {
            for (int index = 0; index < component.path("count").asInt(); index++) {
                wanted.put(resource + "/" + component.path("name").asText() + "/" + index, stands.id());
            }
        }));
    }

    void check() {
        var found = new HashSet<String>();
        for (var server : fleet.servers()) {
            if (!server.overlaps().isEmpty()) {
                find(Column.OVERLAPPING, server, "was changed by two works at a time: " + server.overlaps());
            }
            if (server.consumer().isEmpty()) {
                back(server);
            } else if (!wanted.containsKey(server.consumer())) {
                find(Column.LEFT_OVER, server, "is " + server.state() + " for " + server.consumer());
            } else if (!found.add(server.consumer())) {
                find(Column.DOUBLED, server, "is a second " + server.consumer());
            } else {
                stands(server);
            }
            if (!server.consumer().isEmpty()) {
                there.computeIfAbsent(server.resource(), resource -> new TreeSet<>())
                        .add(server.id());
            }
        }
        wanted.forEach((place, request) -> {
            if (!found.contains(place)) {
                findings.accept(new Finding(Column.MISSING, request, place, "stands on no server"));
            }
        });
        claims();
    }

    /** The servers that a resource stands on, as any view should show them. */
    Set<String> of(String resource) {
        return there.getOrDefault(resource, Set.of());
    }

    /** A server that nobody has is offered to the next, and holds nothing of the last. */
    private void back(Server server) {
        if (!server.state().equals(AVAILABLE) || !server.why().isEmpty()) {
            find(Column.LEFT_OVER, server, "is not offered, but " + server.state() + ": " + server.why());
        }
        if (server.runs() || server.linked() || !server.owners().isEmpty()) {
            find(
                    Column.LEFT_OVER,
                    server,
                    "belongs to nobody, and it runs: " + server.runs() + ", is linked: " + server.linked()
                            + ", has data of " + server.owners());
        }
    }

    private void stands(Server server) {
        if (!server.state().equals(ACTIVE)
                || !server.runs()
                || !server.linked()
                || !server.owners().equals(Set.of(server.consumer()))) {
            find(
                    Column.MISSING,
                    server,
                    "is " + server.state() + " for " + server.consumer() + ", and it runs: " + server.runs()
                            + ", is linked: " + server.linked() + ", has data of " + server.owners());
        }
    }

    private void claims() {
        twice(fleet.claimed().values(), "is claimed twice");
        twice(fleet.addresses().values(), "is claimed twice");
        for (var resource : resources) {
            var claimed = new TreeSet<>(fleet.claimed().getOrDefault(resource, List.of()));
            var stands = of(resource);
            if (!claimed.equals(stands)) {
                var more = !stands.containsAll(claimed);
                findings.accept(new Finding(
                        more ? Column.LEFT_OVER : Column.MISSING,
                        "",
                        resource,
                        "claims servers " + claimed + " and stands on " + stands));
            }
            var instances = wanted.keySet().stream()
                    .filter(place -> place.startsWith(resource + "/"))
                    .count();
            count(
                    resource,
                    "addresses",
                    fleet.addresses().getOrDefault(resource, List.of()).size(),
                    instances);
        }
        var claimed = fleet.claimed().values().stream().mapToLong(List::size).sum();
        var idle = fleet.servers().stream()
                .filter(server -> server.consumer().isEmpty())
                .count();
        var addresses =
                fleet.addresses().values().stream().mapToLong(List::size).sum();
        count("", "servers held in pools", fleet.held(), claimed);
        count("", "servers free in pools", fleet.free(), idle);
        count("", "addresses taken from subnets", fleet.taken(), addresses);
    }

    private void twice(Collection<List<String>> all, String what) {
        var seen = new HashSet<String>();
        all.stream()
                .flatMap(List::stream)
                .filter(one -> !seen.add(one))
                .forEach(one -> findings.accept(new Finding(Column.DOUBLED, "", "", one + " " + what)));
    }

    private void count(String resource, String what, long there, long expected) {
        if (there != expected) {
            findings.accept(new Finding(
                    there > expected ? Column.LEFT_OVER : Column.MISSING,
                    "",
                    resource,
                    there + " " + what + " instead of " + expected));
        }
    }

    private void find(Column column, Server server, String what) {
        findings.accept(new Finding(
                column, wanted.getOrDefault(server.consumer(), ""), server.resource(), server.id() + " " + what));
    }
}
