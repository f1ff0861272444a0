package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.simulators.Routes;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What answers a method on a resource.
 *
 * @param action the name under which it is counted and faults are set
 * @param isOpen whether it needs no credentials
 * @param service answers for the service as a whole
 * @param machine answers for one machine, alone with it; exactly one of the two is there
 */
record Route(
        String action,
        boolean isOpen,
        @Nullable Function<Call, Answer> service,
        @Nullable BiFunction<Call, Machine, Answer> machine) {

    /** A table that is being filled; a path relative to the service root. */
    static final class Table {
        final Routes<Route> routes = new Routes<>();

        void open(String method, String path, String action, Function<Call, Answer> answer) {
            routes.add(method, path, new Route(action, true, answer, null));
        }

        void service(String method, String path, String action, Function<Call, Answer> answer) {
            routes.add(method, path, new Route(action, false, answer, null));
        }

        void machine(String method, String path, String action, BiFunction<Call, Machine, Answer> answer) {
            routes.add(method, path, new Route(action, false, null, answer));
        }

        /** Reading a resource of the service. */
        void get(String path, String type, Function<Call, ObjectNode> body) {
            service("GET", path, "GET " + type, call -> Answer.ok(body.apply(call)));
        }

        /** Reading a resource of a machine. */
        void get(String path, String type, BiFunction<Call, Machine, ObjectNode> body) {
            machine("GET", path, "GET " + type, (call, machine) -> Answer.ok(body.apply(call, machine)));
        }
    }
}
