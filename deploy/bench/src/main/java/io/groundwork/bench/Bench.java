package io.groundwork.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The benchmarks, one subcommand each: a table for people on standard output, and JSON in a file. Every figure stands beside the
 * floor of the same run.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures a stack of its own, with back ends that answer at once.")
public final class Bench {

    /** What JVMs that run for long are given: both compilers, and a young generation in which what a request needs dies. */
    private static final String PEAK = "-XX:TieredStopAtLevel=4 -Xmx384m -Xmn160m";

    private static final Duration AN_HOUR = Duration.ofHours(1);

    /** What all have in common. */
    static final class Setup {

        @Option(names = "--up", hidden = true, split = "\n", description = "The command that starts a stack.")
        private List<String> up = List.of("./groundwork", "up");

        @Option(
                names = "--jvm",
                paramLabel = "<options>",
                description = "More options of every JVM of the stack (default: none but those of up, and for sagas "
                        + PEAK + ", as in production).")
        private @Nullable String jvm;

        @Option(
                names = "--partitions",
                paramLabel = "<n>",
                description = "Of every topic of the stack (default: as many as up makes).")
        private @Nullable Integer partitions;

        @Option(
                names = "--data",
                paramLabel = "<folder>",
                description =
                        "The data of a stack that runs already and is to be measured (default: starts one). Its quota of"
                                + " acme/payments is raised, and its EC2 answers at once from then on.")
        private @Nullable Path data;

        @Option(names = "--json", description = "Where the result goes (default: ${DEFAULT-VALUE}).")
        private Path json = Path.of("target", "bench.json");

        /** @param usual more options of its JVMs, unless others are asked for */
        private Target target(String usual) throws IOException, InterruptedException {
            if (data != null) {
                return Target.running(data).prepared();
            }
            System.out.println("Starting a stack ...");
            var command = new ArrayList<>(up);
            if (partitions != null) {
                command.addAll(List.of("--partitions", partitions.toString()));
            }
            return Target.start(command, jvm == null ? usual : jvm).prepared();
        }

        private void write(ObjectNode result) throws IOException {
            var parent = json.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Target.JSON.writerWithDefaultPrettyPrinter().writeValue(json.toFile(), result);
            System.out.println("All of it is in " + json);
        }
    }

    /** Starts one. */
    public static void main(String... args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }

    @Command(
            name = "sagas",
            mixinStandardHelpOptions = true,
            description = "Deploys of one machine at saturation: how many in a second, and what one costs.")
    int sagas(
            @Mixin Setup setup,
            @Option(names = "--resources", description = "At a time (default: ${DEFAULT-VALUE}).", defaultValue = "256")
                    int resources,
            @Option(names = "--warm", description = "Sagas before (default: ${DEFAULT-VALUE}).", defaultValue = "1500")
                    int warm,
            @Option(names = "--count", description = "Sagas (default: ${DEFAULT-VALUE}).", defaultValue = "3000")
                    int count)
            throws Exception {
        try (var target = setup.target(PEAK);
                var load = new Load(target)) {
            var floor = Floor.measure(target, 20_000);
            System.out.printf(Locale.ROOT, "Warming up with %d sagas ...%n", warm);
            saturate(load, resources, warm);
            var pids = target.now().pids();
            var processes = new Processes(pids);
            var before = processes.cpu();
            load.latencies.clear();
            load.completed.set(0);
            load.compensated.set(0);
            System.out.printf(Locale.ROOT, "Measuring %d ...%n", count);
            var began = System.nanoTime();
            saturate(load, resources, count);
            var seconds = (System.nanoTime() - began) / 1e9;
            var after = processes.cpu();
            if (!target.now().pids().equals(pids)) {
                load.faults.add("a process ended and was started again while it was measured");
            }
            var result = Target.JSON.createObjectNode();
            result.put("benchmark", "sagas");
            result.put("completed", load.completed.get());
            result.put("compensated", load.compensated.get());
            result.put("faults", load.faults.size());
            result.put("perSecond", count / seconds);
            var cpu = 0.0;
            var byProcess = result.putObject("cpuSecondsPer1000");
            for (var name : after.keySet()) {
                var used = (after.get(name) - before.getOrDefault(name, 0.0)) / count * 1000;
                byProcess.put(name, used);
                cpu += used;
                System.out.printf(Locale.ROOT, "  %-24s %8.2f CPU s per 1,000 sagas%n", name, used);
            }
            result.put("perTwoCores", 2000 / cpu);
            latencies(result, load);
            floor(result, floor);
            System.out.printf(
                    Locale.ROOT,
                    "%.0f sagas/s; %.2f CPU s per 1,000, so %.0f per two cores; 1/%.1f of the floor (%.0f per two cores)%n",
                    count / seconds,
                    cpu,
                    2000 / cpu,
                    cpu / floor.cpuPerThousand(),
                    2000 / floor.cpuPerThousand());
            setup.write(result);
            return end(load);
        }
    }

