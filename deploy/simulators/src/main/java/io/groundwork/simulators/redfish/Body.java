package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.simulators.Json;
import java.util.List;

/** The forms that all resources share. */
final class Body {
    private Body() {}

    /** @param version of the schema, such as {@code v1_20_0} */
    static ObjectNode resource(String path, String type, String version, String id, String name) {
        return Json.MAPPER
                .createObjectNode()
                .put("@odata.id", path)
                .put("@odata.type", "#" + type + "." + version + "." + type)
                .put("Id", id)
                .put("Name", name);
    }

    static void link(ObjectNode in, String name, String path) {
        in.putObject(name).put("@odata.id", path);
    }

    static void links(ObjectNode in, String name, List<String> paths) {
        var array = in.putArray(name);
        paths.forEach(path -> array.addObject().put("@odata.id", path));
    }

    static void healthy(ObjectNode in) {
        in.putObject("Status").put("State", "Enabled").put("Health", "OK");
    }

    /**
     * The page of a collection that the query asks for.
     *
     * @throws RedfishException if {@code $top} or {@code $skip} is no number
     */
    static ObjectNode collection(Call call, String type, List<String> members) {
        var skip = Math.min(number(call, "$skip", 0), members.size());
        var wanted = number(call, "$top", members.size());
        var page = Math.min(wanted, call.settings().pageSize());
        var end = (int) Math.min(members.size(), (long) skip + page);
        var body = Json.MAPPER
                .createObjectNode()
                .put("@odata.id", call.path())
                .put("@odata.type", "#" + type + "Collection." + type + "Collection")
                .put("Name", type + " Collection")
                .put("Members@odata.count", members.size());
        links(body, "Members", members.subList(skip, end));
        if (end < members.size() && page < wanted) {
            var rest = call.query().containsKey("$top") ? "&$top=" + (wanted - page) : "";
            body.put("Members@odata.nextLink", call.path() + "?$skip=" + end + rest);
        }
        return body;
    }

    private static int number(Call call, String name, int otherwise) {
        var text = call.query().get(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("\\d{1,9}")) {
            throw new RedfishException(400, Message.QUERY_PARAMETER_VALUE_FORMAT_ERROR, text, name);
        }
        return Integer.parseInt(text);
    }
}
