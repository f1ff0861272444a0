package io.groundwork.runtime;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Stores in memory, for tests and the simulation; shared as this module's test jar. */
public final class InMemoryStores implements Stores {

    private final Map<String, Rows> stores = new HashMap<>();

    @Override
    public KeyValues store(String name) {
        return stores.computeIfAbsent(name, any -> new Rows(new TreeMap<>()));
    }

    /** A copy that later changes do not touch: what a crash falls back to. */
    public InMemoryStores copy() {
        var copy = new InMemoryStores();
        stores.forEach((name, rows) -> copy.stores.put(name, new Rows(new TreeMap<>(rows.rows))));
        return copy;
    }

    private record Rows(TreeMap<String, byte[]> rows) implements KeyValues {

        @Override
        public byte @Nullable [] get(String key) {
            return rows.get(key);
        }

        @Override
        public void put(String key, byte[] value) {
            rows.put(key, value);
        }

        @Override
        public void delete(String key) {
            rows.remove(key);
        }

        @Override
        public List<Entry> range(String from, String to, int limit) {
            return rows.subMap(from, to).entrySet().stream()
                    .limit(limit)
                    .map(row -> new Entry(row.getKey(), row.getValue()))
                    .toList();
        }
    }
}
