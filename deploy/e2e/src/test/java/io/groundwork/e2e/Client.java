package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.e2e.Http.Answer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** A team's program: asks, follows, cancels. Remembers what it asked for, so that a failing test can show it. */
final class Client {
    static final Set<String> ENDS = Set.of("COMPLETED", "REJECTED", "EXPIRED", "CANCELED", "FAILED", "TAINTED");

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int REMEMBERED = 6;

    private final Stack stack;
    private final Deque<String> asked = new ArrayDeque<>();

    Client(Stack stack) {
        this.stack = stack;
    }

    Answer post(Ask ask, String... headers) {
        return post(ask.json().toString(), headers);
    }

    Answer post(String body, String... headers) {
        return Http.post(stack.at("request-service") + "/v1/requests", body, headers);
    }

    /** Asks, and gives the id of the accepted request. */
    String submit(Ask ask, String... headers) {
        return remember(post(ask, headers).expect(202).json().path("id").asText());
    }

    private synchronized String remember(String id) {
        asked.addLast(id);
        if (asked.size() > REMEMBERED) {
            asked.removeFirst();
        }
        return id;
    }

    /** The last few requests of the test that runs. */
    synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    JsonNode get(String id) {
        return Http.get(url(id)).expect(200).json();
    }

    /** The request's document once it is in one of {@code states}, by long poll. */
    JsonNode awaits(String id, String... states) {
        var wanted = Set.of(states);
        return awaits(
                id, "state " + wanted, now -> wanted.contains(now.path("state").asText()));
    }

    /** The document once the question was put to its approvers. */
    JsonNode awaitsPerson(String id) {
        return awaits(
                id,
                "a person to wait for",
                now -> now.at("/waitingFor/kind").asText().equals("person"));
    }

    JsonNode awaitEnd(String id) {
        return awaits(id, ENDS.toArray(String[]::new));
    }

    /** The document once it is as {@code wanted}; fails at another end than that. */
    JsonNode awaits(String id, String what, Predicate<JsonNode> wanted) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var now = get(id);
        while (!wanted.test(now)) {
            var state = now.path("state").asText();
            if (ENDS.contains(state)) {
                throw new AssertionError("request " + id + " ended " + state + " without ever having " + what);
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("request " + id + " is still " + state + ", and not " + what);
            }
            now = Http.get(url(id) + "?wait=5s&since=" + now.path("version").asText())
                    .expect(200)
                    .json();
        }
        return now;
    }

    JsonNode timeline(String id) {
        return Http.get(url(id) + "/timeline?limit=500").expect(200).json();
    }

    Answer cancel(String id) {
        return Http.postJson(url(id) + "/cancel", Json.object().put("reason", "Not needed any more."));
    }

    Answer intervene(String id, String step, String action, String... headers) {
        var body = Json.object().put("step", step).put("action", action).put("reason", "As the test wants it.");
        return Http.postJson(url(id) + "/interventions", body, headers);
    }

    JsonNode resource(String resource) {
        return Http.get(stack.at("request-service") + "/v1/resources/" + resource)
                .expect(200)
                .json();
    }

    /** An instance with what stood behind it. */
    JsonNode instance(String resource, String component, int index) {
        return Http.get(stack.at("request-service") + "/v1/resources/" + resource + "/instances/" + component + "/"
                        + index)
                .expect(200)
                .json();
    }

    List<JsonNode> claims(String resource) {
        return Json.items(holds(resource));
    }

    /** The claims of a resource, with the servers and addresses behind them. */
    JsonNode holds(String resource) {
        return holding(resource).expect(200).json();
    }

    /** The same, with whatever is answered. */
    Answer holding(String resource) {
        return Http.get(stack.at("allocation-service") + "/v1/claims?resource=" + Http.encode(resource));
    }

    List<JsonNode> grants(String resource) {
        return Json.items(Http.get(stack.at("iam-service") + "/v1/grants?resource=" + Http.encode(resource))
                .expect(200)
                .json());
    }

    /** Returns when no machine, claim or grant of {@code resource} is left; views may be a little behind the end. */
    void awaitNothingLeft(Cloud cloud, String resource) {
        await("nothing left of " + resource).atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(cloud.machines(resource)).isEmpty();
            assertThat(claims(resource)).isEmpty();
            assertThat(grants(resource)).isEmpty();
        });
    }

    String url(String id) {
        return stack.at("request-service") + "/v1/requests/" + id;
    }
}
