package io.groundwork.runtime.testing;

import io.groundwork.events.Topics;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/**
 * A real broker with all topics and a real Postgres, started once for a test run, and the keys that a service is given. Shared
 * as this module's test jar: {@code @QuarkusTestResource(BrokerAndDatabase.class)}.
 */
public final class BrokerAndDatabase implements QuarkusTestResourceLifecycleManager {

    private Backends.@Nullable Broker broker;
    private Backends.@Nullable Database database;

    @Override
    public Map<String, String> start() {
        var data = temporary();
        broker = Backends.broker(data.resolve("kafka"));
        database = Backends.database(data.resolve("postgres"));
        createTopics(broker.bootstrapServers());
        var proof = pair("Ed25519");
        var seal = pair("X25519");
        var config = new HashMap<String, String>();
        config.put("kafka.bootstrap.servers", broker.bootstrapServers());
        config.put("groundwork.data-dir", data.resolve("state").toString());
        config.put("GROUNDWORK_POSTGRES_URL", database.jdbcUrl());
        config.put("GROUNDWORK_POSTGRES_USER", database.user());
        config.put("GROUNDWORK_POSTGRES_PASSWORD", database.password());
        config.put("GROUNDWORK_PROOF_PUBLIC_KEY", encoded(proof.getPublic().getEncoded()));
        config.put("GROUNDWORK_PROOF_PRIVATE_KEY", encoded(proof.getPrivate().getEncoded()));
        config.put("GROUNDWORK_SEAL_PUBLIC_KEY", encoded(seal.getPublic().getEncoded()));
        config.put("GROUNDWORK_SEAL_PRIVATE_KEY", encoded(seal.getPrivate().getEncoded()));
        config.put("GROUNDWORK_LINK_SECRET", encoded(new byte[32]));
        return config;
    }

    @Override
    public void stop() {
        if (broker != null) {
            broker.close();
        }
        if (database != null) {
            database.close();
        }
    }

    /** Creates every topic of the catalogue on a fresh broker. */
    public static void createTopics(String bootstrapServers) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            var topics = Topics.catalogue(Topics.PARTITIONS).stream()
                    .map(topic -> new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
                            .configs(
                                    topic.compacted()
                                            ? Map.of("cleanup.policy", "compact")
                                            : Map.of("retention.ms", "-1")))
                    .toList();
            admin.createTopics(List.copyOf(topics)).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("topics could not be created", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("groundwork-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyPair pair(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(byte[] key) {
        return Base64.getEncoder().encodeToString(key);
    }
}
