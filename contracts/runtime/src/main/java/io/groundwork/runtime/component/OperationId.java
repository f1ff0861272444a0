package io.groundwork.runtime.component;

import io.groundwork.events.ResourceId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names one operation for ever: {@code <resource>#<sequence of the creating request>/<component>/<unit>}, where the unit is an
 * instance's index or {@link #SHARED}.
 */
public record OperationId(ResourceId resource, long sequence, String component, String unit) {

    /** The unit that makes what all instances of a component share, such as security groups and a key pair. */
    static final String SHARED = "access";

    private static final Pattern FORM = Pattern.compile("([^#]+)#(\\d{1,18})/([^/]+)/([^/]+)");

    /** Empty if {@code text} is not of this form. */
    public static Optional<OperationId> parse(String text) {
        var matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new OperationId(
                        ResourceId.parse(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        matcher.group(3),
                        matcher.group(4)))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return resource + "#" + sequence + "/" + component + "/" + unit;
    }
}
