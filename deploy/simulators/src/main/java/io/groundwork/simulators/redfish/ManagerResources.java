package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.simulators.redfish.Profile.Feature;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/** The BMC itself with its virtual media, and the chassis that the server is in. */
final class ManagerResources {
    private static final String MANAGER = "Managers/{manager}";
    private static final String RESET = "Manager.Reset";
    private static final String INSERT = "VirtualMedia.InsertMedia";
    private static final String EJECT = "VirtualMedia.EjectMedia";
    private static final Set<String> SCHEMES = Set.of("http", "https", "nfs", "cifs");
    private static final List<String> INSERT_PARAMETERS = List.of(
            "Image",
            "Inserted",
            "WriteProtected",
            "MediaType",
            "TransferMethod",
            "TransferProtocolType",
            "UserName",
            "Password");

    void addTo(Route.Table table) {
        each(table, "Managers", "Manager", Call::manager);
        each(table, "Chassis", "Chassis", Call::chassis);
        table.get(MANAGER, "Manager", ManagerResources::manager);
        table.machine("POST", MANAGER + "/Actions/" + RESET, RESET, (call, machine) -> {
            var type = Patch.parameter(call.body(), RESET, "ResetType");
            if (!List.of("GracefulRestart", "ForceRestart").contains(type)) {
                throw new RedfishException(400, Message.ACTION_PARAMETER_VALUE_NOT_IN_LIST, type, "ResetType", RESET);
            }
            machine.resetBmc(call.now(), call.settings());
            return Answer.done(machine.spec.profile());
        });
        table.get(
                MANAGER + "/EthernetInterfaces",
                "EthernetInterfaceCollection",
                (call, machine) -> Body.collection(
                        call, "EthernetInterface", List.of(call.manager(machine) + "/EthernetInterfaces/1")));
        table.get(MANAGER + "/EthernetInterfaces/1", "EthernetInterface", (call, machine) -> {
            var body = Body.resource(call.path(), "EthernetInterface", "v1_9_0", "1", "Management interface")
                    .put("MACAddress", Machine.mac(machine.spec.id(), 0))
                    .put("LinkStatus", "LinkUp");
            Body.healthy(body);
            return body;
        });
        table.get("Chassis/{chassis}", "Chassis", ManagerResources::chassis);
        for (var owner : List.of(MANAGER, "Systems/{system}")) {
            var media = owner + "/VirtualMedia";
            table.get(
                    media,
                    "VirtualMediaCollection",
                    (call, machine) -> Body.collection(call, "VirtualMedia", List.of(media(call, machine))));
            table.get(media + "/Cd", "VirtualMedia", ManagerResources::virtualMedia);
            table.machine("POST", media + "/Cd/Actions/" + INSERT, INSERT, ManagerResources::insert);
            table.machine("POST", media + "/Cd/Actions/" + EJECT, EJECT, ManagerResources::eject);
        }
    }

    private static void each(Route.Table table, String path, String type, BiFunction<Call, Machine, String> member) {
        table.get(
                path,
                type + "Collection",
                call -> Body.collection(
                        call,
                        type,
                        call.servers().stream()
                                .map(server -> server.alone(machine -> member.apply(call, machine)))
                                .toList()));
    }

    private static ObjectNode manager(Call call, Machine machine) {
        var path = call.manager(machine);
        var id = path.substring(path.lastIndexOf('/') + 1);
        var body = Body.resource(path, "Manager", "v1_18_0", id, "Manager of " + machine.spec.id())
                .put("ManagerType", "BMC")
                .put("Model", "Groundwork BMC, " + machine.spec.profile().wireName())
                .put("FirmwareVersion", "1.0.0")
                .put("PowerState", "On")
                .put("UUID", ServiceResources.uuid("manager/" + machine.spec.id()));
        Body.healthy(body);
        Body.link(body, "EthernetInterfaces", path + "/EthernetInterfaces");
        if (machine.spec.profile().has(Feature.VIRTUAL_MEDIA)
                && !machine.spec.profile().has(Feature.MEDIA_BELOW_SYSTEM)) {
            Body.link(body, "VirtualMedia", path + "/VirtualMedia");
        }
        var links = body.putObject("Links");
        Body.links(links, "ManagerForServers", List.of(call.system(machine)));
        Body.links(links, "ManagerForChassis", List.of(call.chassis(machine)));
        var reset = body.putObject("Actions").putObject("#" + RESET).put("target", path + "/Actions/" + RESET);
        reset.putArray("ResetType@Redfish.AllowableValues")
                .add("GracefulRestart")
                .add("ForceRestart");
        return body;
    }

