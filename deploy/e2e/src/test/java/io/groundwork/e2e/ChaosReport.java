package io.groundwork.e2e;

import io.groundwork.e2e.Checker.Column;
import io.groundwork.e2e.Checker.Finding;
import io.groundwork.e2e.Disturbances.Done;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What came out of a run, for people: figures always, and the story of what went wrong. */
final class ChaosReport {
    private static final int MOST_STORIES = 5;
    private static final int MOST_FINDINGS = 50;
    private static final Set<String> NOTEWORTHY =
            Set.of("stuck", "undo-stuck", "waived", "abandoned", "failed", "undone", "skipped");

    private final Instant began;
    private final long seed;
    private final List<Asked> asked;
    private final List<Told> told;
    private final List<Done> done;
    private final List<Finding> findings;
    private final List<String> troubles;

    /** @param troubles what went wrong for those who ran it, in words */
    ChaosReport(
            Instant began,
            long seed,
            List<Asked> asked,
            List<Told> told,
            List<Done> done,
            List<Finding> findings,
            List<String> troubles) {
        this.began = began;
        this.seed = seed;
        this.asked = asked;
        this.told = told;
        this.done = done;
        this.findings = findings;
        this.troubles = troubles;
    }

    /** One line for each kind of fault, all of which should count none. */
    String columns() {
        var counts = findings.stream().collect(Collectors.groupingBy(Finding::column, Collectors.counting()));
        var text = new StringBuilder();
        for (var column : Column.values()) {
            text.append("  %-12s %d%n".formatted(words(column), counts.getOrDefault(column, 0L)));
        }
        return text.toString();
    }

    String summary(Duration load, Duration all, int repeated, Map<String, Long> operated) {
        var ends = told.stream()
                .filter(one -> one.topic().equals(Told.COMPLETIONS))
                .collect(Collectors.groupingBy(Told::end, TreeMap::new, Collectors.counting()));
        return "%n=== chaos: seed %d, %d requests, %d records, %d disturbances, %d calls repeated%n"
                        .formatted(seed, asked.size(), told.size(), done.size(), repeated)
                + "  operators did %s%n".formatted(operated)
                + "  all ended after %d s, checked after %d s%n".formatted(load.toSeconds(), all.toSeconds())
                + "  ends %s%n".formatted(ends)
                + "  steps %s%n".formatted(steps())
                + columns();
    }

    /** How often steps came to what is worth to know that it happened. */
    private Map<String, Long> steps() {
        return told.stream()
                .filter(one -> one.movesStep() && NOTEWORTHY.contains(one.status()))
                .collect(Collectors.groupingBy(Told::status, TreeMap::new, Collectors.counting()));
    }

    /** The disturbances, each fault, and of the first few requests that have one everything that was said. */
    String story() {
        var text = new StringBuilder("--- what was done\n");
        lines(List.of(), done).forEach(line -> text.append(line).append('\n'));
        text.append("--- what is wrong\n");
        troubles.forEach(trouble -> text.append("  ").append(trouble).append('\n'));
        findings.stream()
                .limit(MOST_FINDINGS)
                .forEach(finding -> text.append("  %-12s %s %s: %s%n"
                        .formatted(words(finding.column()), finding.resource(), finding.request(), finding.what())));
        stories().forEach(resource -> {
            text.append("--- ").append(resource).append('\n');
            var said =
                    told.stream().filter(one -> one.resource().equals(resource)).toList();
            lines(said, done).forEach(line -> text.append(line).append('\n'));
        });
        return text.toString();
    }

    private List<String> stories() {
        return findings.stream()
                // a machine's place begins with its resource
                .map(finding -> finding.resource().split(" ", 2)[0])
                .filter(resource -> !resource.isEmpty())
                .distinct()
                .limit(MOST_STORIES)
                .toList();
    }

    /** What was said and what was done, in the order of time. */
    private List<String> lines(List<Told> said, List<Done> acts) {
        record Line(Instant at, String text) {}
        var lines = new ArrayList<Line>();
        said.forEach(one -> lines.add(new Line(
                one.at(),
                "%s %s %s/%d %s %s %d %s"
                        .formatted(
                                one.request(),
                                one.topic(),
                                one.partition(),
                                one.offset(),
                                one.type(),
                                one.step(),
                                one.attempt(),
                                one.status())
                        .strip())));
        acts.forEach(act -> {
            lines.add(new Line(act.from(), "*** " + act.what()));
            lines.add(new Line(act.to(), "*** over: " + act.what()));
        });
        Function<Line, String> print =
                line -> "  %8.3f %s".formatted(Duration.between(began, line.at).toMillis() / 1e3, line.text);
        return lines.stream().sorted(Comparator.comparing(Line::at)).map(print).toList();
    }

    private static String words(Column column) {
        return column.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
