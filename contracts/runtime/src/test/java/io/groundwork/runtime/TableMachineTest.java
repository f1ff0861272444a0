package io.groundwork.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TableMachineTest {

    private static final String TABLE = "shapes.v1";

    private final TableMachine machine = new TableMachine(
            Owner.IAM,
            TABLE,
            List.of(new EntryKind<>("squares", Pattern.compile("[a-z]+"), Square.class, (name, square, table) -> {
                var objections = new ArrayList<Objection>();
                if (square.side() < 1) {
                    objections.add(new Objection("/side", "must be 1 or more"));
                }
                if (table.entry("squares/" + square.beside(), Square.class).isEmpty()) {
                    objections.add(new Objection("/beside", "is not there"));
                }
                return objections;
            })));
    private final InMemoryStores stores = new InMemoryStores();
    private final Map<String, String> table = new TreeMap<>();
    private final List<Message> deadLetters = new ArrayList<>();
    private int commands;

    record Square(int side, String beside) {}

    @Test
    void shouldParkASeedThatIsNotValid() {
        seed("squares/a", "{\"side\":0,\"beside\":\"a\"}");
        assertThat(deadLetters).hasSize(1);
        assertThat(table).isEmpty();
    }

    @Test
    void shouldPublishWhatStandsAndATombstoneForWhatWasDeleted() {
        stand("squares/origin");

        assertThat(ask(TableMachine.PUT, "squares/a", "{\"side\":2,\"beside\":\"origin\"}"))
                .isEqualTo(new TableMachine.Answer(TableMachine.Result.PUT, List.of()));
        assertThat(table).containsEntry("squares/a", "{\"side\":2,\"beside\":\"origin\"}");

        assertThat(result(TableMachine.DELETE, "squares/a")).isEqualTo(TableMachine.Result.DELETED);
        assertThat(table).doesNotContainKey("squares/a");
        assertThat(result(TableMachine.DELETE, "squares/a")).isEqualTo(TableMachine.Result.NOT_FOUND);

        seed("squares/a", "{\"side\":3,\"beside\":\"origin\"}");
        assertThat(table).as("a seed does not bring back").doesNotContainKey("squares/a");
        seed("squares/b", "{\"side\":3,\"beside\":\"origin\"}");
        seed("squares/b", "{\"side\":4,\"beside\":\"origin\"}");
        assertThat(table).containsEntry("squares/b", "{\"side\":3,\"beside\":\"origin\"}");
    }

    @Test
    void shouldNameEverythingThatIsWrongAtOnce() {
        assertThat(objections("squares/a", "{\"side\":0,\"beside\":\"b\"}"))
                .containsExactly(new Objection("/side", "must be 1 or more"), new Objection("/beside", "is not there"));
        assertThat(objections("squares/a", "{\"sides\":1}"))
                .containsExactly(
                        new Objection("/sides", "is not a field of squares"),
                        new Objection("/side", "is required"),
                        new Objection("/beside", "is required"));
        assertThat(objections("squares/a", "{\"side\":\"much\",\"beside\":\"b\"}"))
                .containsExactly(new Objection("/side", "has the wrong type"));
        assertThat(objections("squares/A1", "{\"side\":1,\"beside\":\"b\"}")).hasSize(1);
        assertThat(objections("squares/a", "[]")).containsExactly(new Objection("", "must be a JSON object"));
        assertThat(objections("squares/a", "{")).containsExactly(new Objection("", "must be JSON"));
        assertThat(table).isEmpty();
    }

    @Test
    void shouldKeepWhatItCannotReadAsDeadLetter() {
        handle(message(TableMachine.PUT, "circles/a", "{}"));
        handle(message("turn-entry", "squares/a", "{}"));
        handle(new Message(Topics.administration(Owner.IAM), "squares/a", Map.of(), null));
        assertThat(deadLetters).hasSize(3);
    }

    private void stand(String key) {
        stores.store(TableMachine.STORE).put(key, new byte[] {'{', '}'});
    }

    private void seed(String key, String entry) {
        handle(message(TableMachine.SEED, key, entry));
    }

    private TableMachine.Result result(String type, String key) {
        return ask(type, key, "{}").result();
    }

    private List<Objection> objections(String key, String entry) {
        var answer = ask(TableMachine.PUT, key, entry);
        assertThat(answer.result()).isEqualTo(TableMachine.Result.REFUSED);
        return answer.objections();
    }

    private TableMachine.Answer ask(String type, String key, String entry) {
        return handle(message(type, key, entry)).stream()
                .filter(message -> message.topic().equals(Topics.replies(Owner.IAM)))
                .peek(message -> assertThat(message.key()).isEqualTo("command-" + commands))
                .map(message -> Json.read(Objects.requireNonNull(message.value()), TableMachine.Answer.class))
                .findFirst()
                .orElse(new TableMachine.Answer(TableMachine.Result.REFUSED, List.of()));
    }

    private Message message(String type, String key, String entry) {
        var headers = Commands.message("", "", "command-" + ++commands, type, Instant.EPOCH, null, "")
                .headers();
        return new Message(Topics.administration(Owner.IAM), key, headers, entry.getBytes(UTF_8));
    }

    private List<Message> handle(Message message) {
        var out = machine.handle(new Input.Received(message), new Moment(Instant.EPOCH, new Random(1)), stores);
        for (var sent : out) {
            if (sent.topic().equals(TABLE)) {
                var value = sent.value();
                if (value == null) {
                    table.remove(sent.key());
                } else {
                    table.put(sent.key(), new String(value, UTF_8));
                }
            } else if (sent.topic().equals(Topics.deadLetters(Owner.IAM))) {
                deadLetters.add(sent);
            }
        }
        return out;
    }
}
