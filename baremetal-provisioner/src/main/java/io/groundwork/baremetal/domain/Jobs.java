package io.groundwork.baremetal.domain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.baremetal.domain.Server.Engagement;
import io.groundwork.events.Component.Shutdown;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.Timer;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is done with one server, one job at a time: each is an operation of the engine. A job begins only when the engine is done
 * with the one before, and when a place is free in its lane.
 */
final class Jobs {

    /** What an operation takes a place of that is no job: power that is switched by hand. */
    private static final String POWER = "power";

    private final ServerRun run;
    private final Lanes lanes;
    private final Deadlines deadlines;
    private final Tokens tokens;

    Jobs(ServerRun run, Deadlines deadlines, Tokens tokens) {
        this.run = run;
        this.lanes = new Lanes(run.stores(), deadlines);
        this.deadlines = deadlines;
        this.tokens = tokens;
    }

    void verify() {
        var server = run.server();
        if (server != null && server.life() instanceof Life.Verifiable state) {
            start(
                    state::verifying,
                    new ServerTask.Verify(run.id(), server.registration().bmc()));
        }
    }

    void inspect() {
        var server = run.server();
        if (server != null && server.life() instanceof Life.Inspectable state) {
            var known = server.registration();
            start(state::inspecting, new ServerTask.Inspect(run.id(), known.bmc(), known.serverType()));
        }
    }

    /** @param provide whether it becomes available afterwards */
    void clean(boolean provide, boolean allowDataLoss) {
        var server = run.server();
        if (server != null && server.life() instanceof Life.Cleanable state) {
            var known = server.registration();
            start(
                    job -> state.cleaning(job, provide),
                    new ServerTask.Clean(
                            run.id(),
                            known.bmc(),
                            known.site(),
                            // what was clean once holds only what a tenant left who has released it
                            known.allowDataLoss()
                                    || allowDataLoss
                                    || (server.erased() != null && server.inUse() == null),
                            server.inUse(),
                            false,
                            false));
        }
    }

    void adopt() {
        var server = run.server();
        if (server != null && server.life() instanceof Life.Adoptable state) {
            start(
                    state::adopting,
                    new ServerTask.Adopt(run.id(), server.registration().bmc()));
        }
    }

    void deploy(InstanceOrder instance) {
        var server = run.server();
        if (server != null && server.life() instanceof Life.Deployable state) {
            start(
                    state::deploying,
                    new ServerTask.Deploy(run.id(), server.registration().bmc(), instance, false, false));
        }
    }

    /** @param how its system is brought to its end; null: as every other */
    void takeDown(@Nullable Shutdown how) {
        var server = run.server();
        if (server != null && server.life() instanceof Life.Occupied state) {
            var known = server.registration();
            start(state::deleting, new ServerTask.Undeploy(run.id(), known.bmc(), known.site(), how));
        }
    }

    /** Switches its power by hand. */
    void power(ServerTask.Power to) {
        var server = run.server();
        if (server == null) {
            return;
        }
        var operation = run.nextOperation();
        run.send(run.order(
                operation,
                1,
                Goal.DONE,
                new ServerTask.Switch(run.id(), server.registration().bmc(), to)));
        run.server(run.found().engaged(new Engagement(operation, POWER)));
        run.timers().set(new Timer(run.now().plus(deadlines.power()), run.id(), operation));
    }

    static boolean switchesPower(Engagement engaged) {
        return POWER.equals(engaged.lane());
    }

    private void start(Function<Job, ? extends Life.Transient> state, ServerTask task) {
        var operation = run.nextOperation();
        var awaitsCall = task instanceof ServerTask.Deploy || task instanceof ServerTask.Clean;
        run.docket(run.docket().job(run.order(operation, 1, Goal.DONE, task)));
        run.server(run.found()
                .life(state.apply(Job.waiting(
                        operation,
                        millis(run.now().plus(deadlines.waiting())),
                        awaitsCall ? tokens.hashFor(operation) : null))));
        begin();
    }

