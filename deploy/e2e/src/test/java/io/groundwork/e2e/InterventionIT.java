package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Where automation gives up, an operator decides. */
@Order(8)
class InterventionIT extends FaultyRegionTest {
    private static final String PROVISION = "provision:web";
    private static final String DEPROVISION = "deprovision:web";

    @Test
    void shouldEndCleanWhenAStuckUndoIsRetried() {
        var resource = Ask.newResource("retry");
        var id = stuckUndo(resource);
        assertRefusesWhatIsWrong(id);

        cloud.behave();
        client.intervene(id, PROVISION, "retry").expect(202);
        var end = client.awaitEnd(id);
        assertThat(end.path("state").asText()).isEqualTo("FAILED");
        assertThat(end.at("/error/category").asText()).isEqualTo("AUTH");
        client.awaitNothingLeft(cloud, resource);
    }

    @Test
    void shouldEndTaintedWhenAStuckUndoIsAbandoned() {
        var resource = Ask.newResource("abandon");
        var id = stuckUndo(resource);

        client.intervene(id, PROVISION, "abandon").expect(202);
        assertThat(client.awaitEnd(id).path("state").asText()).isEqualTo("TAINTED");
        assertThat(client.resource(resource).path("state").asText()).isEqualTo("TAINTED");
        assertThat(cloud.machines(resource)).hasSize(2);
        client.intervene(id, PROVISION, "retry").expect(409);
    }

    @Test
    void shouldCompleteADecommissionWithoutASkippedStep() {
        var resource = Ask.newResource("skip");
        var id = stuckDecommission(resource);

        client.intervene(id, DEPROVISION, "abandon").expect(409);
        client.intervene(id, DEPROVISION, "skip").expect(202);
        var end = client.awaitEnd(id);
        assertThat(end.path("state").asText()).isEqualTo("COMPLETED");
        assertThat(step(end, DEPROVISION).path("status").asText()).isEqualTo("waived");
        assertThat(step(end, "release").path("status").asText()).isEqualTo("done");
    }

    @Test
    void shouldBringADecommissionToRestWhenItIsAborted() {
        var resource = Ask.newResource("abort");
        var id = stuckDecommission(resource);

        client.intervene(id, DEPROVISION, "abort").expect(202);
        assertThat(client.awaitEnd(id).path("state").asText()).isEqualTo("TAINTED");
        assertThat(client.resource(resource).path("state").asText()).isEqualTo("TAINTED");
    }

    /** A deploy whose grant is refused and whose machines cannot be removed. */
    private String stuckUndo(String resource) {
        cloud.fail("TerminateInstances").set();
        var id = client.submit(Ask.deploy(resource).machines(2).access("admin"));
        approver.approve(id);
        assertNeedsAttention(id, PROVISION, "undo-stuck");
        return id;
    }

    private String stuckDecommission(String resource) {
        deployed(Ask.deploy(resource).machines(1));
        cloud.fail("TerminateInstances").set();
        var id = client.submit(Ask.decommission(resource));
        approver.approve(id);
        assertNeedsAttention(id, DEPROVISION, "stuck");
        return id;
    }

    private void assertNeedsAttention(String id, String step, String status) {
        var now = client.awaits(id, "NEEDS_ATTENTION");
        assertThat(step(now, step).path("status").asText()).isEqualTo(status);
        assertThat(step(now, step).path("owner").asText()).startsWith("cloud");
        assertThat(step(now, step).path("error").isNull()).isFalse();
    }

    private void assertRefusesWhatIsWrong(String id) {
        client.intervene(id, PROVISION, "skip").expect(409);
        client.intervene(id, "allocate", "retry").expect(409);
        client.intervene(id, PROVISION, "retry", "X-Groundwork-User", Ask.OTHER_APPROVER)
                .expect(403);
        assertThat(client.get(id).path("state").asText()).isEqualTo("NEEDS_ATTENTION");
    }

    private static JsonNode step(JsonNode request, String step) {
        return Json.items(request.path("steps")).stream()
                .filter(each -> each.path("step").asText().equals(step))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no step " + step + " in " + request));
    }
}
