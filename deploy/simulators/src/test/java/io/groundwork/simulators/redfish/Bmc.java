package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.groundwork.simulators.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A caller of one BMC, no more than an HTTP client with credentials. */
final class Bmc {
    static final String RESET = "/Actions/ComputerSystem.Reset";

    private final HttpClient http;
    private final URI base;
    private final List<String> headers = new ArrayList<>();

    /** @param base what paths are appended to */
    Bmc(HttpClient http, URI base) {
        this.http = http;
        this.base = base;
    }

    static Bmc of(RedfishSimulator simulator, String server) {
        return new Bmc(client(simulator), simulator.bmc(server))
                .basic(RedfishSimulator.Config.DEFAULT_USER, RedfishSimulator.Config.DEFAULT_PASSWORD);
    }

    /** A client that trusts this simulator's certificate and no other. */
    static HttpClient client(RedfishSimulator simulator) {
        var builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5));
        var pem = simulator.certificate();
        return (pem == null ? builder : builder.sslContext(trusting(pem))).build();
    }

    static SSLContext trusting(String pem) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "bmc",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8))));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    record Answer(int status, JsonNode body, HttpResponse<String> response) {
        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String error() {
            return body.at("/error/@Message.ExtendedInfo/0/MessageId").asText();
        }
    }

    Bmc basic(String user, String password) {
        return with(
                "Authorization",
                "Basic "
                        + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
    }

    Bmc with(String header, String value) {
        var other = new Bmc(http, base);
        other.headers.addAll(headers);
        other.headers.addAll(List.of(header, value));
        return other;
    }

    Bmc anonymous() {
        return new Bmc(http, base);
    }

    /** Logs in; the session's path is the answer's Location. */
    Answer login(String user, String password) throws Exception {
        return anonymous().post("/redfish/v1/SessionService/Sessions", """
                {"UserName": "%s", "Password": "%s"}""".formatted(user, password));
    }

    /** The same with a session of its own. */
    Bmc session() throws Exception {
        var answer = login(RedfishSimulator.Config.DEFAULT_USER, RedfishSimulator.Config.DEFAULT_PASSWORD);
        return anonymous().with("X-Auth-Token", answer.header("X-Auth-Token"));
    }

    Answer get(String path) throws Exception {
        return send("GET", path, "");
    }

    Answer post(String path, String body) throws Exception {
        return send("POST", path, body);
    }

    Answer patch(String path, String body) throws Exception {
        return send("PATCH", path, body);
    }

    Answer delete(String path) throws Exception {
        return send("DELETE", path, "");
    }

    Answer reset(String system, String type) throws Exception {
        return post(system + RESET, "{\"ResetType\": \"" + type + "\"}");
    }

    /** @param path below the base; one from the host's root as links are if it starts with {@code /bmc} */
    Answer send(String method, String path, String body) throws Exception {
        var uri = path.startsWith("/bmc/") ? base.resolve(path) : URI.create(base + path);
        var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
        if (!headers.isEmpty()) {
            request.headers(headers.toArray(String[]::new));
        }
        if (body.isEmpty()) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json").method(method, BodyPublishers.ofString(body));
        }
        var response = http.send(request.build(), BodyHandlers.ofString());
        var text = response.body();
        return new Answer(
                response.statusCode(),
                text.isEmpty() ? MissingNode.getInstance() : Json.MAPPER.readTree(text),
                response);
    }
}
