package io.groundwork.runtime.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.Message;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Stores;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a task does beside its machines, called as Kafka Streams calls it. */
class MachineProcessorTest {

    private static final String KEY = "a";

    private final MockProcessorContext<String, Message> context = new MockProcessorContext<>();
    private final KeyValueStore<String, byte[]> rows = store();
    private final MachineProcessor processor = new MachineProcessor(
            new Layout("machine", false), new TreeMap<>(Map.of("machine", new Counter())), false, InputGate.OPEN);

    @BeforeEach
    void prepare() {
        context.setCurrentSystemTimeMs(0);
    }

    /** After a transaction that was aborted, Kafka Streams restores the stores and initializes the same processor again. */
    @Test
    void shouldForgetWhatItKnewWhenItsTaskIsTakenBack() {
        processor.init(context);
        assertThat(count()).isEqualTo("1");
        var committed = rows.get("machine/counts|" + KEY);
        assertThat(count()).isEqualTo("2");

        rows.put("machine/counts|" + KEY, committed);
        processor.init(context);

        assertThat(count()).as("counted on from what was committed").isEqualTo("2");
    }

    private String count() {
        context.resetForwards();
        context.setRecordMetadata("in", 0, 0);
        processor.process(new Record<>(KEY, new byte[0], Instant.now().toEpochMilli()));
        var said = context.forwarded().getFirst().record().value().value();
        return said == null ? "" : new String(said, UTF_8);
    }

    private KeyValueStore<String, byte[]> store() {
        var store = org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
                        org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore("machine-rows"),
                        Serdes.String(),
                        Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
        return store;
    }

    /** Counts what comes for a key, as an object. */
    private static final class Counter implements Machine {

        private record Count(int number) {}

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
            var rows = stores.store("counts");
            var before = rows.read(KEY, Count.class);
            var now = new Count(before == null ? 1 : before.number() + 1);
            rows.write(KEY, now);
            return List.of(new Message(
                    "out", KEY, Map.of(), Integer.toString(now.number()).getBytes(UTF_8)));
        }
    }
}
