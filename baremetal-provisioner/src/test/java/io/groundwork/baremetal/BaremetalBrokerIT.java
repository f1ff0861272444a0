package io.groundwork.baremetal;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.groundwork.baremetal.domain.Granted;
import io.groundwork.baremetal.domain.Registration.Bmc;
import io.groundwork.baremetal.driver.Bmcs;
import io.groundwork.baremetal.driver.Redfish;
import io.groundwork.events.Catalogue.Disk;
import io.groundwork.events.Catalogue.ServerType;
import io.groundwork.events.Catalogue.Site;
import io.groundwork.events.ComponentEvent.ComponentDeprovisioned;
import io.groundwork.events.ComponentEvent.ComponentProvisioned;
import io.groundwork.events.Directory;
import io.groundwork.events.EventCodec;
import io.groundwork.events.EventTypes;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestKind;
import io.groundwork.events.Reservation;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.streams.Records;
import io.groundwork.runtime.testing.BrokerAndDatabase;
import io.groundwork.runtime.testing.Facts;
import io.groundwork.simulators.redfish.Profile;
import io.groundwork.simulators.redfish.RedfishSimulator;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The whole service with a real broker, a real Postgres and simulated servers. */
@QuarkusTest
@QuarkusTestResource(BrokerAndDatabase.class)
@QuarkusTestResource(SimulatedServers.class)
class BaremetalBrokerIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ResourceId WEB = ResourceId.parse("acme/payments/web-prod");
    private static final String OPERATOR = "ops@acme.example";

    @Inject
    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    @Inject
    @ConfigProperty(name = "groundwork.proof.key-id")
    String keyId;

    @Inject
    @ConfigProperty(name = "GROUNDWORK_PROOF_PRIVATE_KEY")
    String privateKey;

    @Test
    void shouldBringAServerFromItsEnrolmentThroughATenantAndBack() throws Exception {
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
        var simulator = SimulatedServers.simulator();
        send(
                entry("sites/ams1", new Site("Amsterdam")),
                entry(
                        "server-types/m1.large",
                        new ServerType(
                                128,
                                256,
                                List.of(new Disk(400, "ssd")),
                                4,
                                List.of(),
                                new BigDecimal("400.00"),
                                "EUR")));
        await().atMost(PATIENCE)
                .untilAsserted(() -> enrol("srv-1", simulator.bmc("srv-1").toString(), 201));

        enrol("srv-1", simulator.bmc("srv-1").toString(), 409);
        enrol("srv-2", "not an address", 400);
        state("srv-1", "available");
        given().post("/v1/servers/srv-1/inspect")
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("detail", containsString("manage"));
        given().post("/v1/servers/srv-9/inspect").then().statusCode(404);
        given().header("X-Groundwork-User", "someone@acme.example")
                .get("/v1/servers")
                .then()
                .statusCode(403);

        send(reservation(Reservation.Kind.RESERVED));
        state("srv-1", "reserved");
        send(Granted.allocated(WEB, 1, 7, List.of("srv-1")));
        var facts = new Facts(keyId, privateKey);
        send(facts.started(WEB, 1, RequestKind.DEPLOY, Granted.provision(1, "#cloud-config\n"))
                .toArray(Message[]::new));
        said(ComponentProvisioned.class);
        state("srv-1", "active");
        assertThat(simulator.server("srv-1").owners()).containsExactly(WEB + "/db/0");
        assertThat(simulator.server("srv-1").journal()).extracting("what").contains("phonedHome");
        given().queryParam("consumer", WEB.toString())
                .queryParam("site", "ams1")
                .queryParam("state", "active")
                .get("/v1/servers")
                .then()
                .body("items", hasSize(1))
                .body("items[0].consumer.component", equalTo("db"))
                .body("items[0].registration.bmc.credential", equalTo("lab"))
                .body("items[0].verbs", hasItem("maintenance"));

        send(facts.closed(WEB, 1));
        send(facts.started(WEB, 2, RequestKind.DECOMMISSION, Granted.deprovision())
                .toArray(Message[]::new));
        said(ComponentDeprovisioned.class);
        send(reservation(Reservation.Kind.RELEASED));
        state("srv-1", "available");
        assertThat(simulator.server("srv-1").owners()).isEmpty();
        assertThat(simulator.overlaps()).isEmpty();

        given().contentType("application/json")
                .body("{\"reason\": \"a fan is loud\"}")
                .post("/v1/servers/srv-1/maintenance")
                .then()
                .statusCode(202)
                .body("unavailability", equalTo("maintenance"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().queryParam("flag", "maintenance")
                        .get("/v1/servers")
                        .then()
                        .body("items.id", equalTo(List.of("srv-1"))));
        drifts(simulator);
        noSecrets();

        // without virtual media and secure erase: it boots over the network what erases its disks
        simulator.configure("srv-2", spec -> spec.withProfile(Profile.MINIMAL));
        enrol("srv-2", simulator.bmc("srv-2").toString(), 201);
        state("srv-2", "available");
        assertThat(simulator.server("srv-2").journal())
                .filteredOn(entry -> entry.what().equals("loading"))
                .extracting("detail")
                .allSatisfy(url -> assertThat((String) url).contains("/v1/netboot/"))
                .isNotEmpty();
        throwsOutAndAdopts(simulator);
    }

    /** Operators take a server out of the inventory, say that it is clean, enrol it again and adopt what they have put there. */
    private void throwsOutAndAdopts(RedfishSimulator simulator) throws Exception {
        send(Commands.message(
                Topics.DIRECTORY,
                "users/" + OPERATOR,
                UUID.randomUUID().toString(),
                "entry",
                Instant.now(),
                null,
                new Directory.User("acme", "Operator", List.of("operator"))));
        var bmc = simulator.bmc("srv-2").toString();
        var reason = "{\"reason\": \"its BMC is gone\"}";
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().header("X-Groundwork-User", OPERATOR)
                        .get("/v1/servers")
                        .then()
                        .statusCode(200));
        given().header("X-Groundwork-User", OPERATOR)
                .contentType("application/json")
                .body(reason)
                .post("/v1/servers/srv-2/force-delete")
                .then()
                .statusCode(403);
        perform("force-delete", "{}", 400).body("errors.pointer", hasItem("/reason"));
        perform("force-delete", reason, 202).body("state", equalTo("force-deleted"));
        perform("provide", "{}", 409).body("detail", containsString("Legal now: cleaned"));
        enrol("srv-2", bmc, "manageable", 409);
        perform("cleaned", reason, 202);
        enrol("srv-2", bmc, "manageable", 201);
        state("srv-2", "manageable");

        var before = simulator.server("srv-2").journal();
        await().atMost(PATIENCE)
                .untilAsserted(() -> perform("adopt", "{}", 400).body("errors.pointer", hasItem("/instance")));
        await().atMost(PATIENCE)
                .untilAsserted(() -> perform(
                        "adopt",
                        "{\"instance\": {\"resource\": \"acme/legacy/old\", \"component\": \"db\", \"index\": 0}}",
                        202));
        state("srv-2", "active");
        assertThat(simulator.server("srv-2").journal())
                .as("neither switched nor wiped")
                .isEqualTo(before);
        given().get("/v1/servers/srv-2").then().body("consumer.resource", equalTo("acme/legacy/old"));
        perform("release", "{}", 202);
        state("srv-2", "available");
    }

    private static ValidatableResponse perform(String verb, String body, int status) {
        return given().contentType("application/json")
                .body(body)
                .post("/v1/servers/srv-2/" + verb)
                .then()
                .statusCode(status);
    }

    /** Somebody switches on what nobody uses. */
    private static void drifts(RedfishSimulator simulator) {
        var bmcs = new Bmcs(null, Duration.ofSeconds(5))
                .with("lab", RedfishSimulator.Config.DEFAULT_USER, RedfishSimulator.Config.DEFAULT_PASSWORD);
        try (var redfish = bmcs.apply(new Bmc(simulator.bmc("srv-1"), "lab", simulator.fingerprint()))) {
            redfish.login();
            redfish.reset(Redfish.Reset.ON);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().queryParam("flag", "drift")
                        .get("/v1/servers")
                        .then()
                        .body("items.id", equalTo(List.of("srv-1")))
                        .body("items[0].power", equalTo("On"))
                        .body("items[0].drift.expected", equalTo("Off"))
                        .body("items[0].state", equalTo("available")));
        given().get("/v1/servers/srv-1/history")
                .then()
                .statusCode(200)
                .body("items[0].changes[0]", containsString("Off \u2192 On, not by Groundwork"))
                .body("items.changes.flatten()", hasItem(containsString("deploying \u2192 active")));
        given().get("/q/metrics").then().body(containsString("groundwork_baremetal_power_drifts_total{site=\"ams1\""));
        assertThat(simulator.server("srv-1").powerState()).as("nobody mends it").isEqualTo("On");
        given().post("/v1/servers/srv-1/power-off").then().statusCode(202);
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/v1/servers/srv-1")
                        .then()
                        .body("power", equalTo("Off"))
                        .body("drift", nullValue()));
    }

    private static void enrol(String id, String address, int status) {
        enrol(id, address, "available", status);
    }

    private static void enrol(String id, String address, String target, int status) {
        given().contentType("application/json")
                .body(Map.of(
                        "id",
                        id,
                        "site",
                        "ams1",
                        "serverType",
                        "m1.large",
                        "rack",
                        "rack-1",
                        "target",
                        target,
                        "bmc",
                        Map.of(
                                "address",
                                address,
                                "credential",
                                "lab",
                                "fingerprint",
                                String.valueOf(SimulatedServers.simulator().fingerprint()))))
                .post("/v1/servers")
                .then()
                .statusCode(status);
    }

    private static void state(String id, String state) {
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        given().get("/v1/servers/" + id).then().statusCode(200).body("state", equalTo(state)));
    }

    private static Message entry(String key, Object value) {
        return Commands.message(
                Topics.CATALOGUE, key, UUID.randomUUID().toString(), "entry", Instant.now(), null, value);
    }

    private static Message reservation(Reservation.Kind kind) {
        return Commands.message(
                Topics.RESERVATIONS,
                "srv-1",
                UUID.randomUUID().toString(),
                Reservation.TYPE,
                Instant.now(),
                null,
                new Reservation("srv-1", 7, new Reservation.Holder(WEB, 1, "db", 0), kind));
    }

    private void send(Message... messages) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", brokers),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (var message : messages) {
                producer.send(Records.record(message)).get();
            }
        }
    }

    private void said(Class<? extends io.groundwork.events.Event> type) {
        var types = new ArrayList<String>();
        try (var consumer = consumer(List.of(Topics.events(Owner.BAREMETAL)))) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> types.add(
                                EventCodec.fact(Records.message(record)).type()));
                assertThat(types).contains(EventTypes.type(Owner.BAREMETAL, type));
            });
        }
    }

    /** No password and no token is in any topic. */
    private void noSecrets() {
        var texts = new ArrayList<String>();
        var topics = Topics.catalogue(Topics.PARTITIONS).stream()
                .map(Topics.Topic::name)
                .filter(name -> name.startsWith("baremetal"))
                .toList();
        try (var consumer = consumer(topics)) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                var records = consumer.poll(Duration.ofSeconds(1));
                records.forEach(record ->
                        texts.add(record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8)));
                assertThat(texts).isNotEmpty();
                assertThat(records.isEmpty()).isTrue();
            });
        }
        assertThat(texts).noneMatch(text -> text.contains("groundwork-local") || text.contains("/v1/phone-home/"));
    }

    private KafkaConsumer<String, byte[]> consumer(List<String> topics) {
        var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        brokers,
                        "isolation.level",
                        "read_committed",
                        "group.id",
                        "test-" + UUID.randomUUID(),
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(topics);
        return consumer;
    }
}
