package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.e2e.Http.Answer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Servers: what they really are, by their simulator, and what baremetal-provisioner says of them. */
final class Metal {
    /** How many servers a stack has from its start. */
    static final int OF_THE_STACK = 20;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Stack stack;
    private final HttpClient bmcs;

    Metal(Stack stack) {
        this.stack = stack;
        this.bmcs = trusting(
                Path.of(stack.endpoints().at("/credentials/redfish/certificate").asText()));
    }

    /** A server as it really is. */
    JsonNode real(String server) {
        return control("GET", "servers/" + server, null).expect(200).json();
    }

    /** Whose data is on a server's disks. */
    List<String> owners(String server) {
        return Json.items(real(server).path("disks")).stream()
                .map(disk -> disk.at("/content/owner").asText())
                .filter(owner -> !owner.isEmpty())
                .distinct()
                .toList();
    }

    /** What is said of a server. */
    JsonNode said(String server) {
        return Http.get(inventory(server)).expect(200).json();
    }

    /** Another server than those of the stack, with a BMC of that make, enrolled. */
    void add(String server, String profile) {
        var hardware = Json.object().put("id", server).put("type", "m1.large").put("profile", profile);
        control("POST", "servers", hardware).expect(201);
        var known = Json.object()
                .put("id", server)
                .put("site", "ams1")
                .put("serverType", "m1.large")
                .put("rack", "rack-9");
        known.putObject("bmc")
                .put("address", stack.at("redfish") + "/bmc/" + server)
                .put("credential", "lab");
        Http.postJson(stack.at("baremetal-provisioner") + "/v1/servers", known).expect(201);
    }

    /** Makes hardware other than it is. */
    void configure(String server, String field, Object value) {
        setting(server, field, value).expect(200);
    }

    /** The same, with whatever is answered. */
    Answer setting(String server, String field, Object value) {
        return control("POST", "servers/" + server, Json.object().putPOJO(field, value));
    }

    /** How long hardware takes for something, from now on. */
    void pace(String setting, Duration time) {
        control("POST", "settings", Json.object().put(setting, time.toString())).expect(200);
    }

    /** How many servers are said to be in a state. */
    int count(String state) {
        return list("&state=" + state).size();
    }

    /** What is said of every server. */
    List<JsonNode> list() {
        return list("");
    }

    private List<JsonNode> list(String query) {
        var all = new ArrayList<JsonNode>();
        var cursor = "";
        do {
            var page = Http.get(stack.at("baremetal-provisioner") + "/v1/servers?limit=1000" + query
                            + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .expect(200)
                    .json();
            all.addAll(Json.items(page));
            cursor = page.path("nextCursor").asText("");
        } while (!cursor.isEmpty());
        return all;
    }

    /** What an operator does with a server. */
    void perform(String server, String verb) {
        ask(server, verb).expect(202);
    }

    /** The same, with whatever is answered. */
    Answer ask(String server, String verb) {
        return Http.postJson(inventory(server) + "/" + verb, Json.object().put("reason", "As the test wants it."));
    }

    /** So many calls of {@code action}, or {@code *}, go wrong, at whichever BMC. */
    void fault(String action, String kind, int times) {
        fault(Json.object().put("action", action).put("kind", kind).put("times", times));
    }

    /** So many calls are carried out only after {@code delay}. */
    void delay(String action, Duration delay, int times) {
        fault(Json.object()
                .put("action", action)
                .put("kind", "delay")
                .put("delay", delay.toString())
                .put("times", times));
    }

    /** So many calls to one BMC are not even connected. */
    void unreachable(String server, int times) {
        fault(Json.object()
                .put("action", "*")
                .put("kind", "reset")
                .put("scope", server)
                .put("times", times));
    }

    private void fault(JsonNode fault) {
        control("POST", "faults", fault).expect(201);
    }

    /** Clears all faults. */
    void behave() {
        control("DELETE", "faults", null).expect(204);
    }

    /** Returns when the BMCs answer. */
    void awaitReady() {
        await("BMCs answer")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> control("GET", "faults", null).status() == 200);
    }

    void awaits(String server, String state) {
        await(server + " " + state)
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(said(server).path("state").asText()).isEqualTo(state));
    }

    /** Returns when it is free for the next: off, without anybody's data, behind shut ports. */
    void awaitClean(String server) {
        awaits(server, "available");
        assertThat(said(server).hasNonNull("consumer")).isFalse();
        var real = real(server);
        assertThat(real.path("powerState").asText()).isEqualTo("Off");
        assertThat(owners(server)).isEmpty();
        assertThat(real.path("media").isNull() || real.path("media").isMissingNode())
                .isTrue();
        assertThat(Json.texts(real.path("ports"), "enabled")).containsOnly("false");
        assertThat(real.path("overlaps")).isEmpty();
    }

    private String inventory(String server) {
        return stack.at("baremetal-provisioner") + "/v1/servers/" + server;
    }

    private Answer control(String method, String path, JsonNode body) {
        var text = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString());
        return Http.send(
                bmcs, method, stack.at("redfish") + "/_groundwork/" + path, text, "Content-Type", "application/json");
    }

    private static HttpClient trusting(Path certificate) {
        try (var in = Files.newInputStream(certificate)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "bmcs", CertificateFactory.getInstance("X.509").generateCertificate(in));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .sslContext(tls)
                    .build();
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError("the certificate of the BMCs cannot be used", e);
        }
    }
}
