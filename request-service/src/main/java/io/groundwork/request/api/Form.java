package io.groundwork.request.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.runtime.rest.Problem.FieldError;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One JSON object, read field by field. Every fault is collected with its pointer and none stops the reading; a field that
 * nobody read is a fault too.
 */
final class Form {

    /** Control characters, and halves of surrogate pairs: no database, mail or log takes all of them. */
    static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cs}]");

    private static final Pattern UNFIT_IN_PROSE = Pattern.compile("[\\p{Cs}[\\p{Cc}&&[^\\n\\r\\t]]]");

    private static final int MOST_ELEMENTS = 100;
    private static final int LONGEST_REASON = 2_000;

    private final JsonNode node;
    private final String pointer;
    private final List<FieldError> errors;
    private final Set<String> read = new HashSet<>();

    private Form(JsonNode node, String pointer, List<FieldError> errors) {
        this.node = node;
        this.pointer = pointer;
        this.errors = errors;
    }

    /** Reads {@code node} with {@code reader}, and then complains of the fields that it left unread. */
    static void read(JsonNode node, String pointer, List<FieldError> errors, Consumer<Form> reader) {
        if (!node.isObject()) {
            errors.add(new FieldError(pointer, "This must be an object."));
            return;
        }
        var form = new Form(node, pointer, errors);
        reader.accept(form);
        node.fieldNames().forEachRemaining(name -> {
            if (!form.read.contains(name)) {
                form.wrong(
                        name,
                        "There is no field " + name + " here; the fields are "
                                + form.read.stream().sorted().collect(Collectors.joining(", ")) + ".");
            }
        });
    }

    /** Complains of a field. */
    void wrong(String name, String detail) {
        errors.add(new FieldError(at(name), detail));
    }

    /** Where {@code name} is. */
    String at(String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    List<FieldError> errors() {
        return errors;
    }

    /** Takes a field as read without looking at it. */
    void ignore(String... names) {
        read.addAll(List.of(names));
    }

    /** Takes every field as read: the object is refused as a whole. */
    void ignoreAll() {
        node.fieldNames().forEachRemaining(read::add);
    }

    boolean has(String name) {
        read.add(name);
        return node.hasNonNull(name);
    }

    Optional<JsonNode> value(String name) {
        return has(name) ? Optional.of(node.get(name)) : Optional.empty();
    }

    /** A required text; complains and is empty if it is missing. */
    Optional<String> required(String name, String example) {
        if (!has(name)) {
            wrong(name, name + " is missing; give one such as " + example + ".");
            return Optional.empty();
        }
        return text(name);
    }

    /** A text of one line. */
    Optional<String> text(String name) {
        return text(name, UNFIT, "no control characters");
    }

    /** A text that may have lines and tabs. */
    Optional<String> prose(String name) {
        return text(name, UNFIT_IN_PROSE, "no control characters but line ends and tabs");
    }

    private Optional<String> text(String name, Pattern unfit, String rule) {
        return value(name).flatMap(value -> {
            if (!value.isTextual() || value.textValue().isBlank()) {
                wrong(name, name + " must be a text that is not blank.");
                return Optional.empty();
            }
            if (unfit.matcher(value.textValue()).find()) {
                wrong(name, name + " must have " + rule + ", and whole characters only.");
                return Optional.empty();
            }
            return Optional.of(value.textValue());
        });
    }

    /** The required field {@code reason}. */
    Optional<String> reason(String example) {
        var reason = has("reason") ? prose("reason") : required("reason", example);
        reason.filter(text -> text.length() > LONGEST_REASON)
                .ifPresent(text -> wrong("reason", "reason may have " + LONGEST_REASON + " characters at most."));
        return reason;
    }

    /** A required text of one form. */
    Optional<String> matching(String name, Pattern form, String meaning, String example) {
        return required(name, example).filter(text -> {
            if (form.matcher(text).matches()) {
                return true;
            }
            wrong(name, name + " must be " + meaning + ", such as " + example + ".");
            return false;
        });
    }

    /** A whole number within bounds; empty if it is absent or wrong. */
    Optional<Integer> number(String name, int from, int to) {
        return value(name).flatMap(value -> {
            if (value.isIntegralNumber()
                    && value.canConvertToInt()
                    && value.intValue() >= from
                    && value.intValue() <= to) {
                return Optional.of(value.intValue());
            }
            wrong(name, name + " must be a whole number from " + from + " to " + to + ".");
            return Optional.empty();
        });
    }

    /** Yes or no; no if it is absent or wrong. */
    boolean flag(String name) {
        var value = value(name);
        value.filter(node -> !node.isBoolean()).ifPresent(node -> wrong(name, name + " must be true or false."));
        return value.filter(JsonNode::booleanValue).isPresent();
    }

    /** An ISO-8601 duration within bounds; empty if it is absent or wrong. */
    Optional<Duration> duration(String name, Duration from, Duration to) {
        return text(name).flatMap(text -> {
            try {
                var duration = Duration.parse(text);
                if (duration.compareTo(from) >= 0 && duration.compareTo(to) <= 0) {
                    return Optional.of(duration);
                }
            } catch (DateTimeException e) {
                // said below
            }
            wrong(
                    name,
                    name + " must be an ISO-8601 duration from " + from + " to "
                            + (to.toDays() > 0 ? "P" + to.toDays() + "D" : to) + ", such as PT2M.");
            return Optional.empty();
        });
    }

    /** A list, its elements read by {@code element}, which gets each with its pointer; faulty ones are left out. */
    <T> List<T> list(String name, Function<Element, Optional<T>> element) {
        var value = value(name);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!value.get().isArray()) {
            wrong(name, name + " must be a list.");
            return List.of();
        }
        if (value.get().size() > MOST_ELEMENTS) {
            wrong(name, name + " may have " + MOST_ELEMENTS + " elements at most.");
            return List.of();
        }
        var elements = new ArrayList<T>();
        for (var i = 0; i < value.get().size(); i++) {
            element.apply(new Element(value.get().get(i), at(name) + "/" + i, errors))
                    .ifPresent(elements::add);
        }
        return elements;
    }

    /** A list of texts. */
    List<String> texts(String name) {
        return list(name, element -> {
            if (element.node().isTextual() && !element.node().textValue().isBlank()) {
                return Optional.of(element.node().textValue());
            }
            element.wrong("Each of " + name + " must be a text that is not blank.");
            return Optional.empty();
        });
    }

    /** One of a list. */
    record Element(JsonNode node, String pointer, List<FieldError> errors) {

        void wrong(String detail) {
            errors.add(new FieldError(pointer, detail));
        }

        /** Reads it as an object; empty if anything in it was wrong. */
        <T> Optional<T> object(Function<Form, Optional<T>> reader) {
            var before = errors.size();
            var result = new ArrayList<T>();
            Form.read(node, pointer, errors, form -> reader.apply(form).ifPresent(result::add));
            return errors.size() > before ? Optional.empty() : result.stream().findFirst();
        }
    }
}
