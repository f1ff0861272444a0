package io.groundwork.simulators.ec2;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The filters of a Describe call: all must match, each by any of its values. In a value {@code *} stands for any characters,
 * {@code ?} for one, and a backslash takes their meaning away.
 */
final class Filters {
    /** EC2's limit for one call. */
    private static final int MAX_VALUES = 200;

    private static final String TAG = "tag:";

    private record Filter(String name, List<Predicate<String>> values) {}

    private final List<Filter> filters;

    private Filters(List<Filter> filters) {
        this.filters = filters;
    }

    static Filters of(Parameters parameters) {
        var filters = new ArrayList<Filter>();
        var values = 0;
        for (var filter : parameters.structures("Filter")) {
            var given = filter.list("Value");
            values += given.size();
            filters.add(new Filter(
                    filter.required("Name"),
                    given.stream().map(Filters::matcher).toList()));
        }
        if (values > MAX_VALUES) {
            throw new Ec2Exception(
                    "FilterLimitExceeded",
                    "The maximum number of filter values specified on a single call is " + MAX_VALUES);
        }
        return new Filters(filters);
    }

    /**
     * Those of {@code all} that match. A filter that the table does not have is refused, even if there is nothing to filter.
     *
     * @param table what a filter of the name looks at; a resource may have any number of values there
     */
    <T> List<T> select(Collection<T> all, Map<String, Function<T, Collection<String>>> table) {
        return select(all, name -> Optional.ofNullable(table.get(name)));
    }

    /** The same, with the filters {@code tag:<key>} and {@code tag-key} beside those of the table. */
    <T extends Resource.Tagged> List<T> selectTagged(
            Collection<T> all, Map<String, Function<T, Collection<String>>> table) {
        return select(all, name -> {
            if (name.startsWith(TAG)) {
                var key = name.substring(TAG.length());
                return Optional.of(item -> optional(item.tags().get(key)));
            }
            return name.equals("tag-key")
                    ? Optional.of(item -> item.tags().keySet())
                    : Optional.ofNullable(table.get(name));
        });
    }

    /** The same, with a function for the table. */
    <T> List<T> select(Collection<T> all, Function<String, Optional<Function<T, Collection<String>>>> valuesOf) {
        var selected = all.stream();
        for (var filter : filters) {
            var values = valuesOf.apply(filter.name)
                    .orElseThrow(() -> Ec2Exception.invalidValue("The filter '" + filter.name + "' is invalid"));
            selected = selected.filter(item -> values.apply(item).stream()
                    .anyMatch(value -> filter.values.stream().anyMatch(each -> each.test(value))));
        }
        return selected.toList();
    }

    /** A value of a filter that may have none: {@code null} becomes no value. */
    static Collection<String> optional(@Nullable Object value) {
        return value == null ? List.of() : List.of(value.toString());
    }

    private static Predicate<String> matcher(String value) {
        if (value.indexOf('*') < 0 && value.indexOf('?') < 0 && value.indexOf('\\') < 0) {
            return value::equals;
        }
        var regex = new StringBuilder();
        for (var i = 0; i < value.length(); i++) {
            var character = value.charAt(i);
            switch (character) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '\\' -> regex.append(Pattern.quote(value.substring(++i, Math.min(i + 1, value.length()))));
                default -> regex.append(Pattern.quote(String.valueOf(character)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).asMatchPredicate();
    }
}
