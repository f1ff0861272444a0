package io.groundwork.local;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Stands in for a service: is ready at once, and tells the environment that it was given. */
public final class FakeService {

    public static void main(String... args) throws IOException {
        var environment = new TreeMap<>(System.getenv());
        var address = new InetSocketAddress(
                environment.getOrDefault("QUARKUS_HTTP_HOST", ""),
                Integer.parseInt(environment.getOrDefault("QUARKUS_HTTP_PORT", "0")));
        var server = HttpServer.create(address, 0);
        answer(server, "/q/health/ready", "{\"status\": \"UP\"}");
        answer(
                server,
                "/environment",
                environment.entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining("\n")));
        server.start();
    }

    private static void answer(HttpServer server, String path, String body) {
        server.createContext(path, exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    private FakeService() {}
}
