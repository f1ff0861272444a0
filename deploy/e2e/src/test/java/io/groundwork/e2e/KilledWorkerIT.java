package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** An EC2 call whose outcome nobody recorded makes no machine twice. */
@Order(9)
class KilledWorkerIT extends StackTest {

    @Test
    void shouldMakeThreeMachinesWhenTheWorkerDiesBetweenTheCallAndItsRecord() {
        var resource = Ask.newResource("killed");
        cloud.delay("RunInstances", Duration.ofMillis(1500)).times(3).set();
        var id = client.submit(Ask.deploy(resource).machines(3));
        approver.approve(id);
        cloud.awaitHits(1);
        // Frozen while its call is held at EC2, it cannot take the answer any more; EC2 acts all the same.
        var dead = processes.pid("cloud-provisioner");
        try (var frozen = processes.freeze("cloud-provisioner")) {
            await("a machine that nobody knows of")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> !cloud.machines(resource).isEmpty());
            frozen.kill();
        }
        processes.awaitSuccessor("cloud-provisioner", dead);

        assertThat(client.awaitEnd(id).path("state").asText()).isEqualTo("COMPLETED");
        assertThat(cloud.machines(resource)).hasSize(3);
        assertThat(completions(id)).hasSize(1);
    }

    @Test
    void shouldMakeThreeMachinesWhenAnswersAreLost() {
        var resource = Ask.newResource("lost");
        cloud.on("RunInstances", "loseResponse").times(4).set();
        var id = client.submit(Ask.deploy(resource).machines(3));
        approver.approve(id);

        assertThat(client.awaitEnd(id).path("state").asText()).isEqualTo("COMPLETED");
        assertThat(cloud.machines(resource)).hasSize(3);
    }
}
