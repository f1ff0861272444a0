package io.groundwork.runtime;

import io.groundwork.events.EventCodec;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Administers a compacted table of small records, such as the catalogue. Commands on {@link Topics#administration}, keyed by
 * {@code <kind>/<name>}, put or delete an entry; what stands is published under the same key, a tombstone where something was
 * deleted, and whoever asked gets an {@link Answer} with the command's id.
 *
 * <p>A seed is a put that only adds what was never there: an entry that was changed or deleted since stays so at every start.
 */
public final class TableMachine implements Machine {

    /** Puts the entry that the payload is. */
    public static final String PUT = "put-entry";

    /** Deletes the entry; the payload says nothing. */
    public static final String DELETE = "delete-entry";

    /** Puts the entry that the payload is, if there never was one of that key. Not answered. */
    public static final String SEED = "seed-entry";

    /** The {@code ce_type} of an answer. */
    public static final String ANSWERED = "entry-answered";

    /** The {@code ce_type} of a record of the table. */
    public static final String ENTRY = "entry";

    static final String STORE = "entries";

    /** What was once there: a row is never deleted, so that a seed does not bring it back. */
    private static final byte[] DELETED = {};

    private final Owner owner;
    private final String table;
    private final List<EntryKind<?>> kinds;

    /**
     * @param table the compacted topic
     * @param kinds what it may hold
     */
    public TableMachine(Owner owner, String table, List<EntryKind<?>> kinds) {
        this.owner = owner;
        this.table = table;
        this.kinds = List.copyOf(kinds);
    }

    /** What became of a command. */
    public enum Result {
        PUT,
        DELETED,
        /** There is nothing to delete. */
        NOT_FOUND,
        /** The objections say why. */
        REFUSED
    }

    /** Tells who asked what became of it. */
    public record Answer(Result result, List<Objection> objections) {
        public Answer {
            objections = List.copyOf(objections);
        }
    }

    @Override
    public Set<String> inputs() {
        return Set.of(Topics.administration(owner));
    }

    @Override
    public Set<String> stores() {
        return Set.of(STORE);
    }

    @Override
    public List<Message> handle(Input input, Moment moment, Stores stores) {
        return switch (input) {
            case Input.Fired fired -> List.of();
            case Input.Received received -> {
                try {
                    yield new Run(received.message(), moment, stores.store(STORE)).out();
                } catch (RuntimeException unreadable) {
                    yield List.of(DeadLetter.of(owner, received.message(), unreadable));
                }
            }
        };
    }

    /** One command's way through the table. */
    private final class Run implements EntryKind.Table {

        private final Message command;
        private final Moment moment;
        private final KeyValues entries;
        private final List<Message> out = new ArrayList<>();

        Run(Message command, Moment moment, KeyValues entries) {
            this.command = command;
            this.moment = moment;
            this.entries = entries;
        }

        List<Message> out() {
            switch (required(EventCodec.TYPE)) {
                case PUT -> answer(put());
                case DELETE -> answer(delete());
                case SEED -> seed();
                case String other -> throw new EventCodec.Unreadable("no command of a table: " + other);
            }
            return out;
        }

        private Answer put() {
            var key = command.key();
            var kind =
                    EntryKind.of(kinds, key).orElseThrow(() -> new EventCodec.Unreadable("no kind of entry: " + key));
            var checked = kind.check(kind.name(key), command.value() == null ? new byte[0] : command.value(), this);
            if (checked.entry() == null) {
                return new Answer(Result.REFUSED, checked.objections());
            }
            store(Json.write(checked.entry()));
            return new Answer(Result.PUT, List.of());
        }

        private Answer delete() {
            if (standing(command.key()) == null) {
                return new Answer(Result.NOT_FOUND, List.of());
            }
            store(DELETED);
            return new Answer(Result.DELETED, List.of());
        }

        private void seed() {
            if (entries.get(command.key()) == null) {
                var answer = put();
                if (answer.result() == Result.REFUSED) {
                    throw new EventCodec.Unreadable("no valid seed: " + answer.objections());
                }
            }
        }

        @Override
        public <E> Optional<E> entry(String key, Class<E> type) {
            return Optional.ofNullable(standing(key)).map(row -> Json.read(row, type));
        }

        @Override
        public <E> Map<String, E> entries(String word, Class<E> type) {
            var found = new TreeMap<String, E>();
            for (var row : entries.range(word + '/', word + '0', Integer.MAX_VALUE)) {
                if (row.value().length > 0) {
                    found.put(row.key().substring(word.length() + 1), Json.read(row.value(), type));
                }
            }
            return found;
        }

        private byte @Nullable [] standing(String key) {
            var row = entries.get(key);
            return row == null || row.length == 0 ? null : row;
        }

        private void store(byte[] row) {
            entries.put(command.key(), row);
            var headers = new TreeMap<>(Map.of(
                    "ce_specversion",
                    "1.0",
                    "content-type",
                    "application/json",
                    EventCodec.ID,
                    Uuids.named(table, required(EventCodec.ID)).toString(),
                    EventCodec.TYPE,
                    ENTRY,
                    EventCodec.TIME,
                    moment.now().toString()));
            out.add(new Message(table, command.key(), headers, row.length == 0 ? null : row));
        }

        private void answer(Answer answer) {
            var id = required(EventCodec.ID);
            out.add(Commands.message(
                    Topics.replies(owner),
                    id,
                    Uuids.named("answer", id).toString(),
                    ANSWERED,
                    moment.now(),
                    trace(),
                    answer));
        }

        private @Nullable String trace() {
            return command.header(EventCodec.TRACE);
        }

        private String required(String header) {
            var value = command.header(header);
            if (value == null) {
                throw new EventCodec.Unreadable("header " + header + " is missing");
            }
            return value;
        }
    }
}
