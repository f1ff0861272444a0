package io.groundwork.simulators.ec2;

import static io.groundwork.simulators.ec2.Clients.codeOf;
import static io.groundwork.simulators.ec2.Clients.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;

/** What EC2 does and other simulators do not, or not when a test needs it. */
class Ec2SimulatorTest extends SimulatorTest {

    @Test
    void shouldKeepToTheDelaysOfTheLifecycle() {
        var id = launched(each -> {}).get(0);
        assertThat(stateOf(id)).isEqualTo("pending");
        clock.advance(LAUNCH.minusMillis(1));
        assertThat(stateOf(id)).isEqualTo("pending");
        clock.advance(Duration.ofMillis(1));
        assertThat(stateOf(id)).isEqualTo("running");

        ec2.terminateInstances(each -> each.instanceIds(id));
        clock.advance(SHUTDOWN.minusMillis(1));
        assertThat(stateOf(id)).isEqualTo("shutting-down");
        clock.advance(Duration.ofMillis(1));
        assertThat(stateOf(id)).isEqualTo("terminated");

        clock.advance(VISIBLE.minusMillis(1));
        assertThat(described(id).privateIpAddress()).isNull();
        assertThat(described(id).stateReason().code()).isEqualTo("Client.UserInitiatedShutdown");
        clock.advance(Duration.ofMillis(1));
        assertThat(codeOf(() -> described(id))).isEqualTo("InvalidInstanceID.NotFound");
        assertThat(simulator.instances()).isEmpty();
    }

    @Test
    void shouldApplyChangedSettingsToWhatFollows() {
        var before = launched(each -> {}).get(0);
        simulator.change(simulator.settings().withLaunchDelay(Duration.ZERO));
        var after = launched(each -> {}).get(0);

        assertThat(stateOf(before)).isEqualTo("pending");
        assertThat(stateOf(after)).isEqualTo("running");
    }

