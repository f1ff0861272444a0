package io.groundwork.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;

/** JSON as any client has it: trees, no classes of the services. */
final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    static JsonNode parse(byte[] text) {
        return parse(new String(text, StandardCharsets.UTF_8));
    }

    /** The elements of an array, or of the array {@code items} of an object. */
    static List<JsonNode> items(JsonNode node) {
        return StreamSupport.stream((node.isArray() ? node : node.path("items")).spliterator(), false)
                .toList();
    }

    /** The text of {@code field} of every element. */
    static List<String> texts(JsonNode array, String field) {
        return items(array).stream().map(item -> item.path(field).asText()).toList();
    }

    private Json() {}
}
