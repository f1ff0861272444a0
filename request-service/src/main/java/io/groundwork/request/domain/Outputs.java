package io.groundwork.request.domain;

import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a request's end says of the machines that stand. */
final class Outputs {

    /** What one event names of machines, over all components. */
    private static final int MOST_BYTES = 64 * 1024;

    /** The same with the machines named as far as an event holds them, component by component; the others are only counted. */
    static Map<String, ComponentOutputs> bounded(Map<String, ComponentOutputs> all) {
        var bounded = new TreeMap<String, ComponentOutputs>();
        var left = MOST_BYTES;
        for (var component : new TreeMap<>(all).entrySet()) {
            var outputs = component.getValue();
            var size = Json.write(outputs).length;
            if (size <= left) {
                left -= size;
                bounded.put(component.getKey(), outputs);
            } else {
                bounded.put(component.getKey(), new ComponentOutputs(outputs.count(), List.of()));
            }
        }
        return bounded;
    }

    private Outputs() {}
}
