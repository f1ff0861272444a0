package io.groundwork.runtime;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One kind of entry in a compacted table.
 *
 * @param word the first part of the key {@code <kind>/<name>}, such as {@code flavors}
 * @param names what a name must match as a whole
 * @param type the record that is the value; every component not marked nullable is required
 * @param rule what must hold beyond the record's shape
 */
public record EntryKind<T extends Record>(String word, Pattern names, Class<T> type, Rule<T> rule) {

    /** What must hold of an entry that has the right shape. */
    @FunctionalInterface
    public interface Rule<T> {

        /**
         * What is wrong with {@code entry}, all at once.
         *
         * @param name the key's part behind the kind
         * @param table what stands now
         */
        List<Objection> objections(String name, T entry, Table table);
    }

    /** The table as it is before the change. */
    @FunctionalInterface
    public interface Table {

        /** The entry under {@code key}; empty if none stands. */
        <E> Optional<E> entry(String key, Class<E> type);

        /** All entries of the kind {@code word}, by name. */
        default <E> Map<String, E> entries(String word, Class<E> type) {
            return Map.of();
        }
    }

    /**
     * An entry that was looked at.
     *
     * @param entry absent if there are objections
     */
    public record Checked<T>(@Nullable T entry, List<Objection> objections) {
        public Checked {
            objections = List.copyOf(objections);
        }

        private static <T> Checked<T> refused(List<Objection> objections) {
            return new Checked<>(null, objections);
        }
    }

    /** The kind whose word stands before the first {@code '/'} of {@code key}. */
    public static Optional<EntryKind<?>> of(List<EntryKind<?>> kinds, String key) {
        var slash = key.indexOf('/');
        return kinds.stream()
                .filter(kind -> slash > 0 && kind.word.equals(key.substring(0, slash)))
                .findFirst();
    }

    /** The key of the entry called {@code name}. */
    public String key(String name) {
        return word + '/' + name;
    }

    /** What the entry under {@code key} is called. */
    public String name(String key) {
        return key.substring(word.length() + 1);
    }

    /** Reads {@code value} as an entry, and says everything that is wrong with its shape: syntax, unknown and missing fields. */
    public Checked<T> read(byte[] value) {
        JsonNode tree;
        try {
            tree = Json.MAPPER.readTree(value);
        } catch (IOException e) {
            return Checked.refused(List.of(new Objection("", "must be JSON")));
        }
        if (!tree.isObject()) {
            return Checked.refused(List.of(new Objection("", "must be a JSON object")));
        }
        var objections = new ArrayList<Objection>();
        var components = Arrays.asList(type.getRecordComponents());
        var known = components.stream().map(component -> component.getName()).collect(Collectors.toSet());
        tree.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                objections.add(new Objection('/' + escaped(field), "is not a field of " + word));
            }
        });
        for (var component : components) {
            if (!tree.hasNonNull(component.getName())
                    && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                objections.add(new Objection('/' + component.getName(), "is required"));
            }
        }
        if (!objections.isEmpty()) {
            return Checked.refused(objections);
        }
        try {
            // from the bytes, not from the tree: a tree rounds decimal numbers
            return new Checked<>(Json.MAPPER.readValue(value, type), List.of());
        } catch (JsonMappingException e) {
            return Checked.refused(List.of(new Objection(pointer(e), "has the wrong type")));
        } catch (IOException e) {
            return Checked.refused(List.of(new Objection("", "must be JSON")));
        }
    }

    /** Reads {@code value} as the entry called {@code name}, and says what is wrong with its shape, or else with its content. */
    public Checked<T> check(String name, byte[] value, Table table) {
        if (!names.matcher(name).matches()) {
            return Checked.refused(List.of(new Objection("", "a name of " + word + " must match " + names.pattern())));
        }
        var read = read(value);
        if (read.entry() == null) {
            return read;
        }
        var objections = rule.objections(name, read.entry(), table);
        return objections.isEmpty() ? read : Checked.refused(objections);
    }

    private static String pointer(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> '/' + (step.getFieldName() == null ? "" + step.getIndex() : escaped(step.getFieldName())))
                .collect(Collectors.joining());
    }

    private static String escaped(String field) {
        return field.replace("~", "~0").replace("/", "~1");
    }
}
