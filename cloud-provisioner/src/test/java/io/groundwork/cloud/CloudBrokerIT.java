package io.groundwork.cloud;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groundwork.events.AccountFact;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.Catalogue;
import io.groundwork.events.Component.CloudVm;
import io.groundwork.events.Component.Ingress;
import io.groundwork.events.Component.SecurityGroup;
import io.groundwork.events.EventCodec;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.streams.Records;
import io.groundwork.runtime.testing.BrokerAndDatabase;
import io.groundwork.runtime.testing.Facts;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The whole service with a real broker, and an EC2 simulator behind the AWS SDK. */
@QuarkusTest
@QuarkusTestResource(BrokerAndDatabase.class)
@QuarkusTestResource(Simulator.class)
class CloudBrokerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ResourceId WEB = new ResourceId("acme", "payments", "web");

    @Inject
    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    @Inject
    @ConfigProperty(name = "cloud.endpoint")
    String endpoint;

    @Inject
    @ConfigProperty(name = "groundwork.proof.key-id")
    String keyId;

    @Inject
    @ConfigProperty(name = "GROUNDWORK_PROOF_PRIVATE_KEY")
    String privateKey;

    @Test
    void shouldMakeWhatWasApprovedAndTakeItDownInTheEnd() throws Exception {
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
        var facts = new Facts(keyId, privateKey);

        send(facts.started(WEB, 1, RequestKind.DEPLOY, new Choices("eu-central-1", "standard"), provision()));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(statuses()).endsWith(StepStatus.DONE));
        assertThat(machines("running")).isEqualTo(3);

        send(List.of(facts.closed(WEB, 1)));
        send(facts.started(WEB, 2, RequestKind.DECOMMISSION, deprovision()));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(statuses())
                        .filteredOn(StepStatus.DONE::equals)
                        .hasSize(2));
        assertThat(machines("running")).isZero();
        assertThat(machines("terminated")).isEqualTo(3);
    }

    @Test
    void shouldSayWhichAccountsTakeTheirCredentials() throws Exception {
        send(List.of(
                entry("regions/eu-central-1", new Catalogue.Region("Frankfurt")),
                entry("profiles/standard", new Catalogue.Profile("the process' own")),
                entry("profiles/elsewhere", new Catalogue.Profile("nobody has configured it"))));

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(accounts()).containsOnlyKeys("standard/eu-central-1", "elsewhere/eu-central-1"));

        assertThat(accounts().get("standard/eu-central-1").usable()).isTrue();
        var barred = accounts().get("elsewhere/eu-central-1");
        assertThat(barred.usable()).isFalse();
        assertThat(barred.reason()).isEqualTo("The cloud does not permit this to the chosen profile.");
    }

    private static Message entry(String key, Catalogue entry) {
        return Commands.message(
                Topics.CATALOGUE, key, UUID.randomUUID().toString(), "entry", Instant.now(), null, entry);
    }

    private Map<String, AccountFact> accounts() {
        var accounts = new TreeMap<String, AccountFact>();
        read(Topics.ACCOUNTS, message -> accounts.put(message.key(), message.read(AccountFact.class)));
        return accounts;
    }

    private static Step provision() {
        var component = new CloudVm(
                "web",
                3,
                List.of(),
                "m.small",
                "debian-12",
                20,
                List.of("default"),
                List.of(new SecurityGroup("web", List.of(new Ingress("tcp", 443, "0.0.0.0/0")))),
                null,
                null);
        return new Step(
                StepId.of(StepKind.PROVISION, "web"),
                StepKind.PROVISION,
                Owner.CLOUD,
                List.of(Facts.APPROVE),
                Step.Undo.OWNER,
                Step.OnFailure.COMPENSATE,
                Duration.ofMinutes(10),
                new StepInput.Provision(component, new StepInput.MachineType("t3.small", "debian-12")));
    }

    private static Step deprovision() {
        return new Step(
                StepId.of(StepKind.DEPROVISION, "web"),
                StepKind.DEPROVISION,
                Owner.CLOUD,
                List.of(Facts.APPROVE),
                Step.Undo.NONE,
                Step.OnFailure.PAUSE,
                Duration.ofMinutes(10),
                new StepInput.Deprovision("web"));
    }

    private int machines(String state) {
        return given().baseUri(endpoint)
                .get("/_groundwork/instances?state=" + state)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items")
                .size();
    }

    /** What the service said of its steps so far, in order. */
    private List<StepStatus> statuses() {
        var statuses = new ArrayList<StepStatus>();
        read(Topics.events(Owner.CLOUD), message -> {
            var fact = EventCodec.fact(message);
            if (fact.status() != null) {
                statuses.add(fact.status());
            }
        });
        return statuses;
    }

    private void read(String topic, Consumer<Message> each) {
        var config = Map.<String, Object>of("bootstrap.servers", brokers, "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> each.accept(Records.message(record)));
            }
        }
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
