package io.groundwork.runtime.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groundwork.runtime.testing.Backends;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that starts does not take for unknown what it has not read yet. */
class TablesIT {
    private static final int ENTRIES = 200_000;

    @TempDir
    static Path data;

    @Test
    void shouldAnswerNothingBeforeATableWasReadToItsEnd() throws Exception {
        try (var kafka = Backends.broker(data.resolve("kafka"))) {
            write(kafka.bootstrapServers());
            var refused = new AtomicInteger();
            var streams = streams(kafka.bootstrapServers());
            var tables = new Tables(() -> streams);
            // returns when the tables are read
            var starting = Thread.ofPlatform().start(streams::start);

            var first = await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> last(tables, refused), answer -> answer != null);
            assertThat(first).as("the first answer").contains(ENTRIES);
            assertThat(refused).hasPositiveValue();

            assertThat(tables.list("table", "la", Integer.class)).isEqualTo(Map.of("st", ENTRIES));
            send(kafka.bootstrapServers(), 1);
            await("what is kept as an object is the last value")
                    .until(() -> tables.get("table", "last", Integer.class).equals(Optional.of(1)));
            assertThat(tables.list("table", "la", Integer.class)).isEqualTo(Map.of("st", 1));

            starting.join();
            streams.close(Duration.ofSeconds(20));
        }
    }

    @Test
    void shouldAnswerATaskThatIsRestoredBeforeOthersOfItsThread() throws Exception {
        try (var kafka = Backends.broker(data.resolve("kafka-of-two"))) {
            var brokers = kafka.bootstrapServers();
            try (var admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
                admin.createTopics(List.of(
                                new NewTopic("table", 1, (short) 1),
                                new NewTopic("other", 2, (short) 1),
                                new NewTopic("two-rows-changelog", 2, (short) 1)))
                        .all()
                        .get();
            }
            send(brokers, 1);
            try (var producer = producer(brokers)) {
                for (int i = 0; i < ENTRIES; i++) {
                    var unused = producer.send(
                            new ProducerRecord<>("two-rows-changelog", 1, "key-" + i, "0".getBytes(UTF_8)));
                }
                producer.send(new ProducerRecord<>("other", 0, "key", "0".getBytes(UTF_8)))
                        .get();
            }
            var started = new AtomicReference<KafkaStreams>();
            var tables = new Tables(started::get);
            var answer = new CompletableFuture<Optional<Integer>>();
            var streams = two(brokers, () -> tables.get("table", "last", Integer.class), answer);
            started.set(streams);
            streams.start();

            assertThat(answer.get(60, TimeUnit.SECONDS)).contains(1);
            assertThat(streams.state())
                    .as("the other task is still being restored")
                    .isEqualTo(KafkaStreams.State.REBALANCING);
            streams.close(Duration.ofSeconds(20));
        }
    }

    /** Two tasks in one thread, of which the second takes long to be restored, and the first asks as soon as it can. */
    private static KafkaStreams two(
            String brokers, Supplier<Optional<Integer>> asking, CompletableFuture<Optional<Integer>> answer)
            throws Exception {
        var admin = Admin.create(Map.of("bootstrap.servers", brokers));
        var topology = MachineTopology.persistent(
                        new EndOffsetGate(admin, new EndOffsetGate.Positions()),
                        new QueueTopics(admin),
                        new Changelogs(admin, "two", true))
                .table("table")
                .build();
        topology.addSource("other", new StringDeserializer(), new StringDeserializer(), "other");
        ProcessorSupplier<String, String, Void, Void> asks = () -> record -> {
            try {
                answer.complete(asking.get());
            } catch (RuntimeException refused) {
                answer.completeExceptionally(refused);
            }
        };
        topology.addProcessor("asks", asks, "other");
        topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore("rows"), Serdes.String(), Serdes.ByteArray()),
                "asks");
        var config = new Properties();
        config.put("bootstrap.servers", brokers);
        config.put("application.id", "two");
        config.put("state.dir", data.resolve("state-of-two").toString());
        config.put("auto.offset.reset", "earliest");
        config.put("restore.consumer.max.poll.records", "1");
        return new KafkaStreams(topology, config);
    }

    /** Null if there is no answer yet. */
    private static Optional<Integer> last(Tables tables, AtomicInteger refused) {
        try {
            return tables.get("table", "last", Integer.class);
        } catch (InvalidStateStoreException notYet) {
            refused.incrementAndGet();
            return null;
        }
    }

    private static KafkaStreams streams(String brokers) throws Exception {
        var admin = Admin.create(Map.of("bootstrap.servers", brokers));
        var topology = MachineTopology.persistent(
                        new EndOffsetGate(admin, new EndOffsetGate.Positions()),
                        new QueueTopics(admin),
                        new Changelogs(admin, "tables", true))
                .table("table")
                .build();
        // without any there is no stream thread
        topology.addSource("other", new StringDeserializer(), new StringDeserializer(), "other");
        var config = new Properties();
        config.put("bootstrap.servers", brokers);
        config.put("application.id", "tables");
        config.put("state.dir", data.resolve("state").toString());
        return new KafkaStreams(topology, config);
    }

    private static void write(String brokers) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            admin.createTopics(List.of(new NewTopic("table", 1, (short) 1), new NewTopic("other", 1, (short) 1)))
                    .all()
                    .get();
        }
        try (var producer = producer(brokers)) {
            for (int i = 0; i < ENTRIES; i++) {
                var unused = producer.send(new ProducerRecord<>("table", "key-" + i, "0".getBytes(UTF_8)));
            }
        }
        send(brokers, ENTRIES);
    }

    private static void send(String brokers, int last) throws Exception {
        try (var producer = producer(brokers)) {
            producer.send(new ProducerRecord<>(
                            "table", "last", Integer.toString(last).getBytes(UTF_8)))
                    .get();
        }
    }

    private static KafkaProducer<String, byte[]> producer(String brokers) {
        return new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", brokers),
                new StringSerializer(),
                new ByteArraySerializer());
    }
}
