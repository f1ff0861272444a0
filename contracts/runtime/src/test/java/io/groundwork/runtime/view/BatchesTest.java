package io.groundwork.runtime.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.ShutdownEvent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchesTest {

    private final Batches batches = new Batches();
    private final List<String> written = new ArrayList<>();
    private int away;

    @Test
    void shouldWriteAllButWhatTheDatabaseRefuses() throws InterruptedException {
        batches.write(List.of("a", "bad", "b"), this::write);
        assertThat(written).containsExactly("a", "b");
    }

    @Test
    void shouldWaitForADatabaseThatIsAway() throws InterruptedException {
        away = 2;
        batches.write(List.of("a", "b"), this::write);
        assertThat(written).containsExactly("a", "b");
        assertThat(away).isZero();
    }

    @Test
    void shouldLeaveToBeReadAgainWhatFailsWhileTheServiceStops() throws InterruptedException {
        batches.stop(new ShutdownEvent());
        batches.write(List.of("a"), this::write);
        assertThatThrownBy(() -> batches.write(List.of("bad", "b"), this::write))
                .as("its database is closed, so the record is not at fault")
                .isInstanceOf(InterruptedException.class);
        assertThat(written).containsExactly("a");
    }

    @Test
    void shouldNotKeepAServiceFromStoppingWhoseDatabaseIsAway() {
        away = Integer.MAX_VALUE;
        assertThatThrownBy(() -> batches.write(List.of("a"), some -> {
                    batches.stop(new ShutdownEvent());
                    write(some);
                }))
                .isInstanceOf(InterruptedException.class);
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
