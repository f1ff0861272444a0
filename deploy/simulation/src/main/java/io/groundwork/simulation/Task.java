package io.groundwork.simulation;

import io.groundwork.events.Message;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Timer;
import io.groundwork.runtime.Timers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One machine in one partition, as a stream task runs it: what it read, wrote and sent since the last commit is committed
 * together, or taken back together by a crash. A timer fires only once everything is read that was sent before it fell due.
 */
final class Task implements Actor {

    private static final int LONGEST_TRANSACTION = 5;
    private static final int MOST_TIMERS = 4;

    private final Simulation simulation;
    private final String name;
    private final Machine machine;
    private final List<String> topics;
    private final List<List<Log.Entry>> inputs = new ArrayList<>();
    private final int[] positions;
    private final TransactionalStores stores;
    private final Timers timers;
    private Instant downUntil = Instant.MIN;
    private @Nullable Instant wake;

    Task(Simulation simulation, String name, Machine machine, int partition) {
        this.simulation = simulation;
        this.name = name;
        this.machine = machine;
        this.stores = new TransactionalStores(simulation.exact());
        this.timers = new Timers(stores);
        this.topics = List.copyOf(new TreeSet<>(machine.inputs()));
        topics.forEach(topic -> inputs.add(simulation.log().partition(topic, partition)));
        this.positions = new int[topics.size()];
    }

    String name() {
        return name;
    }

    TransactionalStores stores() {
        return stores;
    }

    Set<String> unread() {
        var unread = new TreeSet<String>();
        for (var input = 0; input < positions.length; input++) {
            if (hasMore(input)) {
                unread.add(name + " " + topics.get(input));
            }
        }
        return unread;
    }

    @Override
    public boolean ready(Instant now) {
        return !downUntil.isAfter(now) && (hasMore() || (wake != null && !wake.isAfter(now)));
    }

    @Override
    public @Nullable Instant next() {
        var soonest = hasMore() ? Instant.MIN : wake;
        return soonest == null || soonest.isAfter(downUntil) ? soonest : downUntil;
    }

    @Override
    public void act() {
        var chance = simulation.chance();
        var faults = simulation.faults();
        if (faults.stall() > 0 && chance.oneIn(faults.stall())) {
            downUntil = simulation.now().plus(chance.upTo(faults.longest()));
            simulation.say(() -> name + " stands still until " + downUntil);
            return;
        }
        var committed = Arrays.copyOf(positions, positions.length);
        var out = new ArrayList<Message>();
        for (var left = 1 + chance.below(LONGEST_TRANSACTION); left > 0; left--) {
            if (!advance(out)) {
                break;
            }
            if (faults.crash() > 0 && chance.oneIn(faults.crash())) {
                crash(committed, out);
                return;
            }
        }
        stores.commit();
        wake = timers.next().map(Timer::due).orElse(null);
        for (var message : out) {
            simulation.send(message);
        }
    }

    private void crash(int[] committed, List<Message> out) {
        System.arraycopy(committed, 0, positions, 0, positions.length);
        stores.rollback();
        downUntil = simulation
                .now()
                .plus(simulation.chance().upTo(simulation.faults().longest()));
        if (simulation.faults().torn()) {
            out.forEach(simulation::send);
        }
        simulation.say(() -> name + " crashes and is back at " + downUntil);
    }

    /** Handles one record, or the timers that are due. */
    private boolean advance(List<Message> out) {
        var now = simulation.now();
        var due = timers.due(now, 1 + simulation.chance().below(MOST_TIMERS));
        // the latest of them: what was read up to then was read up to all
        var mayFire = !due.isEmpty() && readUpTo(due.getLast().due());
        if (mayFire && (!hasMore() || simulation.chance().oneIn(2))) {
            for (var timer : due) {
                simulation.say(() -> name + " fires " + timer);
                handle(new Input.Fired(timer), out);
            }
            return true;
        }
        var open = 0;
        for (var input = 0; input < positions.length; input++) {
            if (hasMore(input)) {
                open++;
            }
        }
        if (open == 0) {
            return false;
        }
        var input = -1;
        for (var skip = simulation.chance().below(open); skip >= 0; skip--) {
            do {
                input++;
            } while (!hasMore(input));
        }
        var read = topics.get(input);
        var message = simulation.received(inputs.get(input).get(positions[input]++));
        simulation.say(() -> name + " reads " + read + " " + message.header("ce_type"));
        handle(new Input.Received(message), out);
        return true;
    }

    private void handle(Input input, List<Message> out) {
        out.addAll(machine.handle(
                input, new Moment(simulation.now(), simulation.chance().generator()), stores));
    }

    private boolean readUpTo(Instant moment) {
        for (var input = 0; input < positions.length; input++) {
            if (hasMore(input) && !inputs.get(input).get(positions[input]).at().isAfter(moment)) {
                return false;
            }
        }
        return true;
    }

    private boolean hasMore() {
        for (var input = 0; input < positions.length; input++) {
            if (hasMore(input)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasMore(int input) {
        return positions[input] < inputs.get(input).size();
    }
}
