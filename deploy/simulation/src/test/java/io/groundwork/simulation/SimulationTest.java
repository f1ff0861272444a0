package io.groundwork.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The guarantees of the design, over many seeds. {@code -Dsimulation.seeds=N} runs N of them, {@code -Dsimulation.first=N} begins
 * at N, and {@code -Dsimulation.seed=N} runs that one alone and writes all that happened to {@code target/seed-N.txt}.
 */
class SimulationTest {

    private static final long SEEDS = Long.getLong("simulation.seeds", 4_000);
    private static final long FIRST = Long.getLong("simulation.first", 1);

    @Test
    void shouldKeepItsGuaranteesWhateverHappens() throws IOException {
        var seed = Long.getLong("simulation.seed");
        if (seed != null) {
            var file = Path.of("target", "seed-" + seed + ".txt");
            Files.write(file, Run.trace(seed, () -> Mutation.NONE));
            System.out.println("seed " + seed + ": everything that happened is in " + file);
        }
        var first = seed == null ? FIRST : seed;
        var count = seed == null ? SEEDS : 1;
        var begin = System.nanoTime();
        var ends = new TreeMap<String, Integer>();
        Set<String> covered = new TreeSet<>();
        var failure = new Seeds(first, count).run(() -> Mutation.NONE, result -> {
            result.ends().forEach((end, times) -> ends.merge(end, times, Integer::sum));
            covered.addAll(result.covered());
        });
        if (failure != null) {
            throw Seeds.alone(() -> Run.told(failure.seed(), () -> Mutation.NONE, failure.broken()));
        }
        var seconds = Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0;
        System.out.printf(
                "%d seeds in %.1f s, %.0f a minute: requests ended %s; pairs of a state and an event that were seen: %s%n",
                count,
                seconds,
                count * 60 / seconds,
                ends,
                covered.stream()
                        .collect(Collectors.groupingBy(
                                pair -> pair.substring(0, pair.indexOf(' ')), TreeMap::new, Collectors.counting())));

        if (count >= 500) {
            assertThat(ends)
                    .as("every end of a request was seen")
                    .containsKeys("COMPLETED", "REJECTED", "EXPIRED", "CANCELED", "FAILED", "TAINTED");
            assertThat(covered)
                    .as("what hands do was done")
                    .contains("servers adopted", "servers drifted", "servers severed", "servers returned");
            assertThat(covered)
                    .as("instances got other servers, also where the old one was dead")
                    .contains("instances provision done", "instances deprovision stuck");
        }
    }

    @Test
    void shouldRunTheSameSeedTheSameWay() {
        for (var seed = FIRST; seed < FIRST + 5; seed++) {
            assertThat(Run.trace(seed, () -> Mutation.NONE)).isEqualTo(Run.trace(seed, () -> Mutation.NONE));
        }
    }
}
