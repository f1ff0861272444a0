package io.groundwork.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.e2e.Checker.Column;
import io.groundwork.e2e.Checker.Finding;
import io.groundwork.e2e.Holdings.Held;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Whether the back ends hold, and the views show, exactly what the topics say that stands. */
final class OutsideChecker {
    private final Set<String> resources;
    private final Map<String, Asked> standing;
    private final Consumer<Finding> findings;
    private final Map<String, Set<String>> machines = new HashMap<>();

    /** @param standing the deploy that a resource stands by, if it stands */
    OutsideChecker(Set<String> resources, Map<String, Asked> standing, Consumer<Finding> findings) {
        this.resources = resources;
        this.standing = standing;
        this.findings = findings;
    }

    void holdings(Holdings holdings) {
        machines(holdings.machines());
        shared(
                "security groups",
                holdings.groups(),
                component -> component.path("securityGroups").size());
        shared("key pairs", holdings.keys(), component -> component.has("sshKey") ? 1 : 0);
        long all = 0;
        for (var resource : resources) {
            var stands = standing.get(resource);
            var instances = stands == null
                    ? 0
                    : sum(stands, component -> component.path("count").asLong());
            var grants = stands == null ? 0 : stands.body().path("access").size();
            count(resource, "instances claimed", holdings.claimed().getOrDefault(resource, 0L), instances);
            count(resource, "grants", holdings.granted().getOrDefault(resource, 0L), grants);
            all += instances;
        }
        count("", "instances taken from the quota", holdings.pool(), all);
        var fleet = new FleetChecker(resources, standing, holdings.fleet(), findings);
        fleet.check();
        resources.forEach(resource ->
                machines.computeIfAbsent(resource, any -> new TreeSet<>()).addAll(fleet.of(resource)));
    }

    private void machines(List<Held> all) {
        var wanted = new HashSet<String>();
        standing.forEach((resource, stands) -> {
            for (var component : stands.components("cloud.vm")) {
                for (int index = 0; index < component.path("count").asInt(); index++) {
                    wanted.add(place(resource, component.path("name").asText(), "" + index, stands.id()));
                }
            }
        });
        var there = new HashSet<String>();
        for (var machine : all) {
            var place = place(machine.resource(), machine.component(), machine.index(), machine.request());
            machines.computeIfAbsent(machine.resource(), resource -> new TreeSet<>())
                    .add(machine.id());
            if (!wanted.contains(place)) {
                find(Column.LEFT_OVER, machine.request(), machine.resource(), machine.id() + " is left of " + place);
            } else if (!there.add(place)) {
                find(Column.DOUBLED, machine.request(), machine.resource(), machine.id() + " is a second " + place);
            }
        }
        wanted.removeAll(there);
        wanted.forEach(place -> find(Column.MISSING, "", place, "there is no such machine"));
    }

    private static String place(String resource, String component, String index, String request) {
        return resource + " " + component + " " + index + " of " + request;
    }

    private void shared(String what, List<Held> all, ToLongFunction<JsonNode> wanted) {
        var there = all.stream().collect(Collectors.groupingBy(Held::resource, Collectors.counting()));
        for (var resource : resources) {
            var stands = standing.get(resource);
            count(resource, what, there.getOrDefault(resource, 0L), stands == null ? 0 : sum(stands, wanted));
        }
    }

    private static long sum(Asked stands, ToLongFunction<JsonNode> amount) {
        return Json.items(stands.body().path("components")).stream()
                .mapToLong(amount)
                .sum();
    }

    private void count(String resource, String what, long there, long wanted) {
        if (there != wanted) {
            var stands = standing.get(resource);
            var column = there > wanted ? Column.LEFT_OVER : Column.MISSING;
            find(column, stands == null ? "" : stands.id(), resource, there + " " + what + " instead of " + wanted);
        }
    }

    void views(List<Asked> asked, List<Told> told, Views views) {
        var ends = told.stream()
                .filter(one -> one.topic().equals(Told.COMPLETIONS))
                .collect(Collectors.toMap(Told::request, one -> one, (a, b) -> a));
        var steps = new HashMap<String, Map<String, String>>();
        told.stream()
                .filter(Told::movesStep)
                .forEach(move -> steps.computeIfAbsent(move.request(), request -> new HashMap<>())
                        .put(move.step(), move.status()));
        for (var one : asked) {
            var end = ends.get(one.id());
            if (end == null) {
                continue;
            }
            var shown = views.requests().get(one.id());
            same(one, "the request's end", end(end.data()), shown == null ? "nothing" : shownEnd(shown));
            var items = views.listed().getOrDefault(one.id(), List.of());
            same(
                    one,
                    "the list",
                    List.of(end(end.data())),
                    items.stream().map(OutsideChecker::shownEnd).toList());
            if (shown != null) {
                same(one, "the request's steps", steps.getOrDefault(one.id(), Map.of()), steps(shown));
            }
        }
        for (var resource : resources) {
            resource(resource, views.resources().get(resource));
        }
    }

    private void resource(String resource, JsonNode shown) {
        var stands = standing.get(resource);
        var about = stands == null ? "" : stands.id();
        var wanted = (stands == null ? "NONE" : "DEPLOYED") + " " + machines.getOrDefault(resource, Set.of());
        var there = shown == null
                ? "nothing"
                : shown.path("state").asText() + " "
                        + new TreeSet<>(Json.texts(shown.path("instances"), "providerId"))
                        + (shown.path("activeRequest").isNull() ? "" : " with " + shown.path("activeRequest"))
                        + (shown.path("queue").isEmpty() ? "" : " before " + shown.path("queue"));
        if (!wanted.equals(there)) {
            find(Column.VIEW, about, resource, "the resource shows " + there + " instead of " + wanted);
        }
    }

    private void same(Asked one, String what, Object wanted, Object shown) {
        if (!wanted.equals(shown)) {
            find(Column.VIEW, one.id(), one.resource(), what + " shows " + shown + " instead of " + wanted);
        }
    }

    private static String end(JsonNode completion) {
        return words(
                completion.path("resource").asText(),
                completion.path("operation").asText(),
                completion.path("outcome").asText(),
                completion.path("category").asText(""),
                completion.path("closedAt").asText());
    }

    private static String shownEnd(JsonNode document) {
        return words(
                document.path("resource").asText(),
                document.path("operation").asText(),
                document.path("state").asText(),
                document.at("/error/category").asText(""),
                document.path("closedAt").asText());
    }

    private static String words(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.removeIf(word -> word.isEmpty() || word.equals("null"));
        return String.join(" ", all);
    }

    /** Every step of which its owner said something, with the last of it. */
    private static Map<String, String> steps(JsonNode document) {
        return Json.items(document.path("steps")).stream()
                .filter(step -> !step.path("status").asText().equals("waiting"))
                .collect(Collectors.toMap(
                        step -> step.path("step").asText(),
                        step -> step.path("status").asText()));
    }

    private void find(Column column, String request, String resource, String what) {
        findings.accept(new Finding(column, request, resource, what));
    }
}
