package io.groundwork.simulators.ec2;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;

class SimulatorConformanceTest extends Ec2Conformance {
    private static Ec2Simulator simulator;

    @BeforeAll
    static void start() throws IOException {
        var quick = Ec2Settings.DEFAULT.withLaunchDelay(Duration.ofMillis(20)).withShutdownDelay(Duration.ofMillis(20));
        simulator = Ec2Simulator.start(Ec2Simulator.Config.defaults().withSettings(quick));
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @Override
    URI endpoint() {
        return simulator.baseUrl();
    }

    @Override
    String imageId(Ec2Client ec2) {
        return ec2.describeImages(request -> request.filters(
                        Filter.builder().name("name").values("debian-12").build()))
                .images()
                .get(0)
                .imageId();
    }
}
