package io.groundwork.simulators.ec2;

import static io.groundwork.simulators.ec2.Clients.codeOf;
import static io.groundwork.simulators.ec2.Clients.refusalOf;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceAttributeName;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagDescription;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * What any EC2 does, seen through the AWS SDK: wire format, filters, paging, tags and errors. It runs against our simulator
 * and against one that nobody here wrote; where those two agree, so does EC2. Each test marks what it makes with a tag of
 * its own, as it shares the back end.
 */
abstract class Ec2Conformance {
    private static final String PUBLIC_KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBcOoT6wqNMnVmCDeJVGdY6CyLNyAmmS4SKzRXkrXbAW test@example";

    private final String mark = UUID.randomUUID().toString();
    private Ec2Client ec2;

    abstract URI endpoint();

    /** An image of {@link Region#EU_CENTRAL_1}. */
    abstract String imageId(Ec2Client ec2);

    @BeforeEach
    void connect() {
        ec2 = Clients.ec2(endpoint(), Region.EU_CENTRAL_1);
    }

    @AfterEach
    void cleanUp() {
        var left = described(marked()).stream()
                .filter(instance -> instance.state().name() != InstanceStateName.TERMINATED)
                .map(Instance::instanceId)
                .toList();
        if (!left.isEmpty()) {
            ec2.terminateInstances(request -> request.instanceIds(left));
        }
        ec2.close();
    }

    @Test
    void shouldDescribeWhatWasLaunched() {
        var before = Instant.now();
        var reservation = ec2.runInstances(launch(
                2,
                request -> request.instanceType(InstanceType.T3_SMALL)
                        .placement(placement -> placement.availabilityZone("eu-central-1b"))
                        .tagSpecifications(tags(ResourceType.INSTANCE, "name", "a <b> & \"c\" é 🐘"))));

        assertThat(reservation.reservationId()).startsWith("r-");
        assertThat(reservation.instances()).hasSize(2).allSatisfy(instance -> {
            assertThat(instance.state().name()).isEqualTo(InstanceStateName.PENDING);
            assertThat(instance.state().code() & 255).isZero();
        });
        var ids = ids(reservation.instances());
        var instances = running(ids);
        assertThat(instances).hasSize(2).allSatisfy(instance -> {
            assertThat(instance.instanceId()).matches("i-[0-9a-f]{17}");
            assertThat(instance.imageId()).isEqualTo(imageId(ec2));
            assertThat(instance.instanceType()).isEqualTo(InstanceType.T3_SMALL);
            assertThat(instance.placement().availabilityZone()).isEqualTo("eu-central-1b");
            assertThat(instance.launchTime())
                    .isBetween(before.minusSeconds(5), Instant.now().plusSeconds(5));
            assertThat(instance.subnetId()).startsWith("subnet-");
            assertThat(instance.vpcId()).startsWith("vpc-");
            assertThat(instance.state().code() & 255).isEqualTo(16);
            assertThat(instance.tags()).contains(tag("name", "a <b> & \"c\" é 🐘"));
        });
        assertThat(instances.stream().map(Instance::privateIpAddress).collect(toSet()))
                .hasSize(2);
        assertThat(instances.stream().map(Instance::amiLaunchIndex)).containsExactlyInAnyOrder(0, 1);
        assertThat(ec2.describeInstances(request -> request.instanceIds(ids)).reservations())
                .extracting("reservationId")
                .containsExactly(reservation.reservationId());
    }

    @Test
    void shouldGiveEachInstanceItsVolumes() {
        var id = launched(
                        1,
                        request -> request.blockDeviceMappings(BlockDeviceMapping.builder()
                                        .deviceName("/dev/sdh")
                                        .ebs(ebs -> ebs.volumeSize(33).deleteOnTermination(true))
                                        .build())
                                .tagSpecifications(
                                        tags(ResourceType.INSTANCE, "disk", "no"),
                                        tags(ResourceType.VOLUME, "disk", "yes")))
                .get(0);
        var attached =
                Filter.builder().name("attachment.instance-id").values(id).build();
        running(List.of(id));

        var volumes = ec2.describeVolumes(request -> request.filters(attached)).volumes();

        assertThat(volumes).anySatisfy(volume -> {
            assertThat(volume.size()).isEqualTo(33);
            assertThat(volume.stateAsString()).isEqualTo("in-use");
            assertThat(volume.attachments()).hasSize(1).allSatisfy(attachment -> {
                assertThat(attachment.instanceId()).isEqualTo(id);
                assertThat(attachment.device()).isEqualTo("/dev/sdh");
            });
            assertThat(volume.tags()).contains(tag("disk", "yes"));
        });
        ec2.terminateInstances(request -> request.instanceIds(id));
        await().untilAsserted(() -> assertThat(ec2.describeVolumes(request -> request.filters(attached))
                        .volumes())
                .isEmpty());
    }

