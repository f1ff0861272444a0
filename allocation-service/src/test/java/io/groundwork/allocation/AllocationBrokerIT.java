package io.groundwork.allocation;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import io.groundwork.events.Claim;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.ServerFact;
import io.groundwork.events.Step;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.streams.Records;
import io.groundwork.runtime.testing.BrokerAndDatabase;
import io.groundwork.runtime.testing.Facts;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole service with a real broker and a real database. */
@QuarkusTest
@QuarkusTestResource(BrokerAndDatabase.class)
class AllocationBrokerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    @Inject
    @ConfigProperty(name = "groundwork.proof.key-id")
    String keyId;

    @Inject
    @ConfigProperty(name = "GROUNDWORK_PROOF_PRIVATE_KEY")
    String privateKey;

    @BeforeEach
    void untilReady() {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/v1/quotas/acme/payments")
                        .then()
                        .statusCode(200)
                        .body("limits.instances", equalTo(1000)));
    }

    @Test
    void shouldHoldWhatWasApprovedUntilItIsReleased() throws Exception {
        var web = new ResourceId("acme", "payments", "web");
        var facts = new Facts(keyId, privateKey);
        send(facts.started(web, 1, RequestKind.DEPLOY, allocate("quota/acme/payments", 3)));
        await().atMost(PATIENCE)
                .untilAsserted(() -> claims(web)
                        .body("items.pool", contains("quota/acme/payments"))
                        .body("items[0].amounts.instances", equalTo(3)));

        as("gil@globex.example").get("/v1/claims?resource=" + web).then().statusCode(404);

        send(List.of(facts.closed(web, 1)));
        send(facts.started(
                web,
                2,
                RequestKind.DECOMMISSION,
                Facts.step(
                        Owner.ALLOCATION,
                        StepKind.RELEASE,
                        Step.Undo.NONE,
                        Step.OnFailure.PAUSE,
                        new StepInput.Release())));
        await().atMost(PATIENCE).untilAsserted(() -> claims(web).body("items", empty()));
    }

    @Test
    void shouldKeepToAQuotaFromTheMomentItIsAnswered() throws Exception {
        var small = new ResourceId("acme", "small", "web");
        var facts = new Facts(keyId, privateKey);
        put("/v1/quotas/acme/small", Map.of("limits", Map.of("instances", 1))).statusCode(200);
        send(facts.started(small, 1, RequestKind.DEPLOY, allocate("quota/acme/small", 2)));
        // once the first is refused and over, the second is granted: nothing was left held
        send(List.of(facts.closed(small, 1)));
        send(facts.started(small, 2, RequestKind.DEPLOY, allocate("quota/acme/small", 1)));
        await().atMost(PATIENCE).untilAsserted(() -> claims(small).body("items.amounts.instances", contains(1)));
    }

    @Test
    void shouldAdministerTheCatalogue() {
        given().get("/v1/catalogue/flavors")
                .then()
                .statusCode(200)
                .body("items.name", hasItem("m.small"))
                .body("items.find { it.name == 'm.small' }.pricePerMonth", equalTo("30.37"));
        given().get("/v1/catalogue/server-types/m1.large")
                .then()
                .statusCode(200)
                .body("cpus", equalTo(32));
        given().get("/v1/catalogue/ships/titanic")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("detail", containsString("server-types"));

        var tiny = Map.of(
                "vcpus", 1, "memoryGiB", 1, "pricePerMonth", "3.90", "currency", "EUR", "instanceType", "t3.micro");
        put("/v1/catalogue/flavors/m.tiny", tiny).statusCode(200).body("pricePerMonth", equalTo("3.90"));
        given().get("/v1/catalogue/flavors/m.tiny").then().statusCode(200).body("vcpus", equalTo(1));
        given().delete("/v1/catalogue/flavors/m.tiny").then().statusCode(204);
        given().get("/v1/catalogue/flavors/m.tiny").then().statusCode(404);
        given().delete("/v1/catalogue/flavors/m.tiny").then().statusCode(404);

        put("/v1/catalogue/flavors/m.wrong", Map.of("vcpu", 1, "currency", "EUR"))
                .statusCode(400)
                .contentType("application/problem+json")
                .body(
                        "errors.pointer",
                        containsInAnyOrder("/vcpu", "/vcpus", "/memoryGiB", "/pricePerMonth", "/instanceType"));
        put("/v1/quotas/acme/other", Map.of("limits", Map.of("instances", -1, "disks", 3)))
                .statusCode(400)
                .body("errors.pointer", containsInAnyOrder("/limits/instances", "/limits/disks"));
        as("lead@acme.example")
                .contentType(ContentType.JSON)
                .body(tiny)
                .put("/v1/catalogue/flavors/m.tiny")
                .then()
                .statusCode(403);
        as("gil@globex.example").get("/v1/quotas/acme/payments").then().statusCode(404);
    }

    @Test
    void shouldGiveServersAndAddressesAndAdministerWhatTheyAreTakenFrom() throws Exception {
        given().get("/v1/sites/ams1").then().statusCode(200).body("description", equalTo("Amsterdam"));
        given().get("/v1/subnets/ams1-default").then().statusCode(200).body("coolDown", equalTo("PT1M"));
        put(
                        "/v1/subnets/ams1-other",
                        Map.of(
                                "network", "default",
                                "site", "mars",
                                "cidr", "10.20.1.0/24",
                                "gateway", "10.9.0.1",
                                "reserved", List.of("x"),
                                "nameservers", List.of(),
                                "coolDown", "PT1M",
                                "domain", "Ams1.example"))
                .statusCode(400)
                .body("errors.pointer", containsInAnyOrder("/site", "/gateway", "/reserved/0", "/cidr", "/domain"));
        put("/v1/sites/ams1", Map.of("description", "Amsterdam", "ipam", "dhcp"))
                .statusCode(400)
                .body("errors.pointer", containsInAnyOrder("/ipam"));
        put("/v1/sites/lab", Map.of("description", "A lab", "ipam", "dhcp")).statusCode(200);
        put(
                        "/v1/subnets/lab-default",
                        Map.of(
                                "network", "default",
                                "site", "lab",
                                "cidr", "10.99.0.0/24",
                                "reserved", List.of(),
                                "nameservers", List.of(),
                                "coolDown", "PT1M"))
                .statusCode(400)
                .body("errors.pointer", containsInAnyOrder("/site"));
        for (var i = 1; i <= 3; i++) {
            send(List.of(server("it-" + i, "r" + i)));
        }
        put("/v1/cordons/server/it-1", Map.of("reason", "fan")).statusCode(200).body("stands", empty());
        put("/v1/cordons/shelf/it-1", Map.of("reason", "fan")).statusCode(400);

        var db = new ResourceId("acme", "payments", "db");
        var facts = new Facts(keyId, privateKey);
        var servers = new Claim(
                "pool/ams1/m1.large",
                Map.of("servers", 2L),
                List.of(new Claim.ServerNeed("db", 2, 2, List.of("it-1"), List.of(), List.of(), null, null)),
                List.of());
        var addresses = new Claim(
                "subnet/ams1-default",
                Map.of("addresses", 2L),
                List.of(),
                List.of(new Claim.Share("db", "default", 2, Map.of("addresses", 1L))));
        send(facts.started(
                db,
                1,
                RequestKind.DEPLOY,
                Facts.step(
                        Owner.ALLOCATION,
                        StepKind.ALLOCATE,
                        Step.Undo.OWNER,
                        Step.OnFailure.COMPENSATE,
                        new StepInput.Allocate(List.of(servers, addresses), Duration.ofMinutes(5)))));
        await().atMost(PATIENCE)
                .untilAsserted(() -> claims(db)
                        .body("servers.server", containsInAnyOrder("it-2", "it-3"))
                        .body("servers[0].preferenceNotMet", equalTo("it-1: cordoned"))
                        .body("addresses.address", contains("10.20.0.10", "10.20.0.11")));
        given().get("/v1/cordons/server/it-1").then().statusCode(200).body("reason", equalTo("fan"));
        put("/v1/cordons/rack/ams1/r2", Map.of("reason", "power"))
                .statusCode(200)
                .body("stands.server", contains("it-2"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/v1/pools?prefix=pool/")
                        .then()
                        .statusCode(200)
                        .body("items[0].held.servers", equalTo(2))
                        .body("items[0].free", equalTo(1)));

        // what was adopted is held for its consumer, and an audit finds nothing wrong with it
        inventory(2, new ServerFact.Consumer(new ResourceId("acme", "legacy", "old"), "db", 0, 0));
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/v1/pools?prefix=pool/")
                        .then()
                        .body("items[0].held.servers", equalTo(3))
                        .body("items[0].free", equalTo(0)));
        given().post("/v1/audits").then().statusCode(202);

        // something stands on a server that was given to nobody
        inventory(3, new ServerFact.Consumer(db, "old", 0, 5));
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/v1/pools?prefix=pool/")
                        .then()
                        .body("items[0].held.servers", equalTo(2))
                        .body("items[0].free", equalTo(0)));
        given().post("/v1/audits").then().statusCode(202);
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/v1/audits")
                        .then()
                        .statusCode(200)
                        .body("items.finding.kind", hasItem("CONSUMER_WITHOUT_CLAIM"))
                        .body("items.finding.resource", not(hasItem("acme/legacy/old")))
                        .body("items.finding.server", hasItem("it-1")));
        given().get("/q/metrics")
                .then()
                .body(containsString(
                        "groundwork_allocation_findings_total{healed=\"true\",kind=\"consumer_without_claim\""));
        as("lead@acme.example").post("/v1/audits").then().statusCode(403);
    }

    /** What the inventory says of {@code it-1} by now. */
    private void inventory(long generation, ServerFact.Consumer consumer) throws Exception {
        send(List.of(Commands.message(
                Topics.INVENTORY,
                "it-1",
                "fact-" + generation,
                "server-fact",
                Instant.now(),
                null,
                new ServerFact(
                        "it-1",
                        "ams1",
                        "m1.large",
                        null,
                        "r1",
                        List.of(),
                        "active",
                        false,
                        "busy",
                        generation,
                        0,
                        consumer))));
    }

    private static Message server(String id, String rack) {
        return Commands.message(
                Topics.INVENTORY,
                id,
                "fact-" + id,
                "server-fact",
                Instant.now(),
                null,
                new ServerFact(id, "ams1", "m1.large", null, rack, List.of(), "available", true, null, 1, 0, null));
    }

    private static Step allocate(String pool, long instances) {
        return Facts.step(
                Owner.ALLOCATION,
                StepKind.ALLOCATE,
                Step.Undo.OWNER,
                Step.OnFailure.COMPENSATE,
                new StepInput.Allocate(List.of(new Claim(pool, Map.of("instances", instances)))));
    }

    private static ValidatableResponse claims(ResourceId resource) {
        return given().get("/v1/claims?resource=" + resource).then().statusCode(200);
    }

    private static ValidatableResponse put(String path, Object body) {
        return given().contentType(ContentType.JSON).body(body).put(path).then();
    }

    private static RequestSpecification as(String user) {
        return given().header("X-Groundwork-User", user);
    }

    private void send(List<Message> messages) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", brokers),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (var message : messages) {
                producer.send(Records.record(message)).get();
            }
        }
    }
}
