package io.groundwork.baremetal.domain;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.baremetal.domain.Server.Aim;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.OperationOutcome;
import io.groundwork.runtime.OperationOutcome.Kind;
import io.groundwork.runtime.Timer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What becomes of a server's jobs: they are done, or fail, or somebody gives them up, or their time is over. */
final class Outcomes {

    /** After so many failed deploys in a row a server counts as defective. */
    private static final int MOST_FAILED_DEPLOYS = 3;

    private static final String ON = "On";

    private final ServerRun run;
    private final Jobs jobs;
    private final Customer customer;

    Outcomes(ServerRun run, Jobs jobs, Customer customer) {
        this.run = run;
        this.jobs = jobs;
        this.customer = customer;
    }

    void outcome(OperationOutcome outcome) {
        var server = run.server();
        var engaged = server == null ? null : server.engaged();
        if (server == null || engaged == null || !engaged.operation().equals(outcome.operation())) {
            return;
        }
        if (outcome.goal() == Goal.UNDONE) {
            if (outcome.kind() != Kind.PENDING) {
                jobs.disengage();
            }
            return;
        }
        if (Jobs.switchesPower(engaged)) {
            powered(outcome);
            return;
        }
        var job = server.job();
        if (job == null
                || !job.operation().equals(outcome.operation())
                || outcome.attempt() != job.attempt()
                || !(server.life() instanceof Life.Transient moving)) {
            return;
        }
        switch (outcome.kind()) {
            case PENDING -> customer.pending(outcome.pending());
            case REACHED -> {
                jobs.over(job);
                done(moving, outcome.outputs());
            }
            case FAILED -> {
                jobs.over(job);
                failed(moving, failure(outcome), true);
            }
        }
    }

    private void powered(OperationOutcome outcome) {
        if (outcome.kind() == Kind.PENDING) {
            return;
        }
        jobs.overWithPower(outcome.operation(), outcome.attempt());
        seen(outcome.outputs());
    }

    /** What a look found that nobody asked for. */
    void looked(ServerCommand.Looked look) {
        var server = run.server();
        if (server != null
                && server.watched()
                && server.turn() == look.turn()
                && !look.power().equals(server.power())) {
            run.server(server.found(look.power(), millis(run.now())));
        }
    }

    private void seen(@Nullable JsonNode outputs) {
        var server = run.server();
        if (server != null && outputs != null) {
            run.server(server.power(
                    Json.MAPPER.convertValue(outputs, ServerTask.Seen.class).power()));
        }
    }

    /** As it was met: nobody here has switched it on, unless it was cleaned and left on by hand. */
    private void found(@Nullable JsonNode outputs) {
        var before = run.found();
        seen(outputs);
        var now = run.found();
        if (ON.equals(now.power()) && (before.erased() == null || !ON.equals(before.power()))) {
            run.server(now.inUse("on when its BMC was verified"));
        }
    }

    private void done(Life.Transient moving, @Nullable JsonNode outputs) {
        var now = run.found();
        switch (moving) {
            case Life.Verifying verifying -> {
                run.server(now.life(verifying.verified()));
                found(outputs);
                ahead();
            }
            case Life.Inspecting inspecting -> {
                run.server(now.life(inspecting.inspected())
                        .hardware(outputs == null ? null : Json.MAPPER.convertValue(outputs, Hardware.class)));
                ahead();
            }
            case Life.Cleaning cleaning -> {
                var retired = now.flags().retired() != null;
                run.server(now.life(cleaning.provide() && !retired ? cleaning.provided() : cleaning.cleaned())
                        .erased(erasure(outputs))
                        .power("Off")
                        .aim(null));
            }
            case Life.Deploying deploying -> {
                run.server(now.life(deploying.deployed()).failedDeploys(0).power("On"));
                customer.tell(Kind.REACHED, outputs, null);
            }
            case Life.Deleting deleting -> {
                run.server(now.consumer(null).power("Off"));
                customer.tell(Kind.REACHED, null, null);
                jobs.clean(true, true);
            }
            case Life.Adopting adopting -> {
                run.server(now.life(adopting.adopted()));
                seen(outputs);
            }
        }
    }

