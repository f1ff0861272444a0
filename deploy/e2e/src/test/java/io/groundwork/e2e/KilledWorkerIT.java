package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What a worker did, and died before it was recorded, is not done twice. */
@Order(9)
@Isolated("kills cloud-provisioner and baremetal-provisioner")
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

    @Test
    void shouldInstallAServerOnceAlthoughTheWorkerDiesMeanwhile() {
        var metal = new Metal(stack);
        metal.awaits("srv-3", "available");
        var installs = metal.real("srv-3").path("installs").asInt();
        var resource = Ask.newResource("killed-metal");
        var id = client.submit(Ask.deploy(resource).servers("srv-3"));
        approver.approve(id);
        await("an installation")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> metal.real("srv-3").path("activity").asText().equals("installing"));

        processes.kill("baremetal-provisioner");

        client.awaits(id, "COMPLETED");
        var real = metal.real("srv-3");
        assertThat(real.path("installs").asInt()).isEqualTo(installs + 1);
        assertThat(real.path("powerState").asText()).isEqualTo("On");
        assertThat(real.path("overlaps")).isEmpty();
        assertThat(completions(id)).hasSize(1);
    }
}
