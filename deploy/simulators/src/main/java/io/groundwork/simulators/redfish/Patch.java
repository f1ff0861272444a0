package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;

/** What can be wrong with the body of a PATCH, or the parameters of an action. */
final class Patch {
    private Patch() {}

    /**
     * Refuses properties that cannot be written.
     *
     * @param resource as it is read
     */
    static void check(JsonNode body, JsonNode resource, Collection<String> writable) {
        body.fieldNames().forEachRemaining(name -> {
            if (!writable.contains(name)) {
                throw new RedfishException(
                        400, resource.has(name) ? Message.PROPERTY_NOT_WRITABLE : Message.PROPERTY_UNKNOWN, name);
            }
        });
    }

    /** The value as text; {@code otherwise} if it is not there. */
    static String text(JsonNode body, String name, String otherwise) {
        var value = body.get(name);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        if (!value.isTextual()) {
            throw new RedfishException(400, Message.PROPERTY_VALUE_TYPE_ERROR, value.toString(), name);
        }
        return value.textValue();
    }

    static String oneOf(JsonNode body, String name, String otherwise, Collection<String> allowed) {
        var text = text(body, name, otherwise);
        if (body.has(name) && !allowed.contains(text)) {
            throw new RedfishException(400, Message.PROPERTY_VALUE_NOT_IN_LIST, text, name);
        }
        return text;
    }

    /** Refuses parameters that the action does not have. */
    static void checkAction(JsonNode body, String action, Collection<String> known) {
        body.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw new RedfishException(400, Message.ACTION_PARAMETER_UNKNOWN, action, name);
            }
        });
    }

    static String parameter(JsonNode body, String action, String name) {
        var value = body.get(name);
        if (value == null || value.isNull()) {
            throw new RedfishException(400, Message.ACTION_PARAMETER_MISSING, action, name);
        }
        if (!value.isTextual()) {
            throw new RedfishException(400, Message.ACTION_PARAMETER_VALUE_TYPE_ERROR, value.toString(), name, action);
        }
        return value.textValue();
    }
}
