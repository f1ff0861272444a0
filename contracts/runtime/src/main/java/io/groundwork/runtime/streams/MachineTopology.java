package io.groundwork.runtime.streams;

import io.groundwork.events.Message;
import io.groundwork.runtime.Machine;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TopicNameExtractor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** Machines as a Kafka Streams topology: each has its own tasks, or shares them with those it is closest to. */
public final class MachineTopology {

    private final Topology topology = new Topology();
    private final InputGate gate;
    private final TopicNameExtractor<String, Message> destination;
    private final Function<String, KeyValueBytesStoreSupplier> storage;
    private final Set<String> standing;
    private final boolean packed;

    private MachineTopology(
            InputGate gate,
            TopicNameExtractor<String, Message> destination,
            Function<String, KeyValueBytesStoreSupplier> storage,
            Set<String> standing,
            boolean packed) {
        this.gate = gate;
        this.destination = destination;
        this.storage = storage;
        this.standing = standing;
        this.packed = packed;
    }

    /**
     * A topology with state on disk, whose timers wait at {@code gate} and whose queues {@code queues} creates; it goes on with the
     * stores that {@code changelogs} knows.
     */
    public static MachineTopology persistent(InputGate gate, QueueTopics queues, Changelogs changelogs) {
        return new MachineTopology(
                gate,
                (key, message, context) -> {
                    queues.ensure(message.topic());
                    return message.topic();
                },
                Stores::persistentKeyValueStore,
                changelogs.stores(),
                changelogs.packed());
    }

    /** A topology with state in memory, as it was written, and no gate, for {@code TopologyTestDriver}. */
    public static MachineTopology inMemory() {
        return new MachineTopology(
                InputGate.OPEN,
                (key, message, context) -> message.topic(),
                Stores::inMemoryKeyValueStore,
                Set.of(),
                false);
    }

    /**
     * Adds {@code machine}.
     *
     * @param name unique in the service; names its nodes, its rows, its store and its changelog for life
     */
    public MachineTopology with(String name, Machine machine) {
        return with(Map.of(name, machine));
    }

    /**
     * Adds machines that share their tasks: what one says to another about a resource, and about the operations that stand with it
     * ({@link HomePartitioner}), is handed over without a topic between them.
     *
     * @param machines by names as of {@link #with(String, Machine)}; no two read the same topic
     */
    public MachineTopology with(Map<String, Machine> machines) {
        var together = new TreeMap<>(machines);
        var name = String.join("-", together.keySet());
        var layout = Layout.of(name, together, standing::contains);
        var source = name + "-inputs";
        topology.addSource(
                source,
                new StringDeserializer(),
                new ByteArrayDeserializer(),
                inputs(List.copyOf(together.values())).toArray(String[]::new));
        ProcessorSupplier<String, byte[], String, Message> processor =
                () -> new MachineProcessor(layout, together, packed, gate);
        topology.addProcessor(name, processor, source);
        for (var store : layout.stores(together)) {
            topology.addStateStore(
                    Stores.keyValueStoreBuilder(storage.apply(store), Serdes.String(), Serdes.ByteArray()), name);
        }
        topology.addSink(
                name + "-outputs",
                destination,
                new StringSerializer(),
                (String topic, Message message) -> message.value(),
                name);
        return this;
    }

    /** Adds a compacted topic as a table of its last values by key, in memory, read through {@link Tables}. */
    public MachineTopology table(String topic) {
        var store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(topic), Serdes.String(), Serdes.ByteArray())
                .withLoggingDisabled();
        topology.addGlobalStore(
                store,
                topic + "-source",
                new StringDeserializer(),
                new ByteArrayDeserializer(),
                topic,
                topic + "-table",
                () -> new TableWriter(topic));
        return this;
    }

    public Topology build() {
        return topology;
    }

    /** Every topic that {@code machines} read. */
    public static Set<String> inputs(List<Machine> machines) {
        var topics = new TreeSet<String>();
        machines.forEach(machine -> topics.addAll(machine.inputs()));
        return topics;
    }

    private static final class TableWriter implements Processor<String, byte[], Void, Void> {

        private final String name;
        private @Nullable KeyValueStore<String, byte[]> store;

        TableWriter(String name) {
            this.name = name;
        }

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            store = context.getStateStore(name);
        }

        @Override
        public void process(Record<String, byte[]> record) {
            if (store != null) {
                store.put(record.key(), record.value());
            }
        }
    }
}
