package io.groundwork.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
    private static final String TOPIC = "example.events.v1";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

    @Test
    void shouldKeepCommittedRecordsAndOffsetsAcrossRestart(@TempDir Path data) throws Exception {
        try (var kafka = EmbeddedKafka.start(data)) {
            createTopic(kafka);
            try (var producer = producer(kafka)) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(TOPIC, "key", "kept")).get();
                producer.sendOffsetsToTransaction(
                        Map.of(PARTITION, new OffsetAndMetadata(1)), new ConsumerGroupMetadata("reader"));
                producer.commitTransaction();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(TOPIC, "key", "aborted")).get();
                producer.abortTransaction();
            }
            assertThat(readCommitted(kafka)).containsExactly("kept");
        }

        try (var kafka = EmbeddedKafka.start(data)) {
            assertThat(readCommitted(kafka)).containsExactly("kept");
            try (var admin = admin(kafka)) {
                var offsets = admin.listConsumerGroupOffsets("reader")
                        .partitionsToOffsetAndMetadata()
                        .get();
                assertThat(offsets.get(PARTITION)).isEqualTo(new OffsetAndMetadata(1));
            }
        }
    }

    @Test
    void shouldAbortTransactionOfGoneProducerSoonAfterItsTimeout(@TempDir Path data) throws Exception {
        try (var kafka = EmbeddedKafka.start(data)) {
            createTopic(kafka);
            try (var gone = producer(kafka);
                    var next = new KafkaProducer<>(
                            Map.of("bootstrap.servers", kafka.bootstrapServers()),
                            new StringSerializer(),
                            new StringSerializer())) {
                gone.initTransactions();
                gone.beginTransaction();
                gone.send(new ProducerRecord<>(TOPIC, "key", "never")).get();
                next.send(new ProducerRecord<>(TOPIC, "key", "behind")).get();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(8))
                        .untilAsserted(() -> assertThat(readCommitted(kafka)).containsExactly("behind"));
            }
        }
    }

    @Test
    void shouldCreateNoTopicByAccidentAndDeleteNothingByAge(@TempDir Path data) throws Exception {
        try (var kafka = EmbeddedKafka.start(data);
                var admin = admin(kafka)) {
            createTopic(kafka);
            try (var consumer = consumer(kafka)) {
                consumer.subscribe(Set.of("mistyped"));
                consumer.poll(Duration.ofMillis(300));
            }
            assertThat(admin.listTopics().names().get()).containsExactly(TOPIC);
            var topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
            var config = Objects.requireNonNull(
                    admin.describeConfigs(Set.of(topic)).all().get().get(topic));
            assertThat(config.get("retention.ms").value()).isEqualTo("-1");
            assertThat(config.get("retention.bytes").value()).isEqualTo("-1");
        }
    }

    @Test
    void shouldNamePortThatIsInUse(@TempDir Path first, @TempDir Path second) {
        try (var kafka = EmbeddedKafka.start(first)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> EmbeddedKafka.start(second, kafka.port()))
                    .withMessageContaining("port " + kafka.port() + " is in use");
        }
    }

    @Test
    void shouldContinueOnItsDataWhenKilled(@TempDir Path data) throws Exception {
        var port = FreePort.find();
        var java = ProcessHandle.current().info().command().orElseThrow();
        var command = List.of(
                java,
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedKafka.class.getName(),
                "--port",
                Integer.toString(port),
                "--data",
                data.toString());
        var child = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !FreePort.isFree(port));
            createTopic("localhost:" + port);
            try (var producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", "localhost:" + port), new StringSerializer(), new StringSerializer())) {
                producer.send(new ProducerRecord<>(TOPIC, "key", "acknowledged"))
                        .get();
            }
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }

        try (var kafka = EmbeddedKafka.start(data)) {
            assertThat(readCommitted(kafka)).containsExactly("acknowledged");
        }
    }

    private static void createTopic(EmbeddedKafka kafka) throws Exception {
        createTopic(kafka.bootstrapServers());
    }

    private static void createTopic(String bootstrapServers) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(Set.of(new NewTopic(TOPIC, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
    }

    private static Admin admin(EmbeddedKafka kafka) {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    private static KafkaProducer<String, String> producer(EmbeddedKafka kafka) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "transactional.id",
                        "example",
                        "transaction.timeout.ms",
                        1000),
                new StringSerializer(),
                new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(EmbeddedKafka kafka) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", kafka.bootstrapServers(),
                        "group.id", "test",
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    /** Everything committed, up to the last stable offset of now. */
    private static List<String> readCommitted(EmbeddedKafka kafka) {
        try (var consumer = consumer(kafka)) {
            consumer.assign(Set.of(PARTITION));
            consumer.seekToBeginning(Set.of(PARTITION));
            long end = Objects.requireNonNull(
                    consumer.endOffsets(Set.of(PARTITION)).get(PARTITION));
            var values = new ArrayList<String>();
            while (consumer.position(PARTITION) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(read -> values.add(read.value()));
            }
            return values;
        }
    }
}
