package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Whatever else may become of a request, nothing of it is left. */
@Order(2)
class OtherEndsIT extends FaultyRegionTest {

    @Test
    void shouldEndRejectedWithTheReason() {
        var resource = Ask.newResource("reject");
        var id = client.submit(Ask.deploy(resource).machines(1));
        approver.decide(approver.link(id), Approver.rejection()).expect(200);

        var end = client.awaitEnd(id);
        assertEnd(end, "REJECTED", "");
        assertThat(end.at("/error/message").asText()).contains("Not this quarter.");
        assertNothingLeft(id, resource, "REJECTED");
    }

    @Test
    void shouldExpireWhenNobodyDecides() {
        var resource = Ask.newResource("expire");
        var id = client.submit(Ask.deploy(resource).machines(1).with("approvalTimeout", "PT5S"));

        assertEnd(client.awaitEnd(id), "EXPIRED", "");
        assertNothingLeft(id, resource, "EXPIRED");
    }

    @Test
    void shouldRemoveTheFirstMachinesWhenTheThirdCannotBeMade() {
        var resource = Ask.newResource("third");
        cloud.fail("RunInstances").after(2).set();
        var id = client.submit(Ask.deploy(resource).machines(3).access("operator"));
        approver.approve(id);

        assertEnd(client.awaitEnd(id), "FAILED", "VALIDATION");
        assertNothingLeft(id, resource, "FAILED");
    }

    @Test
    void shouldRemoveAllMachinesWhenTheGrantIsRefused() {
        var resource = Ask.newResource("grant");
        var id = client.submit(Ask.deploy(resource).machines(2).access("admin"));
        approver.approve(id);

        assertEnd(client.awaitEnd(id), "FAILED", "AUTH");
        assertNothingLeft(id, resource, "FAILED");
    }

    private static void assertEnd(JsonNode end, String state, String category) {
        assertThat(end.path("state").asText()).isEqualTo(state);
        assertThat(end.at("/error/category").asText("").replace("null", "")).isEqualTo(category);
        assertThat(end.at("/error/message").asText()).isNotEmpty();
        assertThat(end.path("closedAt").asText()).isNotEmpty();
    }

    private void assertNothingLeft(String id, String resource, String outcome) {
        client.awaitNothingLeft(cloud, resource);
        var completions = completions(id);
        assertThat(completions).hasSize(1);
        assertThat(Json.parse(completions.getFirst().value()).path("outcome").asText())
                .isEqualTo(outcome);
    }
}
