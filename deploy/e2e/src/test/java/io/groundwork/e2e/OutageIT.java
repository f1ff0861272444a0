package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The broker and the database die in the middle of a request; that costs time and nothing else. */
@Order(11)
@Isolated("kills the broker and the database")
class OutageIT extends StackTest {

    @Test
    void shouldFinishWhatTheBrokersDeathInterrupted() {
        var resource = Ask.newResource("broker");
        var id = underWay(resource);
        processes.kill("kafka");

        assertMadeOnce(id, resource);
    }

    @Test
    void shouldShowWhatHappenedWhileTheDatabaseWasDead() {
        var resource = Ask.newResource("database");
        var id = underWay(resource);
        processes.kill("postgres");

        // The decisions do not need it, so the end stands in the topic whatever the views show.
        await("the completion")
                .atMost(Duration.ofSeconds(30))
                .until(() -> completions(id).size() == 1);
        await("the view")
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> client.get(id).path("state").asText().equals("COMPLETED"));
        assertMadeOnce(id, resource);
    }

    /** The id of a request whose machines are being made. */
    private String underWay(String resource) {
        cloud.delay("RunInstances", Duration.ofSeconds(2)).set();
        var id = client.submit(Ask.deploy(resource).machines(3).access("operator"));
        approver.approve(id);
        cloud.awaitHits(1);
        return id;
    }

    private void assertMadeOnce(String id, String resource) {
        assertThat(client.awaitEnd(id).path("state").asText()).isEqualTo("COMPLETED");
        assertThat(cloud.machines(resource)).hasSize(3);
        assertThat(completions(id)).hasSize(1);
        await("claims and grants")
                .atMost(Duration.ofSeconds(10))
                .ignoreExceptions()
                .until(() -> client.claims(resource).size() == 1
                        && client.grants(resource).size() == 1);
    }
}
