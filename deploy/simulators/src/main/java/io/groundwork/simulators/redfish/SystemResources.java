package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.simulators.redfish.Machine.Source;
import io.groundwork.simulators.redfish.Profile.Feature;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The computer itself: power, boot, processors, memory, network interfaces, storage. */
final class SystemResources {
    private static final String SYSTEM = "Systems/{system}";
    private static final String RESET = "ComputerSystem.Reset";
    private static final String STORAGE = SYSTEM + "/Storage/1";
    private static final String DRIVE = STORAGE + "/Drives/{drive}";
    private static final String ERASE = "Drive.SecureErase";
    private static final List<String> ENABLED = List.of("Disabled", "Once", "Continuous");
    private static final List<String> MODES = List.of("UEFI", "Legacy");
    private static final int DIMM_GIB = 32;

    void addTo(Route.Table table) {
        table.get(
                "Systems",
                "ComputerSystemCollection",
                call -> Body.collection(
                        call,
                        "ComputerSystem",
                        call.servers().stream()
                                .map(server -> call.isAggregate()
                                        ? call.root() + "/Systems/" + server.id()
                                        : server.alone(call::system))
                                .toList()));
        table.get(SYSTEM, "ComputerSystem", SystemResources::system);
        table.machine("PATCH", SYSTEM, "PATCH ComputerSystem", SystemResources::change);
        table.machine("POST", SYSTEM + "/Actions/" + RESET, RESET, SystemResources::reset);
        table.get(SYSTEM + "/ResetActionInfo", "ActionInfo", SystemResources::resetInfo);
        parts(
                table,
                "Processors",
                "Processor",
                machine -> machine.spec.hardware().processors(),
                (call, machine) -> processor(call, machine, part(call)));
        parts(
                table,
                "Memory",
                "Memory",
                SystemResources::dimms,
                (call, machine) -> Body.resource(
                                call.path(),
                                "Memory",
                                "v1_17_0",
                                call.parameter("part"),
                                "DIMM " + call.parameter("part"))
                        .put("MemoryType", "DRAM")
                        .put("MemoryDeviceType", "DDR4")
                        .put("CapacityMiB", 1024 * machine.spec.memory() / dimms(machine)));
        parts(
                table,
                "EthernetInterfaces",
                "EthernetInterface",
                machine -> machine.ports.size(),
                (call, machine) -> nic(call, machine.ports.get(part(call) - 1)));
        table.get(
                SYSTEM + "/Storage",
                "StorageCollection",
                (call, machine) -> Body.collection(call, "Storage", List.of(storage(call, machine))));
        table.get(STORAGE, "Storage", SystemResources::controller);
        table.get(
                STORAGE + "/Volumes",
                "VolumeCollection",
                (call, machine) -> Body.collection(
                        call,
                        "Volume",
                        machine.disks.stream()
                                .map(disk -> storage(call, machine) + "/Volumes/" + disk.id())
                                .toList()));
        table.get(STORAGE + "/Volumes/{drive}", "Volume", SystemResources::volume);
        table.get(DRIVE, "Drive", SystemResources::drive);
        table.machine("POST", DRIVE + "/Actions/" + ERASE, ERASE, SystemResources::erase);
    }

    /** A collection of parts that are numbered from 1, or named with such a number. */
    private static void parts(
            Route.Table table,
            String collection,
            String type,
            ToIntFunction<Machine> count,
            BiFunction<Call, Machine, ObjectNode> body) {
        var prefix = type.equals("EthernetInterface") ? "nic-" : "";
        table.get(
                SYSTEM + "/" + collection,
                type + "Collection",
                (call, machine) -> Body.collection(
                        optional(call, machine, collection),
                        type,
                        IntStream.rangeClosed(1, count.applyAsInt(machine))
                                .mapToObj(number -> call.system(machine) + "/" + collection + "/" + prefix + number)
                                .toList()));
        table.get(SYSTEM + "/" + collection + "/{part}", type, (call, machine) -> {
            var number = call.parameter("part").matches(prefix + "[1-9]\\d{0,3}") ? part(call) : 0;
            if (number < 1 || number > count.applyAsInt(machine)) {
                throw call.notFound();
            }
            return body.apply(optional(call, machine, collection), machine);
        });
    }

