package io.groundwork.runtime.streams;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.EventCodec;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.runtime.Commands;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The way from REST into the topology: a command is acknowledged by the broker before the caller gets an answer, and decided on
 * by whichever instance owns its key, which replies on a topic that every instance reads.
 *
 * <p>Plain clients: each instance needs every reply from a known position on, without a consumer group's rebalancing.
 */
@Startup
@ApplicationScoped
@Unremovable
public class CommandGateway {

    private static final Logger LOG = Logger.getLogger(CommandGateway.class);
    /** How long a caller waits for a decision before it is told to look again later. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final KafkaProducer<String, byte[]> producer;
    private final Optional<KafkaConsumer<String, byte[]>> replies;
    private final Map<String, CompletableFuture<Reply>> waiting = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> listening = new CompletableFuture<>();
    private final Traces traces;

    /** @param repliesTopic absent: this service answers no commands */
    @Inject
    public CommandGateway(
            @ConfigProperty(name = "kafka.bootstrap.servers") String brokers,
            @ConfigProperty(name = "groundwork.replies") Optional<String> repliesTopic,
            Traces traces) {
        this.traces = traces;
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        brokers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        10_000,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        4_000,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        5_000,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        8L << 20),
                new StringSerializer(),
                new ByteArraySerializer());
        replies = repliesTopic.map(topic -> {
            var consumer = new KafkaConsumer<>(
                    Map.<String, Object>of(
                            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers,
                            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest"),
                    new StringDeserializer(),
                    new ByteArrayDeserializer());
            Thread.ofPlatform().name("replies").daemon().start(() -> listen(consumer, topic));
            return consumer;
        });
        if (replies.isEmpty()) {
            listening.complete(null);
        }
    }

    void stop(@Observes ShutdownEvent shutdown) {
        replies.ifPresent(KafkaConsumer::wakeup);
        producer.close(Duration.ofSeconds(5));
    }

    /** Whether replies are read: a command asked earlier might wait in vain. */
    public boolean ready() {
        return listening.isDone();
    }

    /**
     * Sends a command; returns once the broker has it.
     *
     * @throws Unavailable if the broker did not take it in time; it may have it all the same
     * @throws TooLarge if no broker takes it, ever
     */
    public void send(String topic, String key, String id, String type, Object payload) {
        var message = Commands.message(topic, key, id, type, Instant.now(), traces.current(), payload);
        try {
            producer.send(Records.record(message)).get(12, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            if (e instanceof RecordTooLargeException || e.getCause() instanceof RecordTooLargeException) {
                throw new TooLarge("the command is larger than the broker takes", e);
            }
            throw new Unavailable("the broker did not acknowledge the command", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted", e);
        }
    }

    /**
     * Sends a command and waits until it was decided on. Call it from a virtual or worker thread.
     *
     * @throws Unavailable if the broker did not take it, or no decision came in time; it may still be decided on
     */
    public Reply ask(String topic, String key, String type, Object payload) {
        var id = UUID.randomUUID().toString();
        var reply = new CompletableFuture<Reply>();
        waiting.put(id, reply);
        try {
            listening.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            send(topic, key, id, type, payload);
            return reply.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new Unavailable("no decision within " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted", e);
        } finally {
            waiting.remove(id);
        }
    }

    private void listen(KafkaConsumer<String, byte[]> consumer, String topic) {
        try (consumer) {
            var partitions = consumer.partitionsFor(topic, Duration.ofMinutes(5)).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            // seeking is lazy: only a known position is a place from which no reply is missed
            partitions.forEach(consumer::position);
            listening.complete(null);
            while (true) {
                for (var record : consumer.poll(Duration.ofSeconds(10))) {
                    var caller = waiting.get(String.valueOf(record.key()));
                    if (caller != null) {
                        answer(caller, Records.message(record));
                    }
                }
            }
        } catch (WakeupException stopped) {
            LOG.debug("replies are no longer read");
        } catch (RuntimeException failed) {
            listening.completeExceptionally(failed);
            LastResort.exit("the reader of " + topic, failed);
        }
    }

    private static void answer(CompletableFuture<Reply> caller, Message reply) {
        try {
            var value = reply.value() == null ? new byte[0] : reply.value();
            var type = reply.header(EventCodec.TYPE);
            caller.complete(new Reply(type == null ? "" : type, Json.read(value, JsonNode.class)));
        } catch (UncheckedIOException unreadable) {
            caller.completeExceptionally(unreadable);
        }
    }

    /**
     * What was decided on a command.
     *
     * @param type the service's own word for it
     */
    public record Reply(String type, JsonNode payload) {
        public <T> T as(Class<T> answer) {
            return Json.MAPPER.convertValue(payload, answer);
        }
    }

    /** Never decided, and never will be: the answer is 413. */
    public static final class TooLarge extends RuntimeException {
        TooLarge(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Not decided as far as the caller can know: the answer is 503, and the same again is safe. */
    public static final class Unavailable extends RuntimeException {
        public Unavailable(String message) {
            super(message);
        }

        Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
