package io.groundwork.baremetal.domain;

import io.groundwork.baremetal.domain.ServerCommand.Result;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.ServerFact;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.OperationOutcome.Kind;

/** What people ask of a server, and what the system on it says. */
final class Verbs {

    private final ServerRun run;
    private final Jobs jobs;
    private final Outcomes outcomes;
    private final Customer customer;

    Verbs(ServerRun run, Jobs jobs, Outcomes outcomes, Customer customer) {
        this.run = run;
        this.jobs = jobs;
        this.outcomes = outcomes;
        this.customer = customer;
    }

    void seed(ServerCommand.Seed seed) {
        if (run.server() == null) {
            run.server(Server.enrolled(run.id(), seed.registration(), seed.aim()));
            outcomes.ahead();
        }
    }

    void enrol(ServerCommand.Enrol enrol) {
        var server = run.server();
        if (server == null) {
            run.server(Server.enrolled(run.id(), enrol.registration(), enrol.aim()));
        } else if (server.life() instanceof Life.Gone) {
            run.server(server.again(enrol.registration(), enrol.aim()));
        } else {
            run.answer(
                    Result.CONFLICT,
                    server.known()
                            ? "The server is enrolled already."
                            : "The server was force-deleted; say first that it is clean, by the verb cleaned.");
            return;
        }
        outcomes.ahead();
        run.answer(Result.DONE, "Enrolled.");
    }

    void perform(ServerCommand.Do command) {
        var server = run.server();
        if (server == null || server.life() instanceof Life.Gone) {
            run.answer(Result.NOT_FOUND, "There is no server " + run.id() + ".");
            return;
        }
        var verb = command.verb();
        if (!verb.legal(server)) {
            run.answer(
                    Result.CONFLICT, "A server that is " + server.life().word() + " takes no " + verb.word() + " now.");
            return;
        }
        perform(verb, command, server);
        if (!run.answered()) {
            run.answer(Result.DONE, "Done, or begun.");
        }
    }

    private void perform(Verb verb, ServerCommand.Do command, Server now) {
        var why = command.actor() + (command.reason() == null ? "" : ": " + command.reason());
        switch (verb) {
            case VERIFY -> jobs.verify();
            case MANAGE -> {
                if (now.life() instanceof Life.Manage state) {
                    run.server(now.life(state.manageable()));
                }
            }
            case INSPECT -> jobs.inspect();
            case PROVIDE -> jobs.clean(true, command.allowDataLoss());
            case CLEAN -> jobs.clean(false, command.allowDataLoss());
            case ADOPT -> adopt(command, now);
            case ABORT -> {
                if (now.life() instanceof Life.Transient moving) {
                    outcomes.giveUp(
                            moving, Failure.permanent(FailureCategory.CONFLICT, "Given up by " + why + "."), false);
                }
            }
            case HOLD -> jobs.hold();
            case UNHOLD -> jobs.unhold();
            case MAINTENANCE -> run.server(now.flags(now.flags().maintenance(why)));
            case UNMAINTENANCE -> run.server(now.flags(now.flags().maintenance(null)));
            case QUARANTINE -> run.server(now.flags(now.flags().quarantine(why)));
            case UNQUARANTINE ->
                run.server(now.flags(now.flags().quarantine(null)).failedDeploys(0));
            case RETIRE -> {
                var retired = now.flags(now.flags().retired(why));
                run.server(now.life() instanceof Life.Available free ? retired.life(free.manageable()) : retired);
            }
            case UNRETIRE -> run.server(now.flags(now.flags().retired(null)));
            case POWER_ON -> power(ServerTask.Power.ON, now);
            case POWER_OFF -> power(ServerTask.Power.OFF, now);
            case RESET -> power(ServerTask.Power.RESET, now);
            case RELEASE -> jobs.takeDown(customer.shutdown());
            case DELETE -> {
                if (now.life() instanceof Life.Removable state) {
                    run.server(now.life(state.gone()));
                    run.docket(Docket.EMPTY);
                }
            }
            case FORCE_DELETE -> forceDelete(now, why);
            case CLEANED -> run.server(now.saidClean().life(new Life.Gone()));
        }
    }

    /** What was never cleaned runs, or has run, what is on its disks; and whether it did cannot be seen once it is off. */
    private void power(ServerTask.Power to, Server now) {
        if (now.erased() == null) {
            run.server(now.inUse("switched by hand before its first cleaning"));
        }
        jobs.power(to);
    }

    private void adopt(ServerCommand.Do command, Server now) {
        var instance = command.instance();
        if (instance != null) {
            run.server(now.inUse("somebody wanted to keep what runs on it")
                    .consumer(new ServerFact.Consumer(instance.resource(), instance.component(), instance.index(), 0)));
            jobs.adopt();
        }
    }

    private void forceDelete(Server now, String why) {
        var order = run.docket().customer();
        if (order != null && now.consumer() != null) {
            // who waits for its end is told: what is left of it is a person's matter now
            customer.tell(
                    order,
                    order.goal() == Goal.UNDONE ? Kind.REACHED : Kind.FAILED,
                    null,
                    new Failure(
                            FailureCategory.PROVIDER,
                            "The server was taken out of the inventory by an operator.",
                            why,
                            false));
        }
        jobs.stop();
        run.server(run.found().life(new Life.ForceDeleted(why)).aim(null).consumer(null));
        run.docket(Docket.EMPTY);
    }

    void phoneHome(ServerCommand.PhoneHome home) {
        var server = run.server();
        var job = server == null ? null : server.job();
        if (job == null || !home.tokenHash().equals(job.tokenHash())) {
            run.answer(Result.FORBIDDEN, "No call with this token is awaited.");
            return;
        }
        jobs.phonedHome();
        run.answer(Result.DONE, "Welcome.");
    }
}