    @Test
    void shouldFilterInstances() {
        var web = launched(
                2,
                request -> request.instanceType(InstanceType.T3_SMALL)
                        .tagSpecifications(tags(ResourceType.INSTANCE, "role", "web-front")));
        var db = launched(
                1,
                request -> request.instanceType(InstanceType.M5_LARGE)
                        .tagSpecifications(tags(ResourceType.INSTANCE, "role", "db")));
        var bare = launched(1, request -> request.instanceType(InstanceType.M5_LARGE));
        running(web);
        running(db);
        running(bare);

        assertThat(matching(filter("tag:role", "web-front"))).containsExactlyInAnyOrderElementsOf(web);
        assertThat(matching(filter("tag:role", "web-front", "db"))).hasSize(3).containsAll(db);
        assertThat(matching(filter("tag:role", "web*"))).containsExactlyInAnyOrderElementsOf(web);
        assertThat(matching(filter("tag:role", "d?"))).containsExactlyElementsOf(db);
        assertThat(matching(filter("tag-key", "role"))).hasSize(3).doesNotContainAnyElementsOf(bare);
        assertThat(matching(filter("instance-type", "m5.large"))).hasSize(2).containsAll(bare);
        assertThat(matching(filter("instance-type", "m5.large"), filter("tag:role", "db")))
                .containsExactlyElementsOf(db);
        assertThat(matching(filter("instance-id", web.get(0)))).containsExactly(web.get(0));
        assertThat(matching(filter("image-id", imageId(ec2)))).hasSize(4);
        assertThat(matching(filter("image-id", "ami-00000000000000000"))).isEmpty();
        assertThat(matching(filter("instance-state-name", "running", "pending")))
                .hasSize(4);
        assertThat(matching(filter("instance-state-name", "stopped"))).isEmpty();
    }

