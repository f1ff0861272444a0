package io.groundwork.e2e;

import io.groundwork.e2e.Operator.Decision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Holds what was asked for, what the topics say, what the back ends hold and what the views show against each other. It knows
 * the public forms alone and no code of the services, so that it cannot make their mistakes.
 */
final class Checker {

    /** Kinds of faults. */
    enum Column {
        /** Accepted, and never ended. */
        LOST,
        /** Ended or made more than once. */
        DOUBLED,
        /** Held for nobody. */
        LEFT_OVER,
        /** Not held, and should be. */
        MISSING,
        /** Two mutations of one resource at a time, or one outside of its own. */
        OVERLAPPING,
        /** Shown otherwise than it is. */
        VIEW,
        /** An end that nothing explains, or a decision that was never taken. */
        UNEXPECTED
    }

    /** One fault; {@code request} is empty if it is nobody's in particular. */
    record Finding(Column column, String request, String resource, String what) {}

    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, Asked> asked = new LinkedHashMap<>();
    /** What was said of each resource by request-service, in its order. */
    private final Map<String, List<Told>> lives;

    private final Map<String, List<Told>> completions;
    private final List<Told> told;

    private final Set<Decision> decisions;

    private Checker(List<Asked> asked, List<Told> told, List<Decision> decisions) {
        asked.forEach(one -> this.asked.put(one.id(), one));
        this.told = told;
        this.decisions = Set.copyOf(decisions);
        completions = told.stream()
                .filter(one -> one.topic().equals(Told.COMPLETIONS))
                .collect(Collectors.groupingBy(Told::request));
        lives = told.stream()
                .filter(one -> one.topic().equals(Told.REQUESTS))
                .sorted(Comparator.comparingLong(Told::offset))
                .collect(Collectors.groupingBy(Told::resource, TreeMap::new, Collectors.toList()));
    }

    /** Every fault that there is to find. */
    static List<Finding> check(
            List<Asked> asked, List<Told> told, List<Decision> decisions, Holdings holdings, Views views) {
        var checker = new Checker(asked, told, decisions);
        checker.ends();
        checker.interventions();
        checker.intervals();
        var standing = checker.standing();
        var resources = asked.stream().map(Asked::resource).collect(Collectors.toSet());
        var outside = new OutsideChecker(resources, standing, checker.findings::add);
        outside.holdings(holdings);
        outside.views(asked, told, views);
        return List.copyOf(checker.findings);
    }

    private void find(Column column, String request, String resource, String what) {
        findings.add(new Finding(column, request, resource, what));
    }

    private void ends() {
        for (var one : asked.values()) {
            var ends = completions.getOrDefault(one.id(), List.of());
            var closes = lives.getOrDefault(one.resource(), List.of()).stream()
                    .filter(event -> event.is(Told.CLOSED) && event.request().equals(one.id()))
                    .toList();
            if (ends.isEmpty()) {
                find(Column.LOST, one.id(), one.resource(), "accepted, and no completion");
            } else if (ends.size() > 1) {
                find(Column.DOUBLED, one.id(), one.resource(), ends.size() + " completions");
            } else if (!one.ends().contains(ends.getFirst().end())
                    && !leftBehind(one.id(), ends.getFirst().end())) {
                var end = ends.getFirst();
                find(
                        Column.UNEXPECTED,
                        one.id(),
                        one.resource(),
                        "ended " + end.end() + ": " + end.data().path("message").asText() + ", expected " + one.ends());
            }
            if (closes.size() > 1) {
                find(Column.DOUBLED, one.id(), one.resource(), "closed " + closes.size() + " times");
            }
            if (closes.size() == 1
                    && ends.size() == 1
                    && !closes.getFirst().end().equals(ends.getFirst().end())) {
                find(Column.UNEXPECTED, one.id(), one.resource(), "closed otherwise than its completion says");
            }
        }
        told.stream()
                .filter(one -> one.is("decision-parked"))
                .forEach(one -> find(Column.UNEXPECTED, one.request(), one.resource(), "a decision was parked"));
        completions.keySet().stream()
                .filter(id -> !asked.containsKey(id))
                .forEach(id ->
                        find(Column.DOUBLED, id, completions.get(id).getFirst().resource(), "nobody was told of it"));
    }

    /** Whether something may be left of it because a person decided so. */
    private boolean leftBehind(String request, String end) {
        return end.startsWith("TAINTED")
                && decisions.stream()
                        .anyMatch(decision -> decision.request().equals(request)
                                && Set.of("abandon", "abort").contains(decision.action()));
    }

    /** Nobody but a person goes on without a step, or leaves behind what it made. */
    private void interventions() {
        told.stream()
                .filter(Told::movesStep)
                .filter(one -> switch (one.status()) {
                    case "waived" -> !decided(one, "skip");
                    case "abandoned" -> !decided(one, "abandon") && !decided(one, "abort");
                    default -> false;
                })
                .forEach(one -> find(
                        Column.UNEXPECTED, one.request(), one.resource(), said(one) + ", and nobody decided that"));
    }

    private boolean decided(Told move, String action) {
        return decisions.contains(new Decision(move.request(), move.step(), action));
    }

    /** From its start to its close a request has its resource for itself, and moves it at no other time. */
    private void intervals() {
        var starts = new HashMap<String, Told>();
        var closes = new HashMap<String, Told>();
        lives.forEach((resource, events) -> {
            Told active = null;
            long sequence = 0;
            for (var event : events) {
                if (event.is(Told.STARTED)) {
                    if (active != null) {
                        overlap(event, "started while " + active.request() + " is under way");
                    }
                    if (event.sequence() != sequence + 1) {
                        overlap(event, "started as number " + event.sequence() + " after " + sequence);
                    }
                    active = event;
                    sequence = event.sequence();
                    starts.putIfAbsent(event.request(), event);
                } else if (event.is(Told.CLOSED)) {
                    if (active != null && active.request().equals(event.request())) {
                        active = null;
                    } else if (starts.containsKey(event.request())) {
                        overlap(event, "closed while it is not under way");
                    }
                    closes.putIfAbsent(event.request(), event);
                }
            }
        });
        told.stream().filter(Told::movesStep).forEach(move -> {
            var start = starts.get(move.request());
            var close = closes.get(move.request());
            if (start == null || move.at().isBefore(start.at())) {
                overlap(move, said(move) + " before its start");
            } else if (move.sequence() != start.sequence()) {
                overlap(move, said(move) + " as number " + move.sequence() + " instead of " + start.sequence());
            }
            if (close != null && move.at().isAfter(close.at())) {
                overlap(move, said(move) + " after its close");
            }
        });
    }

    private void overlap(Told event, String what) {
        find(Column.OVERLAPPING, event.request(), event.resource(), what);
    }

    private static String said(Told move) {
        return move.step() + " is " + move.status();
    }

    /** The deploy that each resource stands by in the end. */
    private Map<String, Asked> standing() {
        var standing = new TreeMap<String, Asked>();
        Set<String> counted = new HashSet<>();
        lives.forEach((resource, events) -> events.stream()
                .filter(event -> event.is(Told.CLOSED) && event.end().equals("COMPLETED"))
                .filter(event -> asked.containsKey(event.request()) && counted.add(event.request()))
                .map(event -> asked.get(event.request()))
                .forEach(one -> {
                    if (one.deploys()) {
                        standing.put(resource, one);
                    } else {
                        standing.remove(resource);
                    }
                }));
        return standing;
    }
}
