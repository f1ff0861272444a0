package io.groundwork.simulation;

import io.groundwork.events.Message;
import java.util.function.UnaryOperator;

/**
 * A process that does works.
 *
 * @param name for the trace
 * @param work from the record of a queue to the record to send; calls back ends that call {@link Strand#breathe}
 */
public record WorkerProcess(String name, UnaryOperator<Message> work) {}
