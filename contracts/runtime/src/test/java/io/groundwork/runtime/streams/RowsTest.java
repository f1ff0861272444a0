package io.groundwork.runtime.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.Message;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.KeyValues;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Stores;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects are kept beside the rows, and never tell anything else. */
class RowsTest {

    private static final int FAR_MORE_THAN_ARE_KEPT = 1_000;

    private TopologyTestDriver driver;
    private KeyValueStore<String, byte[]> store;
    private Rows rows;

    record Value(int number) {}

    record Text(String text) {}

    @BeforeEach
    void open() {
        var config = new Properties();
        config.put("application.id", "rows");
        config.put("bootstrap.servers", "none:1");
        driver = new TopologyTestDriver(
                MachineTopology.inMemory().with("machine", new Silent()).build(), config);
        store = driver.getKeyValueStore("machine-rows");
        rows = new Rows(store, "machine/rows|", false, key -> {});
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void shouldReadWhatWasWrittenLastHoweverItWasWritten() {
        rows.write("a", new Value(1));
        rows.put("a", "{\"number\":2}".getBytes(UTF_8));
        assertThat(rows.read("a", Value.class)).isEqualTo(new Value(2));

        rows.write("a", new Value(3));
        assertThat(rows.read("a", Value.class)).isEqualTo(new Value(3));
        assertThat(store.get("machine/rows|a")).asString(UTF_8).isEqualTo("{\"number\":3}");

        rows.delete("a");
        assertThat(rows.read("a", Value.class)).isNull();
    }

    @Test
    void shouldReadPackedRowsAndThoseOfBeforeWhetherItPacksOrNot() {
        var value = new Text("The same over and over. ".repeat(20));
        var packing = new Rows(store, "machine/rows|", true, key -> {});
        packing.write("packed", value);
        rows.write("plain", value);

        assertThat(store.get("machine/rows|packed")).hasSizeLessThan(100);
        assertThat(store.get("machine/rows|plain")).hasSizeGreaterThan(400);
        for (var reader : List.of(new Rows(store, "machine/rows|", true, key -> {}), rows)) {
            assertThat(reader.read("packed", Text.class)).isEqualTo(value);
            assertThat(reader.read("plain", Text.class)).isEqualTo(value);
            assertThat(reader.range("", "z", 10))
                    .extracting(entry -> new String(entry.value(), UTF_8))
                    .containsOnly("{\"text\":\"" + value.text() + "\"}");
        }
    }

    @Test
    void shouldReadFromTheStoreWhatIsNotKeptAnyMore() {
        for (var number = 0; number < FAR_MORE_THAN_ARE_KEPT; number++) {
            rows.write("key-" + number, new Value(number));
        }
        for (var number = 0; number < FAR_MORE_THAN_ARE_KEPT; number++) {
            assertThat(rows.read("key-" + number, Value.class)).isEqualTo(new Value(number));
        }
    }

    @Test
    void shouldKeepItsKeysApartFromThoseOfOthersInTheSameStore() {
        var others = List.of(
                new Rows(store, "machine/row|", false, key -> {}), new Rows(store, "machine/rows2|", false, key -> {}));
        others.forEach(other -> other.write("a", new Value(0)));
        rows.write("a", new Value(1));
        rows.write("b", new Value(2));
        rows.write("c", new Value(3));

        assertThat(rows.range("", "c", 10)).extracting(KeyValues.Entry::key).containsExactly("a", "b");
        assertThat(rows.range("b", "z", 10)).extracting(KeyValues.Entry::key).containsExactly("b", "c");
        rows.delete("a");
        assertThat(others)
                .allSatisfy(other -> assertThat(other.read("a", Value.class)).isEqualTo(new Value(0)));
    }

    @Test
    void shouldReadFromTheFirstOfAStoreThatIsItsOwn() {
        var own = new Rows(store, "", false, key -> {});
        own.write("a", new Value(1));

        assertThat(own.range("", "b", 10)).extracting(KeyValues.Entry::key).containsExactly("a");
    }

    private static final class Silent implements Machine {

        @Override
        public Set<String> inputs() {
            return Set.of("in");
        }

        @Override
        public Set<String> stores() {
            return Set.of("rows");
        }

        @Override
        public List<Message> handle(Input input, Moment moment, Stores stores) {
            return List.of();
        }
    }
}
