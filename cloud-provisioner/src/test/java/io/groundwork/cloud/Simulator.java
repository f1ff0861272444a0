package io.groundwork.cloud;

import io.groundwork.simulators.ec2.Ec2Simulator;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** An EC2 simulator for a test run; asked about over its control API, as the application has classes of its own. */
public final class Simulator implements QuarkusTestResourceLifecycleManager {

    private Ec2Simulator simulator;

    @Override
    public Map<String, String> start() {
        try {
            simulator = Ec2Simulator.start(Ec2Simulator.Config.defaults());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.setProperty("aws.accessKeyId", Ec2Simulator.Config.DEFAULT_ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", Ec2Simulator.Config.DEFAULT_SECRET_KEY);
        return Map.of(
                "cloud.endpoint", simulator.baseUrl().toString(),
                "cloud.first-poll", "PT0.2S",
                "cloud.consistency-window", "PT1S");
    }

    @Override
    public void stop() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        simulator.close();
    }
}