    @Command(
            name = "latency",
            mixinStandardHelpOptions = true,
            description = "From the accepted POST to the completion record, at a modest rate.")
    int latency(
            @Mixin Setup setup,
            @Option(names = "--rate", description = "Sagas a second (default: ${DEFAULT-VALUE}).", defaultValue = "3")
                    int rate,
            @Option(names = "--warm", description = "Sagas before (default: ${DEFAULT-VALUE}).", defaultValue = "600")
                    int warm,
            @Option(names = "--count", description = "Sagas (default: ${DEFAULT-VALUE}).", defaultValue = "300")
                    int count)
            throws Exception {
        try (var target = setup.target("");
                var load = new Load(target)) {
            var floor = Floor.measure(target, 5_000);
            System.out.printf(Locale.ROOT, "Warming up with %d sagas ...%n", warm);
            saturate(load, 64, warm);
            load.latencies.clear();
            System.out.printf(Locale.ROOT, "Measuring %d at %d a second ...%n", count, rate);
            atRate(load, rate, count);
            var result = Target.JSON.createObjectNode();
            result.put("benchmark", "latency");
            result.put("rate", rate);
            result.put("faults", load.faults.size());
            latencies(result, load);
            floor(result, floor);
            setup.write(result);
            return end(load);
        }
    }

    @Command(
            name = "waiting",
            mixinStandardHelpOptions = true,
            description =
                    "What requests cost that wait for their approval, and how soon a service that knows of them is back.")
    int waiting(
            @Mixin Setup setup,
            @Option(names = "--count", description = "Requests (default: ${DEFAULT-VALUE}).", defaultValue = "5000")
                    int count)
            throws Exception {
        try (var target = setup.target("")) {
            var waiting = new Waiting(target);
            waiting.submit(200, AN_HOUR);
            waiting.rest();
            var before = waiting.size();
            System.out.printf(Locale.ROOT, "Submitting %d ...%n", count);
            var began = System.nanoTime();
            waiting.submit(count, AN_HOUR);
            var seconds = (System.nanoTime() - began) / 1e9;
            waiting.rest();
            var each = waiting.size().each(before, count);
            var result = Target.JSON.createObjectNode();
            result.put("benchmark", "waiting");
            result.put("requests", count);
            result.put("acceptedPerSecond", count / seconds);
            result.set("bytesEach", Target.JSON.valueToTree(each));
            System.out.printf(
                    Locale.ROOT,
                    "%.0f accepted a second; bytes each: stores %.0f, changelogs %.0f, heap %.0f; other topics %.0f, views %.0f%n",
                    count / seconds,
                    each.stores(),
                    each.changelogs(),
                    each.heap(),
                    each.topics(),
                    each.views());
            for (var service : waiting.services()) {
                var kept = waiting.restart(service, false);
                var wiped = waiting.restart(service, true);
                result.putObject(service).put("keptSeconds", kept).put("wipedSeconds", wiped);
                System.out.printf(
                        Locale.ROOT,
                        "  %-24s ready after %5.1f s, with its state wiped %5.1f s%n",
                        service,
                        kept,
                        wiped);
            }
            setup.write(result);
            return 0;
        }
    }

    @Command(
            name = "expiry",
            mixinStandardHelpOptions = true,
            description = "Approvals that nobody gives: how late their deadlines come, and how many in a second.")
    int expiry(
            @Mixin Setup setup,
            @Option(names = "--count", description = "Requests (default: ${DEFAULT-VALUE}).", defaultValue = "2000")
                    int count,
            @Option(
                            names = "--timeout",
                            description =
                                    "Of each approval; all are submitted before the first is over, or it is longer"
                                            + " than it takes to (default: ${DEFAULT-VALUE}).",
                            defaultValue = "PT2M")
                    Duration timeout,
            @Option(
                            names = "--burst",
                            description =
                                    "Stops approval-service until all are due, so that they come at once; as many as are"
                                            + " submitted within half a minute.")
                    boolean burst)
            throws Exception {
        try (var target = setup.target("")) {
            var floor = Floor.measure(target, 20_000);
            var waiting = new Waiting(target);
            waiting.rest();
            Expiry.Result found;
            try (var expiry = new Expiry(target)) {
                System.out.printf(Locale.ROOT, "Submitting %d that expire after %s ...%n", count, timeout);
                waiting.submit(count, timeout);
                if (burst) {
                    var last = expiry.lastDeadline(count, timeout);
                    // no longer: half a minute after the first is due, request-service calls the step overdue
                    waiting.stop("approval-service", Duration.between(Instant.now(), last));
                }
                found = expiry.result(count, timeout);
            }
            var result = Target.JSON.createObjectNode();
            result.put("benchmark", "expiry");
            result.put("requests", count);
            result.set("expired", Target.JSON.valueToTree(found));
            System.out.printf(
                    Locale.ROOT,
                    "%d expired, due within %.0f s: %d early, %d twice, %d not at all; late p50 %.0f ms, p99 %.0f ms, at most %.0f ms;"
                            + " %d in the fullest second%n",
                    found.expired(),
                    found.dueWithinSeconds(),
                    found.early(),
                    found.twice(),
                    found.missing(),
                    found.p50Millis(),
                    found.p99Millis(),
                    found.mostMillis(),
                    found.peakPerSecond());
            floor(result, floor);
            setup.write(result);
            return found.early() + found.twice() + found.missing() == 0 ? 0 : 1;
        }
    }

