package io.groundwork.events;

import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Events as Kafka records: CloudEvents 1.0 in binary mode. Attributes are headers {@code ce_*}, the value is the event's JSON,
 * the key its resource id.
 */
public final class EventCodec {

    public static final String ID = "ce_id";
    public static final String TYPE = "ce_type";
    public static final String TIME = "ce_time";
    public static final String CAUSATION = "ce_causationid";
    public static final String TRACE = "traceparent";

    public static final String RESOURCE = "ce_resourceid";
    public static final String REQUEST = "ce_requestid";
    public static final String SEQUENCE = "ce_sequence";
    private static final String STEP = "ce_step";
    private static final String ATTEMPT = "ce_attempt";
    private static final String STATUS = "ce_status";

    /** {@code envelope} as a record of its owner's event topic. */
    public static Message write(Envelope<?> envelope) {
        var fact = envelope.fact();
        return Message.of(Topics.events(fact.owner()), fact.resource().toString(), headers(fact), envelope.event());
    }

    /** The headers that say {@code fact}. */
    public static Map<String, String> headers(Fact fact) {
        var headers = new TreeMap<String, String>();
        headers.put("ce_specversion", "1.0");
        headers.put("content-type", "application/json");
        headers.put(ID, fact.id().toString());
        headers.put("ce_source", "/groundwork/" + fact.owner().service());
        headers.put(TYPE, fact.type());
        headers.put(TIME, fact.time().truncatedTo(ChronoUnit.MILLIS).toString());
        headers.put("ce_subject", fact.resource().toString());
        headers.put(RESOURCE, fact.resource().toString());
        headers.put(REQUEST, fact.request().toString());
        if (fact.sequence() > 0) {
            headers.put(SEQUENCE, Long.toString(fact.sequence()));
        }
        put(headers, STEP, fact.step());
        if (fact.step() != null) {
            headers.put(ATTEMPT, Integer.toString(fact.attempt()));
        }
        put(headers, STATUS, fact.status() == null ? null : fact.status().word());
        put(headers, CAUSATION, fact.causation());
        put(headers, TRACE, fact.traceparent());
        return headers;
    }

    /**
     * What the headers of a record of an event topic say.
     *
     * @throws Unreadable if an attribute is missing or malformed, or the topic's owner may not write this
     */
    public static Fact fact(Message message) {
        return message.fact(EventCodec::parse);
    }

    private static Fact parse(Message message) {
        var owner = Topics.ownerOfEvents(message.topic())
                .orElseThrow(() -> new Unreadable("no event topic: " + message.topic()));
        try {
            var type = required(message, TYPE);
            if (!type.startsWith("io.groundwork." + owner.word() + ".")) {
                throw new Unreadable(message.topic() + " may not carry " + type);
            }
            var step = message.header(STEP);
            var status = message.header(STATUS);
            var resource = ResourceId.parse(required(message, RESOURCE));
            if (!resource.toString().equals(message.key())) {
                throw new Unreadable("key " + message.key() + " is not the resource " + resource);
            }
            return new Fact(
                    owner,
                    type,
                    EventId.parse(required(message, ID)),
                    resource,
                    RequestId.parse(required(message, REQUEST)),
                    Long.parseLong(message.headers().getOrDefault(SEQUENCE, "0")),
                    step == null ? null : new StepId(step),
                    Integer.parseInt(message.headers().getOrDefault(ATTEMPT, "0")),
                    status == null ? null : StepStatus.of(status),
                    message.header(CAUSATION),
                    Instant.parse(required(message, TIME)),
                    message.header(TRACE));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new Unreadable(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The event behind {@code fact}; empty if this version does not know the type.
     *
     * @throws Unreadable if the payload is not JSON of that type
     */
    public static Optional<Envelope<?>> read(Message message, Fact fact) {
        var type = EventTypes.eventClass(fact.owner(), fact.type());
        if (type.isEmpty()) {
            return Optional.empty();
        }
        if (message.value() == null) {
            throw new Unreadable(fact.type() + " has no payload");
        }
        try {
            return Optional.of(new Envelope<>(fact, message.read(type.get())));
        } catch (UncheckedIOException e) {
            throw new Unreadable(String.valueOf(e.getMessage()), e);
        }
    }

    private static void put(Map<String, String> headers, String name, @Nullable Object value) {
        if (value != null) {
            headers.put(name, value.toString());
        }
    }

    private static String required(Message message, String name) {
        var value = message.header(name);
        if (value == null) {
            throw new Unreadable("header " + name + " is missing");
        }
        return value;
    }

    /** A record that cannot be read: it goes to the dead letters with this message as its cause. */
    public static final class Unreadable extends RuntimeException {
        public Unreadable(String message) {
            super(message);
        }

        public Unreadable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private EventCodec() {}
}
