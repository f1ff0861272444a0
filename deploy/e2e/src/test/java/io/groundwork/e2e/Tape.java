package io.groundwork.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** All that is said on the event topics and the completions from now on, kept, and waited for while it comes. */
final class Tape implements AutoCloseable {
    private static final List<String> TOPICS = List.of(
            Told.REQUESTS,
            "approval.events.v1",
            "allocation.events.v1",
            "cloud.events.v1",
            "baremetal.events.v1",
            "iam.events.v1",
            Told.COMPLETIONS);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Something of one type about one request. */
    private record Wanted(String request, String type) {}

    private final KafkaConsumer<String, byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final List<Told> told = new ArrayList<>();
    private final Map<Wanted, CompletableFuture<Told>> firsts = new ConcurrentHashMap<>();
    private final Thread listener = Thread.ofPlatform().name("tape").unstarted(this::listen);
    private volatile boolean listening = true;

    private Tape(String brokers) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        brokers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        partitions = TOPICS.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // asks for them, so that nothing is missed that comes from now on
        partitions.forEach(consumer::position);
    }

    static Tape start(Stack stack) {
        var tape = new Tape(stack.at("kafka"));
        tape.listener.start();
        return tape;
    }

    /** Whether something of {@code type} was said about {@code request} before its end. */
    boolean awaits(String request, String type, Duration patience) throws TimeoutException {
        var wanted = first(request, type);
        await(CompletableFuture.anyOf(wanted, first(request, Told.CLOSED)), patience);
        return wanted.isDone();
    }

    /** Returns when the completion of {@code request} has come. */
    void awaitEnd(String request, Duration patience) throws TimeoutException {
        await(first(request, "closed"), patience);
    }

    /** All that was said up to now, of one partition in its order; nothing can be awaited any more. */
    List<Told> readToEnd() throws InterruptedException {
        listening = false;
        listener.join();
        var ends = consumer.endOffsets(partitions);
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            take();
            if (System.nanoTime() > deadline) {
                throw new AssertionError("could not read the topics to their ends");
            }
        }
        return List.copyOf(told);
    }

    @Override
    public void close() throws InterruptedException {
        listening = false;
        listener.join();
        consumer.close();
    }

    private CompletableFuture<Told> first(String request, String type) {
        return firsts.computeIfAbsent(new Wanted(request, type), wanted -> new CompletableFuture<>());
    }

    private void listen() {
        while (listening) {
            take();
        }
    }

    private void take() {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
            var one = Told.of(record.topic(), Topic.Entry.of(record));
            told.add(one);
            first(one.request(), one.type()).complete(one);
        }
    }

    private static void await(CompletableFuture<?> future, Duration patience) throws TimeoutException {
        try {
            future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
