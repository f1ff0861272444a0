package io.groundwork.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TopicsTest {

    /**
     * Frozen: a key's partition is its hash modulo this number. Another number moves resources to other partitions, and what
     * was serialized no longer is; a deployment that needs more partitions moves to new topics.
     */
    private static final int PARTITIONS_FOR_LIFE = 6;

    private static final List<Topics.Topic> CATALOGUE = Topics.catalogue(Topics.PARTITIONS);

    @Test
    void shouldNeverChangeThePartitionCountOfATopicKeyedByResource() {
        assertThat(Topics.PARTITIONS).isEqualTo(PARTITIONS_FOR_LIFE);
        assertThat(CATALOGUE)
                .filteredOn(topic -> topic.key() == Topics.Key.RESOURCE)
                .hasSize(31)
                .allMatch(topic -> topic.partitions() == PARTITIONS_FOR_LIFE);
    }

    @Test
    void shouldKeepEveryTopicKeyedByResourceCoPartitionedWhateverTheCount() {
        assertThat(Topics.catalogue(12))
                .filteredOn(topic -> topic.key() == Topics.Key.RESOURCE)
                .allMatch(topic -> topic.partitions() == 12);
    }

    @Test
    void shouldListEveryTopicOnceWithTheOneWhoWritesIt() {
        var writers = new TreeMap<String, Owner>();
        CATALOGUE.forEach(topic -> writers.put(topic.name(), topic.writer()));

        assertThat(writers)
                .hasSameSizeAs(CATALOGUE)
                .containsEntry("baremetal.inventory.v1", Owner.BAREMETAL)
                .containsEntry("baremetal.work.site-ams1.v1", Owner.BAREMETAL)
                .containsEntry("allocation.reservations.v1", Owner.ALLOCATION)
                .containsAllEntriesOf(Map.of(
                        "request.events.v1", Owner.REQUEST,
                        "request.completions.v1", Owner.REQUEST,
                        "approval.mails.v1", Owner.APPROVAL,
                        "allocation.catalogue.v1", Owner.ALLOCATION,
                        "allocation.claims.v1", Owner.ALLOCATION,
                        "iam.directory.v1", Owner.IAM,
                        "cloud.operations.v1", Owner.CLOUD,
                        "notification.results.v1", Owner.NOTIFICATION,
                        "cloud-provisioner.dead-letters.v1", Owner.CLOUD,
                        "iam-service.redrive.v1", Owner.IAM));
        assertThat(writers.keySet()).allMatch(name -> name.matches("[a-z0-9.-]+\\.v1"));
    }

    @Test
    void shouldKeepEventsForEver() {
        for (var owner : Owner.values()) {
            assertThat(CATALOGUE)
                    .filteredOn(topic -> topic.name().equals(Topics.events(owner)))
                    .singleElement()
                    .satisfies(topic -> {
                        assertThat(topic.retention()).isNull();
                        assertThat(topic.compacted()).isFalse();
                        assertThat(topic.key()).isEqualTo(Topics.Key.RESOURCE);
                    });
            assertThat(Topics.ownerOfEvents(Topics.events(owner))).contains(owner);
        }
        assertThat(Topics.ownerOfEvents(Topics.COMPLETIONS)).isEmpty();
    }

    @Test
    void shouldNameWorkQueues() {
        assertThat(Topics.queue(Owner.CLOUD, "ec2-eu-central-1", 6).name()).isEqualTo("cloud.work.ec2-eu-central-1.v1");
    }
}
