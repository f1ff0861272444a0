package io.groundwork.simulation;

import io.groundwork.events.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Topics with partitions. What stands in them is committed; order holds within a partition alone. */
public final class Log {

    /** A committed record. */
    public record Entry(Instant at, Message message) {}

    private final int partitions;
    private final Map<String, List<List<Entry>>> topics = new HashMap<>();
    private final List<Consumer<Entry>> readers = new ArrayList<>();

    Log(int partitions) {
        this.partitions = partitions;
    }

    int partitions() {
        return partitions;
    }

    /** The records of one partition so far; grows. */
    List<Entry> partition(String topic, int partition) {
        return partitions(topic).get(partition);
    }

    /** Every record of a topic, partition by partition. */
    public List<Entry> all(String topic) {
        return partitions(topic).stream().flatMap(List::stream).toList();
    }

    /** Calls {@code reader} with every record from now on, in the order of their commits. */
    public void watch(Consumer<Entry> reader) {
        readers.add(reader);
    }

    /** Which partition the records of {@code key} are in. */
    public int partitionOf(String key) {
        return Math.floorMod(key.hashCode(), partitions);
    }

    void append(Message message, Instant now) {
        var entry = new Entry(now, message);
        partition(message.topic(), partitionOf(message.key())).add(entry);
        readers.forEach(reader -> reader.accept(entry));
    }

    private List<List<Entry>> partitions(String topic) {
        return topics.computeIfAbsent(topic, any -> {
            List<List<Entry>> made = new ArrayList<>();
            for (var i = 0; i < partitions; i++) {
                made.add(new ArrayList<>());
            }
            return Collections.unmodifiableList(made);
        });
    }
}
