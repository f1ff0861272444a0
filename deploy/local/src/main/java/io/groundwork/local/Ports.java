package io.groundwork.local;

import io.groundwork.embedded.FreePort;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** Which name listens on which TCP port. The names are those of {@code endpoints.json} and of {@code --port}. */
final class Ports {
    private static final Map<String, Integer> DEFAULTS = defaults();

    private final Map<String, Integer> byName;

    private Ports(Map<String, Integer> byName) {
        this.byName = byName;
    }

    private static Map<String, Integer> defaults() {
        var ports = new LinkedHashMap<String, Integer>();
        ports.put("request-service", 8080);
        ports.put("approval-service", 8081);
        ports.put("allocation-service", 8082);
        ports.put("cloud-provisioner", 8083);
        ports.put("baremetal-provisioner", 8084);
        ports.put("iam-service", 8085);
        ports.put("notification-service", 8086);
        ports.put("kafka", 9092);
        ports.put("postgres", 5433);
        ports.put("smtp", 1025);
        ports.put("inbox", 8025);
        ports.put("ec2", 4566);
        ports.put("redfish", 8443);
        return ports;
    }

    /**
     * The default ports, moved.
     *
     * @param offset added to every default
     * @param moved port by name, as it is, without the offset; 0 takes a free one
     * @throws IllegalArgumentException for an unknown name, a port out of range, or two names on one port
     */
    static Ports of(int offset, Map<String, Integer> moved) {
        var ports = new LinkedHashMap<String, Integer>();
        DEFAULTS.forEach((name, port) -> ports.put(name, port + offset));
        moved.forEach((name, port) -> {
            if (!ports.containsKey(name)) {
                throw new IllegalArgumentException(
                        "nothing is called '" + name + "'; known are " + String.join(", ", DEFAULTS.keySet()));
            }
            ports.put(name, port == 0 ? FreePort.find() : port);
        });
        var names = new LinkedHashMap<Integer, String>();
        ports.forEach((name, port) -> {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("port " + port + " of " + name + " is not between 1 and 65535");
            }
            var other = names.put(port, name);
            if (other != null) {
                throw new IllegalArgumentException(other + " and " + name + " cannot both have port " + port);
            }
        });
        return new Ports(ports);
    }

    static Set<String> names() {
        return DEFAULTS.keySet();
    }

    int of(String name) {
        var port = byName.get(name);
        if (port == null) {
            throw new IllegalArgumentException("nothing is called " + name);
        }
        return port;
    }

    /** {@code http://localhost:<port>} */
    String url(String name) {
        return "http://" + address(name);
    }

    /** {@code localhost:<port>} */
    String address(String name) {
        return "localhost:" + of(name);
    }

    /** Refuses to start where somebody else listens already, naming every such port at once. */
    void checkFree() throws CannotStartException {
        checkFree(FreePort::isFree);
    }

    void checkFree(IntPredicate isFree) throws CannotStartException {
        var taken = byName.entrySet().stream()
                .filter(port -> !isFree.test(port.getValue()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
        if (taken.isEmpty()) {
            return;
        }
        var list = taken.entrySet().stream()
                .map(port -> port.getValue() + " (" + port.getKey() + ")")
                .collect(Collectors.joining(", "));
        var first = taken.keySet().iterator().next();
        throw new CannotStartException((taken.size() == 1 ? "port " + list + " is" : "ports " + list + " are")
                + " in use; move one with --port " + first + "=N, or all with --offset N");
    }
}
