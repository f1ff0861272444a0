package io.groundwork.runtime.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.junit.jupiter.api.Test;

class HomePartitionerTest {

    private static final int PARTITIONS = 6;
    private static final String RESOURCE = "acme/payments/web";

    @Test
    void shouldKeepTheFirstOperationsOfAComponentWithTheirResource() {
        var home = partition("cloud.outcomes.v1", RESOURCE);

        for (var unit : List.of("0", "15", "access", "operator")) {
            assertThat(partition("cloud.operations.v1", RESOURCE + "#1/web/" + unit))
                    .isEqualTo(home);
            assertThat(partition("cloud.results.v1", RESOURCE + "#7/db/" + unit))
                    .isEqualTo(home);
        }
    }

    @Test
    void shouldSpreadThoseBeyondOverAllPartitions() {
        var used = IntStream.range(16, 200)
                .mapToObj(index -> partition("cloud.operations.v1", RESOURCE + "#1/web/" + index))
                .distinct();

        assertThat(used).hasSize(PARTITIONS);
    }

    @Test
    void shouldPlaceEverythingElseAsKafkaDoes() {
        for (var key : List.of(RESOURCE, RESOURCE + "#1/web/0", "srv-1", "quota/acme/payments", "a#b")) {
            for (var topic : List.of("request.events.v1", "cloud.work.ec2-eu-central-1.v1", "allocation.claims.v1")) {
                assertThat(partition(topic, key))
                        .isEqualTo(BuiltInPartitioner.partitionForKey(key.getBytes(UTF_8), PARTITIONS));
            }
        }
    }

    @Test
    void shouldPlaceWhatIsNotTextByItsBytes() {
        var key = new byte[] {(byte) 0xff, 0x23, (byte) 0xfe};

        assertThat(partition("cloud-provisioner.dead-letters.v1", key))
                .isEqualTo(BuiltInPartitioner.partitionForKey(key, PARTITIONS));
    }

    private static int partition(String topic, String key) {
        return partition(topic, key.getBytes(UTF_8));
    }

    private static int partition(String topic, byte[] key) {
        var node = new Node(0, "localhost", 1);
        var partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(index -> new PartitionInfo(topic, index, node, new Node[] {node}, new Node[] {node}))
                .toList();
        var cluster = new Cluster("c", List.of(node), partitions, Set.of(), Set.of());
        try (var partitioner = new HomePartitioner()) {
            return partitioner.partition(topic, key, key, null, null, cluster);
        }
    }
}
