package io.groundwork.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.groundwork.events.AccountFact;
import io.groundwork.events.Catalogue;
import io.groundwork.events.Directory;
import io.groundwork.events.Envelope;
import io.groundwork.events.Event;
import io.groundwork.events.EventCodec;
import io.groundwork.events.EventId;
import io.groundwork.events.EventTypes;
import io.groundwork.events.Fact;
import io.groundwork.events.Json;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
import io.groundwork.request.domain.Asks;
import io.groundwork.request.domain.World;
import io.groundwork.saga.Active;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Plays the other services on a real broker. */
final class Owners implements AutoCloseable {

    private final KafkaProducer<String, byte[]> producer;
    private final AtomicInteger ordinal = new AtomicInteger();

    Owners(String brokers) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers, "acks", "all"), new StringSerializer(), new ByteArraySerializer());
    }

    /** What allocation-service and iam-service publish at their first start. */
    void seed() {
        table(
                Topics.CATALOGUE,
                "flavors/m.small",
                new Catalogue.Flavor(2, 4, new BigDecimal("14.50"), "EUR", "t3.medium"));
        table(Topics.CATALOGUE, "images/debian-12", new Catalogue.Image("debian-12-amd64", "Debian 12"));
        table(Topics.CATALOGUE, "networks/default", new Catalogue.Network("the default network"));
        table(Topics.CATALOGUE, "regions/eu-central-1", new Catalogue.Region("Frankfurt"));
        table(Topics.CATALOGUE, "profiles/standard", new Catalogue.Profile("the process' own"));
        table(Topics.CATALOGUE, "profiles/isolated", new Catalogue.Profile("an account of its own"));
        table(
                Topics.ACCOUNTS,
                "standard/eu-central-1",
                new AccountFact("standard", "eu-central-1", true, null, Asks.START));
        for (var site : List.of("ams1", "fra1")) {
            table(Topics.CATALOGUE, "sites/" + site, new Catalogue.Site("a site"));
            table(
                    Topics.CATALOGUE,
                    "subnets/" + site + "-default",
                    new Catalogue.Subnet(
                            "default", site, "10.20.0.0/24", null, List.of(), List.of(), Duration.ofMinutes(1), null));
        }
        table(Topics.CATALOGUE, "server-types/m1.large", Asks.LARGE.serverType());
        table(Topics.CATALOGUE, "os-templates/debian-12", Asks.LARGE.osTemplate());
        table(Topics.CATALOGUE, "quotas/acme/payments", new Catalogue.Quota(Map.of("instances", 10L)));
        table(Topics.DIRECTORY, "tenants/acme", new Directory.Tenant("Acme"));
        table(Topics.DIRECTORY, "projects/acme/payments", new Directory.Project("Payments", null));
        table(
                Topics.DIRECTORY,
                "users/lead@acme.example",
                new Directory.User("acme", "Lead", List.of("requester", "approver")));
        table(
                Topics.DIRECTORY,
                "groups/payments-devs",
                new Directory.Group("acme", List.of("dev@acme.example"), List.of("operator")));
    }

    private void table(String topic, String key, Object value) {
        send(new ProducerRecord<>(topic, key, Json.write(value)));
    }

    /** The owner of {@code step} says how far it is. */
    void say(ResourceId resource, Active active, Step step, StepStatus status) {
        say(resource, active, step, status, World.event(step, status));
    }

    void say(ResourceId resource, Active active, Step step, StepStatus status, Event event) {
        var type = EventTypes.type(step.owner(), event.getClass());
        var attempt = Math.max(1, active.state(step.id()).attempt());
        var message = EventCodec.write(new Envelope<>(
                new Fact(
                        step.owner(),
                        type,
                        EventId.of(active.request(), type, step.id(), attempt, ordinal.incrementAndGet()),
                        resource,
                        active.request(),
                        active.sequence(),
                        step.id(),
                        attempt,
                        status,
                        null,
                        Instant.now(),
                        null),
                event));
        var record = new ProducerRecord<>(message.topic(), message.key(), message.value());
        message.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        send(record);
    }

    private void send(ProducerRecord<String, byte[]> record) {
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
