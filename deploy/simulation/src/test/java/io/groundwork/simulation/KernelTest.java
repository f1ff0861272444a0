package io.groundwork.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.Message;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Stores;
import io.groundwork.runtime.Timer;
import io.groundwork.runtime.Timers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The ground under the simulation, with machines small enough to see through. */
class KernelTest {

    private static final Faults CRASHES =
            new Faults(4, 10, Duration.ofSeconds(5), 100, Duration.ofSeconds(5), 50, 30, Duration.ofSeconds(30), false);

    /** Numbers what it reads under each key, and says so. */
    private record Counter() implements Machine {
        @Override
        public Set<String> inputs() {
            return Set.of("in");
        }

        @Override
        public Set<String> stores() {
            return Set.of("counts");
        }

        @Override
        public List<Message> handle(Input input, Moment moment, Stores stores) {
            if (!(input instanceof Input.Received received)) {
                return List.of();
            }
            var key = received.message().key();
            var counts = stores.store("counts");
            var known = counts.get(key);
            var next = 1 + (known == null ? 0 : ByteBuffer.wrap(known).getInt());
            counts.put(key, ByteBuffer.allocate(4).putInt(next).array());
            return List.of(message("out", key, received.message().header("n") + "=" + next));
        }
    }

    @Test
    void shouldDoEverythingOnceAndInOrderHoweverOftenItCrashes() {
        for (var seed = 1; seed <= 50; seed++) {
            var simulation = new Simulation(seed, 2, CRASHES, new Trace(false));
            simulation.run("counter", new Counter());
            for (var n = 1; n <= 20; n++) {
                simulation.send(message("in", "a", Integer.toString(n)));
                simulation.send(message("in", "b", Integer.toString(n)));
            }
            simulation.untilRest();

            for (var key : List.of("a", "b")) {
                var said = new ArrayList<String>();
                for (var n = 1; n <= 20; n++) {
                    said.add(n + "=" + n);
                }
                assertThat(simulation.log().all("out"))
                        .filteredOn(entry -> entry.message().key().equals(key))
                        .extracting(entry -> entry.message().header("n"))
                        .containsExactlyElementsOf(said);
            }
        }
    }

    /** Waits ten seconds for a cancellation. */
    private record Deadline() implements Machine {
        @Override
        public Set<String> inputs() {
            return Set.of("in", "other");
        }

        @Override
        public Set<String> stores() {
            return Set.of("due");
        }

        @Override
        public List<Message> handle(Input input, Moment moment, Stores stores) {
            var timers = new Timers(stores);
            return switch (input) {
                case Input.Fired fired -> {
                    timers.cancel(fired.timer());
                    yield List.of(message("out", "a", "expired"));
                }
                case Input.Received received -> {
                    var due = Instant.parse("2026-03-04T12:00:10Z");
                    var timer = new Timer(due, "a", "deadline");
                    if ("begin".equals(received.message().header("n"))) {
                        timers.set(timer);
                    } else {
                        timers.cancel(timer);
                    }
                    yield List.of();
                }
            };
        }
    }

    @Test
    void shouldFireATimerOnlyOnceEverythingBeforeItIsRead() {
        for (var seed = 1; seed <= 50; seed++) {
            var simulation = new Simulation(
                    seed,
                    1,
                    new Faults(3, 2, Duration.ofMinutes(5), 0, Duration.ZERO, 0, 0, Duration.ZERO, false),
                    new Trace(false));
            simulation.run("deadline", new Deadline());
            simulation.send(message("in", "a", "begin"));
            simulation.after(Duration.ofSeconds(9), () -> simulation.send(message("in", "a", "cancel")));
            simulation.untilRest();

            // down for minutes, and still what came in time counts
            assertThat(simulation.log().all("out")).isEmpty();
        }
    }

    @Test
    void shouldGiveEveryWorkToSomebodyHoweverManyAreKilled() {
        for (var seed = 1; seed <= 50; seed++) {
            var simulation = new Simulation(seed, 2, CRASHES, new Trace(false));
            simulation.work("work.", List.of(new WorkerProcess("worker", work -> {
                Strand.breathe();
                simulation.sleep(Duration.ofMillis(5));
                Strand.breathe();
                return message("out", work.key(), "done");
            })));
            for (var n = 0; n < 10; n++) {
                simulation.send(message("work.q", "k" + n, ""));
            }
            simulation.untilRest();

            assertThat(simulation.log().all("out").stream()
                            .map(entry -> entry.message().key())
                            .distinct())
                    .hasSize(10);
        }
    }

    private static Message message(String topic, String key, String n) {
        return new Message(topic, key, Map.of("n", n), null);
    }
}
