package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The one JSON of Groundwork: {@code camelCase}, times ISO-8601 UTC, durations ISO-8601, absent instead of null, unknown
 * fields tolerated (a newer writer may know more).
 */
public final class Json {

    /** Shared and never reconfigured. */
    public static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new Jdk8Module())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    /** {@code value} as UTF-8 JSON. */
    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws UncheckedIOException if {@code bytes} are not JSON of {@code type}; the message names the place */
    public static <T> T read(byte[] bytes, Class<T> type) {
        return read(bytes, MAPPER.constructType(type));
    }

    /** @throws UncheckedIOException if {@code bytes} are not JSON of {@code type}; the message names the place */
    public static <T> T read(byte[] bytes, JavaType type) {
        try {
            T value = MAPPER.readValue(bytes, type);
            if (value == null) {
                throw new IOException("JSON null where " + type + " was expected");
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Json() {}
}
