package io.groundwork.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/**
 * A request that was answered with 202.
 *
 * @param body what was asked for
 * @param ends every end that it may come to, each with the category of its failure if it has one: {@code FAILED AUTH}
 */
record Asked(String id, JsonNode body, Set<String> ends) {

    String resource() {
        return body.path("resource").asText();
    }

    /** The components of one type. */
    List<JsonNode> components(String type) {
        return Json.items(body.path("components")).stream()
                .filter(component -> component.path("type").asText().equals(type))
                .toList();
    }

    boolean deploys() {
        return body.path("operation").asText().equals("deploy");
    }
}
