package io.groundwork.runtime.streams;

import io.groundwork.events.Topics;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Refuses to start on topics that would break the order of a resource's events: all topics keyed by resource id must have the
 * same number of partitions.
 */
@ApplicationScoped
public class TopicCheck {

    private static final Logger LOG = Logger.getLogger(TopicCheck.class);

    private final Admin admin;
    private final String isolation;

    @Inject
    public TopicCheck(
            Admin admin,
            @ConfigProperty(name = "kafka.isolation.level", defaultValue = "read_uncommitted") String isolation) {
        this.admin = admin;
        this.isolation = isolation;
    }

    /** Before Kafka Streams starts. */
    void check(@Observes @Priority(1) StartupEvent start) {
        if (!isolation.equals("read_committed")) {
            throw new IllegalStateException("kafka.isolation.level must be read_committed, not " + isolation);
        }
        try {
            var wanted = new TreeSet<String>();
            for (var topic : Topics.catalogue(Topics.PARTITIONS)) {
                if (topic.key() == Topics.Key.RESOURCE) {
                    wanted.add(topic.name());
                }
            }
            var there = admin.listTopics().names().get(30, TimeUnit.SECONDS);
            wanted.retainAll(there);
            var counts = new TreeMap<Integer, TreeSet<String>>();
            admin.describeTopics(wanted)
                    .allTopicNames()
                    .get(30, TimeUnit.SECONDS)
                    .forEach((name, description) -> counts.computeIfAbsent(
                                    description.partitions().size(), any -> new TreeSet<>())
                            .add(name));
            if (counts.size() > 1) {
                throw new IllegalStateException(
                        "Topics keyed by resource id must all have the same number of partitions, for" + " life; found "
                                + counts + ". Restore the count they were created with.");
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("topics could not be checked: the broker does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
