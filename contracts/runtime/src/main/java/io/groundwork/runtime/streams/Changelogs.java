package io.groundwork.runtime.streams;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Which stores of this service have stood before, by the topics that Kafka Streams has made for them, and how their rows are written. */
@ApplicationScoped
@Unremovable
public class Changelogs {

    /** As long as a service waits for its topics. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Admin admin;
    private final String application;
    private final boolean packed;

    @Inject
    public Changelogs(
            Admin admin,
            @ConfigProperty(name = "quarkus.kafka-streams.application-id") String application,
            @ConfigProperty(name = "groundwork.rows.packed") boolean packed) {
        this.admin = admin;
        this.application = application;
        this.packed = packed;
    }

    /** Whether rows are packed, which versions of before packing cannot read. */
    boolean packed() {
        return packed;
    }

    /**
     * The names of the stores that have a changelog. Waits for the broker.
     *
     * @throws IllegalStateException if it does not answer: to guess would be to start without what is stored
     */
    Set<String> stores() {
        try {
            var options = new ListTopicsOptions().listInternal(true).timeoutMs((int) PATIENCE.toMillis());
            return Set.copyOf(admin.listTopics(options).names().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).stream()
                    .filter(topic -> topic.startsWith(application + "-") && topic.endsWith("-changelog"))
                    .map(topic -> topic.substring(application.length() + 1, topic.length() - "-changelog".length()))
                    .toList());
        } catch (ExecutionException | TimeoutException unknown) {
            throw new IllegalStateException("the broker does not say what stores " + application + " has", unknown);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
