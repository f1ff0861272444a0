package io.groundwork.notification.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.events.Outcome;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.SealedUrl;
import io.groundwork.notification.domain.Completion;
import io.groundwork.notification.domain.Delivery;
import io.groundwork.runtime.Progress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookDriverTest {

    private static final Completion COMPLETION = new Completion(
            RequestId.of("acme", "one"),
            ResourceId.parse("acme/payments/web"),
            RequestKind.DEPLOY,
            Outcome.COMPLETED,
            null,
            null,
            Map.of(),
            Instant.parse("2026-01-05T10:00:00Z"),
            Instant.parse("2026-01-05T10:01:00Z"));

    private final WebhookDriver driver = new WebhookDriver(WebhookDriverTest::open, Duration.ofSeconds(2));
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final HttpServer server = server();
    private volatile int status = 204;

    private record Received(Map<String, List<String>> headers, byte[] body) {}

    @BeforeEach
    void start() {
        server.createContext("/hook", this::take);
        server.createContext("/stall", this::stall);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        released.countDown();
        server.stop(0);
    }

    @Test
    void shouldPostTheCompletionAsACloudEvent() throws Exception {
        // When
        var progress = post("/hook");
        // Then
        assertThat(progress).isInstanceOf(Progress.Done.class);
        assertThat(received).singleElement().satisfies(call -> {
            assertThat(call.headers())
                    .containsEntry("Idempotency-key", List.of("webhook/closed/1"))
                    .containsEntry("Ce-type", List.of("io.groundwork.request.closed.v1"))
                    .containsEntry("Ce-subject", List.of("acme/payments/web"))
                    .containsEntry("Content-type", List.of("application/json"));
            assertThat(Json.MAPPER.readTree(call.body()).get("outcome").asText())
                    .isEqualTo("COMPLETED");
            assertThat(Json.MAPPER.readTree(call.body()).get("operation").asText())
                    .isEqualTo("deploy");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "500, true",
        "503, true",
        "429, true",
        "408, true",
        "400, false",
        "401, false",
        "404, false",
        "410, false",
        "301, false",
        "302, false",
        "307, false",
        "308, false"
    })
    void shouldRetryOnlyWhatMayPass(int answer, boolean again) {
        status = answer;
        var failure = Operations.failure(post("/hook"));
        assertThat(failure.retryable()).isEqualTo(again);
        assertThat(received).as("a redirect is not followed").hasSize(1);
    }

    @Test
    void shouldSayTheSameKeyInEveryTry() {
        status = 503;
        post("/hook");
        status = 200;
        post("/hook");
        assertThat(received).hasSize(2);
        assertThat(received.get(0).headers().get("Idempotency-key"))
                .isEqualTo(received.get(1).headers().get("Idempotency-key"));
        assertThat(received.get(0).headers().get("Ce-id"))
                .isEqualTo(received.get(1).headers().get("Ce-id"));
    }

    @Test
    void shouldNotWaitForAReceiverThatStalls() {
        var failure = Operations.failure(new WebhookDriver(WebhookDriverTest::open, Duration.ofMillis(300))
                .post(webhook(url("/stall")), Operations.of("webhook/closed/1", webhook(url("/stall")))));
        assertThat(failure.category()).isEqualTo(FailureCategory.CONNECTIVITY);
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void shouldRetryAReceiverThatIsDown() {
        server.stop(0);
        assertThat(Operations.failure(post("/hook")).retryable()).isTrue();
    }

    @Test
    void shouldRefuseWhatIsNoWebAddress() {
        for (var url : List.of("ftp://localhost/x", "file:///etc/passwd", "nothing", "http://", "http://a b")) {
            var webhook = webhook(url);
            assertThat(Operations.failure(driver.post(webhook, Operations.of("webhook/closed/1", webhook)))
                            .retryable())
                    .as(url)
                    .isFalse();
        }
    }

    @Test
    void shouldCallAnUrlOfAnOldEventInClear() {
        var old = new Delivery.Webhook(url("/hook"), null, COMPLETION.resource(), COMPLETION);
        assertThat(driver.post(old, Operations.of("webhook/closed/1", old))).isInstanceOf(Progress.Done.class);
        assertThat(received).hasSize(1);
    }

    @Test
    void shouldSayNothingOfTheUrlButItsHostHoweverItFails() {
        status = 404;
        assertThat(Operations.failure(post("/hook?t0ken")).toString()).doesNotContain("t0ken");
        for (var url : List.of("http://localhost/t0ken|", "http://u:t0ken@localhost:1/", "https://localhost:1/t0ken")) {
            var webhook = webhook(url);
            assertThat(Operations.failure(driver.post(webhook, Operations.of("webhook/closed/1", webhook)))
                            .toString())
                    .contains("localhost")
                    .doesNotContain("t0ken");
        }
        assertThat(new Delivery.Webhook("http://localhost/t0ken", null, COMPLETION.resource(), COMPLETION).toString())
                .contains("http://localhost")
                .doesNotContain("t0ken");
    }

    @Test
    void shouldGiveUpWhatIsSealedForAnother() {
        var other = new Delivery.Webhook(
                null, new SealedUrl("http://localhost", "another's"), COMPLETION.resource(), COMPLETION);
        var failure = Operations.failure(driver.post(other, Operations.of("webhook/closed/1", other)));
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.detail()).contains("seal-key");
        assertThat(received).isEmpty();
    }

    private Progress<Void> post(String path) {
        var webhook = webhook(url(path));
        return driver.post(webhook, Operations.of("webhook/closed/1", webhook));
    }

    /** Sealed, as far as this test's driver sees. */
    private static Delivery.Webhook webhook(String url) {
        var box = Base64.getEncoder().encodeToString(url.getBytes(StandardCharsets.UTF_8));
        return new Delivery.Webhook(null, new SealedUrl(SealedUrl.origin(url), box), COMPLETION.resource(), COMPLETION);
    }

    private static String open(String box) {
        return new String(Base64.getDecoder().decode(box), StandardCharsets.UTF_8);
    }

    private String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            received.add(new Received(
                    Map.copyOf(exchange.getRequestHeaders()),
                    exchange.getRequestBody().readAllBytes()));
            if (status / 100 == 3) {
                exchange.getResponseHeaders().set("Location", url("/hook"));
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    /** Sends headers and never an end. */
    private void stall(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
