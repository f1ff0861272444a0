package io.groundwork.simulation;

import io.groundwork.events.Message;
import io.groundwork.runtime.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * One run: the topics, the time, and everybody who moves. One move at a time, chosen by chance among those who can; time passes a
 * little with every move, and jumps when nobody has anything to do.
 */
public final class Simulation {

    /** Far more than any scenario needs: one that reaches it goes in circles. */
    private static final int MOST_MOVES = 40_000;

    private static final Instant BEGIN = Instant.parse("2026-03-04T12:00:00Z");

    private record Appointment(Instant at, long number, Runnable what) {}

    private final boolean exact;
    private final long seed;
    private final Chance chance;
    private final Faults faults;
    private final Log log;
    private final Trace trace;
    private final List<Actor> actors = new ArrayList<>();
    private final List<Task> tasks = new ArrayList<>();
    private final List<Actor> ready = new ArrayList<>();
    private final PriorityQueue<Appointment> agenda =
            new PriorityQueue<>(Comparator.comparing(Appointment::at).thenComparingLong(Appointment::number));
    private Instant now = BEGIN;
    private long appointments;
    private int moves;

    public Simulation(long seed, int partitions, Faults faults, Trace trace) {
        this.exact = seed % 16 == 0;
        this.seed = seed;
        this.chance = new Chance(seed);
        this.faults = faults;
        this.log = new Log(partitions);
        this.trace = trace;
    }

    /** Chance that is of {@code whom} alone: what they draw moves nobody else's. */
    public Chance chanceOf(String whom) {
        return new Chance(seed * 31 + whom.hashCode());
    }

    /** Runs {@code machine} as a task for each of {@code on}'s partitions. */
    public void run(String name, Machine machine) {
        for (var partition = 0; partition < log.partitions(); partition++) {
            var task = new Task(this, name + "-" + partition, machine, partition);
            tasks.add(task);
            actors.add(task);
        }
    }

    /** Lets {@code workers} do the works of every queue whose topic starts with {@code topics}. */
    public void work(String topics, List<WorkerProcess> workers) {
        actors.add(new Workers(this, topics, workers));
    }

    /** Calls {@code what} as soon as {@code delay} is over. */
    public void after(Duration delay, Runnable what) {
        agenda.add(new Appointment(now.plus(delay), appointments++, what));
    }

    /** Sends a record, as from outside. */
    public void send(Message message) {
        log.append(message, now);
        trace.say(now, () -> "record  " + Trace.text(message));
    }

    /** Until nobody has anything to do any more, ever. */
    public void untilRest() {
        untilRest(MOST_MOVES);
    }

    /** @param mostMoves far more than are needed: a run that reaches it goes in circles */
    public void untilRest(int mostMoves) {
        while (move()) {
            if (moves > mostMoves) {
                throw new AssertionError("never at rest: " + moves + " moves until " + now);
            }
        }
    }

    private boolean move() {
        while (true) {
            ready.clear();
            for (var actor : actors) {
                if (actor.ready(now)) {
                    ready.add(actor);
                }
            }
            var appointment = agenda.peek();
            var due = appointment != null && !appointment.at().isAfter(now);
            if (due && (ready.isEmpty() || chance.below(ready.size() + 1) == 0)) {
                moves++;
                agenda.remove().what().run();
                pass();
                return true;
            }
            if (!ready.isEmpty()) {
                moves++;
                chance.any(ready).act();
                pass();
                return true;
            }
            if (!jump()) {
                return false;
            }
        }
    }

    /** To the next moment at which anything can happen. */
    private boolean jump() {
        var next = agenda.isEmpty() ? null : agenda.element().at();
        for (var actor : actors) {
            var own = actor.next();
            if (own != null && (next == null || own.isBefore(next))) {
                next = own;
            }
        }
        if (next == null) {
            return false;
        }
        if (next.isAfter(now)) {
            now = next;
            return true;
        }
        throw new AssertionError("somebody waits for a moment that is over: " + next + ", now is " + now);
    }

    /** A move takes a moment. */
    private void pass() {
        now = now.plusMillis(chance.below(4));
    }

    /** Whether everything goes through bytes on its way, as in the services; so in one seed of sixteen, as it is slow. */
    boolean exact() {
        return exact;
    }

    /** A record as one of its readers receives it. */
    Message received(Log.Entry entry) {
        var message = entry.message();
        return exact ? new Message(message.topic(), message.key(), message.headers(), message.value()) : message;
    }

    public Faults faults() {
        return faults;
    }

    public Chance chance() {
        return chance;
    }

    public Log log() {
        return log;
    }

    public Trace trace() {
        return trace;
    }

    public Instant now() {
        return now;
    }

    public int moves() {
        return moves;
    }

    /** Lets time pass within a move, such as while a back end works. */
    public void sleep(Duration time) {
        now = now.plus(time);
    }

    /** A copy of what one machine's tasks keep, for a checker to look at. */
    public List<TransactionalStores> stores(String machine) {
        return tasks.stream()
                .filter(task -> task.name().matches(Pattern.quote(machine) + "-\\d+"))
                .map(Task::stores)
                .toList();
    }

    /** Which tasks have records left to read, and of which topics. */
    public Set<String> unread() {
        var unread = new TreeSet<String>();
        tasks.forEach(task -> unread.addAll(task.unread()));
        return unread;
    }

    void say(Supplier<String> what) {
        trace.say(now, what);
    }
}
