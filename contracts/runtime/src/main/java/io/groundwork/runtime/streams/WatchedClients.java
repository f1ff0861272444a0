package io.groundwork.runtime.streams;

import io.groundwork.runtime.streams.EndOffsetGate.Positions;
import io.groundwork.runtime.streams.InputGate.Partition;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/**
 * Kafka Streams' own clients, but for its main consumers: {@link EndOffsetGate} sees their positions, and they wait for records no
 * longer than until the next of {@link Alarms}.
 */
@ApplicationScoped
@Unremovable
public class WatchedClients extends DefaultKafkaClientSupplier {

    private final Positions positions;

    @Inject
    public WatchedClients(Positions positions) {
        this.positions = positions;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new WatchedConsumer(config, positions);
    }

    private static final class WatchedConsumer extends KafkaConsumer<byte[], byte[]> {

        private final Positions positions;
        private Set<TopicPartition> assigned = Set.of();

        WatchedConsumer(Map<String, Object> config, Positions positions) {
            super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            this.positions = positions;
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            // none at all where Kafka Streams has something else to do
            var records = super.poll(timeout.isZero() ? timeout : Alarms.patience(timeout));
            for (var input : records.partitions()) {
                var polled = records.records(input);
                positions.returned(place(input), polled.getLast().offset());
            }
            if (positions.watched()) {
                watch();
            }
            return records;
        }

        private void watch() {
            var now = assignment();
            for (var lost : assigned) {
                if (!now.contains(lost)) {
                    positions.forget(place(lost));
                }
            }
            assigned = new HashSet<>(now);
            for (var input : now) {
                try {
                    positions.next(place(input), position(input, Duration.ZERO));
                } catch (TimeoutException notYet) {
                    // before the first fetch it is not known, and the gate waits
                    positions.forget(place(input));
                }
            }
        }

        private static Partition place(TopicPartition input) {
            return new Partition(input.topic(), input.partition());
        }
    }
}
