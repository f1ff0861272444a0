package io.groundwork.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The same number of records through the same number of hops by bare Kafka clients on the same broker: no transactions, no
 * stores, no decisions. What a saga costs more than this is Groundwork's.
 */
final class Floor {

    /** Records that wait for one another between a POST and its completion record. */
    static final int HOPS = 12;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int BYTES = 500;
    private static final int PARTITIONS = 6;

    /** @param cpuPerThousand CPU seconds of broker and clients for a thousand records through all hops */
    record Result(double perSecond, double cpuPerThousand, double medianMillis) {}

    static Result measure(Target target, int chains) throws Exception {
        var brokers = target.at("kafka");
        var topics = new ArrayList<String>();
        var run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
        for (var hop = 0; hop <= HOPS; hop++) {
            topics.add("bench.floor." + run + "." + hop);
        }
        try (var admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            admin.createTopics(topics.stream()
                            .map(topic -> new NewTopic(topic, PARTITIONS, (short) 1))
                            .toList())
                    .all()
                    .get();
            awaitLeaders(admin, topics);
        }
        var processes = new Processes(Map.of("kafka", target.pids().get("kafka")));
        var arrivals = new LinkedBlockingQueue<Long>();
        var threads = new ArrayList<Thread>();
        for (var hop = 0; hop < HOPS; hop++) {
            threads.add(pump(brokers, topics.get(hop), topics.get(hop + 1)));
        }
        threads.add(drain(brokers, topics.getLast(), arrivals));
        var before = total(processes);
        var began = System.nanoTime();
        try (var producer = producer(brokers)) {
            for (var chain = 0; chain < chains; chain++) {
                send(producer, topics.getFirst(), key(chain), new byte[BYTES]);
            }
            for (var chain = 0; chain < chains; chain++) {
                arrivals.take();
            }
            var seconds = (System.nanoTime() - began) / 1e9;
            var cpu = total(processes) - before;
            var alone = new ArrayList<Double>();
            for (var one = 0; one < 100; one++) {
                arrivals.clear();
                var sent = System.nanoTime();
                send(producer, topics.getFirst(), key(one), new byte[BYTES]);
                alone.add((arrivals.take() - sent) / 1e6);
            }
            Collections.sort(alone);
            return new Result(chains / seconds, cpu / chains * 1000, Load.percentile(alone, 0.5));
        } finally {
            threads.forEach(Thread::interrupt);
            for (var thread : threads) {
                thread.join();
            }
            try (var admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
                admin.deleteTopics(topics).all().get();
            }
        }
    }

    /**
     * Until each leader answers: a batch refused before that comes after those sent behind it, and is refused for ever. A topic made
     * a moment ago need not be known yet to the broker that is asked.
     */
    private static void awaitLeaders(Admin admin, List<String> topics) throws ExecutionException, InterruptedException {
        var latest = topics.stream()
                .flatMap(topic ->
                        IntStream.range(0, PARTITIONS).mapToObj(partition -> new TopicPartition(topic, partition)))
                .collect(Collectors.toMap(partition -> partition, any -> OffsetSpec.latest()));
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                admin.listOffsets(latest).all().get();
                return;
            } catch (ExecutionException notYet) {
                if (!(notYet.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > until) {
                    throw notYet;
                }
            }
        }
    }

    private static double total(Processes processes) {
        return processes.cpu().values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    private static byte[] key(int chain) {
        return ("resource-" + chain % 256).getBytes(UTF_8);
    }

    private static Thread pump(String brokers, String from, String to) {
        return Thread.ofPlatform().daemon().start(() -> {
            try (var consumer = consumer(brokers, from);
                    var producer = producer(brokers)) {
                while (!Thread.currentThread().isInterrupted()) {
                    for (var record : consumer.poll(Duration.ofMillis(100))) {
                        send(producer, to, record.key(), record.value());
                    }
                }
            } catch (InterruptException stopped) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static Thread drain(String brokers, String from, BlockingQueue<Long> arrivals) {
        return Thread.ofPlatform().daemon().start(() -> {
            try (var consumer = consumer(brokers, from)) {
                while (!Thread.currentThread().isInterrupted()) {
                    for (var unused : consumer.poll(Duration.ofMillis(100))) {
                        arrivals.add(System.nanoTime());
                    }
                }
            } catch (InterruptException stopped) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, byte[] key, byte[] value) {
        var unused = producer.send(new ProducerRecord<>(topic, key, value), (sent, wrong) -> {
            if (wrong != null) {
                System.err.println("floor: " + topic + ": " + wrong);
            }
        });
    }

    private static KafkaProducer<byte[], byte[]> producer(String brokers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers, "acks", "all", "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String brokers, String topic) {
        var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", brokers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private Floor() {}
}
