package io.groundwork.simulation;

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

    private record Before(TreeMap<String, byte[]> rows, String key, byte @Nullable [] value) {}

    private final Map<String, Rows> stores = new HashMap<>();
    private final Deque<Before> undo = new ArrayDeque<>();

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

        private final TreeMap<String, byte[]> rows = new TreeMap<>();

        @Override
        public byte @Nullable [] get(String key) {
            return rows.get(key);
        }

        @Override
        public void put(String key, byte[] value) {
            undo.push(new Before(rows, key, rows.put(key, value)));
        }

        @Override
        public void delete(String key) {
            undo.push(new Before(rows, key, rows.remove(key)));
        }

        @Override
        public List<Entry> range(String from, String to, int limit) {
            if (rows.isEmpty() || limit == 0) {
                return List.of();
            }
            var found = new ArrayList<Entry>();
            for (var row : rows.subMap(from, to).entrySet()) {
                found.add(new Entry(row.getKey(), row.getValue()));
                if (found.size() == limit) {
                    break;
                }
            }
            return found;
        }
    }
}
