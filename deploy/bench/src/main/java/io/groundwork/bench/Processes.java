package io.groundwork.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** What the processes of a stack use, by Linux' own account; with each its children, such as those of Postgres. */
final class Processes {

    /** The load generator itself, which works on the same cores. */
    static final String SELF = "load generator";

    private static final double TICKS = 100;

    private final Map<String, Long> pids;

    Processes(Map<String, Long> pids) {
        this.pids = new TreeMap<>(pids);
        this.pids.put(SELF, ProcessHandle.current().pid());
    }

    /** CPU seconds used since their start, by name. */
    Map<String, Double> cpu() {
        return each(pid -> {
            var fields = read(pid, "stat").replaceFirst("^.*\\) ", "").split(" ", -1);
            return fields.length < 13 ? 0 : (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
        });
    }

    /** Resident megabytes, of shared pages each one's part. */
    Map<String, Double> memory() {
        return each(pid -> read(pid, "smaps_rollup")
                        .lines()
                        .filter(line -> line.startsWith("Pss:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                / 1024.0);
    }

    private Map<String, Double> each(ToDoubleFunction<Long> measure) {
        var all = new TreeMap<String, Double>();
        pids.forEach((name, pid) -> {
            var sum = measure.applyAsDouble(pid);
            if (!name.equals(SELF)) {
                sum += ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .mapToDouble(child -> measure.applyAsDouble(child.pid()))
                        .sum();
            }
            all.put(name, sum);
        });
        return all;
    }

    private static String read(long pid, String what) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(pid), what));
        } catch (IOException gone) {
            return "";
        }
    }
}
