package io.groundwork.notification.driver;

import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.events.SealedUrl;
import io.groundwork.events.Uuids;
import io.groundwork.notification.domain.Completion;
import io.groundwork.notification.domain.Delivery;
import io.groundwork.runtime.Operation;
import io.groundwork.runtime.Progress;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * Posts the end of a request to a webhook: CloudEvents 1.0 in HTTP's binary mode, with an {@code Idempotency-Key}, the same in every try.
 *
 * <p>Failure semantics: 408, 429, 5xx and a receiver that cannot be reached are tried again; any other refusal is final. A redirect
 * is a refusal: it could lead anywhere. No failure says more of the URL than its host: the rest often is a token.
 */
public final class WebhookDriver {

    /** Of a whole call, its connection included. */
    static final Duration PATIENCE = Duration.ofSeconds(8);

    private final HttpClient client;
    private final UnaryOperator<String> open;
    private final Duration patience;

    /** @param open opens a sealed URL */
    public WebhookDriver(UnaryOperator<String> open) {
        this(open, PATIENCE);
    }

    WebhookDriver(UnaryOperator<String> open, Duration patience) {
        this.open = open;
        this.patience = patience;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience)
                .build();
    }

    Progress<Void> post(Delivery.Webhook webhook, Operation<Delivery, Void> operation) {
        String url;
        try {
            url = url(webhook);
        } catch (IllegalArgumentException other) {
            return DeliveryDriver.failed(
                    FailureCategory.BUG,
                    "The webhook's address could not be opened.",
                    "notification.seal-key does not open what request-service's request.seal-key seals",
                    false);
        }
        HttpRequest request;
        try {
            request = request(url, webhook, operation.id());
        } catch (IllegalArgumentException invalid) {
            // not its message, which quotes the URL
            return DeliveryDriver.failed(
                    FailureCategory.VALIDATION,
                    "The webhook's address is not one that can be called.",
                    SealedUrl.origin(url),
                    false);
        }
        return operation.mutate(() -> deliver(request, operation));
    }

    private Progress<Void> deliver(HttpRequest request, Operation<Delivery, Void> operation) {
        var host = request.uri().getHost();
        var answer = client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            // the client's own timeout ends with the headers; this one also bounds the body
            var status = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            return status / 100 == 2 ? DeliveryDriver.done() : refused(host, status);
        } catch (TimeoutException e) {
            answer.cancel(true);
            operation.unanswered();
            return unreachable(host, "no answer within " + patience);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof ConnectException)) {
                operation.unanswered();
            }
            // not its message, which may quote what the receiver said
            return unreachable(
                    host, e.getCause() == null ? "" : e.getCause().getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            operation.unanswered();
            return unreachable(host, "interrupted");
        }
    }

    private static Progress<Void> refused(String host, int status) {
        var again = status == 408 || status == 429 || status >= 500;
        return DeliveryDriver.failed(
                status == 429 ? FailureCategory.THROTTLED : FailureCategory.PROVIDER,
                "The webhook at " + host + " answered " + status + ".",
                status / 100 == 3 ? "redirects are not followed" : "HTTP " + status,
                again);
    }

    private static Progress<Void> unreachable(String host, String how) {
        return DeliveryDriver.failed(
                FailureCategory.CONNECTIVITY, "The webhook at " + host + " could not be reached.", how, true);
    }

    private String url(Delivery.Webhook webhook) {
        var sealed = webhook.sealedUrl();
        return sealed == null ? Objects.requireNonNullElse(webhook.url(), "") : open.apply(sealed.box());
    }

    private HttpRequest request(String url, Delivery.Webhook webhook, String operation) {
        var completion = webhook.completion();
        return HttpRequest.newBuilder(URI.create(url))
                .timeout(patience)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", operation)
                .header("ce-specversion", "1.0")
                .header("ce-id", Uuids.named(operation).toString())
                .header("ce-source", "/groundwork/request-service")
                .header("ce-type", Completion.TYPE)
                .header("ce-time", completion.closedAt().toString())
                .header("ce-subject", webhook.resource().toString())
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(completion)))
                .build();
    }
}
