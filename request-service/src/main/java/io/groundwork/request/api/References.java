package io.groundwork.request.api;

import io.groundwork.runtime.rest.Problem.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** User data that asks for what another component's instances got: {@code ${web.instances[0].privateIp}}. */
final class References {

    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\{([^}.\\s]+)\\.instances\\[(\\d{1,6})]\\.([^}\\s]*)}");
    private static final String ADDRESS = "privateIp";
    private static final Set<String> FIELDS = Set.of(ADDRESS, "providerId");

    private final List<Text> texts = new ArrayList<>();

    private record Text(String pointer, String text, List<String> dependsOn) {}

    void add(String pointer, String text, List<String> dependsOn) {
        texts.add(new Text(pointer, text, dependsOn));
    }

    /**
     * What is wrong with them.
     *
     * @param sizes of all components, how many instances there will be at least
     * @param unaddressed the components whose addresses Groundwork will not know
     */
    List<FieldError> errors(Map<String, Integer> sizes, Set<String> unaddressed) {
        var errors = new ArrayList<FieldError>();
        for (var text : texts) {
            REFERENCE.matcher(text.text).results().forEach(found -> {
                var component = found.group(1);
                var size = sizes.get(component);
                var index = Integer.parseInt(found.group(2));
                if (size == null) {
                    errors.add(new FieldError(
                            text.pointer,
                            found.group() + ": there is no component " + component + AskReader.known(sizes.keySet())));
                } else if (!text.dependsOn.contains(component)) {
                    errors.add(new FieldError(
                            text.pointer,
                            found.group() + ": add " + component + " to dependsOn, it must stand before."));
                } else if (index >= size) {
                    errors.add(new FieldError(
                            text.pointer,
                            found.group() + ": " + component + " has " + size + " instances for certain; the last is "
                                    + (size - 1) + "."));
                }
                if (found.group(3).equals(ADDRESS) && unaddressed.contains(component)) {
                    errors.add(
                            new FieldError(
                                    text.pointer,
                                    found.group() + ": " + component
                                            + " gets no address from Groundwork, as it has no networks or its site uses DHCP."));
                }
                if (!FIELDS.contains(found.group(3))) {
                    errors.add(new FieldError(
                            text.pointer,
                            found.group() + ": an instance has no " + found.group(3) + AskReader.known(FIELDS)));
                }
            });
        }
        return errors;
    }
}
