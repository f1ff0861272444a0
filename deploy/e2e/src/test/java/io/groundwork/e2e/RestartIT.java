package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The stack goes on where it was stopped; then, with deadlines of seconds, who is down past one is told from who is late. Last, as
 * the deadlines stay.
 */
@Order(30)
@Isolated("restarts the stack")
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestartIT extends StackTest {
    private static final Duration PROVISION = Duration.ofSeconds(10);
    private static final Map<String, String> SHORT_DEADLINES =
            Map.of("REQUEST_TIMEOUT_PROVISION", PROVISION.toString(), "REQUEST_TIMEOUT_GRANT", "PT4S");

    private final String resource = Ask.newResource("restart");
    private String before;

    @BeforeAll
    void restart() throws IOException, InterruptedException {
        before = client.submit(
                Ask.deploy(resource).machines(2).access("operator").with("approvalTimeout", "PT10M"));
        client.awaits(before, "AWAITING_APPROVAL");
        stack.restart(SHORT_DEADLINES);
    }

    @Test
    @Order(1)
    void shouldStillKnowWhatWaitedBeforeTheStop() {
        assertThat(client.get(before).path("state").asText()).isEqualTo("AWAITING_APPROVAL");
        approver.approveByLink(before);

        assertThat(client.awaitEnd(before).path("state").asText()).isEqualTo("COMPLETED");
        assertThat(cloud.machines(resource)).hasSize(2);
        assertThat(completions(before)).hasSize(1);
    }

    @Test
    @Order(2)
    void shouldNotTimeOutWhatWasDoneInTimeWhileNobodyWatched() {
        var late = Ask.newResource("watch");
        cloud.delay("RunInstances", Duration.ofSeconds(1)).set();
        var id = client.submit(Ask.deploy(late).machines(2));
        approver.approve(id);
        client.awaits(id, "PROVISIONING");
        var asleep = processes.freeze("request-service");
        try (asleep) {
            var frozenAt = System.nanoTime();
            Awaitility.await("the machines were made in time")
                    .atMost(PROVISION.minusSeconds(1))
                    .until(() -> topic("cloud.events.v1").about(id).stream()
                            .anyMatch(entry -> entry.attribute("type").contains("component-provisioned")));
            Awaitility.await("the deadline passed")
                    .atMost(PROVISION.plusSeconds(5))
                    .until(() -> System.nanoTime() - frozenAt
                            > PROVISION.plusSeconds(2).toNanos());
        }

        assertThat(client.awaitEnd(id).path("state").asText()).isEqualTo("COMPLETED");
        assertThat(topic("request.events.v1").about(id))
                .noneMatch(entry -> entry.attribute("type").contains("overdue"));
    }

    @Test
    @Order(3)
    void shouldNameADeadParticipantAndWaitForItsReturn() {
        var stopped = Ask.newResource("dead");
        String id;
        try (var dead = processes.freeze("iam-service")) {
            id = client.submit(Ask.deploy(stopped).machines(2).access("operator"));
            approver.approve(id);
            var now = client.awaits(id, "NEEDS_ATTENTION");
            assertThat(now.at("/waitingFor/name").asText()).isEqualTo("iam-service");
            Awaitility.await("it stays")
                    .during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(6))
                    .until(() -> client.get(id).path("state").asText().equals("NEEDS_ATTENTION"));
        }

        var end = client.awaitEnd(id);
        assertThat(end.path("state").asText()).isEqualTo("FAILED");
        assertThat(end.at("/error/category").asText()).isEqualTo("TIMEOUT");
        client.awaitNothingLeft(cloud, stopped);
        assertThat(completions(id)).hasSize(1);
    }
}
