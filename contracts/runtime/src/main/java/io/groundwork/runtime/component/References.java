package io.groundwork.runtime.component;

import io.groundwork.events.ComponentOutputs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a component's text takes from the outputs of others: {@code ${web.instances[0].privateIp}}, or {@code .providerId}. Other
 * text of that look, such as a shell's variables, stays as it is.
 */
public final class References {

    private static final Pattern REFERENCE = Pattern.compile(
            "\\$\\{([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\\.instances\\[(\\d{1,6})]\\.(privateIp|providerId)}");

    private References() {}

    /** The components that {@code text} takes from. */
    static Set<String> components(@Nullable String text) {
        var names = new TreeSet<String>();
        if (text != null) {
            REFERENCE.matcher(text).results().forEach(found -> names.add(found.group(1)));
        }
        return names;
    }

    /** What each reference in {@code text} becomes; empty for one that there is nothing for. */
    public static Map<String, Optional<String>> values(
            @Nullable String text, Function<String, Optional<ComponentOutputs>> outputs) {
        var values = new LinkedHashMap<String, Optional<String>>();
        if (text != null) {
            var matcher = REFERENCE.matcher(text);
            while (matcher.find()) {
                values.put(matcher.group(), value(matcher, outputs));
            }
        }
        return values;
    }

    private static Optional<String> value(Matcher found, Function<String, Optional<ComponentOutputs>> outputs) {
        var index = Integer.parseInt(found.group(2));
        return outputs.apply(found.group(1)).stream()
                .flatMap(of -> of.instances().stream())
                .filter(instance -> instance.index() == index)
                .findFirst()
                .flatMap(instance -> Optional.ofNullable(
                        found.group(3).equals("privateIp") ? instance.privateIp() : instance.providerId()));
    }

    /** The references that there is nothing for. */
    public static List<String> missing(Map<String, Optional<String>> values) {
        return values.entrySet().stream()
                .filter(value -> value.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What each became, for people. */
    static String told(Map<String, Optional<String>> values) {
        return values.entrySet().stream()
                .map(value -> value.getKey() + " is " + value.getValue().orElse("nothing"))
                .collect(Collectors.joining(", "));
    }

    /** {@code text} with every reference replaced that {@code values} has. */
    public static @Nullable String filled(@Nullable String text, Map<String, Optional<String>> values) {
        return text == null
                ? null
                : REFERENCE
                        .matcher(text)
                        .replaceAll(
                                found -> Matcher.quoteReplacement(values.getOrDefault(found.group(), Optional.empty())
                                        .orElse(found.group())));
    }
}
