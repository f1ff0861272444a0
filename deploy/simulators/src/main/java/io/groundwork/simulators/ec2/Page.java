package io.groundwork.simulators.ec2;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a listing. The token of the next page names the last item of this one, so nothing is missed or shown twice
 * while other items come and go.
 */
record Page<T>(List<T> items, @Nullable String nextToken) {
    private static final int LEAST = 5;
    private static final int MOST = 1_000;
    private static final String MARK = "after:";

    /**
     * Cuts the page that was asked for.
     *
     * @param all in the order of their keys
     * @param key grows along {@code all}, as a text
     */
    static <T> Page<T> of(Parameters parameters, List<T> all, Function<T, String> key) {
        var max = parameters.integer("MaxResults").orElse(Integer.MAX_VALUE);
        if (max < LEAST || (max > MOST && max != Integer.MAX_VALUE)) {
            throw Ec2Exception.invalidValue(
                    "maxResults", max.toString(), "Expecting a value from " + LEAST + " to " + MOST + ".");
        }
        var after = parameters.string("NextToken").map(Page::decode);
        var rest = after.isEmpty()
                ? all
                : all.stream()
                        .filter(item -> key.apply(item).compareTo(after.get()) > 0)
                        .toList();
        if (rest.size() <= max) {
            return new Page<>(rest, null);
        }
        var items = rest.subList(0, max);
        return new Page<>(items, encode(key.apply(items.get(items.size() - 1))));
    }

    private static String encode(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((MARK + key).getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String token) {
        try {
            var text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith(MARK)) {
                return text.substring(MARK.length());
            }
        } catch (IllegalArgumentException e) {
            // Refused below.
        }
        throw new Ec2Exception("InvalidPaginationToken", "The pagination token '" + token + "' is not valid");
    }
}
