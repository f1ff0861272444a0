package io.groundwork.runtime;

import com.fasterxml.jackson.databind.JavaType;
import io.groundwork.events.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store of one partition, ordered by key. */
public interface KeyValues {

    byte @Nullable [] get(String key);

    void put(String key, byte[] value);

    void delete(String key);

    /** The entries from {@code from}, inclusive, to {@code to}, exclusive, in the order of their keys; at most {@code limit}. */
    List<Entry> range(String from, String to, int limit);

    /** What {@link #write} put there, or the same read back; null if nothing stands there. */
    default <T> @Nullable T read(String key, JavaType type) {
        var value = get(key);
        return value == null ? null : Json.read(value, type);
    }

    /** What {@link #write} put there; null if nothing stands there. */
    default <T> @Nullable T read(String key, Class<T> type) {
        return read(key, Json.MAPPER.constructType(type));
    }

    /** Puts an immutable value, as JSON. */
    default void write(String key, Object value) {
        put(key, Json.write(value));
    }

    /** One entry. */
    record Entry(String key, byte[] value) {}
}
