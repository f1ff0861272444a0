package io.groundwork.runtime.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlarmsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Object early = new Object();
    private final Object late = new Object();

    @AfterEach
    void forget() {
        Alarms.clear(early);
        Alarms.clear(late);
    }

    @Test
    void shouldWaitNoLongerThanUntilTheNextAlarm() {
        assertThat(Alarms.patience(LONG)).isEqualTo(LONG);

        Alarms.set(late, System.currentTimeMillis() + 20_000);
        Alarms.set(early, System.currentTimeMillis() + 10_000);

        assertThat(Alarms.patience(LONG)).isBetween(Duration.ofMillis(1), Duration.ofSeconds(10));
        Alarms.clear(early);
        assertThat(Alarms.patience(LONG)).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));
    }

    @Test
    void shouldNotSpinForATaskThatIsNotCalled() {
        Alarms.set(early, System.currentTimeMillis());
        assertThat(Alarms.patience(LONG)).isEqualTo(Duration.ofMillis(1));

        Alarms.set(early, System.currentTimeMillis() - 60_000);
        assertThat(Alarms.patience(LONG)).isEqualTo(LONG);
    }
}
