package io.groundwork.request.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.groundwork.request.view.RequestRow;
import io.groundwork.request.view.RequestRows.Position;
import io.groundwork.runtime.rest.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.UUID;

/** A place in the list of requests as a text that is nobody's business. */
final class Cursor {

    static String of(RequestRow last) {
        var at = Objects.requireNonNull(last.createdAt, "listed before it was read");
        return Base64.getUrlEncoder().withoutPadding().encodeToString((at + " " + last.id).getBytes(UTF_8));
    }

    /** @throws Problem 400 if the text is none of ours */
    static Position position(String cursor) {
        try {
            var parts = new String(Base64.getUrlDecoder().decode(cursor), UTF_8).split(" ", 2);
            if (parts.length == 2) {
                return new Position(Instant.parse(parts[0]), UUID.fromString(parts[1]));
            }
        } catch (IllegalArgumentException | DateTimeException malformed) {
            // said below
        }
        throw Problem.of(400, "Malformed query", "cursor must be a nextCursor of this list.");
    }

    private Cursor() {}
}
