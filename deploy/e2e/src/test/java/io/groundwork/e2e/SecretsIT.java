package io.groundwork.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What a link or a webhook carries opens doors: no topic and no log holds it, whatever is done with it. */
@Order(3)
class SecretsIT extends StackTest {

    @Test
    void shouldKeepTokensOutOfEveryTopicAndLog() throws IOException {
        var inPath = "path-" + UUID.randomUUID();
        var inQuery = "query-" + UUID.randomUUID();
        Queue<String> called = new ConcurrentLinkedQueue<>();
        var receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            try (exchange) {
                called.add(exchange.getRequestURI().toString());
                // also what is said of a try that fails
                exchange.sendResponseHeaders(called.size() == 1 ? 503 : 204, -1);
            }
        });
        receiver.start();
        try {
            var origin = "http://localhost:" + receiver.getAddress().getPort();
            var way = "/hooks/" + inPath + "?sig=" + inQuery;
            // a receiver that is not there, whose tries fail to the last
            var id = client.submit(Ask.deploy(Ask.newResource("sealed"))
                    .machines(1)
                    .webhook(origin + way)
                    .webhook("http://localhost:1" + way));
            var link = approver.link(id);
            approver.decide(link, Approver.rejection()).expect(200);
            client.awaits(id, "REJECTED");
            await("the webhook")
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(called).containsExactly(way, way));
            await("the word of it")
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(client.timeline(id).toString()).contains("Told " + origin + " of closed"));
            assertThat(Json.items(client.get(id).path("operations")))
                    .as("the other one is still tried")
                    .singleElement()
                    .satisfies(delivery -> {
                        assertThat(delivery.path("step").isNull()).isTrue();
                        assertThat(delivery.path("instances").path(0).asText()).isEqualTo("http://localhost:1");
                        assertThat(delivery.path("tries").asInt()).isPositive();
                        assertThat(delivery.at("/lastError/category").asText()).isEqualTo("CONNECTIVITY");
                        assertThat(delivery.path("nextTry").asText()).isNotEmpty();
                    });
            client.post(Ask.deploy(Ask.newResource("unsealed"))
                            .machines(1)
                            .webhook("http://bot:" + inPath + "@localhost/" + inQuery))
                    .expect(400);

            var token = link.substring(link.lastIndexOf('/') + 1);
            var secrets = List.of(inPath, inQuery, token);
            assertThat(client.get(id).toString() + client.timeline(id)).doesNotContain(secrets);
            assertNowhere(secrets);
        } finally {
            receiver.stop(0);
        }
    }

    private void assertNowhere(List<String> secrets) throws IOException {
        for (var name : Topic.names(stack)) {
            assertThat(topic(name).read().stream()
                            .filter(entry -> secrets.stream().anyMatch(entry::holds))
                            .map(entry -> entry.partition() + "@" + entry.offset()))
                    .as("records of %s with a secret", name)
                    .isEmpty();
        }
        try (var logs = Files.list(stack.logs())) {
            for (var log : logs.toList()) {
                // what is written at this moment may end within a character
                var text = new String(Files.readAllBytes(log), UTF_8);
                assertThat(secrets.stream().filter(text::contains))
                        .as("secrets in %s", log.getFileName())
                        .isEmpty();
            }
        }
    }
}
