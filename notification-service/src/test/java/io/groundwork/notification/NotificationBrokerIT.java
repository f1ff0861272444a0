package io.groundwork.notification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.groundwork.embedded.FreePort;
import io.groundwork.events.Envelope;
import io.groundwork.events.Event;
import io.groundwork.events.EventCodec;
import io.groundwork.events.EventId;
import io.groundwork.events.EventTypes;
import io.groundwork.events.Fact;
import io.groundwork.events.MailRequested;
import io.groundwork.events.Message;
import io.groundwork.events.NotificationEvent.NotificationDelayed;
import io.groundwork.events.NotificationEvent.NotificationSent;
import io.groundwork.events.Outcome;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent.Recipient;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Seal;
import io.groundwork.events.SealedUrl;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.testing.BrokerAndDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.mail.internet.MimeMultipart;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The whole service on a real broker, with a real SMTP server and a real receiver of webhooks. */
@QuarkusTest
@QuarkusTestResource(BrokerAndDatabase.class)
@QuarkusTestResource(NotificationBrokerIT.MailPort.class)
class NotificationBrokerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String LINK = "http://localhost:8081/approvals/secret-token";

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    @ConfigProperty(name = "GROUNDWORK_SEAL_PUBLIC_KEY")
    String sealKey;

    @ConfigProperty(name = "GROUNDWORK_SMTP_PORT")
    int smtpPort;

    private final String name = "r" + Instant.now().toEpochMilli();
    private final ResourceId resource = new ResourceId("acme", "payments", name);
    private final RequestId request = RequestId.of("acme", name);

    /** A port for a mail server that each test starts when it wants. */
    public static final class MailPort implements QuarkusTestResourceLifecycleManager {

        @Override
        public Map<String, String> start() {
            return Map.of("GROUNDWORK_SMTP_PORT", Integer.toString(FreePort.find()));
        }

        @Override
        public void stop() {}
    }

    @Test
    void shouldDeliverTheMailOnceThoughTheServerWasDownAndKeepTheLinkToItself() throws Exception {
        // Given: nobody takes mails
        var mail = new MailRequested(
                "mail-1",
                request,
                1,
                resource,
                "lead@acme.example",
                "approval",
                Map.of(
                        "request", request.toString(),
                        "requester", "dev@acme.example",
                        "operation", "deploy",
                        "resource", resource.toString(),
                        "components", "web: 3 × m.small, debian-12",
                        "access", "",
                        "price", "12.50 EUR a month",
                        "quorum", "1",
                        "deadline", "5 January 2026, 10:02:00 UTC"),
                Seal.seal(LINK, sealKey));
        var message = Commands.message(
                Topics.MAILS, resource.toString(), "mail-1", MailRequested.TYPE, Instant.now(), null, mail);
        send(message);
        await().atMost(PATIENCE)
                .until(() -> read(Topics.results(Owner.NOTIFICATION)).stream()
                        .anyMatch(result -> text(result).contains("could not be reached")));
        // When
        var server = new GreenMail(new ServerSetup(smtpPort, "localhost", ServerSetup.PROTOCOL_SMTP));
        server.start();
        try {
            await().atMost(PATIENCE)
                    .until(() -> said().contains(sent("mail", "lead@acme.example", "approval", "lead@acme.example")));
            // the same again
            send(message);
            send(closed(Recipient.mail("team@acme.example")));
            await().atMost(PATIENCE)
                    .until(() -> said().contains(sent("mail", "team@acme.example", "closed", "team@acme.example")));
            // Then
            assertThat(said())
                    .as("the tries that failed")
                    .filteredOn(NotificationDelayed.class::isInstance)
                    .isNotEmpty();
            assertThat(said())
                    .filteredOn(event -> !(event instanceof NotificationDelayed))
                    .containsExactlyInAnyOrder(
                            sent("mail", "lead@acme.example", "approval", "lead@acme.example"),
                            sent("mail", "team@acme.example", "closed", "team@acme.example"));
            assertThat(server.getReceivedMessages()).hasSize(2);
            var parts = (MimeMultipart) server.getReceivedMessages()[0].getContent();
            assertThat((String) parts.getBodyPart(0).getContent()).contains(LINK);
        } finally {
            server.stop();
        }
        assertNoTopicHolds("secret-token");
        assertThat(read(Topics.deadLetters(Owner.NOTIFICATION))).isEmpty();
    }

    private void assertNoTopicHolds(String secret) {
        var topics = List.of(
                Topics.events(Owner.NOTIFICATION),
                Topics.operations(Owner.NOTIFICATION),
                Topics.work(Owner.NOTIFICATION, "mail"),
                Topics.work(Owner.NOTIFICATION, "webhook"),
                Topics.results(Owner.NOTIFICATION),
                Topics.outcomes(Owner.NOTIFICATION),
                Topics.deadLetters(Owner.NOTIFICATION));
        for (var topic : topics) {
            assertThat(read(topic)).noneMatch(record -> text(record).contains(secret));
        }
    }

    @Test
    void shouldPostTheEndToAWebhookUntilItTakesIt() throws Exception {
        var bodies = new CopyOnWriteArrayList<String>();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", exchange -> {
            try (exchange) {
                bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                exchange.sendResponseHeaders(bodies.size() < 3 ? 503 : 204, -1);
            }
        });
        server.start();
        try {
            var origin = "http://localhost:" + server.getAddress().getPort();
            var hook = SealedUrl.of(origin + "/hook/hook-token?sig=hook-token", sealKey);
            send(closed(Recipient.hook(hook)));
            await().atMost(PATIENCE).until(() -> said().contains(sent("webhook", origin, "closed", hook.box())));
            assertThat(bodies).hasSize(3);
            assertNoTopicHolds("hook-token");
            assertThat(bodies.getFirst()).contains("\"outcome\":\"COMPLETED\"", request.toString());
        } finally {
            server.stop(0);
        }
    }

    private NotificationSent sent(String channel, String to, String about, String whom) {
        var operation = resource + "#" + channel + "/" + about + "/" + Uuids.named(request.toString(), whom);
        return new NotificationSent(channel, to, about, operation);
    }

    private Message closed(Recipient... recipients) {
        var now = Instant.now();
        var event = new RequestClosed(
                RequestKind.DEPLOY, Outcome.COMPLETED, null, null, Map.of(), now, now, List.of(recipients));
        var type = EventTypes.type(Owner.REQUEST, event.getClass());
        var fact = new Fact(
                Owner.REQUEST,
                type,
                EventId.of(request, type, null, 0, 0),
                resource,
                request,
                1,
                null,
                0,
                null,
                null,
                now,
                null);
        return EventCodec.write(new Envelope<>(fact, event));
    }

    private List<Event> said() {
        return read(Topics.events(Owner.NOTIFICATION)).stream()
                .filter(message -> EventCodec.fact(message).request().equals(request))
                .map(message -> EventCodec.read(message, EventCodec.fact(message))
                        .orElseThrow()
                        .event())
                .map(Event.class::cast)
                .toList();
    }

    private static String text(Message message) {
        return message.headers() + new String(Objects.requireNonNull(message.value()), UTF_8);
    }

    private void send(Message message) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", brokers),
                new StringSerializer(),
                new ByteArraySerializer())) {
            var outgoing = new ProducerRecord<String, byte[]>(message.topic(), message.key(), message.value());
            message.headers().forEach((header, value) -> outgoing.headers().add(header, value.getBytes(UTF_8)));
            producer.send(outgoing).get();
        }
    }

    /** Everything committed on a topic. */
    private List<Message> read(String topic) {
        var config = new HashMap<String, Object>();
        config.put("bootstrap.servers", brokers);
        config.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var messages = new ArrayList<Message>();
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    var headers = new TreeMap<String, String>();
                    record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
                    messages.add(new Message(record.topic(), record.key(), headers, record.value()));
                }
            }
            return messages;
        }
    }
}
