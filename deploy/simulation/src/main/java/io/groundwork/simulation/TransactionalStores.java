package io.groundwork.simulation;

import com.fasterxml.jackson.databind.JavaType;
import io.groundwork.events.Json;
import io.groundwork.runtime.KeyValues;
import io.groundwork.runtime.Stores;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Stores in memory whose writes since the last commit can be taken back. */
public final class TransactionalStores implements Stores {

    /** A value, and what it was written as. */
    private record Written(Object value, byte[] bytes) {}

    private record Before(
            TreeMap<String, Object> rows,
            String key,
            @Nullable Object value) {}

    private final Map<String, Rows> stores = new HashMap<>();
    private final Deque<Before> undo = new ArrayDeque<>();
    private final boolean exact;

    /**
     * @param exact whether values are written and read as bytes, as a service does, and must come back as they were; else they
     *     are kept as they are, which is faster
     */
    public TransactionalStores(boolean exact) {
        this.exact = exact;
    }

    @Override
    public KeyValues store(String name) {
        return stores.computeIfAbsent(name, any -> new Rows());
    }

    void commit() {
        undo.clear();
    }

    void rollback() {
        while (!undo.isEmpty()) {
            var before = undo.pop();
            if (before.value() == null) {
                before.rows().remove(before.key());
            } else {
                before.rows().put(before.key(), before.value());
            }
        }
    }

    private final class Rows implements KeyValues {

        /** Bytes that were put, and values that were written. */
        private final TreeMap<String, Object> rows = new TreeMap<>();

        @Override
        public byte @Nullable [] get(String key) {
            var value = rows.get(key);
            return value == null ? null : bytes(value);
        }

        @Override
        public void put(String key, byte[] value) {
            undo.push(new Before(rows, key, rows.put(key, value)));
        }

        @Override
        public void write(String key, Object value) {
            var kept = exact ? new Written(value, Json.write(value)) : value;
            undo.push(new Before(rows, key, rows.put(key, kept)));
        }

        @Override
        public <T> @Nullable T read(String key, Class<T> type) {
            var value = rows.get(key);
            return type.isInstance(value) ? type.cast(value) : read(key, Json.MAPPER.constructType(type));
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> @Nullable T read(String key, JavaType type) {
            var value = rows.get(key);
            if (value == null) {
                return null;
            }
            if (type.getRawClass().isInstance(value)) {
                return (T) value;
            }
            T read = Json.read(bytes(value), type);
            if (value instanceof Written written && !read.equals(written.value())) {
                throw new AssertionError("written as " + written.value() + ", and read as " + read);
            }
            return read;
        }

        @Override
        public void delete(String key) {
            var before = rows.remove(key);
            if (before != null) {
                undo.push(new Before(rows, key, before));
            }
        }

        @Override
        public List<Entry> range(String from, String to, int limit) {
            if (rows.isEmpty() || limit == 0) {
                return List.of();
            }
            var found = new ArrayList<Entry>();
            for (var row : rows.subMap(from, to).entrySet()) {
                found.add(new Entry(row.getKey(), bytes(row.getValue())));
                if (found.size() == limit) {
                    break;
                }
            }
            return found;
        }

        private static byte[] bytes(Object value) {
            return switch (value) {
                case byte[] bytes -> bytes;
                case Written written -> written.bytes();
                default -> Json.write(value);
            };
        }
    }
}
