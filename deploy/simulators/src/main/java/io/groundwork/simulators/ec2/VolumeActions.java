package io.groundwork.simulators.ec2;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Disks: described, and deleted where they outlived their instance. They are made by RunInstances alone. */
final class VolumeActions {
    private VolumeActions() {}

    static void describe(Call call, Xml answer) {
        var ids = call.parameters().list("VolumeId");
        var volumes = new ArrayList<Volume>();
        for (var id : ids) {
            volumes.add(find(call, id));
        }
        if (ids.isEmpty()) {
            call.region().volumes().stream()
                    .filter(volume -> isVisible(call, volume))
                    .forEach(volumes::add);
        }
        volumes.sort(Comparator.comparing(Volume::id));
        var selected = Filters.of(call.parameters()).selectTagged(volumes, filters(call));
        var page = Page.of(call.parameters(), selected, Volume::id);
        answer.items("volumeSet", page.items(), (xml, volume) -> {
                    var attached = owner(call, volume);
                    xml.text("volumeId", volume.id())
                            .text("size", volume.sizeGiB())
                            .text("snapshotId", "")
                            .text("availabilityZone", volume.zone())
                            .text("status", status(call, volume))
                            .text("createTime", volume.createTime())
                            .items(
                                    "attachmentSet",
                                    attached.stream().toList(),
                                    (item, instance) -> item.text("volumeId", volume.id())
                                            .text("instanceId", instance.id())
                                            .text("device", volume.device())
                                            .text("status", "attached")
                                            .text("attachTime", volume.createTime())
                                            .text("deleteOnTermination", volume.deleteOnTermination()))
                            .tags(volume.tags())
                            .text("volumeType", volume.type())
                            .text("encrypted", false)
                            .text("multiAttachEnabled", false);
                })
                .text("nextToken", page.nextToken());
    }

    static void delete(Call call, Xml answer) {
        var volume = find(call, call.parameters().required("VolumeId"));
        owner(call, volume).ifPresent(instance -> {
            throw new Ec2Exception(
                    "VolumeInUse", "Volume " + volume.id() + " is currently attached to " + instance.id());
        });
        call.region().commit(List.of(), List.of(volume));
        answer.text("return", true);
    }

    private static Map<String, Function<Volume, Collection<String>>> filters(Call call) {
        return Map.of(
                "volume-id", volume -> List.of(volume.id()),
                "status", volume -> List.of(status(call, volume)),
                "size", volume -> List.of(Integer.toString(volume.sizeGiB())),
                "volume-type", volume -> List.of(volume.type()),
                "availability-zone", volume -> List.of(volume.zone()),
                "attachment.instance-id",
                        volume -> owner(call, volume).map(Instance::id).stream().toList(),
                "attachment.device",
                        volume -> owner(call, volume).isEmpty() ? List.of() : Filters.optional(volume.device()));
    }

    /** Disks come and go with their instance: seen as late as it, and gone when it is terminated unless they are kept. */
    static boolean isVisible(Call call, Volume volume) {
        var instanceId = volume.instanceId();
        if (instanceId == null) {
            return true;
        }
        return call.region()
                .instance(instanceId)
                .filter(instance -> !call.now().isBefore(instance.visibleFrom()))
                .filter(instance -> !instance.isTerminated(call.now()) || !volume.deleteOnTermination())
                .isPresent();
    }

    private static String status(Call call, Volume volume) {
        return owner(call, volume).isPresent() ? "in-use" : "available";
    }

    /** The instance that the disk is attached to; a terminated one has let go of it. */
    private static Optional<Instance> owner(Call call, Volume volume) {
        return Optional.ofNullable(volume.instanceId())
                .flatMap(call.region()::instance)
                .filter(instance -> !instance.isTerminated(call.now()));
    }

    private static Volume find(Call call, String id) {
        return call.region()
                .volume(id)
                .filter(volume -> isVisible(call, volume))
                .orElseThrow(() -> notFound(id));
    }

    static Ec2Exception notFound(String id) {
        return new Ec2Exception("InvalidVolume.NotFound", "The volume '" + id + "' does not exist.");
    }
}
