package io.groundwork.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What request-service shows to people.
 *
 * @param requests the document of each request
 * @param listed what the list has of each request
 * @param resources the document of each resource
 */
record Views(Map<String, JsonNode> requests, Map<String, List<JsonNode>> listed, Map<String, JsonNode> resources) {}