    @Command(
            name = "poll",
            mixinStandardHelpOptions = true,
            description = "What it costs to look at a machine that is not running yet, and to remember it.")
    int poll(
            @Mixin Setup setup,
            @Option(names = "--count", description = "Machines (default: ${DEFAULT-VALUE}).", defaultValue = "500")
                    int count,
            @Option(names = "--seconds", description = "Measured (default: ${DEFAULT-VALUE}).", defaultValue = "30")
                    int seconds)
            throws Exception {
        try (var target = setup.target("")) {
            var floor = Floor.measure(target, 20_000);
            var polling = new Polling(target);
            new Waiting(target).rest();
            var idle = polling.over(seconds);
            System.out.printf(Locale.ROOT, "Asking for %d machines that do not start ...%n", count);
            polling.begin(count);
            var busy = polling.over(seconds);
            var each = busy.perLook(idle);
            var result = Target.JSON.createObjectNode();
            result.put("benchmark", "poll");
            result.put("machines", count);
            result.put("looksPerSecond", busy.looks() / busy.seconds());
            result.set("cpuMillisPerLook", Target.JSON.valueToTree(each));
            each.forEach(
                    (name, used) -> System.out.printf(Locale.ROOT, "  %-24s %8.2f CPU ms for each look%n", name, used));
            System.out.printf(
                    Locale.ROOT,
                    "%d machines, %.0f looks a second; %.2f CPU ms each%n",
                    count,
                    busy.looks() / busy.seconds(),
                    each.values().stream().mapToDouble(used -> used).sum());
            floor(result, floor);
            setup.write(result);
            return 0;
        }
    }

    /** {@code count} sagas, {@code width} of them at a time, one in twenty to be undone. */
    private static void saturate(Load load, int width, int count) throws InterruptedException {
        AtOnce.make(count, width, number -> load.saga(Load.name(), number % 20 == 19));
    }

    /** Each begins at its time, whether or not those before are at their ends. */
    private static void atRate(Load load, int rate, int count) throws InterruptedException {
        var began = System.nanoTime();
        var callers = new ArrayList<Thread>();
        for (var number = 0; number < count; number++) {
            LockSupport.parkNanos(began + number * 1_000_000_000L / rate - System.nanoTime());
            callers.add(Thread.startVirtualThread(() -> load.saga(Load.name(), false)));
        }
        for (var caller : callers) {
            caller.join();
        }
    }

    private static void latencies(ObjectNode result, Load load) {
        var sorted = new ArrayList<>(load.latencies);
        Collections.sort(sorted);
        for (var part : Map.of("p50", 0.5, "p90", 0.9, "p99", 0.99).entrySet()) {
            result.put(part.getKey() + "Millis", Load.percentile(sorted, part.getValue()));
        }
        System.out.printf(
                Locale.ROOT,
                "POST to completion record: p50 %.0f ms, p90 %.0f ms, p99 %.0f ms%n",
                Load.percentile(sorted, 0.5),
                Load.percentile(sorted, 0.9),
                Load.percentile(sorted, 0.99));
    }

    private static void floor(ObjectNode result, Floor.Result floor) {
        result.set("floor", Target.JSON.valueToTree(floor));
        System.out.printf(
                Locale.ROOT,
                "The floor, %d bare hops: %.0f chains/s, %.2f CPU s per 1,000, %.1f ms for one alone%n",
                Floor.HOPS,
                floor.perSecond(),
                floor.cpuPerThousand(),
                floor.medianMillis());
    }

    private static int end(Load load) {
        load.faults.stream().limit(10).forEach(System.err::println);
        return load.faults.isEmpty() ? 0 : 1;
    }
}
