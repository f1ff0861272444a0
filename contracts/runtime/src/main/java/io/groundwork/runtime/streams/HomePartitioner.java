package io.groundwork.runtime.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's own way from a key to a partition, but for operations: the first few of a component stand with their resource, so that
 * who orders one and who runs it are in one task and need no topic between them; those beyond spread over all partitions.
 */
public final class HomePartitioner implements Partitioner {

    /** Operations of a component that stay with its resource. */
    private static final int AT_HOME = 16;
    /** {@code <resource>#…/<unit>}. */
    private static final Pattern OPERATION = Pattern.compile("([^#]+)#(?:.*/)?([^/]*)");

    private static final Set<String> HOMED = Stream.of(Owner.values())
            .flatMap(owner -> Stream.of(Topics.operations(owner), Topics.results(owner)))
            .collect(Collectors.toUnmodifiableSet());

    private static final Pattern INDEX = Pattern.compile("\\d{1,9}");

    /** The key by whose hash a record with {@code key} stands in {@code topic}. */
    static String place(String topic, String key) {
        return isHomed(topic) ? home(key) : key;
    }

    /** The resource with which an operation stands; itself for everything else. */
    static String home(String key) {
        var operation = OPERATION.matcher(key);
        if (!operation.matches()) {
            return key;
        }
        var unit = operation.group(2);
        return INDEX.matcher(unit).matches() && Integer.parseInt(unit) >= AT_HOME ? key : operation.group(1);
    }

    /** Whether a topic's keys are operations, and its partitions those of their homes. */
    private static boolean isHomed(String topic) {
        return HOMED.contains(topic);
    }

    @Override
    public int partition(
            String topic,
            @Nullable Object key,
            byte @Nullable [] keyBytes,
            @Nullable Object value,
            byte @Nullable [] valueBytes,
            Cluster cluster) {
        var partitions = cluster.partitionCountForTopic(topic);
        if (partitions == null) {
            throw new IllegalStateException("nothing is known of the partitions of " + topic);
        }
        if (keyBytes == null) {
            return 0;
        }
        // a key is not always text: what is parked keeps the one it came with
        var place = isHomed(topic) ? home(new String(keyBytes, UTF_8)).getBytes(UTF_8) : keyBytes;
        return Utils.toPositive(Utils.murmur2(place)) % partitions;
    }

    @Override
    public void configure(Map<String, ?> settings) {}

    @Override
    public void close() {}
}
