package io.groundwork.request.domain;

import io.groundwork.events.RequestEvent.Check;
import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import org.jspecify.annotations.Nullable;

/** What the state of its resource says of a request before it begins. To look there takes no time worth telling. */
public final class Preflight {

    /** Whether the name is free for a deployment. */
    public static Check standing(ResourceId resource, boolean free) {
        return new Check(
                "standing",
                free,
                free ? "Nothing stands as " + resource + "." : resource + " stands already: decommission it first.",
                0);
    }

    /** Whether there is anything to replace a server of. */
    public static Check there(ResourceId resource, boolean stands) {
        return new Check("standing", stands, resource + (stands ? " stands." : " does not stand: deploy it first."), 0);
    }

    /** Whether the request could begin at once. */
    public static Check busy(@Nullable RequestId active) {
        return new Check(
                "busy",
                active == null,
                active == null
                        ? "No request is under way."
                        : "Request " + active + " is under way; this one queues behind it.",
                0);
    }

    private Preflight() {}
}
