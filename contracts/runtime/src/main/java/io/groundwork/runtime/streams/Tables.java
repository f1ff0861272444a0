package io.groundwork.runtime.streams;

import io.groundwork.events.Json;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * The last values of compacted topics (the catalogue, the directory), as this process has read them. Nothing is answered before
 * they were read to their ends once: callers get an {@link InvalidStateStoreException} until then, which REST answers with 503.
 */
@ApplicationScoped
@Unremovable
public class Tables {

    /** A stream thread's state before its start. */
    private static final String CREATED = "CREATED";

    /** In the name of every one of them, and of no other. */
    private static final String STREAM_THREAD = "-StreamThread-";

    private final Supplier<KafkaStreams> streams;
    private final Map<String, ReadOnlyKeyValueStore<String, byte[]>> stores = new ConcurrentHashMap<>();

    /** What was asked for once, as an object: a catalogue is read with every request and changes with few. */
    private final Map<String, Known> objects = new ConcurrentHashMap<>();

    private record Known(byte[] value, Object object) {}

    @Inject
    public Tables(Instance<KafkaStreams> streams) {
        this(streams::get);
    }

    Tables(Supplier<KafkaStreams> streams) {
        this.streams = streams;
    }

    /** The value of {@code key} on {@code topic}; empty if there is none or it was withdrawn. Shared, so it must be immutable. */
    public <T> Optional<T> get(String topic, String key, Class<T> type) {
        return Optional.ofNullable(store(topic).get(key)).map(value -> read(topic, key, value, type));
    }

    /** All values on {@code topic} whose key starts with {@code prefix}, by the rest of the key. Shared, so they must be immutable. */
    public <T> Map<String, T> list(String topic, String prefix, Class<T> type) {
        var found = new TreeMap<String, T>();
        var store = store(topic);
        try (var entries = prefix.isEmpty()
                ? store.all()
                : store.prefixScan(prefix, Serdes.String().serializer())) {
            entries.forEachRemaining(entry ->
                    found.put(entry.key.substring(prefix.length()), read(topic, entry.key, entry.value, type)));
        }
        return found;
    }

    private <T> T read(String topic, String key, byte[] value, Class<T> type) {
        var place = topic + "|" + key;
        var known = objects.get(place);
        // at once, as a table in memory gives out the very array that was read from the topic
        if (known != null && Arrays.equals(known.value(), value) && type.isInstance(known.object())) {
            return type.cast(known.object());
        }
        var object = Json.read(value, type);
        objects.put(place, new Known(value, object));
        return object;
    }

    /** Kept once found: a stream thread that finishes its work while the service stops still reads it. */
    private ReadOnlyKeyValueStore<String, byte[]> store(String topic) {
        return stores.computeIfAbsent(topic, this::find);
    }

    private ReadOnlyKeyValueStore<String, byte[]> find(String topic) {
        var client = streams.get();
        // While the process starts, a table is there and can be read, but half empty: what it lacks would be refused as
        // unknown. Stream threads are started behind it. What is told of one changes only once all its tasks are
        // restored, and those restored sooner decide before.
        if (!Thread.currentThread().getName().contains(STREAM_THREAD)
                && client.metadataForLocalThreads().stream().allMatch(thread -> CREATED.equals(thread.threadState()))) {
            throw new InvalidStateStoreException(topic + " is still being read");
        }
        return client.store(StoreQueryParameters.fromNameAndType(topic, QueryableStoreTypes.keyValueStore()));
    }
}