    private Server.Erasure erasure(@Nullable JsonNode outputs) {
        var found = outputs == null ? null : Json.MAPPER.convertValue(outputs, ServerTask.Erased.class);
        return new Server.Erasure(
                millis(run.now()), found == null ? "unknown" : found.how(), found == null ? 0 : found.disks());
    }

    /** Goes on by itself to where its enrolment wants it. */
    void ahead() {
        var server = run.server();
        if (server == null || server.aim() == null) {
            return;
        }
        switch (server.life()) {
            case Life.Enrolled first -> jobs.verify();
            case Life.Manageable known -> {
                if (server.hardware() == null) {
                    jobs.inspect();
                } else if (server.aim() == Aim.AVAILABLE && server.flags().retired() == null) {
                    jobs.clean(true, false);
                } else {
                    run.server(server.aim(null));
                }
            }
            default -> {}
        }
    }

    /** Gives up what the engine may be doing. */
    void giveUp(Life.Transient moving, Failure failure, boolean counts) {
        jobs.stop();
        run.docket(run.docket().job(null));
        failed(moving, failure, counts);
    }

    private void failed(Life.Transient moving, Failure failure, boolean counts) {
        var now = run.found();
        var why = failure.message() + (failure.detail() == null ? "" : " (" + failure.detail() + ")");
        var after = now.life(moving.failed(shortened(why))).aim(null);
        switch (moving) {
            case Life.Deploying deploying -> {
                run.server(
                        counts && serversFault(failure)
                                ? defective(after.failedDeploys(now.failedDeploys() + 1))
                                : after);
                customer.tell(Kind.FAILED, null, failure);
            }
            case Life.Deleting deleting -> {
                run.server(after);
                customer.tell(Kind.FAILED, null, failure);
            }
            case Life.Adopting adopting -> run.server(after.consumer(null));
            case Life.Inspecting inspecting -> run.server(after.hardware(null));
            case Life.Verifying verifying -> run.server(after);
            // refused because it is in use: so it is, whoever switches it off before the next try
            case Life.Cleaning cleaning ->
                run.server(
                        failure.category() == FailureCategory.POLICY
                                ? after.inUse("in use when it was to be cleaned")
                                : after);
        }
    }

    private static Server defective(Server server) {
        return server.failedDeploys() < MOST_FAILED_DEPLOYS
                ? server
                : server.flags(server.flags().quarantine("the last " + server.failedDeploys() + " deploys failed"));
    }

    private static boolean serversFault(Failure failure) {
        return switch (failure.category()) {
            case VALIDATION, POLICY, QUOTA, CAPACITY, CONFLICT, BUG -> false;
            case AUTH, THROTTLED, CONNECTIVITY, PROVIDER, TIMEOUT -> true;
        };
    }

    /** A deadline of the server, or of an operation on its power. */
    void fired(Timer timer) {
        var server = run.server();
        if (server == null) {
            return;
        }
        if (!timer.name().equals(ServerRun.DEADLINE)) {
            if (server.engaged() != null && server.engaged().operation().equals(timer.name())) {
                jobs.leave(timer.name(), 1, false);
            }
            return;
        }
        var job = server.job();
        if (server.life() instanceof Life.Transient moving
                && job != null
                && job.held() == null
                && job.until().equals(timer.due())) {
            giveUp(
                    moving,
                    new Failure(
                            FailureCategory.TIMEOUT,
                            "Server " + run.id() + " was " + moving.word() + " for too long.",
                            job.begun() ? null : "it could not begin",
                            true),
                    true);
        }
    }

    private static Instant millis(Instant time) {
        return Instant.ofEpochMilli(time.toEpochMilli());
    }

    /** Reasons stand in the server's state, which is small. */
    private static String shortened(String reason) {
        return reason.length() <= 160 ? reason : reason.substring(0, 159) + "…";
    }

    private static Failure failure(OperationOutcome outcome) {
        return outcome.failure() == null
                ? Failure.permanent(FailureCategory.BUG, "The operation failed without a reason.")
                : outcome.failure();
    }
}
