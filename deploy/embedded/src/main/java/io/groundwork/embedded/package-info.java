/**
 * A real Kafka broker ({@link io.groundwork.embedded.EmbeddedKafka}) and a real Postgres
 * ({@link io.groundwork.embedded.EmbeddedPostgres}) that need no installation and keep their data in a directory. The
 * launcher runs them as processes of their own, tests start them in place.
 */
@NullMarked
package io.groundwork.embedded;

import org.jspecify.annotations.NullMarked;
