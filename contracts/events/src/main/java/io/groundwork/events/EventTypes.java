package io.groundwork.events;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Which record stands behind which type on the wire, for each owner: read once from the sealed interfaces. */
public final class EventTypes {

    private static final Map<Owner, Map<String, Class<? extends Event>>> CLASSES = new HashMap<>();
    private static final Map<Class<?>, String> WORDS = new HashMap<>();

    static {
        for (var owner : Owner.values()) {
            var classes = new LinkedHashMap<String, Class<? extends Event>>();
            collect(owner, owner.events(), classes);
            CLASSES.put(owner, Collections.unmodifiableMap(classes));
        }
    }

    /** The {@code ce_type} of {@code event} published by {@code owner}. */
    public static String type(Owner owner, Class<? extends Event> event) {
        var word = WORDS.get(event);
        if (word == null || !owner.events().isAssignableFrom(event)) {
            throw new IllegalArgumentException(owner + " does not publish " + event.getSimpleName());
        }
        return type(owner, word);
    }

    /** The record class behind a {@code ce_type}; empty if this version does not know the type. */
    public static Optional<Class<? extends Event>> eventClass(Owner owner, String type) {
        return Optional.ofNullable(classes(owner).get(type));
    }

    /** All types that {@code owner} may publish, with their records. */
    public static Map<String, Class<? extends Event>> classes(Owner owner) {
        return CLASSES.getOrDefault(owner, Map.of());
    }

    private static void collect(Owner owner, Class<? extends Event> type, Map<String, Class<? extends Event>> into) {
        if (!type.isInterface()) {
            var wire = type.getAnnotation(Event.Wire.class);
            if (wire == null) {
                throw new IllegalStateException(type + " has no wire name");
            }
            WORDS.put(type, wire.value());
            into.put(type(owner, wire.value()), type);
            return;
        }
        for (var permitted : type.getPermittedSubclasses()) {
            collect(owner, permitted.asSubclass(Event.class), into);
        }
    }

    private static String type(Owner owner, String word) {
        return "io.groundwork." + owner.word() + "." + word + ".v1";
    }

    private EventTypes() {}
}
