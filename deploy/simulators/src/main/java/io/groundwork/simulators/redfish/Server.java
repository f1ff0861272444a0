package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.simulators.Journal;
import io.groundwork.simulators.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A server of the fleet and its lock: one at a time sees and changes its {@link Machine}. As long as nothing was done to
 * it, it is no more than its {@link ServerSpec}.
 */
final class Server {
    static final String KEY = "server/";

    private final ServerSpec factory;
    private final Fleet fleet;
    private final Journal journal;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Machine machine;

    Server(ServerSpec factory, Fleet fleet, Journal journal) {
        this.factory = factory;
        this.fleet = fleet;
        this.journal = journal;
    }

    String id() {
        return factory.id();
    }

    /** Runs {@code call} alone, after what is due by now; keeps what it changes before anyone sees it. */
    <T> T alone(Function<Machine, T> call) {
        lock.lock();
        try {
            var now = fleet.now();
            var current = machine == null ? new Machine(factory) : machine;
            current.advance(now, fleet.settings());
            try {
                return call.apply(current);
            } finally {
                keep(current);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Puts back what the journal kept. */
    void restore(JsonNode value) throws IOException {
        lock.lock();
        try {
            machine = Json.MAPPER.treeToValue(value, Machine.class);
            machine.resume();
            proceed(machine);
        } finally {
            lock.unlock();
        }
    }

    private void keep(Machine current) {
        if (!current.takeChanged()) {
            return;
        }
        var key = KEY + id();
        try {
            journal.append(Map.of(key, current));
        } catch (UncheckedIOException e) {
            forgetChange(key);
            throw e;
        }
        machine = current;
        proceed(current);
    }

    private void forgetChange(String key) {
        try {
            var kept = journal.get(key);
            machine = kept == null ? null : Json.MAPPER.treeToValue(kept, Machine.class);
        } catch (IOException e) {
            throw new UncheckedIOException("the journal can be neither written nor read", e);
        }
    }

    private void proceed(Machine current) {
        current.takeEffects().forEach(effect -> fleet.outside().perform(this, effect));
        var due = current.nextDue();
        if (due != null) {
            fleet.wake(this, due);
        }
    }

    /** For {@link Fleet}: time has come. */
    void wake(Instant due) {
        alone(current -> {
            // What was too much for one go is left for the next.
            var left = current.nextDue();
            if (left != null && !left.isAfter(due)) {
                fleet.wake(this, left);
            }
            return null;
        });
    }
}
