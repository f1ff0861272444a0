package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call of a route.
 *
 * @param root the path of the service root that was called, {@code /bmc/srv-1/redfish/v1} or {@code /redfish/v1}
 * @param path of the resource that was called
 * @param bmc whose root it is; null at the root of the whole fleet
 * @param body a JSON object; empty where there was none
 * @param user who calls
 * @param session the session's id; {@code basic} without one
 * @param fleetSessions those of the root of the whole fleet
 */
record Call(
        Fleet fleet,
        String root,
        String path,
        @Nullable Server bmc,
        Map<String, String> parameters,
        Map<String, String> query,
        JsonNode body,
        String user,
        String session,
        Sessions fleetSessions,
        Instant now,
        RedfishSettings settings) {
    String parameter(String name) {
        var value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the template has no " + name);
        }
        return value;
    }

    boolean isAggregate() {
        return bmc == null;
    }

    /** Looks at the sessions of the service that was called. */
    <T> T sessions(Function<Sessions, T> look) {
        return bmc == null ? look.apply(fleetSessions) : bmc.alone(machine -> look.apply(machine.sessions));
    }

    /** The same for a change, which is kept. */
    <T> T changeSessions(Function<Sessions, T> change) {
        return bmc == null
                ? change.apply(fleetSessions)
                : bmc.alone(machine -> {
                    machine.change();
                    return change.apply(machine.sessions);
                });
    }

    List<Sessions.Session> openSessions() {
        return sessions(sessions -> sessions.list(now, settings));
    }

    /** How the service that was called behaves; the fleet as a whole keeps to the standard. */
    Profile profile() {
        return bmc == null ? Profile.STANDARD : bmc.alone(machine -> machine.spec.profile());
    }

    /** The servers that this root shows. */
    List<Server> servers() {
        return bmc == null ? List.copyOf(fleet.servers()) : List.of(bmc);
    }

    String system(Machine machine) {
        return root + "/Systems/"
                + (bmc == null ? machine.spec.id() : machine.spec.profile().systemId());
    }

    String chassis(Machine machine) {
        return root + "/Chassis/"
                + (bmc == null ? machine.spec.id() : machine.spec.profile().systemId());
    }

    String manager(Machine machine) {
        return root + "/Managers/"
                + (bmc == null ? machine.spec.id() : machine.spec.profile().managerId());
    }

    /** A property of the body, or null. */
    @Nullable
    JsonNode property(String name) {
        return body.get(name);
    }

    RedfishException notFound() {
        return RedfishException.notFound(path);
    }

    /** What a resource is, if it is there. */
    <T> T orNotFound(Optional<T> resource) {
        return resource.orElseThrow(this::notFound);
    }
}
