package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.simulators.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What goes back. */
record Answer(int status, @Nullable ObjectNode body, Map<String, String> headers) {
    static Answer ok(ObjectNode body) {
        return new Answer(200, body, Map.of());
    }

    /** Done, with nothing to say; some makers say that at length. */
    static Answer done(Profile profile) {
        return profile.has(Profile.Feature.BODY_ALWAYS)
                ? ok(messages(Message.SUCCESS, List.of()))
                : new Answer(204, null, Map.of());
    }

    static Answer refused(RedfishException e) {
        return new Answer(e.status(), messages(e.message(), e.arguments()), Map.of());
    }

    Answer with(String header, String value) {
        var more = new java.util.HashMap<>(headers);
        more.put(header, value);
        return new Answer(status, body, more);
    }

    private static ObjectNode messages(Message message, List<String> arguments) {
        var body = Json.MAPPER.createObjectNode();
        var error = body.putObject("error");
        var text = message.text(arguments.toArray());
        error.put("code", message.id()).put("message", text);
        var info = error.putArray("@Message.ExtendedInfo").addObject();
        info.put("@odata.type", "#Message.v1_1_2.Message")
                .put("MessageId", message.id())
                .put("Message", text)
                .put("Severity", message == Message.SUCCESS ? "OK" : "Critical")
                .put("MessageSeverity", message == Message.SUCCESS ? "OK" : "Critical")
                .put("Resolution", "None");
        var list = info.putArray("MessageArgs");
        arguments.forEach(list::add);
        if (message.shortId().startsWith("Property")) {
            info.putArray("RelatedProperties").add("#/" + arguments.get(arguments.size() - 1));
        }
        return body;
    }
}
