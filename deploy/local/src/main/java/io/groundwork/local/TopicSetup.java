package io.groundwork.local;

import io.groundwork.events.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates what topics are missing, after the broker is up and before the services start. */
@FunctionalInterface
interface TopicSetup {

    void create(String bootstrapServers) throws CannotStartException;

    /**
     * Creates these topics. One that exists stays as it is, whatever its partitions: they are chosen once for its life,
     * and the services refuse a wrong number by themselves.
     */
    static TopicSetup of(List<Topics.Topic> topics) {
        return bootstrapServers -> {
            var settings = Map.<String, Object>of("bootstrap.servers", bootstrapServers, "client.id", "groundwork-up");
            try (var admin = Admin.create(settings)) {
                var existing = admin.listTopics().names().get(60, TimeUnit.SECONDS);
                var missing = topics.stream()
                        .filter(topic -> !existing.contains(topic.name()))
                        .map(TopicSetup::asKafka)
                        .toList();
                for (var created : admin.createTopics(missing).values().entrySet()) {
                    await(created.getKey(), created.getValue());
                }
            } catch (ExecutionException | TimeoutException | InterruptedException failed) {
                throw new CannotStartException(
                        "cannot create the topics on " + bootstrapServers + ": " + failed, failed);
            }
        };
    }

    private static void await(String topic, org.apache.kafka.common.KafkaFuture<Void> created)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            created.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof TopicExistsException)) {
                throw new ExecutionException("topic " + topic, failed.getCause());
            }
        }
    }

    private static NewTopic asKafka(Topics.Topic topic) {
        var configs = new HashMap<String, String>();
        if (topic.compacted()) {
            configs.put("cleanup.policy", "compact");
        }
        var retention = topic.retention();
        configs.put("retention.ms", Long.toString(retention == null ? -1 : retention.toMillis()));
        // As many replicas as the brokers give by default.
        return new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty()).configs(configs);
    }
}
