package io.groundwork.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.Envelope;
import io.groundwork.events.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/** Why a participant decides. */
public sealed interface Cause {

    /** An event was read, or was just published by the participant itself. */
    record Happened(Envelope<?> envelope) implements Cause {}

    /**
     * A command or another private record was read.
     *
     * @param topic where it stood
     * @param id the command's id, which its answer carries
     * @param type its {@code ce_type}
     * @param at when it was accepted; what was accepted before a deadline beats it
     */
    record Asked(String topic, String id, String type, Instant at, JsonNode payload) implements Cause {
        public <T> T as(Class<T> command) {
            return convert(payload, command);
        }
    }

    /** What became of something the participant sent on its way: an operation or a claim. */
    record Answered(String type, JsonNode payload) implements Cause {
        public <T> T as(Class<T> answer) {
            return convert(payload, answer);
        }
    }

    /** A timer of this resource fell due. */
    record Elapsed(String timer) implements Cause {}

    /** Only what is due may have changed, such as when the next request was taken up from what was read early. */
    record Reconsidered() implements Cause {}

    private static <T> T convert(JsonNode payload, Class<T> type) {
        try {
            return Json.MAPPER.treeToValue(payload, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
