package io.groundwork.runtime.component;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.Json;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a provisioner knows of one resource.
 *
 * @param byName each component from its start until it is verified gone, across requests
 * @param notes what it remembers of what others said, under keys of its own
 */
public record Components(
        Map<String, InstanceArray> byName,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, JsonNode> notes) {

    public static final Components NONE = new Components(Map.of(), Map.of());

    public Components {
        byName = Collections.unmodifiableMap(new TreeMap<>(byName));
        notes = notes == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(notes));
    }

    public @Nullable InstanceArray get(String component) {
        return byName.get(component);
    }

    Components with(String component, InstanceArray array) {
        var more = new TreeMap<>(byName);
        more.put(component, array);
        return new Components(more, notes);
    }

    Components without(String component) {
        var fewer = new TreeMap<>(byName);
        fewer.remove(component);
        return new Components(fewer, notes);
    }

    /** The note under {@code key} as {@code type}; empty if there is none. */
    public <T> Optional<T> note(String key, Class<T> type) {
        return Optional.ofNullable(notes.get(key)).map(note -> Json.MAPPER.convertValue(note, type));
    }

    /** With a note, in place of the one under the same key. */
    public Components noting(String key, Object note) {
        var more = new TreeMap<>(notes);
        // as it will be read back: a tree of values tells an int from a long, JSON does not
        more.put(key, Json.read(Json.write(note), JsonNode.class));
        return new Components(byName, more);
    }

    /** Without the notes whose keys {@code over} accepts. */
    public Components forgetting(Predicate<String> over) {
        var fewer = new TreeMap<>(notes);
        fewer.keySet().removeIf(over);
        return new Components(byName, fewer);
    }
}
