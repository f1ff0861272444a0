package io.groundwork.simulators.ec2;

import static io.groundwork.simulators.ec2.Clients.codeOf;
import static io.groundwork.simulators.ec2.Clients.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.model.InstanceType;

/** What EC2 promises of client tokens; see {@link Launch}. */
class ClientTokenTest extends SimulatorTest {

    @Test
    void shouldAnswerRepetitionWithTheSameInstances() {
        var request = launch(each -> each.clientToken("token").minCount(2).maxCount(2));
        var first = ec2.runInstances(request);
        clock.advance(LAUNCH);

        var second = ec2.runInstances(request);

        assertThat(second.reservationId()).isEqualTo(first.reservationId());
        assertThat(second.instances())
                .extracting("instanceId")
                .isEqualTo(first.instances().stream()
                        .map(instance -> instance.instanceId())
                        .toList());
        assertThat(second.instances())
                .allSatisfy(
                        instance -> assertThat(instance.state().nameAsString()).isEqualTo("running"));
        assertThat(simulator.instances()).hasSize(2);
    }

    @Test
    void shouldRefuseOtherParameters() {
        launched(each -> each.clientToken("token"));

        var refusal = refusalOf(
                () -> ec2.runInstances(launch(each -> each.clientToken("token").instanceType(InstanceType.M5_LARGE))));

        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("IdempotentParameterMismatch");
        assertThat(refusal.statusCode()).isEqualTo(400);
        assertThat(simulator.instances()).hasSize(1);
    }

    @Test
    void shouldRefuseTokenOfTerminatedInstance() {
        var request = launch(each -> each.clientToken("token"));
        var id = ec2.runInstances(request).instances().get(0).instanceId();
        ec2.terminateInstances(each -> each.instanceIds(id));
        assertThat(ec2.runInstances(request).instances().get(0).state().nameAsString())
                .isEqualTo("shutting-down");
        clock.advance(SHUTDOWN);

        assertThat(codeOf(() -> ec2.runInstances(request))).isEqualTo("IdempotentInstanceTerminated");
        clock.advance(VISIBLE);
        assertThat(simulator.instances()).isEmpty();
        assertThat(codeOf(() -> ec2.runInstances(request))).isEqualTo("IdempotentInstanceTerminated");
        clock.advance(Duration.ofHours(24));

        assertThat(ec2.runInstances(request).instances()).hasSize(1);
        assertThat(simulator.instances())
                .singleElement()
                .satisfies(machine -> assertThat(machine.id()).isNotEqualTo(id));
    }

    @Test
    void shouldAnswerWithAllWhenOnlySomeAreTerminated() {
        var request = launch(each -> each.clientToken("token").minCount(2).maxCount(2));
        var first = ec2.runInstances(request).instances();
        ec2.terminateInstances(each -> each.instanceIds(first.get(0).instanceId()));
        clock.advance(SHUTDOWN);

        assertThat(ec2.runInstances(request).instances()).hasSize(2);
    }

    @Test
    void shouldLaunchAnewInAnotherRegion() {
        launched(each -> each.clientToken("token"));

        try (var elsewhere = Clients.ec2(simulator.baseUrl(), Region.US_EAST_1)) {
            var image = elsewhere
                    .describeImages(each -> each.filters(filter("name", "debian-12")))
                    .images()
                    .get(0);
            elsewhere.runInstances(launch(each -> each.clientToken("token").imageId(image.imageId())));
        }

        assertThat(simulator.instances()).extracting("region").containsExactly("eu-central-1", "us-east-1");
    }

    @Test
    void shouldLaunchAnewInAnotherZoneThatIsNamed() {
        var zones = List.of("eu-central-1a", "eu-central-1b");
        for (var zone : List.of(zones.get(0), zones.get(1), zones.get(0))) {
            launched(each -> each.clientToken("token").placement(placement -> placement.availabilityZone(zone)));
        }

        assertThat(described())
                .extracting(each -> each.placement().availabilityZone())
                .isEqualTo(zones);
    }

    @Test
    void shouldNotRememberRefusedLaunch() {
        assertThat(codeOf(() -> ec2.runInstances(
                        launch(each -> each.clientToken("token").keyName("no-such-key")))))
                .isEqualTo("InvalidKeyPair.NotFound");

        assertThat(launched(each -> each.clientToken("token"))).hasSize(1);
    }

    @Test
    void shouldRefuseTokenThatIsTooLong() {
        assertThat(codeOf(() -> ec2.runInstances(launch(each -> each.clientToken("t".repeat(65))))))
                .isEqualTo("InvalidParameterValue");
    }

    @RepeatedTest(10)
    void shouldLaunchOnceHoweverManyCallAtOnce() throws Exception {
        var callers = 16;
        var tokens = 4;
        var request = launch(each -> each.minCount(1).maxCount(3));
        var start = new CountDownLatch(1);
        try (var threads = Executors.newFixedThreadPool(callers)) {
            var calls = IntStream.range(0, callers)
                    .<Callable<List<String>>>mapToObj(caller -> () -> {
                        start.await();
                        return ec2
                                .runInstances(request.toBuilder()
                                        .clientToken("token-" + caller % tokens)
                                        .build())
                                .instances()
                                .stream()
                                .map(instance -> instance.instanceId())
                                .toList();
                    })
                    .map(threads::submit)
                    .toList();
            start.countDown();
            var answers = new HashSet<List<String>>();
            for (var call : calls) {
                answers.add(call.get());
            }

            assertThat(answers).hasSize(tokens);
        }
        assertThat(simulator.instances()).hasSize(3 * tokens);
        assertThat(simulator.instances()).extracting("privateIp").doesNotHaveDuplicates();
        assertThat(simulator.calls().count("RunInstances")).isEqualTo(callers);
    }
}
