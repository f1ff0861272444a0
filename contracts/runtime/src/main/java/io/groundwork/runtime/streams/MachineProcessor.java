package io.groundwork.runtime.streams;

import io.groundwork.events.Message;
import io.groundwork.runtime.DeadLetter;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Lends machines their stores and their moments. What one says to another of the same task about what stands in its partition is
 * handed over at once, in the same transaction; everything else goes by its topic. Holds no rule of its own.
 */
final class MachineProcessor extends ContextualProcessor<String, byte[], String, Message> {

    /** How soon to ask again whether what is due may fire. */
    private static final long AGAIN_MILLIS = 50;
    /** What comes without a pause makes no more transactions than this ... */
    private static final Duration BETWEEN_COMMITS = Duration.ofMillis(10);
    /** ... and where records have waited long before they are read, fewer: a transaction costs as much as many records. */
    private static final Duration BETWEEN_COMMITS_AT_MOST = Duration.ofMillis(400);
    /** Of the time that a record has waited, the part that may be added to it. */
    private static final int PART_OF_WAIT = 4;
    /** Of a stream thread, whose tasks are committed together: when it last was asked to. */
    private static final ThreadLocal<Long> ASKED =
            ThreadLocal.withInitial(() -> System.nanoTime() - BETWEEN_COMMITS.toNanos());
    /** Most timers of one tick: far from what a transaction has time for. */
    private static final int MOST_TIMERS = 1_000;

    private final Layout layout;
    private final List<Member> members;
    private final Map<String, Member> readers = new HashMap<>();
    private final Set<String> inputs = new TreeSet<>();
    private final boolean packed;
    private final InputGate gate;
    private final Map<InputGate.Partition, Long> processed = new HashMap<>();
    /**
     * Set for the earliest timer or an owed commit, and only then: after every punctuation Kafka Streams has a task to commit, so
     * one that came at intervals would keep the broker busy with transactions of nothing.
     */
    private @Nullable Cancellable alarm;
    /** Something was said since the last commit, which was too short a while ago. */
    private boolean owed;

    private long alarmAt = Long.MAX_VALUE;

    /** A machine with its stores of this task. */
    private final class Member {

        private final String name;
        private final Machine machine;
        private final Map<String, Rows> stores = new HashMap<>();
        /** No timer is due before: those that were have fired, and their rows are gone. */
        private Instant earliest = Instant.EPOCH;

        Member(String name, Machine machine) {
            this.name = name;
            this.machine = machine;
        }

        Rows store(String store) {
            return stores.computeIfAbsent(
                    store,
                    unused -> new Rows(
                            context().getStateStore(layout.store(name, store)),
                            layout.prefix(name, store),
                            packed,
                            key -> {
                                if (store.equals(Timers.STORE)) {
                                    set(Timers.dueMillis(key));
                                }
                            }));
        }

        private void set(long dueMillis) {
            var due = Instant.ofEpochMilli(dueMillis);
            if (due.isBefore(earliest)) {
                earliest = due;
            }
            alarm(dueMillis);
        }

        void forget() {
            stores.clear();
            earliest = Instant.EPOCH;
        }
    }

    private record Given(Member member, Input input) {}

    /**
     * @param layout where they have their rows
     * @param machines by name; no two read the same topic
     * @param packed whether the rows are
     */
    MachineProcessor(Layout layout, SortedMap<String, Machine> machines, boolean packed, InputGate gate) {
        this.layout = layout;
        this.packed = packed;
        this.members = machines.entrySet().stream()
                .map(machine -> new Member(machine.getKey(), machine.getValue()))
                .toList();
        for (var member : members) {
            member.machine.inputs().forEach(topic -> readers.put(topic, member));
            inputs.addAll(member.machine.inputs());
        }
        this.gate = gate;
    }

