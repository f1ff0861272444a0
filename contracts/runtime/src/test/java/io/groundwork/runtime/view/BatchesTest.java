package io.groundwork.runtime.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchesTest {

    private final List<String> written = new ArrayList<>();
    private int away;

    @Test
    void shouldWriteAllButWhatTheDatabaseRefuses() throws InterruptedException {
        Batches.write(List.of("a", "bad", "b"), this::write);
        assertThat(written).containsExactly("a", "b");
    }

    @Test
    void shouldWaitForADatabaseThatIsAway() throws InterruptedException {
        away = 2;
        Batches.write(List.of("a", "b"), this::write);
        assertThat(written).containsExactly("a", "b");
        assertThat(away).isZero();
    }

    private void write(List<String> some) {
        if (away > 0) {
            away--;
            throw new IllegalStateException(new SQLException("connection failure", "08006"));
        }
        if (some.contains("bad")) {
            throw new IllegalStateException(new SQLException("untranslatable character", "22P05"));
        }
        written.addAll(some);
    }
}
