package io.groundwork.cloud.domain;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What cloud-provisioner knows of one resource: each component from its start until it is verified gone, across requests. */
public record Components(Map<String, InstanceArray> byName) {

    static final Components NONE = new Components(Map.of());

    public Components {
        byName = Collections.unmodifiableMap(new TreeMap<>(byName));
    }

    @Nullable
    InstanceArray get(String component) {
        return byName.get(component);
    }

    Components with(String component, InstanceArray array) {
        var more = new TreeMap<>(byName);
        more.put(component, array);
        return new Components(more);
    }

    Components without(String component) {
        var fewer = new TreeMap<>(byName);
        fewer.remove(component);
        return new Components(fewer);
    }
}
