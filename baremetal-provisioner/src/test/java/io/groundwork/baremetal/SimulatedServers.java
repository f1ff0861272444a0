package io.groundwork.baremetal;

import io.groundwork.simulators.redfish.RedfishSettings;
import io.groundwork.simulators.redfish.RedfishSimulator;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Simulated servers with their BMCs, and what the service must know to reach them and be reached. */
public final class SimulatedServers implements QuarkusTestResourceLifecycleManager {

    private static @Nullable RedfishSimulator simulator;

    static RedfishSimulator simulator() {
        if (simulator == null) {
            throw new IllegalStateException("not started");
        }
        return simulator;
    }

    @Override
    public Map<String, String> start() {
        try {
            var started = RedfishSimulator.start(RedfishSimulator.Config.defaults()
                    .withSettings(RedfishSettings.DEFAULT.withPace(Duration.ofMillis(50))));
            simulator = started;
            var port = freePort();
            started.change(started.settings().withNetbootUrl("http://127.0.0.1:" + port + "/v1/netboot/{mac}"));
            return Map.ofEntries(
                    Map.entry("quarkus.http.test-port", Integer.toString(port)),
                    Map.entry("baremetal.public-url", "http://127.0.0.1:" + port),
                    Map.entry("baremetal.phone-home-secret", "a secret that only this test ever knows"),
                    Map.entry("baremetal.media", "SIMULATED"),
                    Map.entry("baremetal.longest-poll", "PT0.5S"),
                    Map.entry("baremetal.looks.every", "PT1S"),
                    Map.entry("baremetal.first-poll", "PT0.1S"),
                    Map.entry("baremetal.soft-power-off", "PT2S"),
                    Map.entry("baremetal.work-time", "PT3S"),
                    Map.entry("baremetal.call-time", "PT2S"),
                    Map.entry("baremetal.seeds-fingerprint", String.valueOf(started.fingerprint())),
                    Map.entry(
                            "baremetal.sites.ams1.switch-url", started.baseUrl().toString()),
                    Map.entry("baremetal.sites.ams1.cleaning-image", "cleaning"),
                    Map.entry("baremetal.credentials.lab.user", RedfishSimulator.Config.DEFAULT_USER),
                    Map.entry("baremetal.credentials.lab.password", RedfishSimulator.Config.DEFAULT_PASSWORD));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void stop() {
        if (simulator != null) {
            simulator.close();
        }
    }
}
