package io.groundwork.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The guarantees of the design, over many seeds. {@code -Dsimulation.seeds=N} runs N of them, {@code -Dsimulation.first=N} begins
 * at N, and {@code -Dsimulation.seed=N} runs that one alone and writes all that happened to {@code target/seed-N.txt}.
 */
class SimulationTest {

    private static final long SEEDS = Long.getLong("simulation.seeds", 150);
    private static final long FIRST = Long.getLong("simulation.first", 1);

    @Test
    void shouldKeepItsGuaranteesWhateverHappens() throws IOException {
        var seed = Long.getLong("simulation.seed");
        if (seed != null) {
            var file = Path.of("target", "seed-" + seed + ".txt");
            Files.write(file, Run.trace(seed, Mutation.NONE));
            report(Run.of(seed, Mutation.NONE).ends(), 1, Duration.ZERO);
            return;
        }
        var begin = System.nanoTime();
        var ends = new TreeMap<String, Integer>();
        for (var each = FIRST; each < FIRST + SEEDS; each++) {
            Run.of(each, Mutation.NONE).ends().forEach((end, count) -> ends.merge(end, count, Integer::sum));
        }
        report(ends, SEEDS, Duration.ofNanos(System.nanoTime() - begin));

        if (SEEDS >= 500) {
            assertThat(ends)
                    .as("every end of a request was seen")
                    .containsKeys("COMPLETED", "REJECTED", "EXPIRED", "CANCELED", "FAILED", "TAINTED");
        }
    }

    @Test
    void shouldRunTheSameSeedTheSameWay() {
        for (var seed = FIRST; seed < FIRST + 5; seed++) {
            assertThat(Run.of(seed, Mutation.NONE)).isEqualTo(Run.of(seed, Mutation.NONE));
        }
    }

    private static void report(Map<String, Integer> ends, long seeds, Duration time) {
        System.out.printf("%d seeds in %.1f s: requests ended %s%n", seeds, time.toMillis() / 1000.0, ends);
    }
}
