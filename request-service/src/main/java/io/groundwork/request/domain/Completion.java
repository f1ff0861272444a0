package io.groundwork.request.domain;

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

/**
 * The public record of a request's end, on {@code request.completions.v1} under the resource id: exactly one for each request
 * that was accepted.
 *
 * @param startedAt when it became the active one of its resource; when it was accepted, if it never did
 */
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

    /** The {@code ce_type}. */
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
