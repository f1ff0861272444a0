package io.groundwork.runtime.testing;

import io.groundwork.runtime.testing.Backends.Broker;
import io.groundwork.runtime.testing.Backends.Database;
import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.containers.PostgreSQLContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Kafka and Postgres in Docker, by Testcontainers, which is on the class path of the services' tests only with
 * {@code -Dcontainers}. Other images: {@code -Dcontainers.kafka=…}, {@code -Dcontainers.postgres=…}.
 */
final class Containers {

    static Broker broker() {
        var kafka = new KafkaContainer(image("kafka", "apache/kafka", AppInfoParser.getVersion()))
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "4")
                .withEnv("KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "1000");
        kafka.start();
        return new Broker(kafka.getBootstrapServers(), kafka::stop);
    }

    static Database database() {
        var postgres = new PostgreSQLContainer<>(image("postgres", "postgres", "17"));
        postgres.start();
        return new Database(postgres.getJdbcUrl(), postgres.getUsername(), postgres.getPassword(), postgres::stop);
    }

    private static DockerImageName image(String of, String official, String version) {
        return DockerImageName.parse(System.getProperty("containers." + of, official + ":" + version))
                .asCompatibleSubstituteFor(official);
    }

    private Containers() {}
}
