package io.groundwork.local;

import io.groundwork.events.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/** Creates what topics are missing, after the broker is up and before the services start. */
@FunctionalInterface
interface TopicSetup {

    void create(String bootstrapServers) throws CannotStartException;

    /**
     * The topics of the catalogue. One that exists stays as it is; a missing one gets as many partitions as those have, as they are chosen
     * once for the life of the data.
     *
     * @param partitions of new data, null for as many as usual
     */
    static TopicSetup of(@Nullable Integer partitions) {
        return bootstrapServers -> {
            var settings = Map.<String, Object>of("bootstrap.servers", bootstrapServers, "client.id", "groundwork-up");
            try (var admin = Admin.create(settings)) {
                var existing = admin.listTopics().names().get(60, TimeUnit.SECONDS);
                var missing = Topics.catalogue(partitions(partitions, existing(admin, existing))).stream()
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

    /** How many there are to be, where {@code existing} there are and {@code wanted} are asked for. */
    static int partitions(@Nullable Integer wanted, @Nullable Integer existing) throws CannotStartException {
        if (wanted == null) {
            return existing == null ? Topics.PARTITIONS : existing;
        }
        if (existing != null && !existing.equals(wanted)) {
            throw new CannotStartException("the topics of this data have " + existing
                    + " partitions, and keep them for life: leave --partitions out, or start with other data (--data)");
        }
        return wanted;
    }

    private static @Nullable Integer existing(Admin admin, Set<String> topics)
            throws ExecutionException, TimeoutException, InterruptedException {
        if (!topics.contains(Topics.COMPLETIONS)) {
            return null;
        }
        var described = admin.describeTopics(List.of(Topics.COMPLETIONS)).topicNameValues();
        return Objects.requireNonNull(described.get(Topics.COMPLETIONS))
                .get(60, TimeUnit.SECONDS)
                .partitions()
                .size();
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