    private static int part(Call call) {
        return Integer.parseInt(call.parameter("part").replaceFirst("\\D+", ""));
    }

    /** The simplest BMCs only sum up what is built in, but for the network interfaces. */
    private static Call optional(Call call, Machine machine, String collection) {
        if (!machine.spec.profile().has(Feature.STORAGE) && !collection.equals("EthernetInterfaces")) {
            throw call.notFound();
        }
        return call;
    }

    private static int dimms(Machine machine) {
        return Math.max(1, machine.spec.memory() / DIMM_GIB);
    }

    private static ObjectNode system(Call call, Machine machine) {
        var path = call.system(machine);
        var spec = machine.spec;
        var profile = spec.profile();
        var id = path.substring(path.lastIndexOf('/') + 1);
        var body = Body.resource(path, "ComputerSystem", "v1_20_0", id, spec.id())
                .put("SystemType", "Physical")
                .put("Manufacturer", "Groundwork")
                .put("Model", spec.type())
                .put("SerialNumber", "SN-" + spec.id())
                .put("UUID", ServiceResources.uuid("system/" + spec.id()))
                .put("HostName", "")
                .put("AssetTag", machine.assetTag)
                .put("PowerState", machine.powerState())
                .put("BiosVersion", "1.0.0");
        Body.healthy(body);
        body.putObject("BootProgress").put("LastState", progress(machine));
        boot(body.putObject("Boot"), machine);
        body.putObject("ProcessorSummary")
                .put("Count", spec.hardware().processors())
                .put("CoreCount", spec.hardware().processors() * spec.hardware().coresPerProcessor())
                .put(
                        "LogicalProcessorCount",
                        2 * spec.hardware().processors() * spec.hardware().coresPerProcessor())
                .put("Model", "Simulated CPU");
        body.putObject("MemorySummary").put("TotalSystemMemoryGiB", spec.memory());
        Body.link(body, "EthernetInterfaces", path + "/EthernetInterfaces");
        if (profile.has(Feature.STORAGE)) {
            Stream.of("Processors", "Memory", "Storage").forEach(each -> Body.link(body, each, path + "/" + each));
        }
        if (profile.has(Feature.MEDIA_BELOW_SYSTEM)) {
            Body.link(body, "VirtualMedia", path + "/VirtualMedia");
        }
        var links = body.putObject("Links");
        Body.links(links, "Chassis", List.of(call.chassis(machine)));
        Body.links(links, "ManagedBy", List.of(call.manager(machine)));
        var reset = body.putObject("Actions").putObject("#" + RESET).put("target", path + "/Actions/" + RESET);
        if (profile.has(Feature.ACTION_INFO)) {
            reset.put("@Redfish.ActionInfo", path + "/ResetActionInfo");
        }
        var types = reset.putArray("ResetType@Redfish.AllowableValues");
        profile.resetTypes().forEach(type -> types.add(type.wireName()));
        return body;
    }

    private static String progress(Machine machine) {
        return switch (machine.phase) {
            case OFF, POWERING_ON, POWERING_OFF, HALTED -> "None";
            case POST -> "SystemHardwareInitializationComplete";
            case LOADING, STARTING, INSTALLING, ERASING -> "OSBootStarted";
            case RUNNING -> "OSRunning";
        };
    }

    private static List<String> targets(Machine machine) {
        return machine.spec.profile().has(Feature.VIRTUAL_MEDIA)
                ? Stream.concat(Stream.of("None"), Stream.of(Source.values()).map(Source::wireName))
                        .toList()
                : List.of("None", "Hdd", "Pxe");
    }

    private static void boot(ObjectNode boot, Machine machine) {
        boot.put("BootSourceOverrideEnabled", machine.override.enabled())
                .put("BootSourceOverrideTarget", machine.override.target())
                .put("BootSourceOverrideMode", machine.override.mode());
        if (targets(machine).contains("UefiHttp")) {
            boot.put("HttpBootUri", machine.override.httpBootUri());
        }
        var allowed = boot.putArray("BootSourceOverrideTarget@Redfish.AllowableValues");
        targets(machine).forEach(allowed::add);
        var modes = boot.putArray("BootSourceOverrideMode@Redfish.AllowableValues");
        MODES.forEach(modes::add);
    }

