package io.groundwork.runtime.streams;

import io.groundwork.events.Topics;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

/** Creates a work queue's topic when its owner first sends to it; every other topic stands before a service starts. */
@ApplicationScoped
@Unremovable
public class QueueTopics {

    private static final Logger LOG = Logger.getLogger(QueueTopics.class);
    /** Created before any service starts. */
    private static final Set<String> STANDING =
            Topics.catalogue(Topics.PARTITIONS).stream().map(Topics.Topic::name).collect(Collectors.toSet());

    private final Admin admin;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    @Inject
    public QueueTopics(Admin admin) {
        this.admin = admin;
    }

    /**
     * Makes sure that {@code topic} exists if it is a work queue that the catalogue does not know. Blocks once for each queue
     * and process, and not for long: if the broker does not answer, it may have it all the same, and sending will tell.
     */
    public void ensure(String topic) {
        if (!topic.contains(".work.") || STANDING.contains(topic) || !known.add(topic)) {
            return;
        }
        try {
            var queue = new NewTopic(topic, Optional.of(Topics.PARTITIONS), Optional.empty())
                    .configs(Map.of("retention.ms", Long.toString(TimeUnit.DAYS.toMillis(7))));
            admin.createTopics(List.of(queue)).all().get(2, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                failed(topic, e);
            }
        } catch (TimeoutException e) {
            failed(topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed(topic, e);
        }
    }

    private void failed(String topic, Exception cause) {
        known.remove(topic);
        LOG.warnf(cause, "the queue %s may not exist", topic);
    }
}
