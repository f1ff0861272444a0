package io.groundwork.request.api;

import io.groundwork.events.ResourceId;
import io.groundwork.request.api.Resources.Stands;

/** What stands of resources, as far as the view has read. */
interface Standings {

    /** What stands of {@code resource}. */
    Stands stands(ResourceId resource);

    /** Whether a request is under way on it, or waits: what stands may be something else soon. */
    boolean busy(ResourceId resource);
}
