package io.groundwork.runtime;

import io.groundwork.events.EventCodec;
import io.groundwork.events.Message;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Private records (commands, orders, answers) as messages: their id, type and time are headers as an event's are. */
public final class Commands {

    /** A private record. */
    public static Message message(
            String topic, String key, String id, String type, Instant at, @Nullable String trace, Object payload) {
        var headers = new TreeMap<String, String>();
        headers.put("ce_specversion", "1.0");
        headers.put("content-type", "application/json");
        headers.put(EventCodec.ID, id);
        headers.put(EventCodec.TYPE, type);
        headers.put(EventCodec.TIME, at.truncatedTo(ChronoUnit.MILLIS).toString());
        if (trace != null) {
            headers.put(EventCodec.TRACE, trace);
        }
        return Message.of(topic, key, headers, payload);
    }

    private Commands() {}
}
