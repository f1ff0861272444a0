package io.groundwork.simulators.ec2;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** RunInstances: what is asked for is checked as a whole, then launched by one commit, or found launched by its token. */
final class RunInstances {
    private static final int MAX_USER_DATA = 16 * 1024;
    private static final int MAX_CLIENT_TOKEN = 64;
    private static final Set<String> TAGGABLE =
            Set.of("instance", "volume", "network-interface", "spot-instances-request");

    /** Not a part of what is asked for, so a repetition may differ in them. */
    private static final Set<String> NOT_FINGERPRINTED = Set.of("Action", "Version", "ClientToken", "DryRun");

    private record Disk(String device, int sizeGiB, String type, boolean deleteOnTermination) {}

    private final Call call;
    private final Parameters parameters;
    private final Region region;

    private RunInstances(Call call) {
        this.call = call;
        this.parameters = call.parameters();
        this.region = call.region();
    }

    static void answer(Call call, Xml answer) {
        new RunInstances(call).run(answer);
    }

    private void run(Xml answer) {
        var token = parameters.string("ClientToken");
        if (token.filter(text -> text.length() > MAX_CLIENT_TOKEN).isPresent()) {
            throw Ec2Exception.invalidValue("clientToken", token.get(), "Expected at most 64 ASCII characters.");
        }
        var launchId = token.map(
                text -> Launch.id(namedSubnet().map(Network.Subnet::zone).orElse(""), text));
        var earlier = launchId.flatMap(id -> region.launch(id, call.now()));
        var instances = earlier.isPresent() ? repeated(earlier.get()) : launch(launchId);
        InstanceXml.reservation(answer, call, instances);
    }

    /** @see Launch */
    private List<Instance> repeated(Launch launch) {
        if (!launch.fingerprint().equals(fingerprint())) {
            throw new Ec2Exception(
                    "IdempotentParameterMismatch",
                    "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).");
        }
        var known = launch.instanceIds().stream()
                .flatMap(id -> region.instance(id).stream())
                .filter(instance -> !instance.lifecycle().isForgotten(call.now()))
                .toList();
        if (known.stream().allMatch(instance -> instance.isTerminated(call.now()))) {
            throw new Ec2Exception(
                    "IdempotentInstanceTerminated",
                    "The client token you have provided is associated with a terminated instance."
                            + " Please use a different client token.");
        }
        return known;
    }

    private String fingerprint() {
        var text = new StringBuilder();
        parameters.forEach((name, value) -> {
            if (!NOT_FINGERPRINTED.contains(name) && !name.startsWith("X-Amz-")) {
                text.append(name.length())
                        .append(':')
                        .append(name)
                        .append(value.length())
                        .append(':')
                        .append(value);
            }
        });
        return Signature.hex(Signature.sha256(Signature.utf8(text.toString())));
    }

    private List<Instance> launch(Optional<String> launchId) {
        var count = count();
        var image = image();
        var type = instanceType();
        var keyName = keyName();
        var groupIds = groupIds();
        var userData = userData();
        var tags = Tags.ofSpecifications(parameters, TAGGABLE);
        var disks = disks(image);
        var subnet = namedSubnet().orElseGet(() -> {
            var subnets = region.network().subnets();
            return subnets.get((int) (region.lastSequence() % subnets.size()));
        });
        var reservationId = Ids.next("r");
        var lifecycle = Lifecycle.starting(call.now(), call.settings().launchDelay());
        var instances = new ArrayList<Instance>();
        var made = new ArrayList<Resource>();
        for (var index = 0; index < fitting(count, type, subnet); index++) {
            var id = Ids.next("i");
            var sequence = region.lastSequence() + 1 + index;
            var devices = new ArrayList<Instance.Device>();
            for (var disk : disks) {
                var volume = new Volume(
                        Ids.next("vol"),
                        subnet.zone(),
                        disk.sizeGiB,
                        disk.type,
                        call.now(),
                        id,
                        disk.device,
                        disk.deleteOnTermination,
                        tags.getOrDefault("volume", Map.of()));
                devices.add(new Instance.Device(disk.device, volume.id(), disk.deleteOnTermination));
                made.add(volume);
            }
            instances.add(new Instance(
                    id,
                    sequence,
                    reservationId,
                    index,
                    image.id(),
                    type,
                    keyName.orElse(null),
                    groupIds,
                    subnet.id(),
                    subnet.zone(),
                    parameters.string("Placement.Tenancy").orElse("default"),
                    address(subnet, sequence, instances),
                    userData.orElse(null),
                    parameters.string("ClientToken").orElse(null),
                    List.copyOf(devices),
                    call.now(),
                    visibleFrom(),
                    lifecycle,
                    tags.getOrDefault("instance", Map.of())));
        }
        made.addAll(instances);
        launchId.ifPresent(id -> made.add(new Launch(
                id,
                fingerprint(),
                reservationId,
                instances.stream().map(Instance::id).toList(),
                null)));
        region.commit(made, List.of());
        return instances;
    }

    private record Count(int min, int max) {}

    private Count count() {
        var min = parameters.integer("MinCount").orElseThrow(() -> Ec2Exception.missing("MinCount"));
        var max = parameters.integer("MaxCount").orElseThrow(() -> Ec2Exception.missing("MaxCount"));
        if (min < 1) {
            throw Ec2Exception.invalidValue("minCount", min.toString(), "Expecting at least 1.");
        }
        if (max < min) {
            throw Ec2Exception.invalidValue("maxCount", max.toString(), "Expecting at least minCount.");
        }
        return new Count(min, max);
    }

