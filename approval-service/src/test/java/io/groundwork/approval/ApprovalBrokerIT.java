package io.groundwork.approval;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.groundwork.approval.domain.Links;
import io.groundwork.events.ApprovalEvent.ApprovalExpired;
import io.groundwork.events.ApprovalEvent.ApprovalRequested;
import io.groundwork.events.ApprovalEvent.ApprovalWithdrawn;
import io.groundwork.events.ApprovalEvent.DecisionRecorded;
import io.groundwork.events.ApprovalEvent.RequestApproved;
import io.groundwork.events.ApprovalEvent.RequestRejected;
import io.groundwork.events.Catalogue;
import io.groundwork.events.Component;
import io.groundwork.events.Design;
import io.groundwork.events.Directory;
import io.groundwork.events.Envelope;
import io.groundwork.events.Event;
import io.groundwork.events.EventCodec;
import io.groundwork.events.EventId;
import io.groundwork.events.EventTypes;
import io.groundwork.events.Fact;
import io.groundwork.events.Json;
import io.groundwork.events.MailRequested;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.OnConflict;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Seal;
import io.groundwork.events.Step;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.Topics;
import io.groundwork.runtime.testing.BrokerAndDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole service on a real broker and a real Postgres: request-service and the mail's reader are the test. */
@QuarkusTest
@QuarkusTestResource(BrokerAndDatabase.class)
class ApprovalBrokerIT {

    private static final String DEV = "dev@acme.example";
    private static final String LEAD = "lead@acme.example";
    private static final String SECOND = "second@acme.example";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TestHTTPResource("/")
    URI base;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    @ConfigProperty(name = "GROUNDWORK_SEAL_PRIVATE_KEY")
    String sealKey;

    @ConfigProperty(name = "GROUNDWORK_LINK_SECRET")
    String linkSecret;

    @Inject
    AgroalDataSource database;

    private final HttpClient client = HttpClient.newHttpClient();
    private final String name = "r" + Instant.now().toEpochMilli();
    private final RequestId request = RequestId.of("acme", name);

    @BeforeEach
    void seed() throws Exception {
        send(Topics.DIRECTORY, "users/" + DEV, new Directory.User("acme", "Dev", List.of("requester", "approver")));
        send(Topics.DIRECTORY, "users/" + LEAD, new Directory.User("acme", "Lead", List.of("approver")));
        send(Topics.DIRECTORY, "users/" + SECOND, new Directory.User("acme", "Second", List.of("approver")));
        send(Topics.CATALOGUE, "regions/eu-central-1", new Catalogue.Region("Frankfurt"));
        send(Topics.CATALOGUE, "regions/us-east-1", new Catalogue.Region("Virginia"));
        send(Topics.CATALOGUE, "profiles/standard", new Catalogue.Profile("Standard"));
        await().atMost(PATIENCE).until(() -> get("/q/health/ready").statusCode() == 200);
        // the tables follow their topics by a moment
        await().atMost(PATIENCE).until(() -> {
            start(RequestId.of("acme", name + "probe"), "probe-" + System.nanoTime(), Duration.ofHours(1));
            return events(RequestId.of("acme", name + "probe")).stream().anyMatch(ApprovalRequested.class::isInstance);
        });
    }

