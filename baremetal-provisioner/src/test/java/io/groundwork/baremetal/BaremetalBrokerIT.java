package io.groundwork.baremetal;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;

import io.groundwork.events.ComponentEvent.ComponentFailed;
import io.groundwork.events.EventCodec;
import io.groundwork.events.EventTypes;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.Topics;
import io.groundwork.runtime.streams.Records;
import io.groundwork.runtime.testing.BrokerAndDatabase;
import io.groundwork.runtime.testing.Facts;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The whole service with a real broker. */
@QuarkusTest
@QuarkusTestResource(BrokerAndDatabase.class)
class BaremetalBrokerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

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
    void shouldHaveNoServersAndRefuseAStepInsteadOfLeavingItWaiting() throws Exception {
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
        given().get("/v1/servers").then().statusCode(200).body("items", empty());

        var step = Facts.step(
                Owner.BAREMETAL,
                StepKind.DEPROVISION,
                Step.Undo.OWNER,
                Step.OnFailure.COMPENSATE,
                new StepInput.Deprovision("db"));
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", brokers),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (var message : new Facts(keyId, privateKey)
                    .started(new ResourceId("acme", "payments", "db"), 1, RequestKind.DEPLOY, step)) {
                producer.send(Records.record(message)).get();
            }
        }

        var types = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", brokers,
                        "isolation.level", "read_committed",
                        "group.id", "test",
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topics.events(Owner.BAREMETAL)));
            await().atMost(PATIENCE).untilAsserted(() -> {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> types.add(
                                EventCodec.fact(Records.message(record)).type()));
                assertThat(types).contains(EventTypes.type(Owner.BAREMETAL, ComponentFailed.class));
            });
        }
    }
}
