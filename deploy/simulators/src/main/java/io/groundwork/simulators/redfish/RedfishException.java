package io.groundwork.simulators.redfish;

import java.util.List;

/** A call is refused. */
final class RedfishException extends RuntimeException {
    private final int status;
    private final transient Message message;
    private final transient List<String> arguments;

    RedfishException(int status, Message message, String... arguments) {
        super(message.text((Object[]) arguments), null, false, false);
        this.status = status;
        this.message = message;
        this.arguments = List.of(arguments);
    }

    static RedfishException notFound(String path) {
        return new RedfishException(404, Message.RESOURCE_MISSING_AT_URI, path);
    }

    int status() {
        return status;
    }

    Message message() {
        return message;
    }

    List<String> arguments() {
        return arguments;
    }
}