    @Test
    void shouldDecideByTheLinkOnceAndShowTheOutcomeEverAfter() throws Exception {
        // Given
        start(request, name, Duration.ofMinutes(2));
        var link = link();
        // When: a scanner fetches it, over and over
        for (var times = 0; times < 20; times++) {
            assertThat(get(link).statusCode()).isEqualTo(200);
            assertThat(exchange(HttpRequest.newBuilder(base.resolve(link)).HEAD())
                            .statusCode())
                    .isEqualTo(200);
        }
        // Then
        var page = get(link);
        assertThat(page.body())
                .contains("deploy acme/payments/" + name, DEV, "web: 3 × m.small", "12.50 EUR a month")
                .contains("provision:web", "<select id=\"region\"", "us-east-1", "standard")
                .doesNotContain(" selected", " checked", "<script");
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(
                        policy -> assertThat(policy).contains("default-src 'none'", "frame-ancestors 'none'"));
        assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(events(request)).singleElement().isInstanceOf(ApprovalRequested.class);

        // When: something is missing, then not
        var incomplete = post(link, Map.of("decision", "approve", "reason", "<i>why</i>"));
        assertThat(incomplete.statusCode()).isEqualTo(422);
        assertThat(incomplete.body()).contains("Choose a region.", "Choose a profile.", "&lt;i&gt;why");
        var approved = post(link, approval());
        assertThat(approved.statusCode()).as(approved.body()).isEqualTo(200);
        assertThat(approved.body()).contains("Approved.");

        // Then
        assertThat(events(request))
                .hasSize(3)
                .anyMatch(DecisionRecorded.class::isInstance)
                .anyMatch(RequestApproved.class::isInstance);
        var again = post(link, approval());
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("Already decided", LEAD);
        await().atMost(PATIENCE).until(() -> get(link).body().contains("Already decided"));
        assertThat(get(link).statusCode()).isEqualTo(200);
        assertThat(events(request)).hasSize(3);
    }

    @Test
    void shouldRefuseALinkThatWasChanged() throws Exception {
        start(request, name, Duration.ofMinutes(2));
        var link = link();
        var end = link.charAt(link.length() - 3) == 'A' ? "B" : "A";
        var forged = link.substring(0, link.length() - 3) + end + link.substring(link.length() - 2);
        assertThat(get(forged).statusCode()).isEqualTo(403);
        assertThat(post(forged, approval()).statusCode()).isEqualTo(403);
        var grant = new Links("http://localhost", linkSecret)
                .read(link.substring(link.lastIndexOf('/') + 1))
                .orElseThrow();
        var requesters = new Links("http://localhost", linkSecret)
                .token(new Links.Grant(
                        grant.request(), grant.resource(), grant.step(), DEV, grant.digest(), grant.expiry()));
        assertThat(post("/approvals/" + requesters, approval()).statusCode()).isEqualTo(403);
        assertThat(events(request)).hasSize(1);
    }

    @Test
    void shouldExpireInTimeAndRefuseWhatComesLater() throws Exception {
        start(request, name, Duration.ofSeconds(2));
        var link = link();
        await().atMost(PATIENCE).until(() -> events(request).stream().anyMatch(ApprovalExpired.class::isInstance));
        var expired = facts(request).getLast();
        var deadline = ((ApprovalRequested) events(request).getFirst()).deadline();
        assertThat(Duration.between(deadline, expired.time())).isBetween(Duration.ZERO, Duration.ofSeconds(2));
        var late = post(link, approval());
        assertThat(late.statusCode()).isEqualTo(410);
        assertThat(late.body()).contains("expired");
        await().atMost(PATIENCE).until(() -> get(link).statusCode() == 410);
        assertThat(events(request)).hasSize(2);
    }

    @Test
    void shouldWithdrawWhatWasCancelledAndGoOnWithTheNext() throws Exception {
        start(request, name, Duration.ofMinutes(2));
        var link = link();
        say(request, name, new RequestEvent.CancelRequested(DEV, "a better one follows"));
        await().atMost(PATIENCE).until(() -> events(request).stream().anyMatch(ApprovalWithdrawn.class::isInstance));
        var late = post(link, approval());
        assertThat(late.statusCode()).isEqualTo(410);
        assertThat(late.body()).contains("a better one follows");
    }

