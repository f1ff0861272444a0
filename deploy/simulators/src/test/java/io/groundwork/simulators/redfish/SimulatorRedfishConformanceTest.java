package io.groundwork.simulators.redfish;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class SimulatorRedfishConformanceTest extends RedfishConformance {
    private static RedfishSimulator simulator;
    private static Bmc service;

    @BeforeAll
    static void start() throws IOException {
        simulator = RedfishSimulator.start(RedfishSimulator.Config.defaults()
                .withSettings(RedfishSettings.DEFAULT.withPace(Duration.ofMillis(20))));
        service = new Bmc(Bmc.client(simulator), simulator.baseUrl())
                .basic(RedfishSimulator.Config.DEFAULT_USER, RedfishSimulator.Config.DEFAULT_PASSWORD);
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @Override
    Bmc service() {
        return service;
    }
}
