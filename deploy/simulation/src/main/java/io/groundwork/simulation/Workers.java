package io.groundwork.simulation;

import io.groundwork.events.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The workers of an owner's queues. They take works at least once: a work whose worker was killed is given to another, and now
 * and then one is given to two. What they find may come late, and twice.
 */
final class Workers implements Actor {

    private static final int SIDE_BY_SIDE = 4;

    private final Simulation simulation;
    private final String prefix;
    private final List<WorkerProcess> processes;
    private final List<Message> waiting = new ArrayList<>();
    private Instant stillUntil = Instant.MIN;

    Workers(Simulation simulation, String prefix, List<WorkerProcess> processes) {
        this.simulation = simulation;
        this.prefix = prefix;
        this.processes = processes;
        simulation.log().watch(entry -> {
            if (entry.message().topic().startsWith(prefix)) {
                waiting.add(entry.message());
            }
        });
    }

    @Override
    public boolean ready(Instant now) {
        return !waiting.isEmpty() && !stillUntil.isAfter(now);
    }

    @Override
    public @Nullable Instant next() {
        return waiting.isEmpty() ? null : stillUntil;
    }

    @Override
    public void act() {
        var faults = simulation.faults();
        var chance = simulation.chance();
        if (faults.stall() > 0 && chance.oneIn(faults.stall())) {
            stillUntil = simulation.now().plus(chance.upTo(faults.longest()));
            simulation.say(() -> prefix + " stands still until " + stillUntil);
            return;
        }
        // of queues and partitions that are read side by side
        var message = waiting.remove(chance.below(Math.min(SIDE_BY_SIDE, waiting.size())));
        deliver(message);
        if (chance.percent(faults.again())) {
            simulation.after(chance.upTo(faults.late()), () -> deliver(message));
        }
    }

    private void deliver(Message message) {
        var chance = simulation.chance();
        var process = chance.any(processes);
        simulation.say(() -> process.name() + " takes " + Trace.text(message));
        if (chance.percent(simulation.faults().freeze())) {
            new Job(message, process).run();
        } else {
            answer(process.work().apply(message));
        }
    }

    private void answer(Message found) {
        simulation.send(found);
        if (simulation.chance().percent(simulation.faults().again())) {
            simulation.after(simulation.chance().upTo(simulation.faults().late()), () -> simulation.send(found));
        }
    }

    /** A work whose worker is frozen on the way, and thawed again or killed. */
    private final class Job {

        private final Message message;
        private final WorkerProcess process;
        private final Strand strand;
        private @Nullable Message found;

        Job(Message message, WorkerProcess process) {
            this.message = message;
            this.process = process;
            this.strand = new Strand(this::work, this::breathe);
        }

        private void work() {
            breathe();
            var result = process.work().apply(message);
            breathe();
            found = result;
        }

        /** In the strand. */
        private void breathe() {
            if (simulation.chance().oneIn(2)) {
                strand.handBack();
            }
        }

        void run() {
            strand.run();
            var result = found;
            if (result != null) {
                answer(result);
                return;
            }
            var chance = simulation.chance();
            var die = chance.percent(simulation.faults().kill());
            var delay = chance.upTo(simulation.faults().thaw());
            simulation.say(() ->
                    process.name() + " is frozen at " + message.key() + (die ? ", to be killed in " : " for ") + delay);
            simulation.after(delay, die ? this::die : this::run);
        }

        private void die() {
            strand.kill();
            simulation.say(() -> process.name() + " was killed at " + message.key());
            // its place in the queue was never committed
            simulation.after(simulation.chance().upTo(simulation.faults().late()), () -> deliver(message));
        }
    }
}
