package io.groundwork.runtime.streams;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * Holds timers back until their task has read everything that was sent before they fell due, so that a service that was down
 * does not time out what was done in time.
 */
public interface InputGate {

    /** Lets every timer pass at once: where time is advanced by hand. */
    InputGate OPEN = (topics, partition, due, processed) -> true;

    /**
     * Whether everything sent to the task's inputs until {@code due} has been processed. Never blocks: it says no and finds out.
     *
     * @param topics the task's inputs
     * @param partition of each of them
     * @param processed the last offset that the task has processed, by input
     */
    boolean passed(Set<String> topics, int partition, Instant due, Map<Partition, Long> processed);

    /**
     * Says that a task begins, and has processed nothing yet: what is known of an earlier one on the same inputs is over.
     *
     * @param topics the task's inputs
     * @param partition of each of them
     */
    default void begin(Set<String> topics, int partition) {}

    /** A topic's partition. */
    record Partition(String topic, int number) {}
}
