package io.groundwork.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.events.ApprovalEvent;
import io.groundwork.events.Json;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
import io.groundwork.request.domain.Asks;
import io.groundwork.request.domain.Command;
import io.groundwork.request.view.RequestRow;
import io.groundwork.request.view.RequestRows;
import io.groundwork.request.view.ViewWriter;
import io.groundwork.runtime.streams.CommandGateway;
import io.groundwork.runtime.testing.BrokerAndDatabase;
import io.groundwork.saga.Active;
import io.groundwork.saga.Due;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service on a real broker and a real database; the test plays the other services. */
@QuarkusTest
@QuarkusTestResource(BrokerAndDatabase.class)
class RequestServiceIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TestHTTPResource
    URI base;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    @Inject
    RequestRows rows;

    @Inject
    EntityManager database;

    @Inject
    ViewWriter writer;

    @Inject
    CommandGateway gateway;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String name = "web-" + UUID.randomUUID().toString().substring(0, 8);
    private final ResourceId resource = new ResourceId("acme", "payments", name);
    private Owners owners;

    @BeforeEach
    void start() {
        owners = new Owners(brokers);
        owners.seed();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> send("GET", "/q/health/ready", null).statusCode() == 200
                        && send("POST", "/v1/plans", deploy()).statusCode() == 200);
    }

    @AfterEach
    void stop() {
        owners.close();
    }

    @Test
    void shouldBringARequestToItsEndAndShowItsWay() throws Exception {
        var accepted = send("POST", "/v1/requests", deploy(), "Idempotency-Key", "key-" + name);
        assertThat(accepted.statusCode()).isEqualTo(202);
        var id = json(accepted).path("id").asText();
        assertThat(accepted.headers().firstValue("Location").orElseThrow()).endsWith("/v1/requests/" + id);
        assertThat(accepted.headers().firstValue("Retry-After")).isPresent();
        assertThat(json(accepted).path("state").asText()).isEqualTo("SUBMITTED");
        assertThat(json(accepted).has("digest")).isTrue();
        assertThat(json(accepted).path("digest").isNull()).isTrue();
        assertThat(json(accepted).path("designDigest").asText()).startsWith("sha256:");
        // at once, before any view can have caught up
        assertThat(send("GET", "/v1/requests/" + id, null).statusCode()).isEqualTo(200);

        var stream = follow(id, null);
        await().atMost(PATIENCE).until(() -> get(id).path("state").asText().equals("AWAITING_APPROVAL"));
        // nobody does anything: what waits now is answered by what happens next
        var version = get(id).path("version").asLong();
        var polled = polled("/v1/requests/" + id + "?wait=20s&since=" + version);
        var alone = polled("/v1/requests/" + id + "?wait=20s");
        var started = System.nanoTime();
        var silent = json(send("GET", "/v1/requests/" + id + "?wait=1s&since=" + version, null));
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(900));
        assertThat(silent.path("version").asLong()).isEqualTo(version);
        assertThat(polled).isNotDone();
        assertThat(alone).isNotDone();
        drive(id);

        var end = get(id);
        assertThat(end.path("state").asText()).isEqualTo("COMPLETED");
        assertThat(end.path("waitingFor").isNull()).isTrue();
        assertThat(end.path("sequence").asLong()).isEqualTo(1);
        assertThat(end.path("steps"))
                .hasSize(4)
                .allMatch(step -> step.path("status").asText().equals("done"));
        assertThat(end.path("outputs").path("web").path("instances")).hasSize(1);
        assertThat(polled.get().path("version").asLong()).isGreaterThan(version);
        assertThat(alone.get().path("version").asLong()).isGreaterThan(version);

        var lines = stream.get();
        assertThat(lines.getFirst().path("type").asText()).endsWith("request-submitted.v1");
        assertThat(lines.getLast().path("type").asText()).endsWith("request-closed.v1");
        assertThat(lines.getLast().path("summary").asText()).isEqualTo("Ended COMPLETED.");
        var resumed = follow(id, lines.get(2).path("id").asText()).get();
        assertThat(resumed).hasSize(lines.size() - 3);
        var timeline =
                json(send("GET", "/v1/requests/" + id + "/timeline", null)).path("items");
        assertThat(timeline).hasSize(lines.size());
        assertThat(timeline.get(0).path("actor").asText()).isEqualTo("dev@acme.example");

        assertThat(completions()).containsOnlyOnce(id);
        var stands = json(send("GET", "/v1/resources/" + resource, null));
        assertThat(stands.path("state").asText()).isEqualTo("DEPLOYED");
        assertThat(stands.path("instances").get(0).path("name").asText()).isEqualTo(resource + "/web/0");
        assertThat(stands.path("activeRequest").isNull()).isTrue();

        var again = send("POST", "/v1/requests", deploy(), "Idempotency-Key", "key-" + name);
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(json(again).path("id").asText()).isEqualTo(id);
        assertThat(json(again).path("state").asText()).isEqualTo("COMPLETED");
        var other = send("POST", "/v1/requests", decommission(), "Idempotency-Key", "key-" + name);
        assertThat(other.statusCode()).isEqualTo(422);

        var second = submit(deploy());
        await().atMost(PATIENCE).until(() -> get(second).path("state").asText().equals("FAILED"));
        assertThat(get(second).path("error").path("category").asText()).isEqualTo("CONFLICT");

        var removal = submit(decommission());
        drive(removal);
        assertThat(json(send("GET", "/v1/resources/" + resource, null))
                        .path("state")
                        .asText())
                .isEqualTo("NONE");
    }

    @Test
    void shouldQueueCancelAndSayWhatIsNotPossible() {
        var first = submit(deploy());
        await().atMost(PATIENCE).until(() -> get(first).path("state").asText().equals("AWAITING_APPROVAL"));
        var second = submit(deploy());
        await().atMost(PATIENCE).until(() -> get(second).path("state").asText().equals("QUEUED"));
        assertThat(get(second).path("waitingFor").path("kind").asText()).isEqualTo("queue");
        assertThat(get(second).path("waitingFor").path("name").asText()).isEqualTo(first);
        var stands = json(send("GET", "/v1/resources/" + resource, null));
        assertThat(stands.path("activeRequest").asText()).isEqualTo(first);
        assertThat(stands.path("queue").get(0).asText()).isEqualTo(second);

        assertThat(send("POST", "/v1/requests/" + second + "/cancel", "{}").statusCode())
                .isEqualTo(400);
        assertThat(send("POST", "/v1/requests/" + second + "/cancel", "{\"reason\": \"no\"}")
                        .statusCode())
                .isEqualTo(202);
        await().atMost(PATIENCE).until(() -> get(second).path("state").asText().equals("CANCELED"));
        var ended = send("POST", "/v1/requests/" + second + "/cancel", "{\"reason\": \"no\"}");
        assertThat(ended.statusCode()).isEqualTo(409);
        assertThat(ended.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");

        var intervention = "{\"step\": \"allocate\", \"action\": \"retry\", \"reason\": \"try\"}";
        var refused = send("POST", "/v1/requests/" + first + "/interventions", intervention);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(json(refused).path("detail").asText()).contains("not stuck");
        assertThat(send(
                                "POST",
                                "/v1/requests/" + first + "/interventions",
                                intervention,
                                "X-Groundwork-User",
                                "somebody@acme.example")
                        .statusCode())
                .isEqualTo(403);

        assertThat(send("POST", "/v1/requests/" + first + "/cancel", "{\"reason\": \"no\"}")
                        .statusCode())
                .isEqualTo(202);
        drive(first);
        assertThat(get(first).path("state").asText()).isEqualTo("CANCELED");
        assertThat(completions()).containsOnlyOnce(first, second);
    }

    @Test
    void shouldNameTheRequestThatIsUnderWayNow() {
        var first = submit(deploy());
        var second = submit(decommission());
        var third = submit(decommission());
        await().atMost(PATIENCE)
                .until(() -> get(third).path("waitingFor").path("name").asText().equals(first));
        drive(first);
        await().atMost(PATIENCE).until(() -> get(second).path("state").asText().equals("AWAITING_APPROVAL"));
        assertThat(get(third).path("waitingFor").path("name").asText()).isEqualTo(second);
        assertThat(items("?resource=" + resource + "&state=QUEUED")
                        .get(0)
                        .path("waitingFor")
                        .path("name")
                        .asText())
                .isEqualTo(second);
    }

    @Test
    void shouldListWithFiltersPageByPage() {
        var ids = new ArrayList<String>();
        for (var i = 0; i < 5; i++) {
            ids.add(submit(decommission()));
        }
        await().atMost(PATIENCE)
                .until(() -> items("?resource=" + resource + "&state=FAILED").size() == 5);
        var seen = new ArrayList<String>();
        String cursor = null;
        do {
            var page = json(send(
                    "GET",
                    "/v1/requests?limit=2&resource=" + resource + (cursor == null ? "" : "&cursor=" + cursor),
                    null));
            page.path("items").forEach(item -> seen.add(item.path("id").asText()));
            cursor = page.path("nextCursor").isNull()
                    ? null
                    : page.path("nextCursor").asText();
        } while (cursor != null);
        assertThat(seen).containsExactlyElementsOf(ids.reversed());
        assertThat(items("?category=CONFLICT&q=" + name.toUpperCase(Locale.ROOT)))
                .hasSize(5);
        assertThat(items("?q=" + name + "&state=COMPLETED")).isEmpty();
        assertThat(send("GET", "/v1/requests?cursor=x", null).statusCode()).isEqualTo(400);
        assertThat(send("GET", "/v1/requests?state=GONE", null).statusCode()).isEqualTo(400);
        for (var wrong : List.of("limit=abc", "limit=0", "limit=201", "q=%00")) {
            var answer = send("GET", "/v1/requests?" + wrong, null);
            assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
            assertThat(json(answer).path("detail").asText()).startsWith(wrong.substring(0, wrong.indexOf('=')));
        }
        var since = send("GET", "/v1/requests/" + ids.getFirst() + "?since=x", null);
        assertThat(since.statusCode()).isEqualTo(400);
        assertThat(json(since).path("detail").asText()).startsWith("since");
    }

    @Test
    void shouldKnowAtOnceWhatAnotherProcessHasAccepted() {
        for (var one = 0; one < 5; one++) {
            var id = new RequestId(UUID.randomUUID());
            // as it is sent by a process whose memory is not this one's
            gateway.send(
                    Topics.commands(Owner.REQUEST),
                    resource.toString(),
                    id.toString(),
                    Command.Submit.TYPE,
                    new Command.Submit(id, Asks.decommission(), Map.of(), null));

            assertThat(get(id.toString()).path("id").asText()).isEqualTo(id.toString());
        }
    }

    @Test
    void shouldAnswerFaultsAsProblems() {
        var invalid = send("POST", "/v1/requests", "{\"operation\": \"deploy\", \"extra\": 1}");
        assertThat(invalid.statusCode()).isEqualTo(400);
        assertThat(invalid.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(json(invalid).path("errors")).hasSizeGreaterThan(2);
        assertThat(send("POST", "/v1/requests", "{").statusCode()).isEqualTo(400);
        assertThat(send("POST", "/v1/requests", "").statusCode()).isEqualTo(400);
        assertThat(send("GET", "/v1/requests/" + UUID.randomUUID(), null).statusCode())
                .isEqualTo(404);
        assertThat(send("GET", "/v1/requests/nonsense", null).statusCode()).isEqualTo(404);
        assertThat(send("GET", "/v1/resources/acme/payments/never-was", null).statusCode())
                .isEqualTo(404);
    }

    @Test
    void shouldSetAsideWhatTheDatabaseRefusesAndGoOn() {
        var id = submit(deploy());
        await().atMost(PATIENCE).until(() -> get(id).path("state").asText().equals("AWAITING_APPROVAL"));
        var active = rows.find(UUID.fromString(id)).orElseThrow().view().saga().active();
        var approve = active.plan().steps().getFirst();
        owners.say(
                resource,
                active,
                approve,
                StepStatus.RUNNING,
                new ApprovalEvent.ApprovalRequested(List.of("lead\u0000"), 1, Instant.now(), "sha256:0"));
        drive(id);
        assertThat(get(id).path("state").asText()).isEqualTo("COMPLETED");
    }

    @Test
    void shouldFollowALongTimelineToItsEnd() throws Exception {
        var id = submit(deploy());
        await().atMost(PATIENCE).until(() -> get(id).path("state").asText().equals("AWAITING_APPROVAL"));
        QuarkusTransaction.requiringNew()
                .run(() -> database.createNativeQuery("""
                        insert into request.timeline (event, request, at, owner, place, type, attempt, actor, closes, summary)
                        select gen_random_uuid(), :request, now(), 'cloud', 0, 'progressed', 1, 'cloud-provisioner', false, 'on'
                        from generate_series(1, 10500)""")
                        .setParameter("request", UUID.fromString(id))
                        .executeUpdate());
        var stream = follow(id, null);
        drive(id);
        var lines = stream.get(60, TimeUnit.SECONDS);
        assertThat(lines).hasSizeGreaterThan(10_500);
        assertThat(lines.getLast().path("type").asText()).endsWith("request-closed.v1");
        assertThat(json(send("GET", "/v1/requests/" + id + "/timeline", null)).path("items"))
                .hasSize(lines.size());
        var resumed = follow(id, lines.get(10_400).path("id").asText()).get(60, TimeUnit.SECONDS);
        assertThat(resumed).hasSize(lines.size() - 10_401);
    }

    @Test
    void shouldBearAQueueOfTheLargestRequestsAndRefuseLargerOnes() {
        var script = "x".repeat(16_000);
        var components =
                IntStream.range(0, 7).mapToObj(i -> """
                        {"name": "c%d", "type": "cloud.vm", "count": 1, "flavor": "m.small", "image": "debian-12",
                         "userData": "%s"}""".formatted(i, script)).collect(Collectors.joining(","));
        var largest = """
                {"operation": "deploy", "resource": "%s", "approvers": ["lead@acme.example"], "components": [%s]}""".formatted(resource, components);
        var last = "";
        for (var i = 0; i < 33; i++) {
            last = submit(largest);
        }
        var waiting = last;
        await().atMost(PATIENCE).until(() -> get(waiting).path("state").asText().equals("QUEUED"));
        var tooMany = submit(largest);
        await().atMost(PATIENCE).until(() -> get(tooMany).path("state").asText().equals("FAILED"));

        var tooLarge = send("POST", "/v1/requests", largest.replace(script, script + script));
        assertThat(tooLarge.statusCode()).isEqualTo(413);
        assertThat(json(tooLarge).path("detail").asText()).contains("131072");
        assertThatThrownBy(() -> gateway.send(
                        Topics.commands(Owner.REQUEST),
                        resource.toString(),
                        "too-large",
                        "submit",
                        Map.of("text", "x".repeat(2 << 20))))
                .isInstanceOf(CommandGateway.TooLarge.class);
    }

    @Test
    void shouldHideATenantsRequestsFromOthers() {
        var id = submit(deploy());
        await().atMost(PATIENCE).until(() -> get(id).path("state").asText().equals("AWAITING_APPROVAL"));
        for (var path :
                List.of("/v1/requests/" + id, "/v1/requests/" + id + "/timeline", "/v1/resources/" + resource)) {
            assertThat(send("GET", path, null, "X-Groundwork-User", "eve@globex.example")
                            .statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
        assertThat(json(send("GET", "/v1/requests", null, "X-Groundwork-User", "eve@globex.example"))
                        .path("items"))
                .isEmpty();
        assertThat(send(
                                "POST",
                                "/v1/requests/" + id + "/cancel",
                                "{\"reason\": \"mine\"}",
                                "X-Groundwork-User",
                                "eve@globex.example")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void shouldPlanWithoutChangingAnything() {
        var planned = json(send("POST", "/v1/plans", deploy()));
        assertThat(planned.path("digest").asText()).startsWith("sha256:");
        assertThat(planned.path("monthlyPrice").asText()).isEqualTo("43.50");
        assertThat(planned.path("plan").path("steps")).hasSize(4);
        assertThat(planned.path("checks")).allMatch(check -> check.path("ok").asBoolean());
        assertThat(stream(planned.path("checks"))
                        .map(check -> check.path("name").asText()))
                .containsExactly("standing", "busy", "catalogue", "quota", "credentials", "access", "approvers");
        assertThat(planned.path("checks"))
                .allMatch(check -> check.path("durationMs").isDouble());
        assertThat(send("GET", "/v1/resources/" + resource, null).statusCode()).isEqualTo(404);
    }

    @Test
    void shouldPlanTheSameStepsAtAnotherSiteFromADesignThatWasReadBack() {
        var asked = """
                {"operation": "deploy", "resource": "%s", "approvers": ["lead@acme.example"],
                 "components": [
                   {"name": "web", "type": "cloud.vm", "count": 2, "flavor": "m.small", "image": "debian-12",
                    "securityGroups": [{"name": "web", "ingress": [
                      {"protocol": "tcp", "port": 443, "cidr": "0.0.0.0/0"}, {"protocol": "icmp", "cidr": "10.0.0.0/8"}]}]},
                   {"name": "db", "type": "metal.server", "count": 3, "minCount": 2, "dependsOn": ["web"],
                    "site": "ams1", "serverType": "m1.large", "preferredServers": ["srv-5"], "requiredTraits": ["nvme"],
                    "spread": "rack", "osTemplate": "debian-12", "networks": ["default"],
                    "shutdown": {"timeout": "PT5M"}, "userData": "${web.instances[0].privateIp}"}],
                 "labels": {"team": "payments"}}""".formatted(resource);
        await("the seeds")
                .atMost(PATIENCE)
                .until(() -> send("POST", "/v1/plans", asked).statusCode() == 200);
        var here = json(send("POST", "/v1/plans", asked));
        assertThat(graph(here))
                .as("every step that there will be, and none that there is nothing for")
                .containsExactly(
                        "approve approval [] NONE COMPENSATE",
                        "allocate allocation [\"approve\"] OWNER COMPENSATE",
                        "provision:web cloud [\"allocate\"] OWNER COMPENSATE",
                        "provision:db baremetal [\"allocate\",\"provision:web\"] OWNER COMPENSATE");
        assertThat(failing(here)).containsExactly("credentials", "capacity", "portable");
        var id = submit(asked);
        drive(id);
        assertThat(failing(get(id)))
                .as("no check stops a request, and the request shows what was seen when it was accepted")
                .containsExactly("credentials", "capacity", "portable");
        var again = submit(asked);
        drive(again);
        assertThat(failing(get(again))).contains("standing");
        assertThat(get(again).path("checks"))
                .allMatch(check -> check.path("durationMs").isNumber());

        var design = (ObjectNode) json(send("GET", "/v1/resources/" + resource, null))
                .path("design")
                .deepCopy();
        assertThat(design.at("/components/1/site").asText()).isEqualTo("ams1");
        ((ObjectNode) design.at("/components/1")).put("site", "fra1").putArray("preferredServers");
        var there = json(send(
                "POST",
                "/v1/plans",
                design.put("operation", "deploy")
                        .put("resource", resource + "-2")
                        .set("approvers", here.at("/plan/steps/0/input/approvers"))
                        .toString()));

        assertThat(graph(there)).isEqualTo(graph(here));
        assertThat(failing(there)).containsExactly("credentials", "capacity");
        assertThat(there.at("/plan/steps/1/input/claims").toString())
                .isEqualTo(here.at("/plan/steps/1/input/claims")
                        .toString()
                        .replace("ams1", "fra1")
                        .replace("[\"srv-5\"]", "[]"));
    }

    /** Which step is whose, needs which, and how it is undone. */
    private static List<String> graph(JsonNode planned) {
        return stream(planned.at("/plan/steps"))
                .map(step ->
                        step.path("id").asText() + " " + step.path("owner").asText() + " " + step.path("needs") + " "
                                + step.path("undo").asText() + " "
                                + step.path("onFailure").asText())
                .toList();
    }

    private static List<String> failing(JsonNode planned) {
        return stream(planned.path("checks"))
                .filter(check -> !check.path("ok").asBoolean())
                .map(check -> check.path("name").asText())
                .toList();
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    @Test
    void shouldRebuildTheSameViewFromTheTopics() throws Exception {
        var id = submit(deploy());
        drive(id);
        var before = documents();
        var lines = json(send("GET", "/v1/requests/" + id + "/timeline", null));
        QuarkusTransaction.requiringNew().run(() -> {
            database.createNativeQuery("delete from request.request").executeUpdate();
            database.createNativeQuery("delete from request.timeline").executeUpdate();
        });
        writer.read(everything());
        // at least once: the second time changes nothing
        writer.read(everything());

        assertThat(documents()).isEqualTo(before);
        assertThat(json(send("GET", "/v1/requests/" + id + "/timeline", null))).isEqualTo(lines);
    }

    @Test
    void shouldDescribeEveryBodyWithItsFieldsAndAnExample() {
        var document = json(send("GET", "/q/openapi?format=json", null));
        var fields = Map.of(
                "/v1/requests", "components",
                "/v1/plans", "notify",
                "/v1/requests/{id}/cancel", "reason",
                "/v1/requests/{id}/interventions", "action");
        fields.forEach((path, field) -> {
            var body = document.path("paths").path(path).path("post").at("/requestBody/content/application~1json");
            assertThat(body.path("examples")).as(path).isNotEmpty();
            assertThat(schema(document, body.path("schema")).path("properties").has(field))
                    .as(path)
                    .isTrue();
        });
        var component = document.at("/components/schemas/Component");
        assertThat(component.path("oneOf")).hasSize(2);
        var server = document.at("/components/schemas/MetalServer");
        assertThat(server.path("properties").has("preferredServers")).isTrue();
        assertThat(schema(document, server.at("/properties/shutdown"))
                        .path("properties")
                        .has("force"))
                .isTrue();
        var examples = document.at("/paths/~1v1~1requests/post/requestBody/content/application~1json/examples");
        assertThat(examples.toString()).contains("metal.server");

        var accepted =
                document.path("paths").path("/v1/requests").at("/post/responses/202/content/application~1json/schema");
        assertThat(schema(document, accepted).path("properties").has("designDigest"))
                .isTrue();
        var request = document.path("paths")
                .path("/v1/requests/{id}")
                .at("/get/responses/200/content/application~1json/schema");
        assertThat(schema(document, request).path("properties").has("waitingFor"))
                .isTrue();
    }

    private static JsonNode schema(JsonNode document, JsonNode schema) {
        return schema.has("$ref") ? document.at(schema.path("$ref").asText().substring(1)) : schema;
    }

    private Map<UUID, String> documents() {
        var documents = new TreeMap<UUID, String>();
        QuarkusTransaction.requiringNew()
                .run(() -> database.createQuery("from RequestRow", RequestRow.class)
                        .getResultList()
                        .forEach(row -> documents.put(row.id, row.document)));
        return documents;
    }

    /** Does what is due for every other service, until the request has ended. */
    private void drive(String id) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            var view = rows.find(UUID.fromString(id)).map(RequestRow::view);
            if (view.isEmpty()) {
                return false;
            }
            var active = view.get().saga().active();
            if (view.get().settled() || active == null) {
                return view.get().settled();
            }
            Stream.of(Owner.values())
                    .flatMap(owner -> active.due(owner).stream())
                    .findFirst()
                    .ifPresent(due -> act(active, due));
            return false;
        });
    }

    private void act(Active active, Due due) {
        var before = rows.find(active.request().value()).orElseThrow().version;
        switch (due.action()) {
            case START -> {
                owners.say(resource, active, due.step(), StepStatus.RUNNING);
                owners.say(resource, active, due.step(), StepStatus.DONE);
            }
            case SKIP -> owners.say(resource, active, due.step(), StepStatus.SKIPPED);
            case STOP -> owners.say(resource, active, due.step(), StepStatus.FAILED);
            case UNDO -> {
                owners.say(resource, active, due.step(), StepStatus.UNDOING);
                owners.say(resource, active, due.step(), StepStatus.UNDONE);
            }
        }
        rows.await(active.request().value(), row -> row.version >= before + 2, Duration.ofSeconds(1));
    }

    private CompletableFuture<JsonNode> polled(String path) {
        return CompletableFuture.supplyAsync(() -> json(send("GET", path, null)));
    }

    private CompletableFuture<List<JsonNode>> follow(String id, String last) {
        var request = HttpRequest.newBuilder(base.resolve("/v1/requests/" + id + "/timeline"))
                .header("Accept", "text/event-stream");
        if (last != null) {
            request.header("Last-Event-ID", last);
        }
        return http.sendAsync(request.build(), BodyHandlers.ofLines())
                .thenApplyAsync(response -> response.body()
                        .filter(line -> line.startsWith("data:"))
                        .map(line -> Json.read(
                                line.substring("data:".length()).getBytes(StandardCharsets.UTF_8), JsonNode.class))
                        .toList());
    }

    private String submit(String body) {
        var accepted = send("POST", "/v1/requests", body);
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        return json(accepted).path("id").asText();
    }

    private JsonNode get(String id) {
        return json(send("GET", "/v1/requests/" + id, null));
    }

    private JsonNode items(String query) {
        return json(send("GET", "/v1/requests" + query, null)).path("items");
    }

    private String deploy() {
        return """
                {"operation": "deploy", "resource": "%s", "approvers": ["lead@acme.example"],
                 "components": [{"name": "web", "type": "cloud.vm", "count": 3, "flavor": "m.small", "image": "debian-12",
                                 "networks": ["default"]}],
                 "access": [{"group": "payments-devs", "role": "operator"}]}""".formatted(resource);
    }

    private String decommission() {
        return """
                {"operation": "decommission", "resource": "%s", "approvers": ["lead@acme.example"]}""".formatted(resource);
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError(response.body(), e);
        }
    }

    /** The request ids on the completions topic. */
    private List<String> completions() {
        var ids = new ArrayList<String>();
        records(List.of(Topics.COMPLETIONS))
                .forEach(record -> ids.add(Json.read(record.value(), JsonNode.class)
                        .path("requestId")
                        .asText()));
        return ids;
    }

    private ConsumerRecords<String, byte[]> everything() {
        return records(Stream.of(Owner.values()).map(Topics::events).toList());
    }

    private ConsumerRecords<String, byte[]> records(List<String> topics) {
        var config = Map.<String, Object>of("bootstrap.servers", brokers, "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = topics.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var found = new HashMap<TopicPartition, List<ConsumerRecord<String, byte[]>>>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> found.computeIfAbsent(
                                        new TopicPartition(record.topic(), record.partition()),
                                        any -> new ArrayList<>())
                                .add(record));
            }
            return new ConsumerRecords<>(found, Map.of());
        }
    }
}
