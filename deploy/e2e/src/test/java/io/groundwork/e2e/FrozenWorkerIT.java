package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A worker that wakes up after its request was closed makes nothing any more. */
@Order(10)
@Isolated("freezes cloud-provisioner and runs a second one")
class FrozenWorkerIT extends StackTest {

    @Test
    void shouldMakeNothingAfterItsRequestWasClosed() throws IOException, InterruptedException {
        var resource = Ask.newResource("frozen");
        // Looking for an image that nobody asked for lately comes before the launch: frozen there, the worker has its
        // mutating call still
        // ahead.
        cloud.delay("DescribeImages", Duration.ofSeconds(3)).set();
        cloud.delay("DescribeInstances", Duration.ofSeconds(3)).set();
        var id = client.submit(Ask.deploy(resource).machines(3).image("ubuntu-24"));
        approver.approve(id);
        cloud.awaitHits(1);

        try (var frozen = processes.freeze("cloud-provisioner")) {
            assertThat(cloud.machines(resource))
                    .as("machines when the worker froze")
                    .isEmpty();
            cloud.behave();
            try (var second = processes.second("cloud-provisioner")) {
                client.cancel(id).expect(202);
                assertThat(client.awaitEnd(id).path("state").asText()).isEqualTo("CANCELED");
                assertThat(cloud.machines(resource)).as("machines at the close").isEmpty();
                frozen.close();
                Processes.awaitReady(stack.at("cloud-provisioner"));
                await("no machine out of nowhere")
                        .during(Duration.ofSeconds(4))
                        .atMost(Duration.ofSeconds(8))
                        .until(() -> cloud.machines(resource).isEmpty());
                assertThat(completions(id)).hasSize(1);
                assertThat(second.process().isAlive()).as("the second instance").isTrue();
            }
        }
        deployed(Ask.deploy(Ask.newResource("thawed")).machines(2));
    }
}
