package io.groundwork.request.domain;

import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Outcome;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
        Map<String, Output> outputs,
        Instant startedAt,
        Instant closedAt) {

    /** The {@code ce_type}. */
    public static final String TYPE = "io.groundwork.request.closed.v1";

    /**
     * What stands of a component.
     *
     * @param link where the instances are, if there are more than this record holds
     */
    public record Output(
            int count,
            List<ComponentOutputs.Instance> instances,
            @Nullable String link) {
        public Output {
            instances = List.copyOf(instances);
        }
    }

    private static Map<String, Output> outputs(ResourceId resource, Map<String, ComponentOutputs> closed) {
        var outputs = new TreeMap<String, Output>();
        closed.forEach((component, made) -> outputs.put(
                component,
                new Output(
                        made.count(),
                        made.instances(),
                        made.count() > made.instances().size() ? "/v1/resources/" + resource : null)));
        return outputs;
    }

    static Completion of(RequestId request, ResourceId resource, RequestClosed closed) {
        return new Completion(
                request,
                resource,
                closed.operation(),
                closed.outcome(),
                closed.category(),
                closed.message(),
                outputs(resource, closed.outputs()),
                closed.startedAt(),
                closed.closedAt());
    }
}
