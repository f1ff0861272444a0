package io.groundwork.simulators.ec2;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a call of the Query API, or of one structure in it: lists are {@code Name.1}, {@code Name.2} and so on,
 * structures {@code Name.Field}, and both nest. Names are case-sensitive.
 */
final class Parameters {
    private final NavigableMap<String, String> all;
    private final String prefix;

    private Parameters(NavigableMap<String, String> all, String prefix) {
        this.all = all;
        this.prefix = prefix;
    }

    /** Reads {@code application/x-www-form-urlencoded} texts, such as a query and a body. */
    static Parameters parse(@Nullable String... forms) {
        var all = new TreeMap<String, String>();
        for (var form : forms) {
            for (var pair : form == null || form.isEmpty() ? new String[0] : form.split("&", -1)) {
                var equals = pair.indexOf('=');
                var name = decode(equals < 0 ? pair : pair.substring(0, equals));
                var value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                checkCharacters(name, value);
                all.put(name, value);
            }
        }
        return new Parameters(all, "");
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Ec2Exception("MalformedQueryString", "The query string contains a syntax error: " + text);
        }
    }

    /** Nothing may come in that XML 1.0 could not carry out again. */
    private static void checkCharacters(String name, String value) {
        if (!value.codePoints().allMatch(Xml::isAllowed)) {
            throw new Ec2Exception(
                    "InvalidCharacter", "Parameter " + name + " contains a character that is not allowed");
        }
    }

    /** An absent and an empty value are the same to EC2. */
    Optional<String> string(String name) {
        return Optional.ofNullable(all.get(prefix + name)).filter(value -> !value.isEmpty());
    }

    String required(String name) {
        return string(name).orElseThrow(() -> Ec2Exception.missing(prefix + name));
    }

    /** The value of a parameter that may be empty but must be there. */
    String present(String name) {
        return Optional.ofNullable(all.get(prefix + name)).orElseThrow(() -> Ec2Exception.missing(prefix + name));
    }

    Optional<Integer> integer(String name) {
        return string(name).map(value -> {
            try {
                return Integer.valueOf(value);
            } catch (NumberFormatException e) {
                throw Ec2Exception.invalidValue(prefix + name, value, "Expected an integer.");
            }
        });
    }

    boolean flag(String name) {
        var value = string(name).orElse("false");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Ec2Exception.invalidValue(prefix + name, value, "Expected true or false.");
        };
    }

    /** The values of a list, in the order of their numbers. */
    List<String> list(String name) {
        var values = new ArrayList<String>();
        for (var number : numbers(name)) {
            var value = all.get(prefix + name + "." + number);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    /** The structures of a list, in the order of their numbers. */
    List<Parameters> structures(String name) {
        var found = new ArrayList<Parameters>();
        for (var number : numbers(name)) {
            found.add(new Parameters(all, prefix + name + "." + number + "."));
        }
        return found;
    }

    private SortedSet<Integer> numbers(String name) {
        var start = prefix + name + ".";
        var numbers = new TreeSet<Integer>();
        for (var key : all.tailMap(start).keySet()) {
            if (!key.startsWith(start)) {
                break;
            }
            var dot = key.indexOf('.', start.length());
            var number = key.substring(start.length(), dot < 0 ? key.length() : dot);
            if (number.matches("\\d{1,6}")) {
                numbers.add(Integer.valueOf(number));
            }
        }
        return numbers;
    }

    /** All parameters by name, in the order of their names. */
    void forEach(BiConsumer<String, String> each) {
        all.forEach(each);
    }
}