    private static Answer change(Call call, Machine machine) {
        var body = call.body();
        Patch.check(body, system(call, machine), List.of("Boot", "AssetTag"));
        var next = machine.override;
        if (body.has("Boot")) {
            var boot = body.get("Boot");
            if (!boot.isObject()) {
                throw new RedfishException(400, Message.PROPERTY_VALUE_TYPE_ERROR, boot.toString(), "Boot");
            }
            Patch.check(
                    boot,
                    system(call, machine).get("Boot"),
                    List.of(
                            "BootSourceOverrideTarget",
                            "BootSourceOverrideEnabled",
                            "BootSourceOverrideMode",
                            "HttpBootUri"));
            var uri = Patch.text(boot, "HttpBootUri", Objects.toString(next.httpBootUri(), ""));
            next = new Machine.BootOverride(
                    Patch.oneOf(boot, "BootSourceOverrideTarget", next.target(), targets(machine)),
                    Patch.oneOf(boot, "BootSourceOverrideEnabled", next.enabled(), ENABLED),
                    Patch.oneOf(boot, "BootSourceOverrideMode", next.mode(), MODES),
                    uri.isEmpty() ? null : uri);
            if (next.enabled().equals("Disabled") || next.target().equals("None")) {
                next = next.disabled();
            }
        }
        var tag = Patch.text(body, "AssetTag", Objects.toString(machine.assetTag, ""));
        machine.override = next;
        machine.assetTag = tag.isEmpty() ? null : tag;
        machine.change();
        return Answer.ok(system(call, machine));
    }

    private static Answer reset(Call call, Machine machine) {
        Patch.checkAction(call.body(), RESET, List.of("ResetType"));
        var name = Patch.parameter(call.body(), RESET, "ResetType");
        var profile = machine.spec.profile();
        var type = ResetType.of(name)
                .filter(profile.resetTypes()::contains)
                .orElseThrow(() -> new RedfishException(
                        400, Message.ACTION_PARAMETER_VALUE_NOT_IN_LIST, name, "ResetType", RESET));
        if (profile.has(Feature.STRICT_POWER) && type != ResetType.PUSH_POWER_BUTTON && changesNothing(type, machine)) {
            throw new RedfishException(409, Message.RESOURCE_IN_USE);
        }
        machine.reset(type, call.now(), call.settings());
        return profile.has(Feature.RESET_IS_TASK)
                ? ServiceResources.accepted(
                        call,
                        machine.task(
                                "Reset " + name,
                                null,
                                call.now(),
                                call.settings().powerDelay()))
                : Answer.done(profile);
    }

    /** Asked to be on while it is on, or to do something else while it is off. */
    private static boolean changesNothing(ResetType type, Machine machine) {
        return (type == ResetType.ON) == machine.isOn();
    }

    private static ObjectNode resetInfo(Call call, Machine machine) {
        if (!machine.spec.profile().has(Feature.ACTION_INFO)) {
            throw call.notFound();
        }
        var body = Body.resource(call.path(), "ActionInfo", "v1_3_0", "ResetActionInfo", "Reset Action Info");
        var allowed = body.putArray("Parameters")
                .addObject()
                .put("Name", "ResetType")
                .put("Required", true)
                .put("DataType", "String")
                .putArray("AllowableValues");
        machine.spec.profile().resetTypes().forEach(type -> allowed.add(type.wireName()));
        return body;
    }

    private static ObjectNode processor(Call call, Machine machine, int number) {
        var body = Body.resource(call.path(), "Processor", "v1_18_0", Integer.toString(number), "Processor " + number)
                .put("ProcessorType", "CPU")
                .put("ProcessorArchitecture", "x86")
                .put("InstructionSet", "x86-64")
                .put("Manufacturer", "Groundwork")
                .put("Model", "Simulated CPU")
                .put("MaxSpeedMHz", 3_000)
                .put("Socket", "CPU " + number)
                .put("TotalCores", machine.spec.hardware().coresPerProcessor())
                .put("TotalThreads", 2 * machine.spec.hardware().coresPerProcessor());
        Body.healthy(body);
        return body;
    }

