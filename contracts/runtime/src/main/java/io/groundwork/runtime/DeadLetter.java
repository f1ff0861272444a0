package io.groundwork.runtime;

import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import java.util.List;
import java.util.TreeMap;

/** A record that could not be read or decided on, kept as it came with its cause beside it. */
public final class DeadLetter {

    /** The topic it came from. */
    public static final String TOPIC = "gw_topic";

    /** Why it lies here. */
    public static final String CAUSE = "gw_cause";

    /** How it is named where it is shown. */
    public static final String ID = "gw_id";

    /** Marks a redriven record that the service itself put where its key belongs. */
    private static final String PLACED = "gw_placed";

    /** The name of the timer whose decision failed, if it was no record. */
    static final String TIMER = "gw_timer";

    /** {@code message} as a record of {@code owner}'s dead letters. */
    public static Message of(Owner owner, Message message, Throwable cause) {
        var headers = new TreeMap<>(message.headers());
        headers.put(TOPIC, message.topic());
        headers.put(CAUSE, cause.getClass().getSimpleName() + ": " + cause.getMessage());
        headers.put(
                ID,
                Uuids.named(
                                message.topic(),
                                String.valueOf(message.key()),
                                message.headers().toString())
                        .toString());
        return new Message(Topics.deadLetters(owner), message.key(), headers, message.value());
    }

    /** Whether {@code message} was produced to a redrive topic by somebody else, who may have put it to any partition. */
    public static boolean isUnplaced(Message message) {
        return Topics.isRedrive(message.topic()) && message.header(PLACED) == null;
    }

    /** {@code message} to be said once more, by the service, to the partition of its key. */
    public static Message placed(Message message) {
        return message.with(PLACED, "true");
    }

    /** The record as it first came, if {@code message} is a redriven dead letter; else {@code message} itself. */
    static Message redriven(Message message) {
        var topic = message.header(TOPIC);
        if (topic == null) {
            return message;
        }
        var headers = new TreeMap<>(message.headers());
        headers.keySet().removeAll(List.of(TOPIC, CAUSE, ID, PLACED));
        return new Message(topic, message.key(), headers, message.value());
    }

    private DeadLetter() {}
}
