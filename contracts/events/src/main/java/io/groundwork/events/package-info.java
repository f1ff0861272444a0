/**
 * What goes over the wire: event records, ids, the topic catalogue and the CloudEvents codec. Start with {@link Event} for
 * what is said, {@link Topics} for where, and {@link Envelope} for how it is carried. No Kafka Streams and no services: a jar
 * that others can use to read Groundwork's topics.
 */
@NullMarked
package io.groundwork.events;

import org.jspecify.annotations.NullMarked;
