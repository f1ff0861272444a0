package io.groundwork.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every event's form on the wire is frozen by a file of {@code src/test/resources/golden}. A file is never edited: readers of
 * the old form are out there, and topics are kept for ever. A field may be added as optional (the old file must still be read,
 * see {@link #shouldStillReadTheFrozenForm}); anything else is a new type {@code …v2}.
 *
 * <p>For a new event, {@code -Dgolden.write} writes the files that are missing, and only those.
 */
class GoldenEventsTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final Path VALUES = Path.of("src/test/resources/golden-values");
    private static final ObjectWriter PRETTY = Json.MAPPER
            .writer()
            .with(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    /** @param form of an event that has more than one: the name that its file has behind the type */
    record Kind(Owner owner, String type, @Nullable String form, Class<? extends Event> event) {
        @Override
        public String toString() {
            return form == null ? type : type + "+" + form;
        }

        Path file() {
            return GOLDEN.resolve(this + ".json");
        }

        Message message() {
            return EventCodec.write(Samples.envelope(owner, sample()));
        }

        Event sample() {
            return form == null
                    ? Samples.of(event).orElseThrow(() -> new AssertionError("no sample of " + event))
                    : Samples.FURTHER.get(form);
        }
    }

    static List<Kind> kinds() {
        var kinds = new ArrayList<Kind>();
        for (var owner : Owner.values()) {
            EventTypes.classes(owner).forEach((type, event) -> {
                kinds.add(new Kind(owner, type, null, event));
                Samples.FURTHER.forEach((form, sample) -> {
                    if (event.isInstance(sample)) {
                        kinds.add(new Kind(owner, type, form, event));
                    }
                });
            });
        }
        return kinds;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldNotChangeItsFormOnTheWire(Kind kind) throws IOException {
        frozen(kind.file(), text(kind.message()) + "\n");
    }

    static Set<String> values() {
        return Samples.VALUES.keySet();
    }

    @ParameterizedTest
    @MethodSource("values")
    void shouldNotChangeTheFormOfAValueOfAnotherTopic(String name) throws IOException {
        var file = VALUES.resolve(name + ".json");
        var sample = Samples.VALUES.get(name);

        frozen(file, PRETTY.writeValueAsString(sample) + "\n");
        assertThat(Json.read(Files.readAllBytes(file), sample.getClass())).isEqualTo(sample);
    }

    private static void frozen(Path file, String text) throws IOException {
        if (!Files.exists(file)) {
            if (System.getProperty("golden.write") == null) {
                fail("%s is missing; write it with -Dgolden.write and commit it", file);
            }
            Files.writeString(file, text);
        }
        assertThat(text).isEqualTo(Files.readString(file));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldStillReadTheFrozenForm(Kind kind) throws IOException {
        var frozen = Json.MAPPER.readTree(Files.readString(kind.file()));
        var headers = new TreeMap<String, String>();
        frozen.get("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        var message = new Message(
                frozen.get("topic").asText(), frozen.get("key").asText(), headers, Json.write(frozen.get("value")));

        var fact = EventCodec.fact(message);

        assertThat(new Envelope<>(
                        fact, EventCodec.read(message, fact).orElseThrow().event()))
                .isEqualTo(Samples.envelope(kind.owner(), kind.sample()));
    }

    @Test
    void shouldHaveNoFileOfATypeThatIsGone() throws IOException {
        var types = new HashSet<String>();
        kinds().forEach(kind -> types.add(kind + ".json"));
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString())).isSubsetOf(types);
        }
    }

    private static String text(Message message) {
        var value = message.value();
        try {
            JsonNode payload = value == null ? Json.MAPPER.nullNode() : Json.MAPPER.readTree(new String(value, UTF_8));
            var record = new TreeMap<String, Object>(Map.of(
                    "topic", message.topic(), "key", message.key(), "headers", message.headers(), "value", payload));
            return PRETTY.writeValueAsString(record);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
