package io.groundwork.runtime.streams;

import com.fasterxml.jackson.databind.JavaType;
import io.groundwork.runtime.KeyValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A machine's store as its part of the one that its task has, with the values used last as the objects they are. */
final class Rows implements KeyValues {

    /** Most values that are kept as objects: those of the resources on which something goes on. */
    private static final int MOST_VALUES = 64;

    private final KeyValueStore<String, byte[]> rows;
    private final String prefix;
    private final boolean packed;
    private final Consumer<String> written;
    private final Map<String, Object> values = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Object> eldest) {
            return size() > MOST_VALUES;
        }
    };

    /**
     * @param prefix of its keys in the task's store; none of another begins with it
     * @param packed whether it packs what it writes; it reads both
     * @param written is told of every key that is put
     */
    Rows(KeyValueStore<String, byte[]> rows, String prefix, boolean packed, Consumer<String> written) {
        this.rows = rows;
        this.prefix = prefix;
        this.packed = packed;
        this.written = written;
    }

    @Override
    public <T> @Nullable T read(String key, JavaType type) {
        var known = values.get(key);
        if (known != null && type.getRawClass().isInstance(known)) {
            @SuppressWarnings("unchecked") // a machine reads a store's rows as what it writes there
            var value = (T) known;
            return value;
        }
        T value = KeyValues.super.read(key, type);
        if (value != null) {
            values.put(key, value);
        }
        return value;
    }

    @Override
    public void write(String key, Object value) {
        KeyValues.super.write(key, value);
        values.put(key, value);
    }

    @Override
    public byte @Nullable [] get(String key) {
        return calling(() -> {
            var stored = rows.get(prefix + key);
            return stored == null ? null : Packing.unpack(stored);
        });
    }

    @Override
    public void put(String key, byte[] value) {
        values.remove(key);
        calling(() -> {
            rows.put(prefix + key, packed ? Packing.pack(value) : value);
            return true;
        });
        written.accept(key);
    }

    @Override
    public void delete(String key) {
        values.remove(key);
        calling(() -> rows.delete(prefix + key));
    }

    @Override
    public List<Entry> range(String from, String to, int limit) {
        return calling(() -> {
            var entries = new ArrayList<Entry>();
            var first = prefix + from;
            var end = prefix + to;
            // no lower bound is not the empty string: a store refuses empty keys
            try (var found = rows.range(first.isEmpty() ? null : first, end)) {
                while (entries.size() < limit && found.hasNext()) {
                    var next = found.next();
                    if (!next.key.equals(end)) {
                        entries.add(new Entry(next.key.substring(prefix.length()), Packing.unpack(next.value)));
                    }
                }
            }
            return entries;
        });
    }

    private static <T extends @Nullable Object> T calling(Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw new StoreFailure(e);
        }
    }

    /** Not a fault of the input: a machine, which turns those into dead letters, must not see it. */
    static final class StoreFailure extends Error {

        final RuntimeException reason;

        StoreFailure(RuntimeException reason) {
            super(reason);
            this.reason = reason;
        }
    }
}