    private static ObjectNode nic(Call call, Port port) {
        var body = Body.resource(call.path(), "EthernetInterface", "v1_9_0", port.nic(), "Network interface")
                .put("MACAddress", port.mac().toUpperCase(Locale.ROOT))
                .put("PermanentMACAddress", port.mac().toUpperCase(Locale.ROOT))
                .put("InterfaceEnabled", true)
                .put("LinkStatus", port.enabled() ? "LinkUp" : "LinkDown")
                .put("SpeedMbps", 25_000);
        Body.healthy(body);
        return body;
    }

    private static String storage(Call call, Machine machine) {
        if (!machine.spec.profile().has(Feature.STORAGE)) {
            throw call.notFound();
        }
        return call.system(machine) + "/Storage/1";
    }

    private static ObjectNode controller(Call call, Machine machine) {
        var path = storage(call, machine);
        var body = Body.resource(path, "Storage", "v1_15_0", "1", "Storage");
        Body.healthy(body);
        body.put("Drives@odata.count", machine.disks.size());
        Body.links(
                body,
                "Drives",
                machine.disks.stream()
                        .map(disk -> path + "/Drives/" + disk.id())
                        .toList());
        Body.link(body, "Volumes", path + "/Volumes");
        var controller = body.putArray("StorageControllers")
                .addObject()
                .put("@odata.id", path + "#/StorageControllers/0")
                .put("MemberId", "0")
                .put("Name", "HBA");
        controller.putArray("SupportedDeviceProtocols").add("SATA").add("NVMe");
        Body.healthy(controller);
        return body;
    }

    private static int find(Call call, Machine machine) {
        storage(call, machine);
        var id = call.parameter("drive");
        return call.orNotFound(IntStream.range(0, machine.disks.size())
                .filter(n -> machine.disks.get(n).id().equals(id))
                .boxed()
                .findFirst());
    }

    private static ObjectNode drive(Call call, Machine machine) {
        var number = find(call, machine);
        var id = machine.disks.get(number).id();
        var type = machine.spec.hardware().drives().get(number);
        var path = storage(call, machine) + "/Drives/" + id;
        var body = Body.resource(path, "Drive", "v1_17_0", id, "Drive " + number)
                .put("Manufacturer", "Groundwork")
                .put("Model", "Simulated " + type.protocol() + " " + type.mediaType())
                .put("SerialNumber", "SN-" + machine.spec.id() + "-" + id)
                .put("CapacityBytes", type.capacityGB() * 1_000_000_000L)
                .put("BlockSizeBytes", 512)
                .put("MediaType", type.mediaType())
                .put("Protocol", type.protocol())
                .put("StatusIndicator", "OK");
        Body.healthy(body);
        var operations = body.putArray("Operations");
        machine.tasks.stream()
                .filter(task -> id.equals(task.drive()) && !task.done())
                .forEach(task -> operations
                        .addObject()
                        .put("OperationName", "Secure erase")
                        .put("Operation", "Sanitize")
                        .put("PercentageComplete", ServiceResources.percent(task, call)));
        Body.links(body.putObject("Links"), "Volumes", List.of(storage(call, machine) + "/Volumes/" + id));
        body.putObject("Actions").putObject("#" + ERASE).put("target", path + "/Actions/" + ERASE);
        return body;
    }

    private static Answer erase(Call call, Machine machine) {
        Patch.checkAction(call.body(), ERASE, List.of("SanitizationType", "OverwritePasses"));
        var drive = machine.disks.get(find(call, machine)).id();
        if (machine.isBeingErased(drive)) {
            throw new RedfishException(409, Message.RESOURCE_IN_USE);
        }
        return ServiceResources.accepted(
                call,
                machine.task(
                        "Secure erase of " + drive,
                        drive,
                        call.now(),
                        call.settings().eraseDelay()));
    }

    private static ObjectNode volume(Call call, Machine machine) {
        var number = find(call, machine);
        var id = machine.disks.get(number).id();
        var body = Body.resource(call.path(), "Volume", "v1_9_0", id, "Volume " + number)
                .put("RAIDType", "None")
                .put(
                        "CapacityBytes",
                        machine.spec.hardware().drives().get(number).capacityGB() * 1_000_000_000L);
        Body.healthy(body);
        Body.links(body.putObject("Links"), "Drives", List.of(storage(call, machine) + "/Drives/" + id));
        return body;
    }
}
