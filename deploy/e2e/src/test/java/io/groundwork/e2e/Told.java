package io.groundwork.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.util.Set;

/**
 * One record of an event topic, or of the completions, as anybody can read it.
 *
 * @param type the last word of the CloudEvents type, such as {@code request-started}
 * @param sequence 0 if the record has none, as have the step, the attempt and the status
 * @param data the payload of what says how a request ended; missing otherwise, as nothing else is needed of it
 */
record Told(
        String topic,
        int partition,
        long offset,
        Instant at,
        String type,
        String request,
        String resource,
        long sequence,
        String step,
        int attempt,
        String status,
        JsonNode data) {
    static final String REQUESTS = "request.events.v1";
    static final String COMPLETIONS = "request.completions.v1";

    static final String STARTED = "request-started";
    static final String CLOSED = "request-closed";

    private static final Set<String> ENDS = Set.of(CLOSED, "closed");

    static Told of(String topic, Topic.Entry entry) {
        var words = entry.attribute("type").split("\\.", -1);
        var type = words[Math.max(0, words.length - 2)];
        var data = ENDS.contains(type) ? Json.parse(entry.value()) : MissingNode.getInstance();
        var request = data.path("requestId").asText();
        return new Told(
                topic,
                entry.partition(),
                entry.offset(),
                Instant.parse(entry.attribute("time")),
                type,
                request.isEmpty() ? entry.attribute("requestid") : request,
                entry.key(),
                number(entry.attribute("sequence")),
                entry.attribute("step"),
                (int) number(entry.attribute("attempt")),
                entry.attribute("status"),
                data);
    }

    boolean is(String wanted) {
        return type.equals(wanted);
    }

    /** Whether the owner of a step says with it how far the step is. */
    boolean movesStep() {
        return !status.isEmpty() && !topic.equals(REQUESTS) && !topic.equals(COMPLETIONS);
    }

    /** How the request ended, with the category of its failure if it has one. */
    String end() {
        var category = data.path("category").asText("").replace("null", "");
        return (data.path("outcome").asText() + " " + category).strip();
    }

    private static long number(String text) {
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }
}
