package io.groundwork.notification.domain;

import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Outcome;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request's end as webhooks get it: the same data as a record of {@code request.completions.v1}. */
public record Completion(
        RequestId requestId,
        ResourceId resource,
        RequestKind operation,
        Outcome outcome,
        @Nullable FailureCategory category,
        @Nullable String message,
        Map<String, ComponentOutputs> outputs,
        Instant startedAt,
        Instant closedAt) {

    /** The CloudEvents type. */
    public static final String TYPE = "io.groundwork.request.closed.v1";

    static Completion of(RequestId request, ResourceId resource, RequestClosed closed) {
        return new Completion(
                request,
                resource,
                closed.operation(),
                closed.outcome(),
                closed.category(),
                closed.message(),
                closed.outputs(),
                closed.startedAt(),
                closed.closedAt());
    }
}
