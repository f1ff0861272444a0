package io.groundwork.simulators.ec2;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What EC2 offers: regions, zones, the default network and public images. */
final class CatalogueActions {
    private CatalogueActions() {}

    static void describeRegions(Call call, Xml answer) {
        var names = call.parameters().list("RegionName");
        names.stream()
                .filter(name -> !Catalogue.REGIONS.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw Ec2Exception.invalidValue("Invalid region name: [" + name + "]");
                });
        Map<String, Function<String, Collection<String>>> filters = Map.of(
                "region-name", List::of,
                "endpoint", name -> List.of(endpoint(name)),
                "opt-in-status", name -> List.of("opt-in-not-required"));
        var regions = Filters.of(call.parameters()).select(names.isEmpty() ? Catalogue.REGIONS : names, filters);
        answer.items(
                "regionInfo",
                regions,
                (xml, name) -> xml.text("regionName", name)
                        .text("regionEndpoint", endpoint(name))
                        .text("optInStatus", "opt-in-not-required"));
    }

    private static String endpoint(String region) {
        return "ec2." + region + ".amazonaws.com";
    }

    static void describeZones(Call call, Xml answer) {
        var names = call.parameters().list("ZoneName");
        var network = call.region().network();
        names.stream()
                .filter(name -> network.inZone(name).isEmpty())
                .findFirst()
                .ifPresent(name -> {
                    throw Ec2Exception.invalidValue("Invalid availability zone: [" + name + "]");
                });
        Map<String, Function<Network.Subnet, Collection<String>>> filters = Map.of(
                "zone-name", zone -> List.of(zone.zone()),
                "zone-id", zone -> List.of(zone.zoneId()),
                "region-name", zone -> List.of(network.region()),
                "state", zone -> List.of("available"));
        var zones = network.subnets().stream()
                .filter(subnet -> names.isEmpty() || names.contains(subnet.zone()))
                .toList();
        answer.items(
                "availabilityZoneInfo",
                Filters.of(call.parameters()).select(zones, filters),
                (xml, zone) -> xml.text("zoneName", zone.zone())
                        .text("zoneState", "available")
                        .text("regionName", network.region())
                        .text("zoneId", zone.zoneId())
                        .text("zoneType", "availability-zone")
                        .text("optInStatus", "opt-in-not-required")
                        .text("groupName", network.region())
                        .text("networkBorderGroup", network.region()));
    }

    static void describeVpcs(Call call, Xml answer) {
        var network = call.region().network();
        call.parameters().list("VpcId").stream()
                .filter(id -> !id.equals(network.vpcId()))
                .findFirst()
                .ifPresent(id -> {
                    throw new Ec2Exception("InvalidVpcID.NotFound", "The vpc ID '" + id + "' does not exist");
                });
        Map<String, Function<Network, Collection<String>>> filters = Map.of(
                "vpc-id", vpc -> List.of(vpc.vpcId()),
                "is-default", vpc -> List.of("true"),
                "isDefault", vpc -> List.of("true"),
                "state", vpc -> List.of("available"),
                "cidr", vpc -> List.of(Network.CIDR));
        answer.items(
                "vpcSet",
                Filters.of(call.parameters()).select(List.of(network), filters),
                (xml, vpc) -> xml.text("vpcId", vpc.vpcId())
                        .text("ownerId", call.identity().account())
                        .text("state", "available")
                        .text("cidrBlock", Network.CIDR)
                        .text("instanceTenancy", "default")
                        .text("isDefault", true));
    }

    static void describeSubnets(Call call, Xml answer) {
        var network = call.region().network();
        var ids = call.parameters().list("SubnetId");
        ids.stream().filter(id -> network.subnet(id).isEmpty()).findFirst().ifPresent(id -> {
            throw new Ec2Exception("InvalidSubnetID.NotFound", "The subnet ID '" + id + "' does not exist");
        });
        Map<String, Function<Network.Subnet, Collection<String>>> filters = Map.of(
                "subnet-id", subnet -> List.of(subnet.id()),
                "vpc-id", subnet -> List.of(network.vpcId()),
                "availability-zone", subnet -> List.of(subnet.zone()),
                "default-for-az", subnet -> List.of("true"),
                "state", subnet -> List.of("available"));
        var subnets = network.subnets().stream()
                .filter(subnet -> ids.isEmpty() || ids.contains(subnet.id()))
                .toList();
        answer.items(
                "subnetSet",
                Filters.of(call.parameters()).select(subnets, filters),
                (xml, subnet) -> xml.text("subnetId", subnet.id())
                        .text("ownerId", call.identity().account())
                        .text("state", "available")
                        .text("vpcId", network.vpcId())
                        .text("cidrBlock", subnet.cidr())
                        .text("availableIpAddressCount", Network.Subnet.CAPACITY)
                        .text("availabilityZone", subnet.zone())
                        .text("availabilityZoneId", subnet.zoneId())
                        .text("defaultForAz", true)
                        .text("mapPublicIpOnLaunch", false));
    }

    static void describeImages(Call call, Xml answer) {
        var ids = call.parameters().list("ImageId");
        var owners = call.parameters().list("Owner");
        var images = call.region().images();
        ids.stream()
                .filter(id -> images.stream().noneMatch(image -> image.id().equals(id)))
                .findFirst()
                .ifPresent(id -> {
                    throw new Ec2Exception("InvalidAMIID.NotFound", "The image id '[" + id + "]' does not exist");
                });
        Map<String, Function<Catalogue.Image, Collection<String>>> filters = Map.of(
                "image-id", image -> List.of(image.id()),
                "name", image -> List.of(image.name()),
                "description", image -> List.of(image.description()),
                "owner-id", image -> List.of(image.owner()),
                "architecture", image -> List.of("x86_64"),
                "state", image -> List.of("available"),
                "is-public", image -> List.of("true"),
                "image-type", image -> List.of("machine"),
                "root-device-type", image -> List.of("ebs"),
                "virtualization-type", image -> List.of("hvm"));
        var candidates = images.stream()
                .filter(image -> ids.isEmpty() || ids.contains(image.id()))
                .filter(image -> owners.isEmpty() || owners.contains(image.owner()))
                .toList();
        answer.items(
                "imagesSet",
                Filters.of(call.parameters()).select(candidates, filters),
                (xml, image) -> xml.text("imageId", image.id())
                        .text("imageLocation", image.owner() + "/" + image.name())
                        .text("imageState", "available")
                        .text("imageOwnerId", image.owner())
                        .text("creationDate", "2024-06-01T00:00:00.000Z")
                        .text("isPublic", true)
                        .text("architecture", "x86_64")
                        .text("imageType", "machine")
                        .text("name", image.name())
                        .text("description", image.description())
                        .text("rootDeviceType", "ebs")
                        .text("rootDeviceName", image.rootDevice())
                        .items(
                                "blockDeviceMapping",
                                List.of(image),
                                (item, owner) -> item.text("deviceName", owner.rootDevice())
                                        .nested(
                                                "ebs",
                                                ebs -> ebs.text("volumeSize", owner.rootGiB())
                                                        .text("volumeType", "gp3")
                                                        .text("deleteOnTermination", true)
                                                        .text("encrypted", false)))
                        .text("virtualizationType", "hvm")
                        .text("hypervisor", "xen")
                        .text("enaSupport", true));
    }
}
