package io.groundwork.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.groundwork.events.EventCodec;
import io.groundwork.events.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What happened, line by line, if anybody wants to know. */
public final class Trace {

    private static final int MOST_CHARS = 400;

    private final boolean on;
    private final List<String> lines = new ArrayList<>();

    public Trace(boolean on) {
        this.on = on;
    }

    public void say(Instant now, Supplier<String> what) {
        if (on) {
            lines.add(now + " " + what.get());
        }
    }

    public List<String> lines() {
        return lines;
    }

    /** A record in one line. */
    static String text(Message message) {
        var value = message.value() == null ? "" : new String(message.value(), UTF_8);
        var of = new StringBuilder();
        for (var header : List.of("ce_sequence", "ce_step", "ce_attempt", "ce_status", "gw_cause")) {
            if (message.header(header) != null) {
                of.append(' ').append(header, 3, header.length()).append('=').append(message.header(header));
            }
        }
        return message.topic() + " [" + message.key() + "] " + message.header(EventCodec.TYPE) + of + " "
                + value.substring(0, Math.min(MOST_CHARS, value.length()));
    }
}
