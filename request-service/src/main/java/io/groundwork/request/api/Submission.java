package io.groundwork.request.api;

import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.Catalogued;
import io.groundwork.events.ResourceId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A valid request, read.
 *
 * @param catalogued what the catalogue says of each component, by its name
 * @param replaced the component of which a server is replaced, as it stands; absent if none is, or it does not stand yet
 */
record Submission(
        ResourceId resource,
        Ask ask,
        Map<String, Catalogued> catalogued,
        @Nullable MetalServer replaced) {

    Submission(ResourceId resource, Ask ask, Map<String, Catalogued> catalogued) {
        this(resource, ask, catalogued, null);
    }
}