    @Test
    void shouldTakeDecisionsOfIdentities() throws Exception {
        start(request, name, Duration.ofMinutes(2));
        link();
        var path = "/v1/approvals/" + request + "/decisions";
        assertThat(json(path, SECOND, "{}").statusCode()).isEqualTo(403);
        assertThat(json(path, DEV, "{}").statusCode()).isEqualTo(403);
        assertThat(json(path, "boss@other.example", "{}").statusCode()).isEqualTo(404);
        var incomplete = json(path, LEAD, "{\"decision\": \"approve\"}");
        assertThat(incomplete.statusCode()).isEqualTo(422);
        assertThat(incomplete.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(incomplete.body()).contains("/reason", "/region", "/profile");
        var rejected = json(path, LEAD, "{\"decision\": \"reject\", \"reason\": \"too dear\"}");
        assertThat(rejected.statusCode()).as(rejected.body()).isEqualTo(200);
        assertThat(rejected.body()).contains("REJECTED");
        assertThat(events(request)).anyMatch(RequestRejected.class::isInstance);
        assertThat(json(path, LEAD, "{\"decision\": \"reject\", \"reason\": \"too dear\"}")
                        .statusCode())
                .isEqualTo(409);
        assertThat(json("/v1/approvals/" + RequestId.of("acme", "nothing") + "/decisions", LEAD, "{}")
                        .statusCode())
                .isEqualTo(404);
    }

    /** The view stands still: it cannot know what it has not read, and what does not exist it cannot tell from that. */
    @Test
    void shouldNotSayThatThereIsNoneBeforeItHasReadAll() throws Exception {
        var blocker = RequestId.of("acme", name + "blocker");
        var path = "/v1/approvals/" + request + "/decisions";
        var decision = "{\"decision\": \"reject\", \"reason\": \"too dear\"}";
        try (var connection = database.getConnection();
                var lock = connection.createStatement()) {
            connection.setAutoCommit(false);
            // others may read, and nobody write
            lock.execute("lock table approval.approvals in exclusive mode");
            start(blocker, name + "-blocker", Duration.ofMinutes(2));
            await().atMost(PATIENCE).until(() -> waitsForALock());
            start(request, name, Duration.ofMinutes(2));
            await().atMost(PATIENCE).until(() -> !events(request).isEmpty());

            var unknown = json(path, LEAD, decision);
            assertThat(unknown.statusCode()).as(unknown.body()).isEqualTo(503);
            assertThat(unknown.headers().firstValue("Retry-After")).isPresent();
            connection.rollback();
        }
        await().atMost(PATIENCE).until(() -> json(path, LEAD, decision).statusCode() == 200);
        var nothing = json("/v1/approvals/" + RequestId.of("acme", "nothing") + "/decisions", LEAD, decision);
        assertThat(nothing.statusCode()).as(nothing.body()).isEqualTo(404);
    }

    private boolean waitsForALock() throws SQLException {
        try (var connection = database.getConnection();
                var query = connection.createStatement();
                var found = query.executeQuery("select 1 from pg_locks where not granted")) {
            return found.next();
        }
    }

    @Test
    void shouldSetAsideWhatTheAuditRefusesAndGoOn() throws Exception {
        var odd = RequestId.of("acme", name + "odd");
        start(odd, name + "-odd", Duration.ofMinutes(2));
        say(odd, name + "-odd", new RequestEvent.CancelRequested(DEV, "no\u0000"));
        await().atMost(PATIENCE).until(() -> events(odd).stream().anyMatch(ApprovalWithdrawn.class::isInstance));
        start(request, name, Duration.ofMinutes(2));
        await().atMost(PATIENCE).until(() -> get(link()).statusCode() == 200);
    }

    private static Map<String, String> approval() {
        return Map.of("decision", "approve", "reason", "needed", "region", "eu-central-1", "profile", "standard");
    }

    /** The path of the link in the request's one mail. */
    private String link() {
        await().atMost(PATIENCE).until(() -> !mails().isEmpty());
        assertThat(mails()).hasSize(1);
        var mail = mails().getFirst();
        assertThat(mail.to()).isEqualTo(LEAD);
        return URI.create(Seal.open(mail.sealedLink(), sealKey)).getPath();
    }

    private List<MailRequested> mails() {
        return read(Topics.MAILS).stream()
                .map(message -> Json.read(Objects.requireNonNull(message.value()), MailRequested.class))
                .filter(mail -> mail.request().equals(request))
                .toList();
    }

    private List<Event> events(RequestId of) {
        return read(Topics.events(Owner.APPROVAL)).stream()
                .filter(message -> EventCodec.fact(message).request().equals(of))
                .map(message -> EventCodec.read(message, EventCodec.fact(message))
                        .orElseThrow()
                        .event())
                .map(Event.class::cast)
                .toList();
    }

    private List<Fact> facts(RequestId of) {
        return read(Topics.events(Owner.APPROVAL)).stream()
                .map(EventCodec::fact)
                .filter(fact -> fact.request().equals(of))
                .toList();
    }

    private void start(RequestId id, String of, Duration timeout) throws Exception {
        var approvers = List.of(LEAD, DEV);
        var web = new Component.CloudVm(
                "web", 3, List.of(), "m.small", "debian-12", null, List.of("default"), List.of(), null, null);
        var design = new Design(List.of(web), List.of(), Map.of());
        var approve = StepId.of(StepKind.APPROVE);
        var plan = new Plan(List.of(
                new Step(
                        approve,
                        StepKind.APPROVE,
                        Owner.APPROVAL,
                        List.of(),
                        Step.Undo.NONE,
                        Step.OnFailure.COMPENSATE,
                        timeout.plusMinutes(1),
                        new StepInput.Approve(
                                DEV, RequestKind.DEPLOY, approvers, 1, timeout, true, design, "12.50", "EUR")),
                new Step(
                        StepId.of(StepKind.PROVISION, "web"),
                        StepKind.PROVISION,
                        Owner.CLOUD,
                        List.of(approve),
                        Step.Undo.OWNER,
                        Step.OnFailure.COMPENSATE,
                        Duration.ofMinutes(10),
                        new StepInput.Provision(web, new StepInput.MachineType("t3.small", "debian-12")))));
        var ask = new Ask(
                RequestKind.DEPLOY,
                DEV,
                approvers,
                1,
                timeout,
                OnConflict.QUEUE,
                design,
                "sha256:0",
                List.of(),
                Instant.now());
        say(id, of, new RequestEvent.RequestStarted(plan, plan.digest(), ask));
    }

    private void say(RequestId id, String of, RequestEvent event) throws Exception {
        var type = EventTypes.type(Owner.REQUEST, event.getClass());
        var fact = new Fact(
                Owner.REQUEST,
                type,
                EventId.of(id, type, null, 0, System.nanoTime()),
                new ResourceId("acme", "payments", of),
                id,
                1,
                null,
                0,
                null,
                null,
                Instant.now(),
                null);
        send(EventCodec.write(new Envelope<>(fact, event)));
    }

    private void send(String topic, String key, Object value) throws Exception {
        send(new Message(topic, key, Map.of(), Json.write(value)));
    }

    private void send(Message message) throws ExecutionException, InterruptedException {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", brokers),
                new StringSerializer(),
                new ByteArraySerializer())) {
            var outgoing = new ProducerRecord<String, byte[]>(message.topic(), message.key(), message.value());
            message.headers().forEach((header, value) -> outgoing.headers().add(header, value.getBytes(UTF_8)));
            producer.send(outgoing).get();
        }
    }

    /** Everything committed on a topic, in the order of its time. */
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

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return exchange(HttpRequest.newBuilder(base.resolve(path)));
    }

    private HttpResponse<String> post(String path, Map<String, String> form) throws IOException, InterruptedException {
        var body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        return exchange(HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> json(String path, String user, String body) throws IOException, InterruptedException {
        return exchange(HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/json")
                .header("X-Groundwork-User", user)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
    }
}