    @Test
    void shouldTerminateAgainWithoutEffect() {
        var id = launched(each -> {}).get(0);
        ec2.terminateInstances(each -> each.instanceIds(id));
        clock.advance(SHUTDOWN);

        assertThat(ec2.terminateInstances(each -> each.instanceIds(id)).terminatingInstances())
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.previousState().nameAsString()).isEqualTo("terminated");
                    assertThat(change.currentState().nameAsString()).isEqualTo("terminated");
                });
        clock.advance(VISIBLE);
        assertThat(simulator.instances()).isEmpty();
    }

    @Test
    void shouldStopOnlyWhatRuns() {
        var id = launched(each -> {}).get(0);
        assertThat(codeOf(() -> ec2.stopInstances(each -> each.instanceIds(id))))
                .isEqualTo("IncorrectInstanceState");
        clock.advance(LAUNCH);
        ec2.stopInstances(each -> each.instanceIds(id));
        assertThat(codeOf(() -> ec2.startInstances(each -> each.instanceIds(id))))
                .isEqualTo("IncorrectInstanceState");
        clock.advance(SHUTDOWN);
        ec2.startInstances(each -> each.instanceIds(id));
        ec2.startInstances(each -> each.instanceIds(id));
        clock.advance(LAUNCH);

        assertThat(stateOf(id)).isEqualTo("running");
    }

    @Test
    void shouldHideNewInstancesForTheConsistencyDelay() {
        var delay = Duration.ofSeconds(20);
        simulator.change(simulator.settings().withConsistencyDelay(delay));
        var request = launch(each -> each.clientToken("token")
                .tagSpecifications(tagged(Tag.builder().key("a").value("b").build())));
        var id = ec2.runInstances(request).instances().get(0).instanceId();
        clock.advance(delay.minusMillis(1));

        assertThat(described()).isEmpty();
        assertThat(codeOf(() -> described(id))).isEqualTo("InvalidInstanceID.NotFound");
        assertThat(codeOf(() -> ec2.terminateInstances(each -> each.instanceIds(id))))
                .isEqualTo("InvalidInstanceID.NotFound");
        assertThat(ec2.describeTags().tags()).isEmpty();
        assertThat(ec2.describeVolumes().volumes()).isEmpty();
        assertThat(ec2.runInstances(request).instances())
                .extracting("instanceId")
                .containsExactly(id);
        assertThat(simulator.instances()).hasSize(1);

        clock.advance(Duration.ofMillis(1));
        assertThat(stateOf(id)).isEqualTo("running");
        assertThat(ec2.describeTags().tags()).hasSize(1);
    }

    @Test
    void shouldLaunchAsManyAsThereIsRoomFor() {
        simulator.change(simulator.settings().withCapacity(3));

        var first = launched(each -> each.minCount(1).maxCount(2));
        var second = launched(each -> each.minCount(1).maxCount(2));
        var refusal = refusalOf(() -> ec2.runInstances(launch(each -> {})));

        assertThat(first).hasSize(2);
        assertThat(second).hasSize(1);
        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("InsufficientInstanceCapacity");
        assertThat(refusal.statusCode()).isEqualTo(500);
        ec2.terminateInstances(each -> each.instanceIds(first));
        clock.advance(SHUTDOWN);
        assertThat(launched(each -> each.minCount(2).maxCount(2))).hasSize(2);
    }

    /** The JDK's client hides the body of a 401, so the code {@code AuthFailure} is seen by {@link #shouldAnswerSignedGet}. */
    @Test
    void shouldRefuseCallersItDoesNotKnow() throws Exception {
        var strangers = AwsBasicCredentials.create("AKIASTRANGER", "x");
        var impostor = AwsBasicCredentials.create(Clients.CREDENTIALS.accessKeyId(), "wrong");
        for (var credentials : new AwsBasicCredentials[] {strangers, impostor}) {
            try (var client = Clients.ec2(simulator.baseUrl(), Region.EU_CENTRAL_1, credentials)) {
                assertThat(refusalOf(client::describeInstances).statusCode()).isEqualTo(401);
            }
            try (var client = Clients.sts(simulator.baseUrl(), credentials)) {
                var refusal = refusalOf(client::getCallerIdentity);
                assertThat(refusal.statusCode()).isEqualTo(403);
                assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("InvalidClientTokenId");
            }
        }
        var unsigned = get("?Action=DescribeInstances&Version=2016-11-15");
        assertThat(unsigned).startsWith("403").contains("<Code>MissingAuthenticationToken</Code>");
    }

    @Test
    void shouldLetAssumedRolesIn() {
        try (var sts = Clients.sts(simulator.baseUrl(), Clients.CREDENTIALS)) {
            var session = sts.assumeRole(request -> request.roleArn("arn:aws:iam::210987654321:role/path/isolated")
                            .roleSessionName("me")
                            .durationSeconds(900))
                    .credentials();
            var credentials = AwsSessionCredentials.create(
                    session.accessKeyId(), session.secretAccessKey(), session.sessionToken());
            var forged = AwsSessionCredentials.create(
                    session.accessKeyId(), session.secretAccessKey(), session.sessionToken() + "x");

            try (var assumed = Clients.sts(simulator.baseUrl(), credentials)) {
                assertThat(assumed.getCallerIdentity().arn())
                        .isEqualTo("arn:aws:sts::210987654321:assumed-role/path/isolated/me");
            }
            try (var client = Clients.ec2(simulator.baseUrl(), Region.EU_CENTRAL_1, credentials)) {
                var owner = client.runInstances(launch(each -> {})).ownerId();
                assertThat(owner).isEqualTo("210987654321");
                clock.advance(Duration.ofMinutes(15));
                assertThat(codeOf(client::describeInstances)).isEqualTo("RequestExpired");
            }
            try (var client = Clients.ec2(simulator.baseUrl(), Region.EU_CENTRAL_1, forged)) {
                assertThat(refusalOf(client::describeInstances).statusCode()).isEqualTo(401);
            }
            assertThat(codeOf(() ->
                            sts.assumeRole(request -> request.roleArn("role").roleSessionName("me"))))
                    .isEqualTo("ValidationError");
        }
    }

    @Test
    void shouldAnswerSignedGet() throws Exception {
        var id = launched(each -> {}).get(0);
        var query = "?Action=DescribeInstances&Version=2016-11-15&Filter.1.Name=instance-id&Filter.1.Value.1=" + id
                + "&Filter.2.Name=tag%3Aa~b&Filter.2.Value.1=%2A+c";
        var impostor = AwsBasicCredentials.create(Clients.CREDENTIALS.accessKeyId(), "wrong");

        assertThat(signedGet(query, Clients.CREDENTIALS))
                .startsWith("200")
                .contains("<reservationSet></reservationSet>");
        assertThat(signedGet(query, impostor)).startsWith("401").contains("<Code>AuthFailure</Code>");
    }

    private String signedGet(String query, AwsCredentials credentials) throws Exception {
        var request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.GET)
                .uri(simulator.baseUrl().resolve("/" + query))
                .build();
        var signed = AwsV4HttpSigner.create()
                .sign(signing -> signing.identity(credentials)
                        .request(request)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "ec2")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-central-1"));
        var plain = HttpRequest.newBuilder(request.getUri());
        signed.request().headers().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Host")) {
                plain.header(name, values.get(0));
            }
        });
        return send(plain.build());
    }

    @Test
    void shouldRefuseWhatItDoesNotUnderstand() throws Exception {
        assertThat(get("")).startsWith("400").contains("<Code>MissingAction</Code>");
        assertThat(get("?Action=LaunchRockets")).startsWith("400").contains("<Code>InvalidAction</Code>");
        assertThat(get("?Action=%00")).startsWith("400").contains("<Code>InvalidCharacter</Code>");
        assertThat(get("elsewhere")).startsWith("404");
        try (var nowhere = Clients.ec2(simulator.baseUrl(), Region.of("xx-nowhere-1"))) {
            assertThat(refusalOf(nowhere::describeInstances).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void shouldRefuseMalformedLaunches() {
        assertThat(codeOf(() -> ec2.runInstances(launch(each -> each.minCount(0)))))
                .isEqualTo("InvalidParameterValue");
        assertThat(codeOf(() -> ec2.runInstances(launch(each -> each.minCount(2)))))
                .isEqualTo("InvalidParameterValue");
        assertThat(codeOf(() -> ec2.runInstances(launch(each -> each.maxCount(null)))))
                .isEqualTo("MissingParameter");
        assertThat(codeOf(() -> ec2.runInstances(launch(each -> each.imageId(null)))))
                .isEqualTo("MissingParameter");
        assertThat(codeOf(() -> ec2.runInstances(launch(each -> each.imageId("debian-12")))))
                .isEqualTo("InvalidAMIID.Malformed");
        assertThat(codeOf(() -> ec2.runInstances(launch(each -> each.instanceType("t3.humongous")))))
                .isEqualTo("InvalidParameterValue");
        assertThat(codeOf(() -> ec2.runInstances(launch(each -> each.userData("not base 64!?=a")))))
                .isEqualTo("InvalidParameterValue");
        assertThat(codeOf(() -> ec2.runInstances(launch(
                        each -> each.userData(Base64.getEncoder().encodeToString(new byte[16 * 1024 + 1]))))))
                .isEqualTo("InvalidParameterValue");
        assertThat(codeOf(() -> ec2.runInstances(
                        launch(each -> each.placement(placement -> placement.availabilityZone("eu-central-1z"))))))
                .isEqualTo("InvalidParameterValue");
        assertThat(codeOf(() -> ec2.runInstances(launch(each -> each.tagSpecifications(
                        tagged(Tag.builder().key("aws:x").value("b").build()))))))
                .isEqualTo("InvalidParameterValue");
        var tooMany = IntStream.range(0, 51)
                .mapToObj(i -> Tag.builder().key("k" + i).value("v").build())
                .toArray(Tag[]::new);
        assertThat(codeOf(() -> ec2.runInstances(launch(each -> each.tagSpecifications(tagged(tooMany))))))
                .isEqualTo("TagLimitExceeded");
        assertThat(codeOf(() -> ec2.terminateInstances(each -> each.instanceIds("x"))))
                .isEqualTo("InvalidInstanceID.Malformed");
        assertThat(simulator.instances()).isEmpty();
    }

    @Test
    void shouldFilterByWhatOthersDoNot() {
        var id = launched(each -> each.clientToken("mine")).get(0);
        launched(each -> {});

        assertThat(described(filter("client-token", "mine")))
                .extracting("instanceId")
                .containsExactly(id);
        assertThat(described(filter("instance-state-code", "0"))).hasSize(2);
        assertThat(described(filter("instance.group-name", "default"))).hasSize(2);
        assertThat(described(filter("availability-zone", "eu-central-1?"))).hasSize(2);
        assertThat(described(filter("tag:\\*", "\\*"))).isEmpty();
        assertThat(codeOf(() -> described(filter("no-such-filter", "x")))).isEqualTo("InvalidParameterValue");
        var values = IntStream.range(0, 201).mapToObj(i -> "v" + i).toArray(String[]::new);
        assertThat(codeOf(() -> described(filter("tag:a", values)))).isEqualTo("FilterLimitExceeded");
    }

    @Test
    void shouldPageStablyWhileInstancesComeAndGo() {
        var ids = launched(each -> each.minCount(12).maxCount(12));
        var first = ec2.describeInstances(request -> request.maxResults(5));
        ec2.terminateInstances(request -> request.instanceIds(ids.subList(0, 5)));
        clock.advance(SHUTDOWN.plus(VISIBLE));
        launched(each -> {});

        var second = ec2.describeInstances(request -> request.maxResults(5).nextToken(first.nextToken()));

        assertThat(first.reservations().get(0).instances())
                .extracting("instanceId")
                .isEqualTo(ids.subList(0, 5));
        assertThat(second.reservations().get(0).instances())
                .extracting("instanceId")
                .isEqualTo(ids.subList(5, 10));
        assertThat(codeOf(() -> ec2.describeInstances(request -> request.maxResults(4))))
                .isEqualTo("InvalidParameterValue");
        assertThat(codeOf(() -> ec2.describeInstances(request -> request.maxResults(1001))))
                .isEqualTo("InvalidParameterValue");
        assertThat(codeOf(() ->
                        ec2.describeInstances(request -> request.maxResults(5).nextToken("nonsense"))))
                .isEqualTo("InvalidPaginationToken");
        assertThat(codeOf(() ->
                        ec2.describeInstances(request -> request.maxResults(5).instanceIds(ids.get(7)))))
                .isEqualTo("InvalidParameterCombination");
    }

    @Test
    void shouldKeepSecurityGroupsThatAreInUse() {
        var used = group("used");
        var referenced = group("referenced");
        ec2.authorizeSecurityGroupIngress(request -> request.groupId(used)
                .ipPermissions(IpPermission.builder()
                        .ipProtocol("-1")
                        .userIdGroupPairs(
                                UserIdGroupPair.builder().groupId(referenced).build())
                        .build()));
        var id = launched(each -> each.securityGroupIds(used)).get(0);

        assertThat(codeOf(() -> ec2.deleteSecurityGroup(request -> request.groupId(used))))
                .isEqualTo("DependencyViolation");
        assertThat(codeOf(() -> ec2.deleteSecurityGroup(request -> request.groupId(referenced))))
                .isEqualTo("DependencyViolation");
        assertThat(codeOf(() -> ec2.deleteSecurityGroup(request -> request.groupName("default"))))
                .isEqualTo("CannotDelete");
        ec2.terminateInstances(request -> request.instanceIds(id));
        assertThat(codeOf(() -> ec2.deleteSecurityGroup(request -> request.groupId(used))))
                .isEqualTo("DependencyViolation");
        clock.advance(SHUTDOWN);
        ec2.deleteSecurityGroup(request -> request.groupId(used));
        ec2.deleteSecurityGroup(request -> request.groupId(referenced));

        assertThat(ec2.describeSecurityGroups().securityGroups())
                .extracting("groupName")
                .containsExactly("default");
    }

    @Test
    void shouldKeepVolumesThatOutliveTheirInstance() {
        var id = launched(each -> each.blockDeviceMappings(BlockDeviceMapping.builder()
                        .deviceName("/dev/xvda")
                        .ebs(ebs -> ebs.volumeSize(20).deleteOnTermination(false))
                        .build()))
                .get(0);
        var volume = described(id).blockDeviceMappings().get(0).ebs().volumeId();
        assertThat(codeOf(() -> ec2.deleteVolume(request -> request.volumeId(volume))))
                .isEqualTo("VolumeInUse");
        ec2.terminateInstances(request -> request.instanceIds(id));
        clock.advance(SHUTDOWN.plus(VISIBLE));

        assertThat(ec2.describeVolumes(request -> request.filters(filter("status", "available")))
                        .volumes())
                .singleElement()
                .satisfies(kept -> {
                    assertThat(kept.volumeId()).isEqualTo(volume);
                    assertThat(kept.size()).isEqualTo(20);
                });
        ec2.deleteVolume(request -> request.volumeId(volume));
        assertThat(codeOf(() -> ec2.describeVolumes(request -> request.volumeIds(volume))))
                .isEqualTo("InvalidVolume.NotFound");
    }

    @Test
    void shouldOfferTheSeededImagesInEveryRegion() {
        for (var region : Catalogue.REGIONS) {
            try (var client = Clients.ec2(simulator.baseUrl(), Region.of(region))) {
                for (var name : new String[] {"debian-12", "ubuntu-24"}) {
                    var byName = Filter.builder().name("name").values(name).build();
                    assertThat(client.describeImages(request -> request.filters(byName))
                                    .images())
                            .singleElement()
                            .satisfies(image -> {
                                assertThat(image.name()).isEqualTo(name);
                                assertThat(image.imageId()).matches("ami-[0-9a-f]{17}");
                            });
                }
            }
        }
    }

    @Test
    void shouldListMachinesForPeople() throws Exception {
        launched(each -> each.clientToken("token")
                .userData(Base64.getEncoder().encodeToString(new byte[] {1}))
                .tagSpecifications(tagged(Tag.builder().key("a").value("b").build())));
        var list = get("_groundwork/instances?region=eu-central-1&state=pending");

        assertThat(list)
                .startsWith("200")
                .contains(
                        "\"region\" : \"eu-central-1\"",
                        "\"userData\" : true",
                        "\"clientToken\" : \"token\"",
                        "\"a\" : \"b\"");
        assertThat(get("_groundwork/instances?state=running")).contains("[ ]");
    }

    private String group(String name) {
        return ec2.createSecurityGroup(request -> request.groupName(name).description("for a test"))
                .groupId();
    }

    private static TagSpecification tagged(Tag... tags) {
        return TagSpecification.builder()
                .resourceType(ResourceType.INSTANCE)
                .tags(tags)
                .build();
    }

    private String get(String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(simulator.baseUrl() + "/" + path))
                .build());
    }

    /** The status and the body of the answer. */
    private static String send(HttpRequest request) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(request, BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        }
    }
}
