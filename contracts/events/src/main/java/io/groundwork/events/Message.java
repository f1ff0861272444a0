package io.groundwork.events;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A Kafka record without its place: what is sent, and what is received. */
public final class Message {

    private record Payload(Class<?> type, Object value) {}

    private final String topic;
    private final String key;
    private final Map<String, String> headers;
    private final byte @Nullable [] value;
    /** As it was written or last read: the same record is read by several. Immutable, so that it matters not which thread sees it. */
    private @Nullable Payload payload;

    private @Nullable Fact fact;

    /**
     * @param topic where it stands or goes
     * @param headers by name; a header's last value where Kafka has several
     * @param value absent for a tombstone
     */
    public Message(String topic, String key, Map<String, String> headers, byte @Nullable [] value) {
        this.topic = topic;
        this.key = key;
        this.headers = headers;
        this.value = value;
    }

    /** A record whose value is {@code payload}, an immutable one, as JSON. */
    public static Message of(String topic, String key, Map<String, String> headers, Object payload) {
        var message = new Message(topic, key, headers, Json.write(payload));
        message.payload = new Payload(payload.getClass(), payload);
        return message;
    }

    public String topic() {
        return topic;
    }

    public String key() {
        return key;
    }

    public Map<String, String> headers() {
        return headers;
    }

    public byte @Nullable [] value() {
        return value;
    }

    /** @return the header's value, or null */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /**
     * The value, which is JSON of {@code type}, an immutable one.
     *
     * @throws java.io.UncheckedIOException if it is not; the message names the place
     */
    public <T> T read(Class<T> type) {
        var known = payload;
        if (known != null && known.type() == type) {
            return type.cast(known.value());
        }
        var read = Json.read(value == null ? new byte[0] : value, type);
        payload = new Payload(type, read);
        return read;
    }

    /** What its headers say, as {@link EventCodec} reads them. */
    Fact fact(Function<Message, Fact> reader) {
        var known = fact;
        if (known == null) {
            known = reader.apply(this);
            fact = known;
        }
        return known;
    }

    /** The same message with one more header. */
    public Message with(String name, String content) {
        var more = new TreeMap<>(headers);
        more.put(name, content);
        return new Message(topic, key, more, value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Message message
                && topic.equals(message.topic)
                && Objects.equals(key, message.key)
                && headers.equals(message.headers)
                && Arrays.equals(value, message.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(topic, key, headers, Arrays.hashCode(value));
    }

    @Override
    public String toString() {
        return "Message[" + topic + ", " + key + ", " + headers + "]";
    }
}