    @Override
    public void init(ProcessorContext<String, Message> context) {
        super.init(context);
        // a task that was taken back has its stores as they were committed
        members.forEach(Member::forget);
        gate.begin(inputs, context.taskId().partition());
        silence();
        // at once: what time it is, a task knows only when it is called
        alarm(0);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        var place = context().recordMetadata().orElseThrow(() -> new IllegalStateException("a record without a place"));
        var message = Records.message(place.topic(), record.key(), record.headers(), record.value());
        var said = DeadLetter.isUnplaced(message)
                ? place(message, Instant.now())
                : run(reader(place.topic()), new Input.Received(message), Instant.now());
        processed.put(new InputGate.Partition(place.topic(), place.partition()), place.offset());
        if (said) {
            commitSoon(context().currentSystemTimeMs() - record.timestamp());
        }
    }

    /**
     * Whoever redrives a dead letter may have put it to any partition, and another task than its key's would decide on it without
     * what is known of that key: it goes by its topic once more, to where the service's own producer puts it.
     */
    private boolean place(Message redriven, Instant now) {
        forward(DeadLetter.placed(redriven), now);
        return true;
    }

    private void forward(Message message, Instant now) {
        context().forward(new Record<>(message.key(), message, now.toEpochMilli(), Records.headers(message.headers())));
    }

    private Member reader(String topic) {
        var reader = readers.get(topic);
        if (reader == null) {
            throw new IllegalStateException("nobody here reads " + topic);
        }
        return reader;
    }

    /**
     * Somebody waits for what was said. What was only read and folded waits for {@code commit.interval.ms}: every service reads
     * nearly every event, and few have anything to say to one.
     *
     * @param waited milliseconds since the record was written
     */
    private void commitSoon(long waited) {
        var between = Math.clamp(waited / PART_OF_WAIT, BETWEEN_COMMITS.toMillis(), BETWEEN_COMMITS_AT_MOST.toMillis());
        var since = Duration.ofNanos(System.nanoTime() - ASKED.get()).toMillis();
        owed = since < between;
        if (owed) {
            alarm(context().currentSystemTimeMs() + between - since);
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
        var fired = false;
        for (var member : members) {
            var timers = new Timers(member::store);
            var due = timers.due(member.earliest, now, MOST_TIMERS);
            // the latest of them: what was read up to then was read up to all
            if (!due.isEmpty()
                    && !gate.passed(
                            inputs,
                            context().taskId().partition(),
                            due.getLast().due(),
                            processed)) {
                alarm(millis + AGAIN_MILLIS);
                continue;
            }
            // one that firing these sets may be earlier again
            member.earliest =
                    due.size() < MOST_TIMERS ? now.plusMillis(1) : due.getLast().due();
            for (var timer : due) {
                run(member, new Input.Fired(timer), now);
                fired = true;
            }
            timers.next(member.earliest).ifPresent(next -> alarm(next.due().toEpochMilli()));
        }
        if (fired) {
            commitNow();
        }
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

    /** Whether anything was said to others. */
    private boolean run(Member first, Input input, Instant now) {
        var said = false;
        var here = place(input);
        var open = new ArrayDeque<Given>();
        open.add(new Given(first, input));
        while (!open.isEmpty()) {
            var given = open.remove();
            for (var message : handled(given, now)) {
                var reader = readers.get(message.topic());
                if (reader != null
                        && reader != given.member()
                        && HomePartitioner.place(message.topic(), message.key()).equals(here)) {
                    open.add(new Given(reader, new Input.Received(message)));
                } else {
                    said = true;
                    forward(message, now);
                }
            }
        }
        return said;
    }

    private static String place(Input input) {
        return switch (input) {
            case Input.Received received ->
                HomePartitioner.place(
                        received.message().topic(), received.message().key());
            case Input.Fired fired -> HomePartitioner.home(fired.timer().key());
        };
    }

    private static List<Message> handled(Given given, Instant now) {
        try {
            return given.member()
                    .machine
                    .handle(given.input(), new Moment(now, ThreadLocalRandom.current()), given.member()::store);
        } catch (Rows.StoreFailure failure) {
            // Kafka Streams decides what a fenced task or a broken store means
            throw failure.reason;
        }
    }
}
