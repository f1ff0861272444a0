package io.groundwork.runtime.component;

import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * What a provisioner may look at when it says what a component's units need.
 *
 * @param component its name
 * @param created the sequence of the request that makes it, or made it
 * @param placement that was chosen for it; absent where nothing is chosen, or was never
 * @param known everything known of the resource
 */
public record Asked(
        ResourceId resource,
        String component,
        long created,
        @Nullable Choices placement,
        Components known) {}
