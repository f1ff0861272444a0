/**
 * How a participant runs. The pure half: {@link Machine} is anything that handles one input of one key at a time;
 * {@link ParticipantMachine} runs a {@link Participant}'s decide and evolve around the saga, {@link OperationMachine} every
 * side effect outside Kafka. The wired half, in {@code streams}, lets the same machines run in Kafka Streams.
 */
@NullMarked
package io.groundwork.runtime;

import org.jspecify.annotations.NullMarked;
