package io.groundwork.e2e;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** One topic, read and written as any program could. */
final class Topic {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String brokers;
    private final String name;

    private Topic(String brokers, String name) {
        this.brokers = brokers;
        this.name = name;
    }

    static Topic of(Stack stack, String name) {
        return new Topic(stack.at("kafka"), name);
    }

    /** Every topic that there is but the broker's own, those also that services keep their state in. */
    static List<String> names(Stack stack) {
        try (var admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, stack.at("kafka")))) {
            return admin.listTopics().names().get().stream().sorted().toList();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError("cannot list the topics", e);
        }
    }

    /** A record; within one partition {@code offset} orders them. */
    record Entry(String key, int partition, long offset, byte[] value, Map<String, String> headers) {

        static Entry of(ConsumerRecord<String, byte[]> record) {
            var headers = new HashMap<String, String>();
            record.headers().forEach(header -> headers.put(header.key(), text(header.value())));
            return new Entry(record.key(), record.partition(), record.offset(), record.value(), headers);
        }

        /** The CloudEvents attribute {@code name}, empty if there is none. */
        String attribute(String attribute) {
            return headers.getOrDefault("ce_" + attribute, "");
        }

        /** Whether {@code text} stands anywhere in the record. */
        boolean holds(String text) {
            return String.valueOf(key).contains(text)
                    || text(value).contains(text)
                    || headers.values().stream().anyMatch(header -> header.contains(text));
        }

        private static String text(byte[] value) {
            return value == null ? "" : new String(value, StandardCharsets.UTF_8);
        }
    }

    /** All records committed up to now; those of one key in their order. */
    List<Entry> read() {
        // a consumer waits for the answer to its last fetch before it goes, and there is nothing more to come
        var settings = Map.<String, Object>of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                brokers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                10);
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(name).stream()
                    .map(partition -> new TopicPartition(name, partition.partition()))
                    .toList();
            var ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var entries = new ArrayList<Entry>();
            var deadline = System.nanoTime() + PATIENCE.toNanos();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> entries.add(Entry.of(record)));
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("could not read " + name + " to its end");
                }
            }
            entries.sort(Comparator.comparingInt(Entry::partition).thenComparingLong(Entry::offset));
            return entries;
        }
    }

    /** The records about one request. */
    List<Entry> about(String request) {
        return read().stream()
                .filter(entry -> entry.attribute("requestid").equals(request))
                .toList();
    }

    /** Writes a record as somebody would who may not. */
    void write(String key, byte[] value, Map<String, String> headers) {
        var settings = Map.<String, Object>of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers, "acks", "all");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            var record = new ProducerRecord<>(name, key, value);
            headers.forEach((header, text) -> record.headers().add(header, text.getBytes(StandardCharsets.UTF_8)));
            producer.send(record).get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError("cannot write to " + name, e);
        }
    }
}
