package io.groundwork.simulators.ec2;

import static io.groundwork.simulators.ec2.Clients.codeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groundwork.simulators.TestClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Tag;

/** A simulator that is stopped and started again on its data goes on as if nothing had happened. */
class PersistenceTest {
    private static final Duration LAUNCH = Duration.ofSeconds(10);

    @TempDir
    Path data;

    private final TestClock clock = new TestClock();

    @Test
    void shouldGoOnWithTheSameInstances() throws IOException {
        RunInstancesRequest request;
        Ec2Simulator.Machine machine;
        try (var simulator = start();
                var ec2 = client(simulator)) {
            request = launch(ec2);
            ec2.runInstances(request);
            machine = simulator.instances().get(0);
        }
        clock.advance(LAUNCH);
        try (var simulator = start();
                var ec2 = client(simulator)) {
            assertThat(simulator.instances()).singleElement().satisfies(again -> {
                assertThat(again)
                        .usingRecursiveComparison()
                        .ignoringFields("state")
                        .isEqualTo(machine);
                assertThat(again.state()).isEqualTo("running");
            });
            assertThat(ec2.runInstances(request).instances())
                    .extracting("instanceId")
                    .containsExactly(machine.id());
            assertThat(ec2.describeVolumes().volumes()).hasSize(1);
            var next = ec2.runInstances(request.toBuilder().clientToken("other").build())
                    .instances()
                    .get(0);
            assertThat(next.privateIpAddress()).isNotEqualTo(machine.privateIp());
            ec2.terminateInstances(each -> each.instanceIds(machine.id()));
        }
        clock.advance(LAUNCH);
        try (var simulator = start();
                var ec2 = client(simulator)) {
            assertThat(simulator.instances()).extracting("state").containsExactly("terminated", "running");
            assertThat(codeOf(() -> ec2.runInstances(request))).isEqualTo("IdempotentInstanceTerminated");
        }
        clock.advance(Ec2Settings.DEFAULT.terminatedVisible());
        try (var simulator = start()) {
            assertThat(simulator.instances()).hasSize(1);
        }
        try (var simulator = start();
                var ec2 = client(simulator)) {
            assertThat(codeOf(() -> ec2.runInstances(request))).isEqualTo("IdempotentInstanceTerminated");
            clock.advance(Duration.ofHours(25));
            ec2.runInstances(request);
        }
    }

    @Test
    void shouldKeepGroupsKeysAndTags() throws IOException {
        String group;
        try (var simulator = start();
                var ec2 = client(simulator)) {
            group = ec2.createSecurityGroup(request -> request.groupName("web").description("for a test"))
                    .groupId();
            ec2.authorizeSecurityGroupIngress(request -> request.groupId(group)
                    .ipPermissions(IpPermission.builder()
                            .ipProtocol("tcp")
                            .fromPort(443)
                            .toPort(443)
                            .ipRanges(IpRange.builder().cidrIp("0.0.0.0/0").build())
                            .build()));
            ec2.importKeyPair(request ->
                    request.keyName("ops").publicKeyMaterial(SdkBytes.fromUtf8String("ssh-ed25519 AAAA me")));
            ec2.createTags(request -> request.resources(group)
                    .tags(Tag.builder().key("a").value("b").build()));
            ec2.deleteKeyPair(request -> request.keyName("none"));
        }
        try (var simulator = start();
                var ec2 = client(simulator)) {
            assertThat(ec2.describeSecurityGroups(request -> request.groupIds(group))
                            .securityGroups())
                    .singleElement()
                    .satisfies(kept -> {
                        assertThat(kept.ipPermissions()).hasSize(1);
                        assertThat(kept.tags()).hasSize(1);
                    });
            assertThat(ec2.describeKeyPairs().keyPairs()).extracting("keyName").containsExactly("ops");
            ec2.deleteSecurityGroup(request -> request.groupId(group));
            ec2.deleteKeyPair(request -> request.keyName("ops"));
        }
        try (var simulator = start();
                var ec2 = client(simulator)) {
            assertThat(ec2.describeSecurityGroups().securityGroups())
                    .extracting("groupName")
                    .containsExactly("default");
            assertThat(ec2.describeKeyPairs().keyPairs()).isEmpty();
        }
    }

    @Test
    void shouldRefuseDataThatAnotherUses() throws IOException {
        try (var simulator = start()) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use by another process");
            assertThat(simulator.instances()).isEmpty();
        }
    }

    private Ec2Simulator start() throws IOException {
        return Ec2Simulator.start(Ec2Simulator.Config.defaults()
                .withData(data.resolve("ec2"))
                .withClock(clock)
                .withSettings(Ec2Settings.DEFAULT.withLaunchDelay(LAUNCH)));
    }

    private static Ec2Client client(Ec2Simulator simulator) {
        return Clients.ec2(simulator.baseUrl(), Region.EU_CENTRAL_1);
    }

    private static RunInstancesRequest launch(Ec2Client ec2) {
        var byName = Filter.builder().name("name").values("ubuntu-24").build();
        var image =
                ec2.describeImages(request -> request.filters(byName)).images().get(0);
        return RunInstancesRequest.builder()
                .imageId(image.imageId())
                .instanceType(InstanceType.T3_SMALL)
                .minCount(1)
                .maxCount(1)
                .clientToken("token")
                .userData(Base64.getEncoder().encodeToString(new byte[] {1, 2, 3}))
                .build();
    }
}
