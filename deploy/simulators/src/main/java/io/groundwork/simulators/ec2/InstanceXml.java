package io.groundwork.simulators.ec2;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Instances and their reservations as EC2 answers them. */
final class InstanceXml {
    private InstanceXml() {}

    /** A reservation with some of its instances, at least one. */
    static void reservation(Xml xml, Call call, List<Instance> instances) {
        xml.text("reservationId", instances.get(0).reservationId())
                .text("ownerId", call.identity().account())
                .items("groupSet", List.<String>of(), (item, none) -> {})
                .items("instancesSet", instances, (item, instance) -> instance(item, call, instance));
    }

    private static void instance(Xml xml, Call call, Instance instance) {
        var region = call.region();
        var state = instance.state(call.now());
        var rootDevice = instance.devices().get(0).name();
        // A terminated instance has given its network and its disks back.
        var isThere = state != InstanceState.TERMINATED;
        var address = isThere ? instance.privateIp() : null;
        xml.text("instanceId", instance.id()).text("imageId", instance.imageId());
        state.write(xml, "instanceState");
        xml.text("privateDnsName", address == null ? "" : region.network().dnsName(address))
                .text("dnsName", "")
                .text("reason", orEmpty(instance.lifecycle().reason()))
                .text("keyName", instance.keyName())
                .text("amiLaunchIndex", instance.launchIndex())
                .items("productCodes", List.<String>of(), (item, none) -> {})
                .text("instanceType", instance.instanceType())
                .text("launchTime", instance.launchTime())
                .nested(
                        "placement",
                        placement -> placement
                                .text("availabilityZone", instance.zone())
                                .text("groupName", "")
                                .text("tenancy", instance.tenancy()))
                .nested("monitoring", monitoring -> monitoring.text("state", "disabled"));
        if (instance.lifecycle().reason() != null) {
            xml.nested(
                    "stateReason",
                    reason -> reason.text("code", "Client.UserInitiatedShutdown")
                            .text("message", "Client.UserInitiatedShutdown: User initiated shutdown"));
        }
        if (isThere) {
            xml.text("subnetId", instance.subnetId())
                    .text("vpcId", region.network().vpcId())
                    .text("privateIpAddress", address)
                    .text("sourceDestCheck", true);
        }
        xml.items("groupSet", isThere ? groups(region, instance) : List.of(), InstanceXml::group)
                .text("architecture", "x86_64")
                .text("rootDeviceType", "ebs")
                .text("rootDeviceName", rootDevice)
                .items(
                        "blockDeviceMapping",
                        isThere ? instance.devices() : List.of(),
                        (item, device) -> item.text("deviceName", device.name())
                                .nested(
                                        "ebs",
                                        ebs -> ebs.text("volumeId", device.volumeId())
                                                .text("status", "attached")
                                                .text("attachTime", instance.launchTime())
                                                .text("deleteOnTermination", device.deleteOnTermination())))
                .text("virtualizationType", "hvm")
                .text("clientToken", orEmpty(instance.clientToken()))
                .tags(instance.tags())
                .text("hypervisor", "xen")
                .items(
                        "networkInterfaceSet",
                        isThere ? List.of(instance) : List.<Instance>of(),
                        (item, owner) -> item.text("networkInterfaceId", Ids.derived("eni", owner.id()))
                                .text("subnetId", owner.subnetId())
                                .text("vpcId", region.network().vpcId())
                                .text("ownerId", call.identity().account())
                                .text("status", "in-use")
                                .text("privateIpAddress", owner.privateIp())
                                .text("sourceDestCheck", true)
                                .items("groupSet", groups(region, owner), InstanceXml::group))
                .text("ebsOptimized", false)
                .text("enaSupport", true);
    }

    private static List<SecurityGroup> groups(Region region, Instance instance) {
        return instance.groupIds().stream()
                .flatMap(id -> region.group(id).stream())
                .toList();
    }

    private static void group(Xml xml, SecurityGroup group) {
        xml.text("groupId", group.id()).text("groupName", group.name());
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
