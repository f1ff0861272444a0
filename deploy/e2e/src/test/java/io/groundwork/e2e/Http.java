package io.groundwork.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Plain HTTP. */
final class Http {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /** An answer as it came. */
    record Answer(String call, int status, String body, Map<String, String> headers) {

        JsonNode json() {
            return Json.parse(body);
        }

        /** This, if it has {@code wanted} as its status. */
        Answer expect(int wanted) {
            if (status != wanted) {
                throw new AssertionError(call + " answered " + status + " instead of " + wanted + ": " + body);
            }
            return this;
        }
    }

    static Answer get(String url, String... headers) {
        return send("GET", url, BodyPublishers.noBody(), headers);
    }

    static Answer head(String url) {
        return send("HEAD", url, BodyPublishers.noBody());
    }

    static Answer delete(String url) {
        return send("DELETE", url, BodyPublishers.noBody());
    }

    static Answer postJson(String url, JsonNode body, String... headers) {
        return post(url, body.toString(), headers);
    }

    static Answer post(String url, String body, String... headers) {
        return send("POST", url, BodyPublishers.ofString(body), with(headers, "Content-Type", "application/json"));
    }

    static Answer put(String url, String body, String... headers) {
        return send("PUT", url, BodyPublishers.ofString(body), with(headers, "Content-Type", "application/json"));
    }

    static Answer postForm(String url, Map<String, String> fields) {
        var body = fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        return send("POST", url, BodyPublishers.ofString(body), "Content-Type", "application/x-www-form-urlencoded");
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Answer send(String method, String url, HttpRequest.BodyPublisher body, String... headers) {
        return send(CLIENT, method, url, body, headers);
    }

    static Answer send(
            HttpClient client, String method, String url, HttpRequest.BodyPublisher body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        var call = method + " " + url;
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            var first = response.headers().map().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, header -> header.getValue().getFirst()));
            return new Answer(call, response.statusCode(), response.body(), first);
        } catch (IOException e) {
            throw new UncheckedIOException(call + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(call + " was interrupted", e);
        }
    }

    private static String[] with(String[] headers, String name, String value) {
        var more = Arrays.copyOf(headers, headers.length + 2);
        more[headers.length] = name;
        more[headers.length + 1] = value;
        return more;
    }

    private Http() {}
}
