package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

        var directory = Files.createDirectories(stack.data().resolve("twin"));
        try (var frozen = processes.freeze("cloud-provisioner")) {
            assertThat(cloud.machines(resource))
                    .as("machines when the worker froze")
                    .isEmpty();
            cloud.behave();
            var port = Integer.toString(freePort());
            var twin = processes.twin(
                    "cloud-provisioner",
                    directory,
                    stack.logs().resolve("cloud-provisioner-twin.log"),
                    Map.of("QUARKUS_HTTP_PORT", port, "GROUNDWORK_DATA_DIR", directory.toString()));
            try {
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
            } finally {
                twin.destroy();
                if (!twin.waitFor(20, TimeUnit.SECONDS)) {
                    twin.destroyForcibly();
                }
            }
        }
        deployed(Ask.deploy(Ask.newResource("thawed")).machines(2));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
