package io.groundwork.runtime;

import java.time.Instant;
import java.util.HexFormat;

/**
 * A deadline: at {@code due} its machine handles it, once.
 *
 * @param due to the millisecond
 * @param key whose state it concerns; holds no {@code '|'}
 * @param name unique for the key; holds no {@code '|'}
 */
public record Timer(Instant due, String key, String name) {

    /** Where it stands in a store ordered by time. */
    String encoded() {
        return prefix(due.toEpochMilli()) + key + '|' + name;
    }

    static String prefix(long millis) {
        return HexFormat.of().toHexDigits(millis) + '|';
    }

    static Timer decode(String encoded) {
        var key = encoded.indexOf('|') + 1;
        var name = encoded.lastIndexOf('|') + 1;
        return new Timer(
                Instant.ofEpochMilli(Long.parseLong(encoded, 0, key - 1, 16)),
                encoded.substring(key, name - 1),
                encoded.substring(name));
    }
}
