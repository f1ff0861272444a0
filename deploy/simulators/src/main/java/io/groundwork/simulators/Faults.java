package io.groundwork.simulators;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The faults that are set. For every call they are asked in the order in which they were set; the first that hits decides,
 * and those behind it do not count that call. They live in memory only: a restarted simulator behaves again.
 */
public final class Faults {
    private final Set<String> actions;
    private final Map<Fault.Kind, Set<String>> limited;
    private final List<Entry> entries = new ArrayList<>();
    private long lastId;

    /**
     * @param actions every action of the back end
     * @param limited kinds that make sense for some actions only; as {@code *} they pass all others by
     */
    public Faults(Set<String> actions, Map<Fault.Kind, Set<String>> limited) {
        this.actions = new TreeSet<>(actions);
        this.limited = Map.copyOf(limited);
    }

    /** A fault as it stands, with the number of calls that it has seen pass and hit. */
    public record Standing(long id, @JsonUnwrapped Fault fault, int passed, int hits) {}

    /** Reads a fault from the control API's JSON. */
    Fault read(JsonFields fields) {
        var action = fields.string("action");
        var kindName = fields.oneOf("kind", Fault.Kind.wireNames());
        var times = fields.integer("times", 1);
        var after = fields.integer("after", 0);
        var delay = fields.duration("delay");
        var code = fields.string("code");
        var scope = fields.string("scope");
        var kind = Fault.Kind.of(kindName);
        if (action == null) {
            fields.wrong("action", "must be the name of an action, or *");
        } else if (!action.equals(Fault.ANY_ACTION) && !actions.contains(action)) {
            fields.wrong("action", "must be * or one of " + String.join(", ", actions));
        }
        if (!fields.has("kind")) {
            fields.wrong("kind", "must be one of " + String.join(", ", Fault.Kind.wireNames()));
        }
        if (kind != null && action != null && !action.equals(Fault.ANY_ACTION) && !applies(kind, action)) {
            fields.wrong("kind", kindName + " is not for " + action);
        }
        if (kind == Fault.Kind.DELAY && !fields.has("delay")) {
            fields.wrong("delay", "must be given for the kind delay");
        }
        if (kind != null && kind != Fault.Kind.DELAY && kind != Fault.Kind.HANG && delay != null) {
            fields.wrong("delay", "is for the kinds delay and hang only");
        }
        if (kind != null && kind != Fault.Kind.FAIL && code != null) {
            fields.wrong("code", "is for the kind fail only");
        }
        fields.check();
        if (action == null || kind == null) {
            throw new IllegalStateException("checked above");
        }
        return new Fault(action, kind, times, after == null ? 0 : after, delay, code, scope);
    }

    /** Sets a fault; it counts calls from now on. */
    public synchronized Standing add(Fault fault) {
        if (!fault.action().equals(Fault.ANY_ACTION) && !applies(fault.kind(), fault.action())) {
            throw new IllegalArgumentException(fault.kind() + " does not apply to " + fault.action());
        }
        var entry = new Entry(++lastId, fault);
        entries.add(entry);
        return entry.standing();
    }

    public synchronized List<Standing> list() {
        return entries.stream().map(Entry::standing).toList();
    }

    public synchronized void clear() {
        entries.clear();
    }

    /** Clears those that were set for this place alone. */
    public synchronized void clear(String scope) {
        entries.removeIf(entry -> scope.equals(entry.fault.scope()));
    }

    /** What is to happen to this call; counts it. */
    public synchronized Optional<Fault> hit(String action, @Nullable String scope) {
        for (var entry : entries) {
            if (entry.fault.matches(action, scope) && applies(entry.fault.kind(), action) && entry.hits()) {
                return Optional.of(entry.fault);
            }
        }
        return Optional.empty();
    }

    private boolean applies(Fault.Kind kind, String action) {
        return actionsOf(kind).contains(action);
    }

    private Set<String> actionsOf(Fault.Kind kind) {
        return limited.getOrDefault(kind, actions);
    }

    private static final class Entry {
        private final long id;
        private final Fault fault;
        private int passed;
        private int hits;

        Entry(long id, Fault fault) {
            this.id = id;
            this.fault = fault;
        }

        boolean hits() {
            if (passed < fault.after()) {
                passed++;
                return false;
            }
            var times = fault.times();
            if (times != null && hits >= times) {
                return false;
            }
            hits++;
            return true;
        }

        Standing standing() {
            return new Standing(id, fault, passed, hits);
        }
    }
}
