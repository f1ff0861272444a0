package io.groundwork.simulators;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one JSON object and collects everything that is wrong with it, so that one answer names all of it.
 * An accessor answers null for a field that is absent, null or wrong; {@link #check} throws if any was wrong or unknown.
 */
public final class JsonFields {
    private final JsonNode object;
    private final Set<String> asked = new LinkedHashSet<>();
    private final List<InvalidInputException.Problem> problems = new ArrayList<>();

    private JsonFields(JsonNode object) {
        this.object = object;
    }

    /**
     * Reads a body.
     *
     * @throws InvalidInputException if it is not one JSON object
     */
    public static JsonFields parse(byte[] body) {
        try {
            var node = Json.MAPPER.readTree(body);
            if (node != null && node.isObject()) {
                return new JsonFields(node);
            }
        } catch (JsonProcessingException e) {
            throw notAnObject("not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // cannot happen: the bytes are in memory
        }
        throw notAnObject("must be a JSON object");
    }

    private static InvalidInputException notAnObject(String why) {
        return new InvalidInputException(List.of(new InvalidInputException.Problem("", why)));
    }

    /** Whether the field is there at all, also as null: what clears a setting. */
    public boolean has(String name) {
        asked.add(name);
        return object.has(name);
    }

    public @Nullable String string(String name) {
        var value = value(name);
        if (value != null && !value.isTextual()) {
            wrong(name, "must be a string");
            return null;
        }
        return value == null ? null : value.textValue();
    }

    /** A string that is one of {@code allowed}. */
    public @Nullable String oneOf(String name, Collection<String> allowed) {
        var text = string(name);
        if (text != null && !allowed.contains(text)) {
            wrong(name, "must be one of " + String.join(", ", allowed) + ", not " + text);
            return null;
        }
        return text;
    }

    /** A whole number of at least {@code least}. */
    public @Nullable Integer integer(String name, int least) {
        var value = value(name);
        if (value != null && !(value.isInt() && value.intValue() >= least)) {
            wrong(name, "must be a whole number, at least " + least);
            return null;
        }
        return value == null ? null : Integer.valueOf(value.intValue());
    }

    public @Nullable Boolean flag(String name) {
        var value = value(name);
        if (value != null && !value.isBoolean()) {
            wrong(name, "must be true or false");
            return null;
        }
        return value == null ? null : Boolean.valueOf(value.booleanValue());
    }

    /** An ISO-8601 duration that is not negative, such as {@code PT0.3S}. */
    public @Nullable Duration duration(String name) {
        var text = string(name);
        if (text == null) {
            return null;
        }
        try {
            var duration = Duration.parse(text);
            if (!duration.isNegative()) {
                return duration;
            }
            wrong(name, "must not be negative");
        } catch (DateTimeParseException e) {
            wrong(name, "must be an ISO-8601 duration such as PT1.5S, not " + text);
        }
        return null;
    }

    /** Notes that a field is wrong. */
    public void wrong(String name, String detail) {
        problems.add(new InvalidInputException.Problem("/" + name, detail));
    }

    /**
     * Ends the reading.
     *
     * @throws InvalidInputException if any field read so far was wrong, or there are fields that nobody asked for
     */
    public void check() {
        object.fieldNames().forEachRemaining(name -> {
            if (!asked.contains(name)) {
                wrong(name, "is not a field here; there are " + String.join(", ", asked));
            }
        });
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }

    private @Nullable JsonNode value(String name) {
        asked.add(name);
        var value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }
}
