package io.groundwork.runtime.view;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * How far a view is behind its topics. What a view does not show may be on its way or may not be at all, and only the second may
 * be told to somebody who asks.
 */
@ApplicationScoped
@Unremovable
public class Lag {

    private static final Logger LOG = Logger.getLogger(Lag.class);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int FETCHED_BYTES = 1_024;
    private static final Duration CALL = Duration.ofSeconds(5);

    private final Admin admin;
    private final String brokers;
    private final Semaphore turns = new Semaphore(1);
    /** By view, the look that has not begun yet: it answers all who asked before it does. */
    private final Map<View, CompletableFuture<Boolean>> coming = new ConcurrentHashMap<>();

    private record View(String group, Set<String> topics) {}

    @Inject
    public Lag(Admin admin, @ConfigProperty(name = "kafka.bootstrap.servers") String brokers) {
        this.admin = admin;
        this.brokers = brokers;
    }

    /**
     * Whether the view's consumers have read and committed all that stood in its topics when this was called. Waits for that;
     * call it from a virtual or worker thread. However many ask at a time, one looks for them all.
     *
     * @param group of the view's consumers, in whichever instances
     * @return false also if the broker does not say
     */
    public boolean caughtUp(String group, Set<String> topics, Duration patience) {
        var view = new View(group, topics);
        var mine = new CompletableFuture<Boolean>();
        var earlier = coming.putIfAbsent(view, mine);
        try {
            if (earlier != null) {
                return earlier.get();
            }
            turns.acquire();
            try {
                // who asks from here on asks about more than this look sees
                coming.remove(view, mine);
                mine.complete(look(group, topics, patience));
            } finally {
                turns.release();
            }
            return mine.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            // nobody waits for one that failed or was interrupted
            coming.remove(view, mine);
            mine.complete(false);
        }
    }

    private boolean look(String group, Set<String> topics, Duration patience) throws InterruptedException {
        var until = System.nanoTime() + patience.toNanos();
        try {
            var ends = ends(topics);
            while (true) {
                var left = left(group, ends);
                if (left.isEmpty() || nothingIn(left, ends)) {
                    return true;
                }
                if (System.nanoTime() - until > 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        } catch (ExecutionException | TimeoutException | KafkaException unknown) {
            LOG.warnf("how far %s has read is not known: %s", group, unknown);
            return false;
        }
    }

    private Map<TopicPartition, Long> ends(Set<String> topics)
            throws ExecutionException, TimeoutException, InterruptedException {
        var latest = new HashMap<TopicPartition, OffsetSpec>();
        get(admin.describeTopics(topics).allTopicNames())
                .forEach((topic, described) -> described
                        .partitions()
                        .forEach(one -> latest.put(new TopicPartition(topic, one.partition()), OffsetSpec.latest())));
        var found = get(admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all());
        return found.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }

    /** Where the group is, of the partitions that it has not read to their ends. */
    private Map<TopicPartition, Long> left(String group, Map<TopicPartition, Long> ends)
            throws ExecutionException, TimeoutException, InterruptedException {
        var committed = get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        var left = new HashMap<TopicPartition, Long>();
        ends.forEach((partition, end) -> {
            var place = committed.get(partition);
            var next = place == null ? 0 : place.offset();
            if (next < end) {
                left.put(partition, next);
            }
        });
        return left;
    }

    /** Behind a last record stands the mark of its transaction, which no consumer is given: only a look tells it from a record. */
    private boolean nothingIn(Map<TopicPartition, Long> left, Map<TopicPartition, Long> ends) {
        var settings = Map.<String, Object>of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                brokers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                1,
                // of the first record of each it wants no more than its place
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                FETCHED_BYTES);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(left.keySet());
            left.forEach(consumer::seek);
            var until = System.nanoTime() + CALL.toNanos();
            while (left.keySet().stream()
                    .anyMatch(
                            partition -> consumer.position(partition) < Objects.requireNonNull(ends.get(partition)))) {
                for (var record : consumer.poll(PAUSE)) {
                    var end = ends.get(new TopicPartition(record.topic(), record.partition()));
                    if (end == null || record.offset() < end) {
                        return false;
                    }
                }
                if (System.nanoTime() - until > 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private static <T> T get(KafkaFuture<T> answer) throws ExecutionException, TimeoutException, InterruptedException {
        return answer.get(CALL.toMillis(), TimeUnit.MILLISECONDS);
    }
}