    @Test
    void shouldShowEveryInstanceOnceOverAllPages() {
        var ids = IntStream.range(0, 12)
                .mapToObj(i -> launched(1, request -> {}).get(0))
                .collect(toSet());

        var pages = ec2
                .describeInstancesPaginator(request -> request.filters(marked()).maxResults(5))
                .stream()
                .map(page -> page.reservations().stream()
                        .flatMap(reservation -> reservation.instances().stream())
                        .map(Instance::instanceId)
                        .toList())
                .toList();

        assertThat(pages).extracting(List::size).containsExactly(5, 5, 2);
        assertThat(pages.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void shouldKeepTags() {
        var id = launched(1, request -> {}).get(0);

        ec2.createTags(request -> request.resources(id).tags(tag("a", "1"), tag("b", "2"), tag("c", "")));
        ec2.createTags(request -> request.resources(id).tags(tag("a", "3")));
        ec2.deleteTags(
                request -> request.resources(id).tags(Tag.builder().key("b").build()));

        assertThat(tagsOf(id)).contains("a=3", "c=").doesNotContain("a=1", "b=2");
        assertThat(described(filter("instance-id", id)).get(0).tags()).contains(tag("a", "3"));
        assertThat(ec2.describeTags(request -> request.filters(filter("resource-id", id), filter("key", "a")))
                        .tags())
                .singleElement()
                .satisfies(tag -> {
                    assertThat(tag.resourceType()).isEqualTo(ResourceType.INSTANCE);
                    assertThat(tag.value()).isEqualTo("3");
                });
        assertThat(ec2.describeTags(request -> request.filters(filter("resource-type", "instance"), marked()))
                        .tags())
                .isNotNull();
    }

    @Test
    void shouldTerminateAndStillShowTerminatedInstances() {
        var ids = launched(2, request -> {});
        running(ids);

        var changes =
                ec2.terminateInstances(request -> request.instanceIds(ids)).terminatingInstances();

        assertThat(changes).hasSize(2).allSatisfy(change -> {
            assertThat(change.previousState().name()).isEqualTo(InstanceStateName.RUNNING);
            assertThat(change.currentState().name()).isEqualTo(InstanceStateName.SHUTTING_DOWN);
        });
        awaitState(ids, InstanceStateName.TERMINATED);
        assertThat(matching(filter("instance-state-name", "terminated"))).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void shouldTerminateNothingWhenOneIdIsUnknown() {
        var id = launched(1, request -> {}).get(0);

        var refusal =
                refusalOf(() -> ec2.terminateInstances(request -> request.instanceIds(id, "i-00000000000000000")));

        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("InvalidInstanceID.NotFound");
        running(List.of(id));
    }

    @Test
    void shouldStopAndStart() {
        var ids = launched(1, request -> {});
        running(ids);

        ec2.stopInstances(request -> request.instanceIds(ids));
        awaitState(ids, InstanceStateName.STOPPED);
        ec2.startInstances(request -> request.instanceIds(ids));

        running(ids);
    }

    @Test
    void shouldShowStatusOfRunningInstancesOnly() {
        var ids = launched(2, request -> {});
        running(ids);
        ec2.stopInstances(request -> request.instanceIds(ids.get(0)));
        awaitState(ids.subList(0, 1), InstanceStateName.STOPPED);

        var statuses =
                ec2.describeInstanceStatus(request -> request.instanceIds(ids)).instanceStatuses();
        var all = ec2.describeInstanceStatus(request -> request.instanceIds(ids).includeAllInstances(true))
                .instanceStatuses();

        assertThat(statuses).singleElement().satisfies(status -> {
            assertThat(status.instanceId()).isEqualTo(ids.get(1));
            assertThat(status.instanceStatus().statusAsString()).isEqualTo("ok");
        });
        assertThat(all).extracting("instanceId").containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void shouldKeepUserData() {
        var userData =
                Base64.getEncoder().encodeToString("#cloud-config\nhostname: ü+/=&\n".getBytes(StandardCharsets.UTF_8));
        var id = launched(1, request -> request.userData(userData)).get(0);

        var kept = ec2.describeInstanceAttribute(
                request -> request.instanceId(id).attribute(InstanceAttributeName.USER_DATA));

        assertThat(kept.userData().value()).isEqualTo(userData);
    }

    @Test
    void shouldKnowNothingOfOtherRegions() {
        var id = launched(1, request -> {}).get(0);

        try (var elsewhere = Clients.ec2(endpoint(), Region.US_EAST_1)) {
            assertThat(codeOf(() -> elsewhere.describeInstances(request -> request.instanceIds(id))))
                    .isEqualTo("InvalidInstanceID.NotFound");
            assertThat(elsewhere
                            .describeInstances(request -> request.filters(marked()))
                            .reservations())
                    .isEmpty();
        }
    }

    @Test
    void shouldRefuseWhatDoesNotExist() {
        var refusal = refusalOf(() -> ec2.describeInstances(request -> request.instanceIds("i-00000000000000000")));
        assertThat(refusal.statusCode()).isEqualTo(400);
        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("InvalidInstanceID.NotFound");
        assertThat(refusal.awsErrorDetails().errorMessage()).contains("i-00000000000000000");
        assertThat(refusal.requestId()).isNotBlank();

        assertThat(codeOf(() -> ec2.runInstances(launch(1, request -> request.imageId("ami-00000000000000000")))))
                .isEqualTo("InvalidAMIID.NotFound");
        assertThat(codeOf(() -> ec2.runInstances(launch(1, request -> request.keyName("no-such-key")))))
                .isEqualTo("InvalidKeyPair.NotFound");
        assertThat(codeOf(
                        () -> ec2.runInstances(launch(1, request -> request.securityGroupIds("sg-00000000000000000")))))
                .isEqualTo("InvalidGroup.NotFound");
        assertThat(codeOf(() -> ec2.runInstances(launch(1, request -> request.subnetId("subnet-00000000000000000")))))
                .isEqualTo("InvalidSubnetID.NotFound");
        assertThat(codeOf(() -> ec2.runInstances(launch(1, request -> request.instanceType("t3.humongous")))))
                .startsWith("Invalid"); // moto has a code of its own
        assertThat(codeOf(() -> ec2.describeImages(request -> request.imageIds("ami-00000000000000000"))))
                .isEqualTo("InvalidAMIID.NotFound");
        assertThat(described(marked())).isEmpty();
    }

    @Test
    void shouldFindImages() {
        var image = ec2.describeImages(request -> request.imageIds(imageId(ec2)))
                .images()
                .get(0);

        assertThat(ec2.describeImages(request -> request.filters(filter("name", image.name())))
                        .images())
                .extracting("imageId")
                .contains(image.imageId());
        assertThat(ec2.describeImages(request -> request.filters(filter("name", "no such image")))
                        .images())
                .isEmpty();
        assertThat(image.stateAsString()).isEqualTo("available");
        assertThat(image.rootDeviceName()).startsWith("/dev/");
        assertThat(image.ownerId()).hasSize(12);
    }

    @Test
    void shouldKeepSecurityGroups() {
        var name = "group-" + mark;
        var group = ec2.createSecurityGroup(request -> request.groupName(name)
                .description("for a test")
                .tagSpecifications(tags(ResourceType.SECURITY_GROUP, "owner", mark)));
        ec2.authorizeSecurityGroupIngress(request ->
                request.groupId(group.groupId()).ipPermissions(tcp(443, "0.0.0.0/0"), tcp(22, "10.0.0.0/8")));

        var found = ec2.describeSecurityGroups(request -> request.filters(filter("tag:owner", mark)))
                .securityGroups();

        assertThat(found).singleElement().satisfies(described -> {
            assertThat(described.groupId()).isEqualTo(group.groupId()).matches("sg-[0-9a-f]{17}");
            assertThat(described.groupName()).isEqualTo(name);
            assertThat(described.description()).isEqualTo("for a test");
            assertThat(described.ipPermissions())
                    .extracting(rule -> rule.ipProtocol()
                            + rule.fromPort()
                            + rule.toPort()
                            + rule.ipRanges().get(0).cidrIp())
                    .containsExactlyInAnyOrder("tcp4434430.0.0.0/0", "tcp222210.0.0.0/8");
        });
        assertThat(ec2.describeSecurityGroups(request -> request.filters(filter("group-name", name)))
                        .securityGroups())
                .hasSize(1);
        assertThat(codeOf(() -> ec2.createSecurityGroup(
                        request -> request.groupName(name).description("again"))))
                .isEqualTo("InvalidGroup.Duplicate");
        assertThat(codeOf(() -> ec2.authorizeSecurityGroupIngress(
                        request -> request.groupId(group.groupId()).ipPermissions(tcp(443, "0.0.0.0/0")))))
                .isEqualTo("InvalidPermission.Duplicate");
    }

    @Test
    void shouldDeleteSecurityGroup() {
        var group = ec2.createSecurityGroup(
                        request -> request.groupName("group-" + mark).description("for a test"))
                .groupId();
        var ids = launched(1, request -> request.securityGroupIds(group));
        running(ids);
        assertThat(described(filter("instance.group-id", group))).hasSize(1);

        ec2.terminateInstances(request -> request.instanceIds(ids));
        awaitState(ids, InstanceStateName.TERMINATED);
        await().untilAsserted(() -> ec2.deleteSecurityGroup(request -> request.groupId(group)));

        assertThat(codeOf(() -> ec2.describeSecurityGroups(request -> request.groupIds(group))))
                .isEqualTo("InvalidGroup.NotFound");
        assertThat(codeOf(() -> ec2.deleteSecurityGroup(request -> request.groupId(group))))
                .isEqualTo("InvalidGroup.NotFound");
    }

    @Test
    void shouldKeepKeyPairs() {
        var name = "key-" + mark;
        var imported = ec2.importKeyPair(request -> request.keyName(name)
                .publicKeyMaterial(SdkBytes.fromUtf8String(PUBLIC_KEY))
                .tagSpecifications(tags(ResourceType.KEY_PAIR, "owner", mark)));

        assertThat(imported.keyPairId()).startsWith("key-");
        assertThat(imported.keyFingerprint()).isNotBlank();
        assertThat(ec2.describeKeyPairs(request -> request.keyNames(name)).keyPairs())
                .singleElement()
                .satisfies(pair -> {
                    assertThat(pair.keyPairId()).isEqualTo(imported.keyPairId());
                    assertThat(pair.tags()).contains(tag("owner", mark));
                });
        assertThat(codeOf(() -> ec2.importKeyPair(
                        request -> request.keyName(name).publicKeyMaterial(SdkBytes.fromUtf8String(PUBLIC_KEY)))))
                .isEqualTo("InvalidKeyPair.Duplicate");
        var id = launched(1, request -> request.keyName(name)).get(0);
        assertThat(described(filter("instance-id", id)).get(0).keyName()).isEqualTo(name);

        ec2.deleteKeyPair(request -> request.keyName(name));
        ec2.deleteKeyPair(request -> request.keyName(name));

        assertThat(codeOf(() -> ec2.describeKeyPairs(request -> request.keyNames(name))))
                .isEqualTo("InvalidKeyPair.NotFound");
    }

    @Test
    void shouldKnowRegionsAndZones() {
        assertThat(ec2.describeRegions().regions()).extracting("regionName").contains("eu-central-1", "us-east-1");
        assertThat(ec2.describeAvailabilityZones().availabilityZones())
                .extracting("zoneName")
                .contains("eu-central-1a", "eu-central-1b", "eu-central-1c");
        assertThat(ec2.describeSubnets(request -> request.filters(filter("default-for-az", "true")))
                        .subnets())
                .hasSize(3)
                .allSatisfy(subnet -> assertThat(launched(1, request -> request.subnetId(subnet.subnetId())))
                        .hasSize(1));
        assertThat(ec2.describeVpcs().vpcs())
                .anySatisfy(vpc -> assertThat(vpc.isDefault()).isTrue());
    }

    @Test
    void shouldRefuseDryRun() {
        var refusal = refusalOf(() -> ec2.runInstances(launch(1, request -> request.dryRun(true))));

        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("DryRunOperation");
        assertThat(refusal.statusCode()).isEqualTo(412);
        assertThat(described(marked())).isEmpty();
    }

    @Test
    void shouldAssumeRole() {
        try (var sts = Clients.sts(endpoint(), Clients.CREDENTIALS)) {
            var role = "arn:aws:iam::123456789012:role/provisioner";
            var assumed = sts.assumeRole(request -> request.roleArn(role).roleSessionName("session-1"));

            assertThat(assumed.credentials().accessKeyId()).startsWith("ASIA");
            assertThat(assumed.credentials().expiration()).isAfter(Instant.now().plus(Duration.ofMinutes(50)));
            assertThat(assumed.assumedRoleUser().arn())
                    .isEqualTo("arn:aws:sts::123456789012:assumed-role/provisioner/session-1");
            assertThat(sts.getCallerIdentity().account()).isEqualTo("123456789012");
        }
    }

    /** A launch whose instances carry the mark of this test, beside the tags that {@code more} gives them. */
    private RunInstancesRequest launch(int count, Consumer<RunInstancesRequest.Builder> more) {
        var request = RunInstancesRequest.builder()
                .imageId(imageId(ec2))
                .minCount(count)
                .maxCount(count);
        more.accept(request);
        var given = request.build().tagSpecifications();
        var marked = new ArrayList<Tag>(List.of(tag("test", mark)));
        var specifications = new ArrayList<TagSpecification>();
        for (var specification : given) {
            if (specification.resourceType() == ResourceType.INSTANCE) {
                marked.addAll(specification.tags());
            } else {
                specifications.add(specification);
            }
        }
        specifications.add(TagSpecification.builder()
                .resourceType(ResourceType.INSTANCE)
                .tags(marked)
                .build());
        return request.tagSpecifications(specifications).build();
    }

    private List<String> launched(int count, Consumer<RunInstancesRequest.Builder> more) {
        return ids(ec2.runInstances(launch(count, more)).instances());
    }

    private static List<String> ids(List<Instance> instances) {
        return instances.stream().map(Instance::instanceId).toList();
    }

    private List<Instance> running(List<String> ids) {
        awaitState(ids, InstanceStateName.RUNNING);
        return described(Filter.builder().name("instance-id").values(ids).build());
    }

    private void awaitState(List<String> ids, InstanceStateName state) {
        await().untilAsserted(() -> assertThat(
                        ec2.describeInstances(request -> request.instanceIds(ids)).reservations().stream()
                                .flatMap(reservation -> reservation.instances().stream())
                                .map(instance -> instance.state().name()))
                .hasSameSizeAs(ids)
                .containsOnly(state));
    }

    /** The ids of this test's instances that match. */
    private Set<String> matching(Filter... filters) {
        var all = new ArrayList<>(List.of(filters));
        all.add(marked());
        return described(all.toArray(Filter[]::new)).stream()
                .map(Instance::instanceId)
                .collect(toSet());
    }

    private List<Instance> described(Filter... filters) {
        return ec2
                .describeInstancesPaginator(
                        DescribeInstancesRequest.builder().filters(filters).build())
                .reservations()
                .stream()
                .flatMap(reservation -> reservation.instances().stream())
                .toList();
    }

    private List<String> tagsOf(String id) {
        return ec2.describeTags(request -> request.filters(filter("resource-id", id))).tags().stream()
                .map((TagDescription tag) -> tag.key() + "=" + tag.value())
                .toList();
    }

    private Filter marked() {
        return filter("tag:test", mark);
    }

    private static Filter filter(String name, String... values) {
        return Filter.builder().name(name).values(values).build();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private static TagSpecification tags(ResourceType type, String key, String value) {
        return TagSpecification.builder()
                .resourceType(type)
                .tags(tag(key, value))
                .build();
    }

    private static IpPermission tcp(int port, String cidr) {
        return IpPermission.builder()
                .ipProtocol("tcp")
                .fromPort(port)
                .toPort(port)
                .ipRanges(IpRange.builder().cidrIp(cidr).build())
                .build();
    }
}
