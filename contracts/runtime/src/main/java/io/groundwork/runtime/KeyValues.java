package io.groundwork.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store of one partition, ordered by key. */
public interface KeyValues {

    byte @Nullable [] get(String key);

    void put(String key, byte[] value);

    void delete(String key);

    /** The entries from {@code from}, inclusive, to {@code to}, exclusive, in the order of their keys; at most {@code limit}. */
    List<Entry> range(String from, String to, int limit);

    /** One entry. */
    record Entry(String key, byte[] value) {}
}