    private static ObjectNode chassis(Call call, Machine machine) {
        var path = call.chassis(machine);
        var id = path.substring(path.lastIndexOf('/') + 1);
        var body = Body.resource(path, "Chassis", "v1_23_0", id, "Chassis of " + machine.spec.id())
                .put("ChassisType", "RackMount")
                .put("Manufacturer", "Groundwork")
                .put("Model", machine.spec.type())
                .put("SerialNumber", "SN-" + machine.spec.id())
                .put("PowerState", machine.isOn() ? "On" : "Off");
        body.putObject("Location").putObject("Placement").put("Rack", machine.spec.rack());
        Body.healthy(body);
        var links = body.putObject("Links");
        Body.links(links, "ComputerSystems", List.of(call.system(machine)));
        Body.links(links, "ManagedBy", List.of(call.manager(machine)));
        return body;
    }

    /** The path of the one virtual drive; it is where the BMC has it, and nowhere else. */
    private static String media(Call call, Machine machine) {
        var profile = machine.spec.profile();
        var below = profile.has(Feature.MEDIA_BELOW_SYSTEM) ? call.system(machine) : call.manager(machine);
        if (!profile.has(Feature.VIRTUAL_MEDIA) || !call.path().startsWith(below + "/")) {
            throw call.notFound();
        }
        return below + "/VirtualMedia/Cd";
    }

    private static ObjectNode virtualMedia(Call call, Machine machine) {
        var path = media(call, machine);
        var media = machine.media;
        var body = Body.resource(path, "VirtualMedia", "v1_6_2", "Cd", "Virtual CD")
                .put("Inserted", media != null)
                .put("Image", media == null ? null : media.image())
                .put(
                        "ImageName",
                        media == null
                                ? null
                                : media.image().substring(media.image().lastIndexOf('/') + 1))
                .put("ConnectedVia", media == null ? "NotConnected" : "URI")
                .put("WriteProtected", media == null || media.writeProtected());
        body.putArray("MediaTypes").add("CD").add("DVD");
        var actions = body.putObject("Actions");
        actions.putObject("#" + INSERT).put("target", path + "/Actions/" + INSERT);
        actions.putObject("#" + EJECT).put("target", path + "/Actions/" + EJECT);
        return body;
    }

    private static Answer insert(Call call, Machine machine) {
        media(call, machine);
        Patch.checkAction(call.body(), INSERT, INSERT_PARAMETERS);
        var image = Patch.parameter(call.body(), INSERT, "Image");
        if (!hasKnownScheme(image)) {
            throw new RedfishException(400, Message.ACTION_PARAMETER_VALUE_NOT_IN_LIST, image, "Image", INSERT);
        }
        if (machine.spec.profile().has(Feature.STRICT_POWER) && machine.media != null) {
            throw new RedfishException(409, Message.RESOURCE_IN_USE);
        }
        var writeProtected = call.property("WriteProtected");
        machine.insert(new Machine.Media(image, writeProtected == null || writeProtected.asBoolean(true)), call.now());
        return Answer.done(machine.spec.profile());
    }

    private static boolean hasKnownScheme(String image) {
        try {
            var scheme = URI.create(image).getScheme();
            return scheme != null && SCHEMES.contains(scheme);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Answer eject(Call call, Machine machine) {
        media(call, machine);
        if (machine.media != null) {
            machine.insert(null, call.now());
        }
        return Answer.done(machine.spec.profile());
    }
}
