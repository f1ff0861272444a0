package io.groundwork.cloud.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.groundwork.events.Component.Ingress;
import io.groundwork.events.FailureCategory;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.EbsBlockDevice;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.ImageState;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** EC2 by the AWS SDK for Java. */
final class SdkEc2 implements Ec2, AutoCloseable {

    /** EC2 writes "all types" of ICMP as -1; a design writes 0. */
    private static final int ANY_ICMP = -1;
    /** For so long a name means the image that it meant: many machines of one image begin at once. */
    private static final Duration IMAGE_KNOWN = Duration.ofMinutes(1);

    private final Ec2Client client;
    private final Map<String, Found> images = new ConcurrentHashMap<>();

    private record Found(Image image, Instant at) {}

    SdkEc2(Ec2Client client) {
        this.client = client;
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public List<Machine> machines(String operation) {
        return call(() -> client.describeInstancesPaginator(request -> request.filters(of(operation))).stream()
                .flatMap(page -> page.reservations().stream())
                .flatMap(reservation -> reservation.instances().stream())
                .map(SdkEc2::machine)
                .toList());
    }

    @Override
    public Optional<Machine> machine(String id) {
        try {
            return call(() -> client.describeInstances(request -> request.instanceIds(id)).reservations().stream()
                    .flatMap(reservation -> reservation.instances().stream())
                    .map(SdkEc2::machine)
                    .findFirst());
        } catch (Ec2Exception.Refused refused) {
            if (refused.notFound()) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    @Override
    public Machine run(Launch launch) {
        var request = RunInstancesRequest.builder()
                .clientToken(launch.token())
                .minCount(1)
                .maxCount(1)
                .imageId(launch.imageId())
                .instanceType(launch.instanceType())
                .tagSpecifications(
                        tagged(ResourceType.INSTANCE, launch.tags()), tagged(ResourceType.VOLUME, launch.tags()));
        if (launch.bootVolumeGiB() != null) {
            request.blockDeviceMappings(BlockDeviceMapping.builder()
                    .deviceName(launch.rootDevice())
                    .ebs(EbsBlockDevice.builder()
                            .volumeSize(launch.bootVolumeGiB())
                            .deleteOnTermination(true)
                            .build())
                    .build());
        }
        if (!launch.groupIds().isEmpty()) {
            request.securityGroupIds(launch.groupIds());
        }
        if (launch.keyName() != null) {
            request.keyName(launch.keyName());
        }
        if (launch.userData() != null) {
            request.userData(
                    Base64.getEncoder().encodeToString(launch.userData().getBytes(UTF_8)));
        }
        return call(
                () -> machine(client.runInstances(request.build()).instances().getFirst()));
    }

    @Override
    public boolean terminate(List<String> ids) {
        var changes = call(() -> client.terminateInstances(request -> request.instanceIds(ids)))
                .terminatingInstances();
        return changes.size() == ids.size()
                && changes.stream().allMatch(change -> change.currentState().name() == InstanceStateName.TERMINATED);
    }

    @Override
    public Optional<Image> image(String name) {
        var now = Instant.now();
        var known = images.get(name);
        if (known != null && now.isBefore(known.at().plus(IMAGE_KNOWN))) {
            return Optional.of(known.image());
        }
        var found = newest(name);
        found.ifPresentOrElse(image -> images.put(name, new Found(image, now)), () -> images.remove(name));
        return found;
    }

    private Optional<Image> newest(String name) {
        return call(() -> client
                .describeImages(request ->
                        request.filters(filter("name", name), filter("state", ImageState.AVAILABLE.toString())))
                .images()
                .stream()
                .max(Comparator.comparing(
                                software.amazon.awssdk.services.ec2.model.Image::creationDate,
                                Comparator.nullsFirst(Comparator.naturalOrder()))
                        .thenComparing(software.amazon.awssdk.services.ec2.model.Image::imageId))
                .map(image -> new Image(image.imageId(), image.rootDeviceName())));
    }

    @Override
    public List<Group> groups(String operation) {
        return call(() -> client.describeSecurityGroupsPaginator(request -> request.filters(of(operation))).stream()
                .flatMap(page -> page.securityGroups().stream())
                .map(group -> new Group(
                        group.groupId(),
                        group.groupName(),
                        group.ipPermissions().stream().flatMap(SdkEc2::ingress).collect(Collectors.toSet())))
                .toList());
    }

    @Override
    public String createGroup(String name, String description, Map<String, String> tags) {
        return call(() -> client.createSecurityGroup(request -> request.groupName(name)
                        .description(description)
                        .tagSpecifications(tagged(ResourceType.SECURITY_GROUP, tags)))
                .groupId());
    }

    @Override
    public void allow(String groupId, List<Ingress> ingress) {
        var permissions = ingress.stream().map(SdkEc2::permission).toList();
        call(() -> client.authorizeSecurityGroupIngress(
                request -> request.groupId(groupId).ipPermissions(permissions)));
    }

    @Override
    public void deleteGroup(String id) {
        call(() -> client.deleteSecurityGroup(request -> request.groupId(id)));
    }

    @Override
    public List<Key> keys(String operation) {
        return call(() -> client.describeKeyPairs(request -> request.filters(of(operation))).keyPairs().stream()
                .map(key -> new Key(key.keyPairId(), key.keyName()))
                .toList());
    }

    @Override
    public String importKey(String name, String publicKey, Map<String, String> tags) {
        return call(() -> client.importKeyPair(request -> request.keyName(name)
                        .publicKeyMaterial(SdkBytes.fromUtf8String(publicKey))
                        .tagSpecifications(tagged(ResourceType.KEY_PAIR, tags)))
                .keyPairId());
    }

    @Override
    public void deleteKey(String id) {
        call(() -> client.deleteKeyPair(request -> request.keyPairId(id)));
    }

    private static <T> T call(Supplier<T> call) {
        try {
            return call.get();
        } catch (AwsServiceException refused) {
            var details = refused.awsErrorDetails();
            throw Ec2Exception.Refused.of(
                    details == null || details.errorCode() == null ? "Unknown" : details.errorCode(),
                    refused.statusCode());
        } catch (SdkException failed) {
            throw neverSent(failed)
                    .<Ec2Exception>map(refused -> refused)
                    .orElseGet(
                            () -> new Ec2Exception.Unanswered(failed.getClass().getSimpleName(), failed));
        }
    }

    /** What failed before anything went out. */
    private static Optional<Ec2Exception.Refused> neverSent(SdkException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException) {
                return Optional.of(new Ec2Exception.Refused(
                        cause.getClass().getSimpleName(), FailureCategory.CONNECTIVITY, true, true));
            }
        }
        var message = failed instanceof SdkClientException ? failed.getMessage() : null;
        return message != null && message.startsWith("Unable to load credentials")
                ? Optional.of(new Ec2Exception.Refused("NoCredentials", FailureCategory.AUTH, false, true))
                : Optional.empty();
    }

    private static Machine machine(Instance instance) {
        var tags = instance.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value, (a, b) -> a));
        var attempt = tags.getOrDefault(ATTEMPT, "0");
        var reason = instance.stateReason();
        return new Machine(
                instance.instanceId(),
                state(instance.state().name()),
                attempt.matches("\\d{1,9}") ? Integer.parseInt(attempt) : 0,
                instance.privateIpAddress(),
                instance.launchTime() == null ? Instant.EPOCH : instance.launchTime(),
                reason == null ? null : reason.code());
    }

    private static State state(InstanceStateName name) {
        return switch (name) {
            case RUNNING -> State.RUNNING;
            case SHUTTING_DOWN -> State.SHUTTING_DOWN;
            case TERMINATED -> State.TERMINATED;
            case STOPPING -> State.STOPPING;
            case STOPPED -> State.STOPPED;
            // an unknown one is looked at again
            case PENDING, UNKNOWN_TO_SDK_VERSION -> State.PENDING;
        };
    }

    private static Filter of(String operation) {
        // in a filter's value these have a meaning of their own
        return filter("tag:" + OPERATION, operation.replaceAll("[\\\\*?]", "\\\\$0"));
    }

    private static Filter filter(String name, String value) {
        return Filter.builder().name(name).values(value).build();
    }

    private static TagSpecification tagged(ResourceType type, Map<String, String> tags) {
        return TagSpecification.builder()
                .resourceType(type)
                .tags(tags.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList())
                .build();
    }

    private static IpPermission permission(Ingress ingress) {
        var port = ingress.protocol().equals("icmp") ? ANY_ICMP : ingress.port();
        var permission = IpPermission.builder()
                .ipProtocol(ingress.protocol())
                .fromPort(port)
                .toPort(port);
        return (ingress.cidr().contains(":")
                        ? permission.ipv6Ranges(
                                Ipv6Range.builder().cidrIpv6(ingress.cidr()).build())
                        : permission.ipRanges(
                                IpRange.builder().cidrIp(ingress.cidr()).build()))
                .build();
    }

    private static Stream<Ingress> ingress(IpPermission permission) {
        var protocol = permission.ipProtocol().toLowerCase(Locale.ROOT);
        var port = protocol.equals("icmp") ? 0 : orZero(permission.fromPort());
        return Stream.concat(
                        permission.ipRanges().stream().map(IpRange::cidrIp),
                        permission.ipv6Ranges().stream().map(Ipv6Range::cidrIpv6))
                .map(cidr -> new Ingress(protocol, port, cidr));
    }

    private static int orZero(@Nullable Integer port) {
        return port == null ? 0 : port;
    }
}
