package io.groundwork.simulators;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which method on which path is answered by what. A template is a path in which a segment in braces stands for any one
 * segment: {@code Systems/{system}/Processors}. Slashes at either end do not matter.
 *
 * @param <T> what answers
 */
public final class Routes<T> {
    private record Route<T>(String method, List<String> template, T target) {}

    /** A route that fits a path, and what stands in the path for the names in braces, decoded. */
    public record Match<T>(T target, Map<String, String> parameters) {}

    private final List<Route<T>> routes = new ArrayList<>();

    public void add(String method, String template, T target) {
        routes.add(new Route<>(method, segments(template), target));
    }

    public List<T> targets() {
        return routes.stream().map(Route::target).toList();
    }

    /** Every template, sorted. */
    public List<String> templates() {
        return routes.stream()
                .map(route -> String.join("/", route.template))
                .sorted()
                .distinct()
                .toList();
    }

    public Optional<Match<T>> find(String method, String rawPath) {
        var path = segments(rawPath);
        for (var route : routes) {
            if (route.method.equals(method) && fits(route.template, path)) {
                return Optional.of(new Match<>(route.target, parameters(route.template, path)));
            }
        }
        return Optional.empty();
    }

    /** The methods that the path knows, sorted; empty if there is no such path. */
    public List<String> methods(String rawPath) {
        var path = segments(rawPath);
        var methods = new TreeSet<String>();
        routes.stream().filter(route -> fits(route.template, path)).forEach(route -> methods.add(route.method));
        return List.copyOf(methods);
    }

    /** The parameters of a query; a name without a value has an empty one. */
    public static Map<String, String> query(@Nullable String raw) {
        var parameters = new HashMap<String, String>();
        if (raw != null && !raw.isEmpty()) {
            Arrays.stream(raw.split("&")).forEach(pair -> {
                var equals = pair.indexOf('=');
                parameters.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
            });
        }
        return parameters;
    }

    private static boolean fits(List<String> template, List<String> path) {
        if (template.size() != path.size()) {
            return false;
        }
        for (var i = 0; i < path.size(); i++) {
            if (!isName(template.get(i)) && !template.get(i).equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, String> parameters(List<String> template, List<String> path) {
        var parameters = new HashMap<String, String>();
        for (var i = 0; i < path.size(); i++) {
            var segment = template.get(i);
            if (isName(segment)) {
                parameters.put(segment.substring(1, segment.length() - 1), decode(path.get(i)));
            }
        }
        return parameters;
    }

    private static boolean isName(String segment) {
        return segment.startsWith("{");
    }

    private static List<String> segments(String path) {
        var trimmed = path.replaceAll("^/+|/+$", "");
        return trimmed.isEmpty() ? List.of() : List.of(trimmed.split("/"));
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // a stray percent sign stands for itself
        }
    }
}
