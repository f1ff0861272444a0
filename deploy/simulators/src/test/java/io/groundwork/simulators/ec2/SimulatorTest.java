package io.groundwork.simulators.ec2;

import io.groundwork.simulators.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;

/** A simulator for each test, whose clock stands until the test advances it, and a client of it. */
abstract class SimulatorTest {
    static final Duration LAUNCH = Duration.ofSeconds(10);
    static final Duration SHUTDOWN = Duration.ofSeconds(5);
    static final Duration VISIBLE = Duration.ofMinutes(60);

    final TestClock clock = new TestClock();
    Ec2Simulator simulator;
    Ec2Client ec2;

    @BeforeEach
    void start() throws IOException {
        simulator = Ec2Simulator.start(Ec2Simulator.Config.defaults()
                .withClock(clock)
                .withSettings(Ec2Settings.DEFAULT
                        .withLaunchDelay(LAUNCH)
                        .withShutdownDelay(SHUTDOWN)
                        .withTerminatedVisible(VISIBLE)));
        ec2 = Clients.ec2(simulator.baseUrl(), Region.EU_CENTRAL_1);
    }

    @AfterEach
    void stop() {
        ec2.close();
        simulator.close();
    }

    String imageId() {
        return ec2.describeImages(request -> request.filters(filter("name", "debian-12")))
                .images()
                .get(0)
                .imageId();
    }

    RunInstancesRequest launch(Consumer<RunInstancesRequest.Builder> more) {
        var request = RunInstancesRequest.builder()
                .imageId(imageId())
                .instanceType(InstanceType.T3_SMALL)
                .minCount(1)
                .maxCount(1);
        more.accept(request);
        return request.build();
    }

    List<String> launched(Consumer<RunInstancesRequest.Builder> more) {
        return ec2.runInstances(launch(more)).instances().stream()
                .map(Instance::instanceId)
                .toList();
    }

    List<Instance> described(Filter... filters) {
        return ec2.describeInstances(request -> request.filters(filters)).reservations().stream()
                .flatMap(reservation -> reservation.instances().stream())
                .toList();
    }

    Instance described(String id) {
        return ec2.describeInstances(request -> request.instanceIds(id))
                .reservations()
                .get(0)
                .instances()
                .get(0);
    }

    String stateOf(String id) {
        return described(id).state().nameAsString();
    }

    static Filter filter(String name, String... values) {
        return Filter.builder().name(name).values(values).build();
    }
}
