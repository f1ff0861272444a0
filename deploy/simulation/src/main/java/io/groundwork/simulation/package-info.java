/**
 * Groundwork in one JVM, without a broker, without threads that race and without waiting: {@link
 * io.groundwork.simulation.Simulation} runs machines as Kafka Streams would ({@link io.groundwork.simulation.Task}: a task for
 * each partition, transactions, crashes), workers as processes would be ({@link io.groundwork.simulation.Workers}: frozen,
 * killed, given the same work twice), on topics that keep order within a partition alone ({@link io.groundwork.simulation.Log}).
 *
 * <p>One seed decides everything, time included, so that what failed once fails again.
 */
@NullMarked
package io.groundwork.simulation;

import org.jspecify.annotations.NullMarked;
