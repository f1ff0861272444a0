package io.groundwork.runtime.testing;

import io.groundwork.embedded.EmbeddedKafka;
import io.groundwork.embedded.EmbeddedPostgres;
import java.nio.file.Path;

/**
 * The broker and the database of a test run: embedded ones, or with {@code -Dcontainers} those of the official images. Nothing
 * else in the tests knows which.
 */
public final class Backends {
    private static final boolean IN_CONTAINERS = System.getProperty("containers") != null;

    /** Starts a broker without topics. */
    public static Broker broker(Path dataDirectory) {
        if (IN_CONTAINERS) {
            return Containers.broker();
        }
        var kafka = EmbeddedKafka.start(dataDirectory);
        return new Broker(kafka.bootstrapServers(), kafka::close);
    }

    /** Starts a server with an empty database. */
    public static Database database(Path dataDirectory) {
        if (IN_CONTAINERS) {
            return Containers.database();
        }
        var postgres = EmbeddedPostgres.start(dataDirectory);
        return new Database(postgres.jdbcUrl(), EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD, postgres::close);
    }

    /** A running broker; {@code stop} ends it. */
    public record Broker(String bootstrapServers, Runnable stop) implements AutoCloseable {
        @Override
        public void close() {
            stop.run();
        }
    }

    /** A running database; {@code stop} ends it. */
    public record Database(String jdbcUrl, String user, String password, Runnable stop) implements AutoCloseable {
        @Override
        public void close() {
            stop.run();
        }
    }

    private Backends() {}
}
