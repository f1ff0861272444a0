package io.groundwork.runtime.streams;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The gate by end offsets: taken after the timer fell due, reached by the consumer, and processed by the task. */
@ApplicationScoped
@Unremovable
public class EndOffsetGate implements InputGate {

    private static final Logger LOG = Logger.getLogger(EndOffsetGate.class);
    /** End offsets older than this say nothing of now: a task that stalled since takes them again. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Admin admin;
    private final Positions positions;
    private final ExecutorService lookups = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Task, Ends> ends = new ConcurrentHashMap<>();
    private final Set<Task> asked = ConcurrentHashMap.newKeySet();

    @Inject
    public EndOffsetGate(Admin admin, Positions positions) {
        this.admin = admin;
        this.positions = positions;
    }

    void stop(@Observes ShutdownEvent shutdown) {
        lookups.shutdownNow();
    }

    @Override
    public void begin(Set<String> topics, int partition) {
        topics.forEach(topic -> positions.forget(new Partition(topic, partition)));
        ends.remove(new Task(topics, partition));
    }

    @Override
    public boolean passed(Set<String> topics, int partition, Instant due, Map<Partition, Long> processed) {
        positions.watch();
        var task = new Task(topics, partition);
        var known = ends.get(task);
        if (known == null || known.at().isBefore(due) || known.at().plus(FRESH).isBefore(Instant.now())) {
            if (asked.add(task)) {
                lookups.execute(() -> ask(task));
            }
            return false;
        }
        return known.offsets().entrySet().stream()
                .allMatch(end -> end.getValue() == 0 || reached(end.getKey(), end.getValue(), processed));
    }

    private boolean reached(TopicPartition input, long end, Map<Partition, Long> processed) {
        var place = new Partition(input.topic(), input.partition());
        var position = positions.of(place);
        if (position == null || position.next() < end) {
            return false;
        }
        return position.lastReturned() < 0 || processed.getOrDefault(place, -1L) >= position.lastReturned();
    }

    private void ask(Task task) {
        try {
            // before the question: an answer is about that moment or a later one
            var at = Instant.now();
            var inputs = task.topics().stream()
                    .collect(Collectors.toMap(
                            topic -> new TopicPartition(topic, task.partition()), topic -> OffsetSpec.latest()));
            var found = admin.listOffsets(inputs, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get(5, TimeUnit.SECONDS);
            var offsets = new HashMap<TopicPartition, Long>();
            found.forEach((input, info) -> offsets.put(input, info.offset()));
            ends.put(task, new Ends(at, offsets));
        } catch (ExecutionException | TimeoutException e) {
            LOG.debugf(e, "end offsets of %s are not known now", task);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            asked.remove(task);
        }
    }

    private record Task(Set<String> topics, int partition) {}

    private record Ends(Instant at, Map<TopicPartition, Long> offsets) {}

    /** How far a consumer has read one partition; the last offset that it handed out, -1 if none yet. */
    record Position(long next, long lastReturned) {}

    /** What the stream threads' consumers have read, as far as anybody watches. */
    @ApplicationScoped
    @Unremovable
    public static class Positions {

        private final Map<Partition, Position> positions = new ConcurrentHashMap<>();
        private volatile boolean watched;

        void watch() {
            watched = true;
        }

        boolean watched() {
            return watched;
        }

        @Nullable
        Position of(Partition partition) {
            return positions.get(partition);
        }

        void returned(Partition partition, long offset) {
            positions.merge(
                    partition,
                    new Position(0, offset),
                    (known, more) -> new Position(known.next(), more.lastReturned()));
        }

        void next(Partition partition, long next) {
            positions.merge(
                    partition,
                    new Position(next, -1),
                    (known, more) -> new Position(more.next(), known.lastReturned()));
        }

        void forget(Partition partition) {
            positions.remove(partition);
        }
    }
}
