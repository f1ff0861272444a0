package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A request can be cancelled until it has ended, but for a decommission that was approved. */
@Order(5)
class CancelIT extends FaultyRegionTest {

    @Test
    void shouldCancelInTheQueueAndWhileAwaitingApproval() {
        var resource = Ask.newResource("early");
        var first = client.submit(Ask.deploy(resource).machines(1));
        var second = client.submit(Ask.deploy(resource).machines(1));
        client.awaits(second, "QUEUED");

        client.cancel(second).expect(202);
        assertCanceled(second);
        assertThat(client.get(first).path("state").asText()).isEqualTo("AWAITING_APPROVAL");
        client.cancel(first).expect(202);
        assertCanceled(first);
        client.awaitNothingLeft(cloud, resource);
    }

    @Test
    void shouldUndoWhatWasMadeWhenCanceledWhileProvisioning() {
        var resource = Ask.newResource("midway");
        cloud.delay("RunInstances", Duration.ofSeconds(2)).set();
        var id = client.submit(Ask.deploy(resource).machines(3).access("operator"));
        approver.approve(id);
        client.awaits(id, "PROVISIONING");
        cloud.awaitHits(1);

        client.cancel(id).expect(202);
        assertCanceled(id);
        client.awaitNothingLeft(cloud, resource);
    }

    @Test
    void shouldRefuseToCancelWhatHasEnded() {
        var resource = Ask.newResource("late");
        var id = deployed(Ask.deploy(resource).machines(1));

        client.cancel(id).expect(409);
        assertThat(client.get(id).path("state").asText()).isEqualTo("COMPLETED");
        assertThat(cloud.machines(resource)).hasSize(1);
    }

    @Test
    void shouldRefuseToCancelAnApprovedDecommission() {
        var resource = Ask.newResource("oneway");
        deployed(Ask.deploy(resource).machines(1));
        cloud.delay("TerminateInstances", Duration.ofSeconds(2)).times(1).set();
        var removal = client.submit(Ask.decommission(resource));
        approver.approve(removal);
        client.awaits(removal, "DEPROVISIONING");

        client.cancel(removal).expect(409);
        assertThat(client.awaitEnd(removal).path("state").asText()).isEqualTo("COMPLETED");
        client.awaitNothingLeft(cloud, resource);
    }

    private void assertCanceled(String id) {
        assertThat(client.awaitEnd(id).path("state").asText()).isEqualTo("CANCELED");
        assertThat(completions(id)).hasSize(1);
    }
}
