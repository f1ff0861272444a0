package io.groundwork.iam;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import io.groundwork.events.Design.AccessGrant;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.iam.driver.Grants;
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
class IamBrokerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Inject
    Grants grants;

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
                .untilAsserted(
                        () -> given().get("/v1/groups/payments-devs").then().statusCode(200));
    }

    @Test
    void shouldGrantWhatWasApprovedAndRevokeItInTheEnd() throws Exception {
        var web = new ResourceId("acme", "payments", "web");
        var facts = new Facts(keyId, privateKey);
        send(facts.started(web, 1, RequestKind.DEPLOY, grant("operator", "viewer")));
        await().atMost(PATIENCE).untilAsserted(() -> standing(web).body("items.role", contains("operator", "viewer")));
        as("gil@globex.example").get("/v1/grants?resource=" + web).then().statusCode(404);

        send(List.of(facts.closed(web, 1)));
        send(facts.started(
                web,
                2,
                RequestKind.DECOMMISSION,
                Facts.step(Owner.IAM, StepKind.REVOKE, Step.Undo.NONE, Step.OnFailure.PAUSE, new StepInput.Revoke())));
        await().atMost(PATIENCE).untilAsserted(() -> standing(web).body("items", empty()));
    }

    @Test
    void shouldLetNoOlderFenceWrite() {
        var db = new ResourceId("acme", "payments", "db");
        var access = new AccessGrant("payments-devs", "viewer");
        assertThat(grants.stand("one", db, access, 2)).isTrue();
        assertThat(grants.stand("one", db, access, 2)).isTrue();
        assertThat(grants.remove("one", db, access, 1)).isFalse();
        assertThat(grants.of(db)).containsExactly(access);
        assertThat(grants.remove("one", db, access, 3)).isTrue();
        assertThat(grants.stand("one", db, access, 2)).isFalse();
        assertThat(grants.of(db)).isEmpty();
    }

    @Test
    void shouldAdministerItsOwnTenantOnly() {
        given().get("/v1/users/lead@acme.example").then().statusCode(200).body("roles", hasItem("approver"));
        given().get("/v1/users").then().body("items.name", not(hasItem("gil@globex.example")));
        given().get("/v1/users/gil@globex.example").then().statusCode(404);
        as("gil@globex.example").get("/v1/groups/payments-devs").then().statusCode(404);
        as("gil@globex.example").delete("/v1/groups/payments-devs").then().statusCode(404);

        var group = Map.of("tenant", "acme", "members", List.of("dev@acme.example"), "roles", List.of("viewer"));
        put("/v1/groups/readers", group).statusCode(200).body("roles", contains("viewer"));
        given().get("/v1/groups/readers").then().statusCode(200).body("tenant", equalTo("acme"));
        given().delete("/v1/groups/readers").then().statusCode(204);
        given().get("/v1/groups/readers").then().statusCode(404);

        put("/v1/groups/payments-devs", Map.of("tenant", "globex", "members", List.of(), "roles", List.of()))
                .statusCode(400)
                .body("errors.pointer", contains("/tenant"));
        as("gil@globex.example")
                .contentType(ContentType.JSON)
                .body(Map.of("tenant", "globex", "members", List.of("dev@acme.example"), "roles", List.of("admin")))
                .put("/v1/groups/payments-devs")
                .then()
                .statusCode(400)
                .body("errors.pointer", containsInAnyOrder("/tenant", "/members/0"))
                .body("errors.detail", hasItem(containsString("taken")));
        as("lead@acme.example")
                .contentType(ContentType.JSON)
                .body(group)
                .put("/v1/groups/readers")
                .then()
                .statusCode(403);
        put("/v1/projects/acme/search", Map.of("description", "Search")).statusCode(200);
        put("/v1/projects/acme/search", Map.of("description", "Search", "groups", List.of("nobody")))
                .statusCode(400)
                .body("errors.pointer", contains("/groups/0"));
        put("/v1/projects/globex/search", Map.of("description", "Search")).statusCode(404);
    }

    @Test
    void shouldLetTheHomeTenantAddTenantsAndTheirAdministrators() {
        var initech = Map.of("description", "A new customer", "admin", "ada@initech.example");
        put(as("gil@globex.example"), "/v1/tenants/initech", initech).statusCode(403);
        put(as("lead@acme.example"), "/v1/tenants/initech", initech).statusCode(403);
        for (var twice = 0; twice < 2; twice++) {
            put(as("dev@acme.example"), "/v1/tenants/initech", initech)
                    .statusCode(200)
                    .body("description", equalTo("A new customer"));
        }

        as("gil@globex.example").get("/v1/tenants/initech").then().statusCode(404);
        as("dev@acme.example").get("/v1/tenants/initech").then().statusCode(200);
        as("dev@acme.example").get("/v1/users/ada@initech.example").then().statusCode(404);
        as("ada@initech.example").get("/v1/tenants/initech").then().statusCode(200);
        as("ada@initech.example")
                .get("/v1/users/ada@initech.example")
                .then()
                .statusCode(200)
                .body("roles", contains("admin"));
        put(as("ada@initech.example"), "/v1/projects/initech/shop", Map.of("description", "The shop"))
                .statusCode(200);
        put(
                        as("ada@initech.example"),
                        "/v1/users/ada@initech.example",
                        Map.of("tenant", "initech", "name", "Ada", "roles", List.of("requester", "admin")))
                .statusCode(200);

        // again, with somebody who is known: what was said of them stays
        put(as("dev@acme.example"), "/v1/tenants/initech", initech).statusCode(200);
        as("ada@initech.example")
                .get("/v1/users/ada@initech.example")
                .then()
                .body("name", equalTo("Ada"))
                .body("roles", containsInAnyOrder("admin", "requester"));
        for (var nobody : List.of("gil@globex.example", "ada")) {
            put(as("dev@acme.example"), "/v1/tenants/hooli", Map.of("description", "Theirs", "admin", nobody))
                    .statusCode(400)
                    .body("errors.pointer", contains("/admin"));
        }
        as("dev@acme.example").get("/v1/tenants/hooli").then().statusCode(404);
        put(as("dev@acme.example"), "/v1/tenants/No_Name", Map.of("description", "Odd"))
                .statusCode(400);
    }

    private static ValidatableResponse put(RequestSpecification caller, String path, Object body) {
        return caller.contentType(ContentType.JSON).body(body).put(path).then();
    }

    private static Step grant(String... roles) {
        var access = List.of(roles).stream()
                .map(role -> new AccessGrant("payments-devs", role))
                .toList();
        return Facts.step(
                Owner.IAM, StepKind.GRANT, Step.Undo.OWNER, Step.OnFailure.COMPENSATE, new StepInput.Grant(access));
    }

    private static ValidatableResponse standing(ResourceId resource) {
        return given().get("/v1/grants?resource=" + resource).then().statusCode(200);
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
