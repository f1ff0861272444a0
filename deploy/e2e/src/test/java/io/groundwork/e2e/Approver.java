package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.e2e.Http.Answer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Somebody who gets mail and decides. */
final class Approver {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern URL = Pattern.compile("https?://\\S+");
    private static final Pattern INPUT = Pattern.compile("<input\\b[^>]*>", Pattern.CASE_INSENSITIVE);

    private final Stack stack;
    private final Client client;
    private final String region;

    /** @param region where what is approved is to be made */
    Approver(Stack stack, Client client, String region) {
        this.stack = stack;
        this.client = client;
        this.region = region;
    }

    /** The link in the mail about {@code request} to the usual approver, once it has arrived. */
    String link(String request) {
        var mail = await("the mail about " + request)
                .atMost(PATIENCE)
                .until(() -> mail(request, Ask.APPROVER), Optional::isPresent)
                .orElseThrow();
        var urls = URL.matcher(mail.path("text").asText())
                .results()
                .map(found -> found.group())
                .toList();
        assertThat(urls).as("URLs in the mail's text").hasSize(1);
        assertThat(urls.getFirst()).startsWith(stack.at("approval-service") + "/");
        return urls.getFirst();
    }

    private Optional<JsonNode> mail(String request, String to) {
        return Json.items(Http.get(stack.at("inbox") + "/api/messages")
                        .expect(200)
                        .json())
                .stream()
                .filter(mail -> mail.path("text").asText().contains(request))
                .filter(mail -> mail.path("to").asText().equals(to))
                .findFirst();
    }

    /** How many mails about {@code request} have arrived. */
    long mails(String request) {
        return Json.items(Http.get(stack.at("inbox") + "/api/messages")
                        .expect(200)
                        .json())
                .stream()
                .filter(mail -> mail.path("text").asText().contains(request))
                .count();
    }

    /** Opens the page behind {@code link}, fills in its form and sends it, as a browser would. */
    Answer decide(String link, Map<String, String> fields) {
        var form = hidden(Http.get(link).expect(200).body());
        form.putAll(fields);
        return Http.postForm(link, form);
    }

    /** The fields that a page's form carries by itself. */
    static Map<String, String> hidden(String page) {
        var fields = new LinkedHashMap<String, String>();
        INPUT.matcher(page)
                .results()
                .map(input -> input.group())
                .filter(input -> attribute(input, "type").equals("hidden"))
                .forEach(input -> fields.put(attribute(input, "name"), attribute(input, "value")));
        return fields;
    }

    private static String attribute(String input, String name) {
        var found = Pattern.compile("\\b" + name + "=\"([^\"]*)\"").matcher(input);
        return found.find() ? found.group(1) : "";
    }

    static Map<String, String> approval() {
        return approval(Ask.REGION);
    }

    private static Map<String, String> approval(String region) {
        return Map.of(
                "decision", "approve",
                "reason", "Needed for the launch.",
                "region", region,
                "profile", "standard");
    }

    static Map<String, String> rejection() {
        return Map.of("decision", "reject", "reason", "Not this quarter.");
    }

    void approveByLink(String request) {
        decide(link(request), approval(region)).expect(200);
    }

    /** Approves through the API, once the request waits for it. */
    void approve(String request) {
        client.awaitsPerson(request);
        decideAs(Ask.APPROVER, request, approval(region)).expect(200);
    }

    void reject(String request) {
        client.awaitsPerson(request);
        decideAs(Ask.APPROVER, request, rejection()).expect(200);
    }

    Answer decideAs(String user, String request, Map<String, String> fields) {
        var body = Json.object();
        fields.forEach(body::put);
        return Http.postJson(
                stack.at("approval-service") + "/v1/approvals/" + request + "/decisions",
                body,
                "X-Groundwork-User",
                user);
    }
}