    /** Hands the job to the engine, if nothing else of the server is there and a place is free. */
    void begin() {
        var server = run.server();
        var order = run.docket().job();
        if (server == null
                || !(server.life() instanceof Life.Transient moving)
                || moving.job().begun()
                || server.engaged() != null
                || order == null) {
            return;
        }
        var lane = lanes.laneOf(server, moving);
        if (lane != null) {
            if (!lanes.free(lane)) {
                lanes.await(lane, run.id(), moving);
                return;
            }
            lanes.take(lane);
        }
        run.server(server.life(moving.at(moving.job().begun(millis(run.now().plus(deadlines.of(moving))))))
                .engaged(new Engagement(moving.job().operation(), lane)));
        run.send(order);
    }

    /** The engine is done with it: what waits for that begins, here and in its lane. */
    void disengage() {
        vacate();
        var server = run.server();
        if (server != null) {
            run.server(server.engaged(null));
        }
    }

    /** It needs its place no more, though the engine is not done with it: what waits in its lane begins. */
    void vacate() {
        var server = run.server();
        var was = server == null ? null : server.engaged();
        if (server == null || was == null) {
            return;
        }
        run.server(server.engaged(new Engagement(was.operation(), null)));
        var lane = was.lane();
        if (lane == null || lane.equals(POWER)) {
            return;
        }
        lanes.giveBack(lane);
        // one that is told may wait no more
        for (var next = lanes.next(lane); next.isPresent(); next = lanes.next(lane)) {
            if (!next.get().equals(run.id())) {
                var other = new Jobs(run.of(next.get()), deadlines, tokens);
                other.begin();
                run.say(other.run.finish());
            }
        }
    }

    /** Tells the engine to leave the server as it is. Nothing else begins before it says that it has. */
    void stop() {
        var server = run.server();
        var job = server == null ? null : server.job();
        if (server != null
                && job != null
                && server.engaged() != null
                && server.engaged().operation().equals(job.operation())) {
            leave(job.operation(), job.attempt(), reads());
        }
    }

    /** What the job of the server changed is done, or given up. */
    void over(Job job) {
        leave(job.operation(), job.attempt(), reads());
        run.docket(run.docket().job(null));
        vacate();
    }

    /** A switch of its power is done, or given up. */
    void overWithPower(String operation, int attempt) {
        leave(operation, attempt, false);
        vacate();
    }

    /** Whether what is being done changes nothing. */
    private boolean reads() {
        var server = run.server();
        return server != null
                && (server.life() instanceof Life.Verifying
                        || server.life() instanceof Life.Inspecting
                        || server.life() instanceof Life.Adopting);
    }

    /** @param reads whether what was done till now only read */
    void leave(String operation, int attempt, boolean reads) {
        var server = run.server();
        if (server != null) {
            run.send(run.order(
                    operation,
                    attempt,
                    Goal.UNDONE,
                    new ServerTask.Leave(run.id(), server.registration().bmc(), reads)));
        }
    }

    void hold() {
        reorder(job -> job.held(run.now()), ServerTask.HELD, true);
    }

    void unhold() {
        reorder(job -> job.unheld(run.now()), ServerTask.HELD, false);
    }

    void phonedHome() {
        reorder(Job::phonedHome, ServerTask.PHONED_HOME, true);
    }

    /** Orders the job anew, with a field of its task changed: the engine goes on with it at once. */
    private void reorder(Function<Job, Job> change, String field, boolean value) {
        var server = run.server();
        var order = run.docket().job();
        if (server == null || !(server.life() instanceof Life.Transient moving) || order == null) {
            return;
        }
        var job = change.apply(moving.job());
        var task = ((ObjectNode) order.specification().deepCopy()).put(field, value);
        var next = order.anew(job.attempt(), task);
        run.docket(run.docket().job(next));
        run.server(server.life(moving.at(job)));
        if (job.begun()) {
            run.send(next);
        }
    }

    private static Instant millis(Instant time) {
        return Instant.ofEpochMilli(time.toEpochMilli());
    }
}
