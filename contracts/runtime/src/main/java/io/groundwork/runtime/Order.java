package io.groundwork.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.Json;
import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.groundwork.events.StepId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the engine to bring an operation to a goal. The same order again changes nothing; one of a higher attempt, or of the
 * same attempt with the goal {@link Goal#UNDONE}, replaces it; none leads back from there.
 *
 * @param id names the operation for ever; holds no {@code '|'}
 * @param sequence of the request that asks; 0 outside of requests
 * @param step of the plan, null outside of plans
 * @param attempt at the step, from 1
 * @param queue which workers can do it
 * @param instances names of the instances it is about, for people
 * @param specification a driver's record as JSON
 */
public record Order(
        String id,
        ResourceId resource,
        RequestId request,
        long sequence,
        @Nullable StepId step,
        int attempt,
        String queue,
        List<String> instances,
        Goal goal,
        JsonNode specification) {

    /** The {@code ce_type} of an order. */
    public static final String TYPE = "operation-ordered";

    public Order {
        instances = List.copyOf(instances);
    }

    /** {@code specification} as an order carries it. */
    public static JsonNode specification(Object specification) {
        return Json.MAPPER.valueToTree(specification);
    }

    /** The same operation, to be brought to another goal or tried again. */
    public Order toward(Goal other, @Nullable StepId of, int next, RequestId by, long number) {
        return new Order(id, resource, by, number, of, next, queue, instances, other, specification);
    }

    /** Ordered anew for the same step, with another specification. */
    public Order anew(int next, JsonNode other) {
        return new Order(id, resource, request, sequence, step, next, queue, instances, goal, other);
    }

    /** Whether this one takes the place of {@code other}, of the same operation. */
    public boolean replaces(Order other) {
        if (other.goal == Goal.UNDONE && goal == Goal.DONE) {
            return false;
        }
        if (sequence != other.sequence) {
            return sequence > other.sequence;
        }
        return attempt != other.attempt ? attempt > other.attempt : goal.compareTo(other.goal) > 0;
    }
}
