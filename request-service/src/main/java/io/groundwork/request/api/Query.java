package io.groundwork.request.api;

import io.groundwork.runtime.rest.Problem;
import java.time.DateTimeException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads query parameters; what is malformed is answered with 400 and the parameter's name, where the framework would say 404. */
final class Query {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /** A whole number within bounds. */
    static long number(String name, String text, long from, long to) {
        try {
            var number = Long.parseLong(text);
            if (number >= from && number <= to) {
                return number;
            }
        } catch (NumberFormatException malformed) {
            // said below
        }
        throw malformed(
                name + " must be a whole number from " + from + (to == Long.MAX_VALUE ? " on." : " to " + to + "."));
    }

    /** {@code 30s} or {@code PT30S}, bounded. */
    static Duration wait(String name, String text) {
        try {
            var duration = Duration.parse(text.matches("\\d+(\\.\\d+)?[smSM]") ? "PT" + text : text);
            return duration.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : duration;
        } catch (DateTimeException malformed) {
            throw malformed(name + " must be a duration such as 30s or PT30S.");
        }
    }

    /** Complains of what the database would refuse. */
    static void plain(String name, @Nullable String text) {
        if (text != null && Form.UNFIT.matcher(text).find()) {
            throw malformed(name + " must have no control characters.");
        }
    }

    private static Problem malformed(String detail) {
        return Problem.of(400, "Malformed query", detail);
    }

    private Query() {}
}
