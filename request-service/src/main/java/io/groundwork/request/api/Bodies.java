package io.groundwork.request.api;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.groundwork.runtime.rest.Problem;
import io.groundwork.runtime.rest.Problem.FieldError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads bodies strictly: a name twice or anything behind the value is a fault. */
final class Bodies {

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Records of a request carry its design several times over, and the records of a resource all of its queue. */
    private static final int MOST_BYTES = 128 * 1024;

    /**
     * @throws Problem 413 if it is too large
     * @throws IOException if it is not JSON, which is answered with 400 and the place
     */
    static JsonNode json(byte[] body) throws IOException {
        if (body.length > MOST_BYTES) {
            throw Problem.of(
                    413,
                    "Too large",
                    "The body has " + body.length + " bytes; it may have " + MOST_BYTES + " at most.");
        }
        var node = STRICT.readTree(body);
        if (node == null || node.isMissingNode()) {
            throw Problem.invalid(List.of(new FieldError("", "The body is empty; send a JSON object.")));
        }
        return node;
    }

    /**
     * A body read by {@code reader}.
     *
     * @throws Problem 400 with every fault; 413 if it is too large
     * @throws IOException if it is not JSON
     */
    static <T> T read(byte[] body, Function<Form, Optional<T>> reader) throws IOException {
        var errors = new ArrayList<FieldError>();
        var read = new ArrayList<T>();
        Form.read(json(body), "", errors, form -> reader.apply(form).ifPresent(read::add));
        if (!errors.isEmpty() || read.isEmpty()) {
            throw Problem.invalid(errors);
        }
        return read.getFirst();
    }

    private Bodies() {}
}
