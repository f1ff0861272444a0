package io.groundwork.runtime.streams;

import io.groundwork.events.Message;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.KeyValues;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Lends a machine its stores and its moments. Holds no rule of its own. */
final class MachineProcessor extends ContextualProcessor<String, byte[], String, Message> {

    /** How soon to ask again whether what is due may fire. */
    private static final long AGAIN_MILLIS = 50;
    /** What comes without a pause makes no more transactions than this. */
    private static final Duration BETWEEN_COMMITS = Duration.ofMillis(10);
    /** Of a stream thread, whose tasks are committed together: when it last was asked to. */
    private static final ThreadLocal<Long> ASKED =
            ThreadLocal.withInitial(() -> System.nanoTime() - BETWEEN_COMMITS.toNanos());
    /** Most timers of one tick: far from what a transaction has time for. */
    private static final int MOST_TIMERS = 1_000;

    private final String name;
    private final Machine machine;
    private final InputGate gate;
    private final Map<String, Rows> stores = new HashMap<>();
    private final Map<InputGate.Partition, Long> processed = new HashMap<>();
    /**
     * Set for the earliest timer or an owed commit, and only then: after every punctuation Kafka Streams has a task to commit, so
     * one that came at intervals would keep the broker busy with transactions of nothing.
     */
    private @Nullable Cancellable alarm;
    /** Something was said since the last commit, which was too short a while ago. */
    private boolean owed;

    private long alarmAt = Long.MAX_VALUE;

    MachineProcessor(String name, Machine machine, InputGate gate) {
        this.name = name;
        this.machine = machine;
        this.gate = gate;
    }

    @Override
    public void init(ProcessorContext<String, Message> context) {
        super.init(context);
        gate.begin(machine.inputs(), context.taskId().partition());
        silence();
        // at once: what time it is, a task knows only when it is called
        alarm(0);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        var place = context().recordMetadata().orElseThrow(() -> new IllegalStateException("a record without a place"));
        var message = Records.message(place.topic(), record.key(), record.headers(), record.value());
        var said = run(new Input.Received(message), Instant.now());
        processed.put(new InputGate.Partition(place.topic(), place.partition()), place.offset());
        if (said) {
            commitSoon();
        }
    }

    /**
     * Somebody waits for what was said. What was only read and folded waits for {@code commit.interval.ms}: every service reads
     * nearly every event, and few have anything to say to one.
     */
    private void commitSoon() {
        var now = System.nanoTime();
        owed = now - ASKED.get() < BETWEEN_COMMITS.toNanos();
        if (owed) {
            alarm(context().currentSystemTimeMs() + BETWEEN_COMMITS.toMillis());
        } else {
            commitNow();
        }
    }

    private void commitNow() {
        owed = false;
        ASKED.set(System.nanoTime());
        context().commit();
    }

    @Override
    public void close() {
        silence();
    }

    private void tick(long millis) {
        silence();
        if (owed) {
            commitNow();
        }
        var now = Instant.ofEpochMilli(millis);
        var due = new Timers(this::store).due(now, MOST_TIMERS);
        if (due.isEmpty()) {
            alarmForNext();
            return;
        }
        // the latest of them: what was read up to then was read up to all
        if (!gate.passed(
                machine.inputs(), context().taskId().partition(), due.getLast().due(), processed)) {
            alarm(millis + AGAIN_MILLIS);
            return;
        }
        for (var timer : due) {
            run(new Input.Fired(timer), now);
        }
        commitNow();
        alarmForNext();
    }

    private void alarmForNext() {
        new Timers(this::store).next().ifPresent(timer -> alarm(timer.due().toEpochMilli()));
    }

    private void alarm(long millis) {
        if (millis >= alarmAt) {
            return;
        }
        silence();
        var delay = Math.max(1, millis - context().currentSystemTimeMs());
        alarm = context().schedule(Duration.ofMillis(delay), PunctuationType.WALL_CLOCK_TIME, this::tick);
        alarmAt = millis;
        Alarms.set(this, context().currentSystemTimeMs() + delay);
    }

    private void silence() {
        Alarms.clear(this);
        if (alarm != null) {
            alarm.cancel();
        }
        alarm = null;
        alarmAt = Long.MAX_VALUE;
    }

    /** Whether anything was said. */
    private boolean run(Input input, Instant now) {
        List<Message> outputs;
        try {
            outputs = machine.handle(input, new Moment(now, ThreadLocalRandom.current()), this::store);
        } catch (StoreFailure failure) {
            // Kafka Streams decides what a fenced task or a broken store means
            throw failure.cause;
        }
        for (var message : outputs) {
            context()
                    .forward(new Record<>(
                            message.key(), message, now.toEpochMilli(), Records.headers(message.headers())));
        }
        return !outputs.isEmpty();
    }

    private KeyValues store(String store) {
        return stores.computeIfAbsent(store, unused -> {
            KeyValueStore<String, byte[]> rows = context().getStateStore(MachineTopology.storeName(name, store));
            return new Rows(rows, store.equals(Timers.STORE));
        });
    }

    private final class Rows implements KeyValues {

        private final KeyValueStore<String, byte[]> rows;
        private final boolean timers;

        Rows(KeyValueStore<String, byte[]> rows, boolean timers) {
            this.rows = rows;
            this.timers = timers;
        }

        @Override
        public byte @Nullable [] get(String key) {
            try {
                return rows.get(key);
            } catch (RuntimeException e) {
                throw new StoreFailure(e);
            }
        }

        @Override
        public void put(String key, byte[] value) {
            try {
                rows.put(key, value);
            } catch (RuntimeException e) {
                throw new StoreFailure(e);
            }
            if (timers) {
                alarm(Timers.dueMillis(key));
            }
        }

        @Override
        public void delete(String key) {
            try {
                rows.delete(key);
            } catch (RuntimeException e) {
                throw new StoreFailure(e);
            }
        }

        @Override
        public List<Entry> range(String from, String to, int limit) {
            var entries = new ArrayList<Entry>();
            // no lower bound is not the empty string: a store refuses empty keys
            try (var found = rows.range(from.isEmpty() ? null : from, to)) {
                while (entries.size() < limit && found.hasNext()) {
                    var next = found.next();
                    if (!next.key.equals(to)) {
                        entries.add(new Entry(next.key, next.value));
                    }
                }
            } catch (RuntimeException e) {
                throw new StoreFailure(e);
            }
            return entries;
        }
    }

    /** Not a fault of the input: a machine, which turns those into dead letters, must not see it. */
    private static final class StoreFailure extends Error {

        private final RuntimeException cause;

        StoreFailure(RuntimeException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
