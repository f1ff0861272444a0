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
import java.util.TreeMap;
import java.util.stream.Stream;
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
    private static final ObjectWriter PRETTY = Json.MAPPER
            .writer()
            .with(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    record Kind(Owner owner, String type, Class<? extends Event> event) {
        @Override
        public String toString() {
            return type;
        }

        Path file() {
            return GOLDEN.resolve(type + ".json");
        }

        Message message() {
            return EventCodec.write(Samples.envelope(owner, sample()));
        }

        Event sample() {
            return Samples.of(event).orElseThrow(() -> new AssertionError("no sample of " + event));
        }
    }

    static List<Kind> kinds() {
        var kinds = new ArrayList<Kind>();
        for (var owner : Owner.values()) {
            EventTypes.classes(owner).forEach((type, event) -> kinds.add(new Kind(owner, type, event)));
        }
        return kinds;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldNotChangeItsFormOnTheWire(Kind kind) throws IOException {
        if (!Files.exists(kind.file())) {
            if (System.getProperty("golden.write") == null) {
                fail("%s has no golden file; write it with -Dgolden.write and commit it", kind.type());
            }
            Files.writeString(kind.file(), text(kind.message()) + "\n");
        }
        assertThat(text(kind.message()) + "\n").isEqualTo(Files.readString(kind.file()));
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
        kinds().forEach(kind -> types.add(kind.type() + ".json"));
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
