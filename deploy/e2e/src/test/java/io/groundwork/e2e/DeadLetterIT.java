package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A record that cannot be read gets a dead letter with its cause, and stops nobody. */
@Order(7)
class DeadLetterIT extends StackTest {

    @Test
    void shouldSetAsideGarbageAndGoOn() {
        var resource = Ask.newResource("garbage");
        // The same key, so the same partition: what follows would wait for it if anything did.
        topic("cloud.events.v1").write(resource, new byte[] {0, 1, 2, (byte) 0xff}, Map.of());
        assertDeadLetter(resource, "cloud.events.v1");
        assertRuns(resource);
    }

    @Test
    void shouldSetAsideWhatATopicsOwnerMayNotSay() {
        var resource = Ask.newResource("foreign");
        topic("approval.events.v1")
                .write(resource, new byte[] {'{', '}'}, event(resource, "cloud.component-provisioned"));
        assertDeadLetter(resource, "approval.events.v1");
        assertRuns(resource);
    }

    /** A newer version of a service says more than an older one knows. */
    @Test
    void shouldPassOverWhatANewerServiceSays() {
        var resource = Ask.newResource("newer");
        topic("approval.events.v1").write(resource, new byte[] {'{', '}'}, event(resource, "approval.horoscope-cast"));
        assertRuns(resource);
        assertThat(topic("request-service.dead-letters.v1").read())
                .filteredOn(letter -> resource.equals(letter.key()))
                .isEmpty();
    }

    private static Map<String, String> event(String resource, String type) {
        return Map.of(
                "ce_specversion",
                "1.0",
                "ce_id",
                UUID.randomUUID().toString(),
                "ce_source",
                "/groundwork/approval-service",
                "ce_type",
                "io.groundwork." + type + ".v1",
                "ce_time",
                Instant.now().toString(),
                "ce_subject",
                resource,
                "ce_resourceid",
                resource,
                "ce_requestid",
                UUID.randomUUID().toString());
    }

    private void assertDeadLetter(String key, String from) {
        await("a dead letter")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                topic("request-service.dead-letters.v1").read())
                        .filteredOn(letter -> key.equals(letter.key()))
                        .singleElement()
                        .satisfies(letter -> {
                            assertThat(letter.headers().get("gw_topic")).isEqualTo(from);
                            assertThat(letter.headers().get("gw_cause")).isNotEmpty();
                        }));
    }

    private void assertRuns(String resource) {
        deployed(Ask.deploy(resource).machines(1));
        assertThat(cloud.machines(resource)).hasSize(1);
    }
}