    /** As many as there is room for. */
    private int fitting(Count count, String type, Network.Subnet subnet) {
        var capacity = call.settings().capacity();
        if (capacity == null) {
            return count.max;
        }
        var used = region.instances().stream()
                .filter(instance -> !instance.isTerminated(call.now()))
                .count();
        var room = (int) Math.max(0, capacity - used);
        if (room < count.min) {
            throw Ec2Exception.noCapacity(type, subnet.zone());
        }
        return Math.min(room, count.max);
    }

    private Catalogue.Image image() {
        var id = parameters.required("ImageId");
        if (!id.matches("ami-[0-9a-f]{8}([0-9a-f]{9})?")) {
            throw new Ec2Exception("InvalidAMIID.Malformed", "Invalid id: \"" + id + "\" (expecting \"ami-...\")");
        }
        return region.images().stream()
                .filter(image -> image.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () -> new Ec2Exception("InvalidAMIID.NotFound", "The image id '[" + id + "]' does not exist"));
    }

    private String instanceType() {
        var type = parameters.string("InstanceType").orElse(Catalogue.DEFAULT_INSTANCE_TYPE);
        if (!Catalogue.hasInstanceType(type)) {
            throw Ec2Exception.invalidValue("Invalid value '" + type + "' for InstanceType.");
        }
        return type;
    }

    private Optional<String> keyName() {
        return parameters
                .string("KeyName")
                .map(name -> region.keyPairNamed(name)
                        .orElseThrow(() -> KeyPairActions.notFound(name))
                        .name());
    }

    private List<String> groupIds() {
        var ids = new ArrayList<>(parameters.list("SecurityGroupId"));
        firstInterface().ifPresent(first -> ids.addAll(first.list("SecurityGroupId")));
        var groups = new ArrayList<String>();
        ids.forEach(id -> groups.add(
                region.group(id).orElseThrow(() -> GroupActions.notFound(id)).id()));
        parameters
                .list("SecurityGroup")
                .forEach(name -> groups.add(region.groupNamed(name)
                        .orElseThrow(() -> GroupActions.notFound(name))
                        .id()));
        if (groups.isEmpty()) {
            region.groupNamed(SecurityGroup.DEFAULT_NAME).ifPresent(group -> groups.add(group.id()));
        }
        return groups.stream().distinct().toList();
    }

    private Optional<Parameters> firstInterface() {
        return parameters.structures("NetworkInterface").stream().findFirst();
    }

    /** The subnet that the call names, by its id or by its zone. */
    private Optional<Network.Subnet> namedSubnet() {
        var id = parameters.string("SubnetId").or(() -> firstInterface().flatMap(first -> first.string("SubnetId")));
        if (id.isPresent()) {
            return Optional.of(region.network()
                    .subnet(id.get())
                    .orElseThrow(() -> new Ec2Exception(
                            "InvalidSubnetID.NotFound", "The subnet ID '" + id.get() + "' does not exist")));
        }
        return parameters
                .string("Placement.AvailabilityZone")
                .map(zone -> region.network()
                        .inZone(zone)
                        .orElseThrow(() -> Ec2Exception.invalidValue("Invalid availability zone: [" + zone + "]")));
    }

    private Optional<String> userData() {
        var userData = parameters.string("UserData");
        userData.ifPresent(text -> {
            try {
                // EC2's clients send it in lines or not, padded or not.
                if (Base64.getMimeDecoder().decode(text).length > MAX_USER_DATA) {
                    throw Ec2Exception.invalidValue("User data is limited to " + MAX_USER_DATA + " bytes");
                }
            } catch (IllegalArgumentException e) {
                throw Ec2Exception.invalidValue("Invalid BASE64 encoding of user data.");
            }
        });
        return userData;
    }

    /** The disks of each instance, the root first: the image's, as the call changes it, and more. */
    private List<Disk> disks(Catalogue.Image image) {
        var root = new Disk(image.rootDevice(), image.rootGiB(), "gp3", true);
        var more = new ArrayList<Disk>();
        for (var mapping : parameters.structures("BlockDeviceMapping")) {
            var device = mapping.required("DeviceName");
            var size = mapping.integer("Ebs.VolumeSize").orElse(image.rootGiB());
            if (size < image.rootGiB() && device.equals(image.rootDevice())) {
                throw new Ec2Exception(
                        "InvalidBlockDeviceMapping",
                        "Volume of size " + size + "GB is smaller than the snapshot of the image, expect size >= "
                                + image.rootGiB() + "GB");
            }
            if (size < 1) {
                throw Ec2Exception.invalidValue("volumeSize", Integer.toString(size), "Expecting at least 1.");
            }
            var disk = new Disk(
                    device,
                    size,
                    mapping.string("Ebs.VolumeType").orElse("gp3"),
                    mapping.string("Ebs.DeleteOnTermination").isEmpty() || mapping.flag("Ebs.DeleteOnTermination"));
            if (device.equals(image.rootDevice())) {
                root = disk;
            } else {
                more.add(disk);
            }
        }
        more.add(0, root);
        return more;
    }

    private String address(Network.Subnet subnet, long sequence, List<Instance> launched) {
        return subnet.address(
                        (int) (sequence % Network.Subnet.CAPACITY),
                        address -> region.isTaken(address)
                                || launched.stream()
                                        .anyMatch(other -> other.privateIp().equals(address)))
                .orElseThrow(() -> new Ec2Exception(
                        "InsufficientFreeAddressesInSubnet",
                        "There are not enough free addresses in subnet '" + subnet.id() + "' to satisfy the request."));
    }

    private Instant visibleFrom() {
        return call.now().plus(call.settings().consistencyDelay());
    }
}
