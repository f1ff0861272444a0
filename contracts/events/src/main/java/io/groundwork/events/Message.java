package io.groundwork.events;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka record without its place: what is sent, and what is received.
 *
 * @param topic where it stands or goes
 * @param headers by name; a header's last value where Kafka has several
 * @param value absent for a tombstone
 */
public record Message(String topic, String key, Map<String, String> headers, byte @Nullable [] value) {

    /** @return the header's value, or null */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** The same message with one more header. */
    public Message with(String name, String value) {
        var more = new TreeMap<>(headers);
        more.put(name, value);
        return new Message(topic, key, more, this.value);
    }
}
