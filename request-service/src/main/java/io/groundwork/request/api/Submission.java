package io.groundwork.request.api;

import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.Catalogued;
import io.groundwork.events.ResourceId;
import java.util.Map;

/**
 * A valid request, read.
 *
 * @param catalogued what the catalogue says of each component, by its name
 */
record Submission(ResourceId resource, Ask ask, Map<String, Catalogued> catalogued) {}
