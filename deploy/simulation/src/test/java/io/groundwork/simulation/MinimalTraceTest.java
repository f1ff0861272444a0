package io.groundwork.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is told of a seed that fails is little enough to be read. */
class MinimalTraceTest {

    private static final int SEEDS = 3;
    /** Two who get in each other's way: each a request, its approval, and what makes it go back. */
    private static final int FEW = 6;

    @Test
    void shouldBreakInTheSameWayWithFewOfTheThingsThatPeopleDo() {
        long next = 1;
        for (var number = 0; number < SEEDS; number++) {
            var failure =
                    Objects.requireNonNull(new Seeds(next, 100).run(Mutants::forgettingToCompensate, result -> {}));
            next = failure.seed() + 1;

            var least = least(failure);

            assertThat(Run.kind(least.broken())).isEqualTo(Run.kind(failure.broken()));
            assertThat(least.asks()).hasSizeBetween(1, FEW).hasSizeLessThan(least.all());
            assertThat(least.lines())
                    .zipSatisfy(least.asks(), (line, ask) -> assertThat(line).endsWith(ask));
            assertThat(String.join("\n", least.timeline())).contains(least.about());
        }
    }

    @Test
    void shouldFindTheSameEveryTime() {
        var failure = Objects.requireNonNull(new Seeds(1, 100).run(Mutants::forgettingToCompensate, result -> {}));

        assertThat(told(failure)).hasMessage(told(failure).getMessage()).hasMessageContaining("when people do ");
    }

    @Test
    void shouldLeaveOutWhatIsNotNeeded() {
        var all = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9);

        assertThat(Fewest.of(all, some -> some.containsAll(List.of(2, 8)))).containsExactly(2, 8);
        assertThat(Fewest.of(all, some -> true)).isEmpty();
        assertThat(Fewest.of(all, all::equals)).isEqualTo(all);
    }

    private static Run.Least least(Seeds.Failure failure) {
        return Seeds.alone(() -> Run.least(failure.seed(), Mutants::forgettingToCompensate, failure.broken()));
    }

    private static AssertionError told(Seeds.Failure failure) {
        return Seeds.alone(() -> Run.told(failure.seed(), Mutants::forgettingToCompensate, failure.broken()));
    }
}
