package io.groundwork.runtime.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An RFC 9457 problem, thrown to be the answer.
 *
 * <p>The media type is {@code application/problem+json}.
 */
public final class Problem extends RuntimeException {

    public static final String MEDIA_TYPE = "application/problem+json";

    private final Body body;

    private Problem(Body body) {
        super(body.detail());
        this.body = body;
    }

    /** The answer's body. */
    public Body body() {
        return body;
    }

    /** @param detail one sentence that says what is wrong and what to do */
    public static Problem of(int status, String title, String detail) {
        return new Problem(new Body("about:blank", title, status, detail, null));
    }

    /** 400 with every wrong field. */
    public static Problem invalid(List<FieldError> errors) {
        return new Problem(new Body(
                "about:blank",
                "The request is not valid",
                400,
                errors.size() == 1 ? errors.getFirst().detail() : errors.size() + " fields are wrong; see errors.",
                List.copyOf(errors)));
    }

    /** 422 with every field that cannot be acted on. */
    public static Problem unprocessable(String detail, List<FieldError> errors) {
        return new Problem(new Body("about:blank", "The request cannot be acted on", 422, detail, List.copyOf(errors)));
    }

    /** 404, also for what exists but is another tenant's. */
    public static Problem notFound(String what) {
        return of(404, "Not found", what);
    }

    /** 403. */
    public static Problem forbidden(String detail) {
        return of(403, "Not allowed", detail);
    }

    /** 409. */
    public static Problem conflict(String detail) {
        return of(409, "Conflict", detail);
    }

    /**
     * One wrong field.
     *
     * @param pointer RFC 6901 JSON pointer into the body
     * @param detail what is wrong and what would be right
     */
    public record FieldError(String pointer, String detail) {}

    /** What is sent. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Body(
            String type,
            String title,
            int status,
            String detail,
            @Nullable List<FieldError> errors) {}
}
