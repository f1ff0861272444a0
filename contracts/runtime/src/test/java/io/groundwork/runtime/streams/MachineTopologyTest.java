package io.groundwork.runtime.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Stores;
import io.groundwork.runtime.Timer;
import io.groundwork.runtime.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;

class MachineTopologyTest {

    private static final String ORDERS = Topics.operations(Owner.CLOUD);
    private static final String RESOURCE = "acme/payments/web";

    @Test
    void shouldHandOverWhatStandsInTheSameTask() {
        try (var driver = driver()) {
            ask(driver, RESOURCE + "#1/web/0");

            assertThat(read(driver, ORDERS)).as("nothing by the topic").isEmpty();
            assertThat(read(driver, "done")).containsExactly(RESOURCE + "=answered");
        }
    }

    @Test
    void shouldSendWhatStandsElsewhereByItsTopic() {
        try (var driver = driver()) {
            ask(driver, RESOURCE + "#1/web/16");

            assertThat(read(driver, ORDERS)).containsExactly(RESOURCE + "#1/web/16=asked");
            assertThat(read(driver, "done")).containsExactly(RESOURCE + "=answered");
        }
    }

    /** A record that stands by another key than its home's, such as a redriven one, goes to its home by the topic. */
    @Test
    void shouldSendHomeWhatWasReadElsewhere() {
        try (var driver = driver()) {
            driver.createInputTopic("asks", new StringSerializer(), new StringSerializer())
                    .pipeInput(RESOURCE + "#1/web/0", RESOURCE + "#1/web/0");

            assertThat(read(driver, ORDERS)).hasSize(1);
        }
    }

    /** Of timers that have fired it looks for none again, and finds all the same those that are set for earlier than it is. */
    @Test
    void shouldFireOnceWhateverIsDueHoweverLateItIsSet() {
        try (var driver = driver(Map.of("waking", new Waking()))) {
            wake(driver, "soon", Duration.ofSeconds(2));
            wake(driver, "later", Duration.ofSeconds(6));
            driver.advanceWallClockTime(Duration.ofSeconds(4));
            assertThat(read(driver, "fired")).containsExactly("soon=2");

            wake(driver, "late", Duration.ofSeconds(-50));
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            assertThat(read(driver, "fired")).containsExactly("late=-50");

            driver.advanceWallClockTime(Duration.ofSeconds(4));
            assertThat(read(driver, "fired")).containsExactly("later=6");
            driver.advanceWallClockTime(Duration.ofDays(1));
            assertThat(read(driver, "fired")).isEmpty();
        }
    }

    private static void wake(TopologyTestDriver driver, String key, Duration delay) {
        driver.createInputTopic("alarms", new StringSerializer(), new StringSerializer())
                .pipeInput(key, Long.toString(delay.toSeconds()));
    }

    private static TopologyTestDriver driver() {
        return driver(Map.of("asking", new Asking(), "doing", new Doing()));
    }

    private static TopologyTestDriver driver(Map<String, Machine> machines) {
        var config = new Properties();
        config.put("application.id", "asking");
        config.put("bootstrap.servers", "none:1");
        return new TopologyTestDriver(MachineTopology.inMemory().with(machines).build(), config, Instant.now());
    }

    private static void ask(TopologyTestDriver driver, String operation) {
        driver.createInputTopic("asks", new StringSerializer(), new StringSerializer())
                .pipeInput(RESOURCE, operation);
    }

    private static List<String> read(TopologyTestDriver driver, String topic) {
        return driver
                .createOutputTopic(topic, new StringDeserializer(), new StringDeserializer())
                .readKeyValuesToList()
                .stream()
                .map(record -> record.key + "=" + record.value)
                .toList();
    }

    private static List<Message> say(String topic, String key, String word) {
        return List.of(new Message(topic, key, Map.of(), word.getBytes(UTF_8)));
    }

    /** Orders the operation that it is asked for, and tells of the answer. */
    private static final class Asking implements Machine {

        @Override
        public Set<String> inputs() {
            return Set.of("asks", "answers");
        }

        @Override
        public Set<String> stores() {
            return Set.of();
        }

        @Override
        public List<Message> handle(Input input, Moment moment, Stores stores) {
            var message = ((Input.Received) input).message();
            var value = message.value();
            return message.topic().equals("answers") || value == null
                    ? say("done", message.key(), "answered")
                    : say(ORDERS, new String(value, UTF_8), "asked");
        }
    }

    /** Answers the resource of whatever operation it is given. */
    private static final class Doing implements Machine {

        @Override
        public Set<String> inputs() {
            return Set.of(ORDERS);
        }

        @Override
        public Set<String> stores() {
            return Set.of();
        }

        @Override
        public List<Message> handle(Input input, Moment moment, Stores stores) {
            return say("answers", RESOURCE, "done");
        }
    }

    /** Says after how many seconds it was woken as it was asked. */
    private static final class Waking implements Machine {

        @Override
        public Set<String> inputs() {
            return Set.of("alarms");
        }

        @Override
        public Set<String> stores() {
            return Set.of();
        }

        @Override
        public List<Message> handle(Input input, Moment moment, Stores stores) {
            var timers = new Timers(stores);
            return switch (input) {
                case Input.Received received -> {
                    var delay = new String(received.message().value(), UTF_8);
                    var due = moment.now().plusSeconds(Long.parseLong(delay));
                    timers.set(new Timer(due, received.message().key(), delay));
                    yield List.of();
                }
                case Input.Fired fired -> {
                    timers.cancel(fired.timer());
                    yield say("fired", fired.timer().key(), fired.timer().name());
                }
            };
        }
    }
}
