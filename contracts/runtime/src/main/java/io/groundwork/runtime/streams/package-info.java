/**
 * The same machines in Kafka Streams: {@link io.groundwork.runtime.streams.MachineTopology} builds the topology,
 * {@link io.groundwork.runtime.streams.MachineProcessor} lends a machine its stores and its moments,
 * {@link io.groundwork.runtime.streams.InputGate} holds timers back until everything sent before them was read.
 */
@NullMarked
package io.groundwork.runtime.streams;

import org.jspecify.annotations.NullMarked;
