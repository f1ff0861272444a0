package io.groundwork.baremetal.driver;

import io.groundwork.events.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** The switch that simulated servers are wired to, by the API of their simulator. */
public final class SimulatedSwitch implements NetworkSwitch {

    private final HttpClient http;
    private final URI base;
    private final Duration callTime;

    /** @param base of the simulator */
    public SimulatedSwitch(HttpClient http, URI base, Duration callTime) {
        this.http = http;
        this.base = base;
        this.callTime = callTime;
    }

    @Override
    public void set(String server, String nic, boolean open) {
        var request = HttpRequest.newBuilder(base.resolve("/_groundwork/switch/ports/" + server + "/" + nic))
                .timeout(callTime)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofByteArray(Json.write(Map.of("enabled", open))))
                .build();
        try {
            var status = http.send(request, BodyHandlers.discarding()).statusCode();
            if (status >= 300) {
                throw new RedfishException.Refused(status, "the switch refused port " + server + "/" + nic);
            }
        } catch (IOException e) {
            // the same again changes nothing
            throw new RedfishException.Unreachable("the switch: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedfishException.Unreachable("interrupted", e);
        }
    }
}
