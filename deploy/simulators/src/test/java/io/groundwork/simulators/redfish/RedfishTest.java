package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.groundwork.simulators.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A simulator for each test whose clock stands until the test advances it, a caller of its first server, and a web server
 * where machines find their images and phone home.
 */
abstract class RedfishTest {
    static final Duration PACE = Duration.ofSeconds(10);
    static final String SYSTEM = "/redfish/v1/Systems/1";
    static final String MEDIA = "/redfish/v1/Managers/BMC/VirtualMedia/Cd";
    static final String SERVER = "srv-1";

    final TestClock clock = new TestClock();
    RedfishSimulator simulator;
    Bmc bmc;

    private HttpServer web;
    private final Map<String, String> pages = new ConcurrentHashMap<>();
    final List<String> phoneCalls = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws IOException {
        simulator = RedfishSimulator.start(RedfishSimulator.Config.defaults()
                .withTls(false)
                .withClock(clock)
                .withSettings(RedfishSettings.DEFAULT.withPace(PACE)));
        bmc = Bmc.of(simulator, SERVER);
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", exchange -> {
            try (exchange) {
                var path = exchange.getRequestURI().toString();
                if (exchange.getRequestMethod().equals("POST")) {
                    var authorization = exchange.getRequestHeaders().getFirst("Authorization");
                    phoneCalls.add(path + " " + authorization + " "
                            + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                    exchange.sendResponseHeaders(path.contains("refuse") ? 503 : 204, -1);
                    return;
                }
                var page = pages.get(path);
                var bytes = (page == null ? "" : page).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(page == null ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        web.start();
    }

    @AfterEach
    void stop() {
        simulator.close();
        web.stop(0);
    }

    /** Serves a page; its address. */
    String page(String path, String content) {
        pages.put(path, content);
        return address(path);
    }

    String address(String path) {
        return "http://127.0.0.1:" + web.getAddress().getPort() + path;
    }

    JsonNode system() throws Exception {
        return bmc.get(SYSTEM).body();
    }

    String powerState() throws Exception {
        return system().get("PowerState").textValue();
    }

    ServerView server() {
        return simulator.server(SERVER);
    }

    List<String> journal() {
        return server().journal().stream().map(ServerView.Event::what).toList();
    }

    void override(String target, String enabled) throws Exception {
        var answer = bmc.patch(SYSTEM, """
                {"Boot": {"BootSourceOverrideTarget": "%s", "BootSourceOverrideEnabled": "%s"}}""".formatted(target, enabled));
        if (answer.status() != 200) {
            throw new AssertionError(answer.toString());
        }
    }
}
