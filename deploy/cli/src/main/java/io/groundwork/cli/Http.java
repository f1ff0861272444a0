package io.groundwork.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Calls with JSON, forms and event streams. */
final class Http {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /** An answer: its status, and its body as it came. */
    record Answer(int status, String body) {

        JsonNode json() {
            try {
                return body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** @throws Refused if the status is not {@code expected} */
        Answer expect(int expected) {
            if (status != expected) {
                throw new Refused("expected " + expected + ", but the answer was " + status + ": " + body);
            }
            return this;
        }
    }

    /** An answer that the demo can not go on with. */
    static final class Refused extends RuntimeException {
        Refused(String message) {
            super(message);
        }
    }

    Answer get(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).GET());
    }

    /** Whether {@code url} answers 200; soon, or not at all. */
    boolean ready(String url) {
        try {
            return send(HttpRequest.newBuilder(URI.create(url)).GET(), Duration.ofSeconds(5))
                            .status()
                    == 200;
        } catch (UncheckedIOException away) {
            return false;
        }
    }

    Answer delete(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).DELETE());
    }

    Answer postJson(String url, JsonNode body) {
        return send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    /** As a browser sends a form. */
    Answer postForm(String url, Map<String, String> fields) {
        var form = fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "text/html")
                .POST(BodyPublishers.ofString(form)));
    }

    /** Reads server-sent events until the stream ends; each {@code data} goes to {@code reader}. */
    void follow(String url, Consumer<JsonNode> reader) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url))
                .header("Accept", "text/event-stream")
                .GET()
                .build();
        HttpResponse<Stream<String>> response = client.send(request, BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            throw new Refused("the timeline answered " + response.statusCode());
        }
        try (var lines = response.body()) {
            for (var each = lines.iterator(); each.hasNext(); ) {
                var line = each.next();
                if (line.startsWith("data:")) {
                    reader.accept(JSON.readTree(line.substring("data:".length())));
                }
            }
        }
    }

    private Answer send(HttpRequest.Builder request) {
        return send(request, Duration.ofSeconds(60));
    }

    private Answer send(HttpRequest.Builder request, Duration patience) {
        try {
            var response = client.send(request.timeout(patience).build(), BodyHandlers.ofString(UTF_8));
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
