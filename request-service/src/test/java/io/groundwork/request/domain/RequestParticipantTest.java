package io.groundwork.request.domain;

import static io.groundwork.request.domain.Asks.DESIGN;
import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.ComponentEvent.ComponentProvisioned;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Design;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.events.Outcome;
import io.groundwork.events.RequestEvent.CancelRequested;
import io.groundwork.events.RequestEvent.Intervention;
import io.groundwork.events.RequestEvent.InterventionDecided;
import io.groundwork.events.RequestEvent.InterventionRequested;
import io.groundwork.events.RequestEvent.OnConflict;
import io.groundwork.events.RequestEvent.RequestAborted;
import io.groundwork.events.RequestEvent.RequestQueued;
import io.groundwork.events.RequestEvent.RequestStarted;
import io.groundwork.events.RequestEvent.RequestSubmitted;
import io.groundwork.events.RequestEvent.StepOverdue;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.StepId;
import io.groundwork.events.StepStatus;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestParticipantTest {

    private static final StepId APPROVE = new StepId("approve");
    private static final StepId ALLOCATE = new StepId("allocate");
    private static final StepId WEB = new StepId("provision:web");
    private static final StepId OUT_WEB = new StepId("deprovision:web");
    private static final StepId OUT_DB = new StepId("deprovision:db");

    private final World world = new World();

    @Test
    void shouldCompleteWhenEveryStepIsDone() {
        var request = world.submit(Asks.deploy(DESIGN));
        world.settle();

        assertThat(world.end(request).outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.end(request).outputs()).containsOnlyKeys("db", "web");
        assertThat(world.completions()).singleElement().satisfies(completion -> {
            assertThat(completion.requestId()).isEqualTo(request);
            assertThat(completion.outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(completion.outputs()).containsOnlyKeys("db", "web");
        });
    }

    @Test
    void shouldNameAsManyMachinesAsOneEventHolds() {
        var request = world.submit(Asks.deploy(DESIGN));
        world.step();
        world.step();
        for (var component : List.of("web", "db")) {
            var step = world.active()
                    .plan()
                    .step(new StepId("provision:" + component))
                    .orElseThrow();
            world.says(step.id(), StepStatus.RUNNING);
            world.says(step, 1, StepStatus.DONE, new ComponentProvisioned(component, machines(500)));
        }
        world.settle();

        var outputs = world.end(request).outputs();
        assertThat(outputs.get("db").instances()).hasSize(500);
        assertThat(outputs.get("web").count()).isEqualTo(500);
        assertThat(outputs.get("web").instances()).isEmpty();
        assertThat(Json.write(world.end(request)).length).isLessThan(70 * 1024);
        assertThat(world.completions()).singleElement().satisfies(completion -> {
            assertThat(completion.outputs().get("db").link()).isNull();
            assertThat(completion.outputs().get("web").link()).isEqualTo("/v1/resources/" + Asks.RESOURCE);
        });
    }

    private static ComponentOutputs machines(int count) {
        return new ComponentOutputs(
                count,
                IntStream.range(0, count)
                        .mapToObj(i -> new ComponentOutputs.Instance(
                                i, "i-0123456789abcdef0", "10.0.0." + i % 250, "eu-central-1"))
                        .toList());
    }

    @Test
    void shouldCompleteAnEmptyDesignByItsApprovalAlone() {
        var request = world.submit(Asks.deploy(Design.EMPTY));
        assertThat(world.active().plan().steps()).hasSize(1);
        world.settle();
        assertThat(world.end(request).outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldEndRejectedWithTheApproversWords() {
        var request = world.submit(Asks.deploy(DESIGN));
        world.says(APPROVE, StepStatus.RUNNING);
        world.says(APPROVE, StepStatus.FAILED);
        world.settle();

        assertThat(world.end(request).outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(world.end(request).message()).isEqualTo("Rejected by lead@acme.example: too dear");
        assertThat(world.end(request).outputs()).isEmpty();
    }

    @Test
    void shouldEndFailedWithTheFirstFailureOnceAllIsUndone() {
        var request = world.submit(Asks.deploy(DESIGN));
        world.step();
        world.step();
        world.says(WEB, StepStatus.RUNNING);
        world.says(WEB, StepStatus.FAILED);
        assertThat(world.completions()).isEmpty();
        world.settle();

        assertThat(world.end(request).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(world.end(request).category()).isEqualTo(FailureCategory.PROVIDER);
        assertThat(world.end(request).message()).isEqualTo("provision:web broke.");
    }

    @Test
    void shouldRunTheNextOnlyAfterTheEndOfTheOne() {
        var first = world.submit(Asks.deploy(DESIGN));
        var second = world.submit(Asks.decommission());
        assertThat(world.events(RequestQueued.class)).containsExactly(new RequestQueued(1, first));
        assertThat(world.active().request()).isEqualTo(first);
        world.settle();

        assertThat(world.end(second).outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.events(RequestStarted.class)).hasSize(2);
        assertThat(world.completions()).extracting(Completion::requestId).containsExactly(first, second);
    }

    @Test
    void shouldRefuseABusyResourceToWhoDoesNotWantToQueue() {
        world.submit(Asks.deploy(DESIGN));
        var hasty = world.submit(Asks.ask(RequestKind.DEPLOY, DESIGN, OnConflict.REJECT));

        assertThat(world.end(hasty).category()).isEqualTo(FailureCategory.CONFLICT);
        assertThat(world.completions()).extracting(Completion::requestId).containsExactly(hasty);
    }

    @Test
    void shouldLetNoMoreWaitThanOneRecordHolds() {
        world.submit(Asks.deploy(DESIGN));
        for (var i = 0; i < 32; i++) {
            world.submit(Asks.decommission());
        }
        assertThat(world.completions()).isEmpty();
        var last = world.submit(Asks.decommission());
        assertThat(world.end(last).category()).isEqualTo(FailureCategory.CONFLICT);
        assertThat(world.completions()).extracting(Completion::requestId).containsExactly(last);
    }

    @Test
    void shouldKeepAsTaintedWhatASkippedStepLeft() {
        world.submit(Asks.deploy(DESIGN));
        world.settle();
        var removal = world.submit(Asks.decommission());
        world.step();
        world.step();
        world.says(OUT_WEB, StepStatus.RUNNING);
        world.says(OUT_WEB, StepStatus.STUCK);
        world.says(OUT_WEB, StepStatus.WAIVED);
        world.settle();
        assertThat(world.end(removal).outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.end(removal).outputs()).containsOnlyKeys("web");

        var again = world.submit(Asks.deploy(DESIGN));
        assertThat(world.end(again).category()).isEqualTo(FailureCategory.CONFLICT);
        assertThat(world.end(again).message()).contains("tainted");
        var thorough = world.submit(Asks.decommission());
        assertThat(world.active().plan().step(OUT_WEB)).isPresent();
        world.settle();
        assertThat(world.end(thorough).outputs()).isEmpty();
        var fresh = world.submit(Asks.deploy(DESIGN));
        world.settle();
        assertThat(world.end(fresh).outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldKeepAsTaintedWhatOnlyAccessWasLeftOf() {
        world.submit(Asks.deploy(DESIGN));
        world.settle();
        world.submit(Asks.decommission());
        world.step();
        world.says(new StepId("revoke"), StepStatus.RUNNING);
        world.says(new StepId("revoke"), StepStatus.STUCK);
        world.says(new StepId("revoke"), StepStatus.WAIVED);
        world.settle();
        assertThat(world.end(world.submit(Asks.deploy(DESIGN))).message()).contains("tainted");
    }

    @Test
    void shouldRefuseToDeployOnWhatStandsAndToRemoveWhatDoesNot() {
        var nothing = world.submit(Asks.decommission());
        assertThat(world.end(nothing).message()).contains("nothing to decommission");
        world.submit(Asks.deploy(DESIGN));
        world.settle();
        var again = world.submit(Asks.deploy(DESIGN));
        assertThat(world.end(again).category()).isEqualTo(FailureCategory.CONFLICT);
        assertThat(world.end(again).message()).contains("decommission it first");
        world.submit(Asks.decommission());
        world.settle();
        var fresh = world.submit(Asks.deploy(DESIGN));
        world.settle();
        assertThat(world.end(fresh).outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.events(RequestStarted.class)).hasSize(3);
    }

    @Test
    void shouldAddToTheChecksWhatOnlyItsOwnStateTells() {
        world.submit(Asks.deploy(DESIGN));
        world.submit(Asks.decommission());
        world.settle();
        world.submit(Asks.deploy(DESIGN));
        world.settle();
        world.submit(Asks.deploy(DESIGN));

        assertThat(world.events(RequestSubmitted.class))
                .extracting(submitted -> submitted.checks().stream()
                        .map(check -> check.name() + " " + check.ok())
                        .toList())
                .containsExactly(
                        List.of("standing true", "busy true"),
                        List.of("busy false"),
                        List.of("standing true", "busy true"),
                        List.of("standing false", "busy true"));
    }

    @Test
    void shouldChangeNothingWhenARequestIsSubmittedAgain() {
        var request = world.submit(Asks.deploy(DESIGN));
        world.settle();
        var before = world.messages().size();
        world.command(new Command.Submit(request, Asks.deploy(DESIGN), Asks.catalogued(DESIGN), List.of()));
        assertThat(world.messages()).hasSize(before);
    }

    @Test
    void shouldCancelWhatRunsWhatWaitsButNotWhatEnded() {
        var active = world.submit(Asks.deploy(DESIGN));
        var waiting = world.submit(Asks.decommission());
        world.step();
        cancel(waiting);
        assertThat(world.reply()).isInstanceOf(Reply.Accepted.class);
        assertThat(world.end(waiting).outcome()).isEqualTo(Outcome.CANCELED);

        cancel(active);
        cancel(active);
        assertThat(world.reply()).isInstanceOf(Reply.Accepted.class);
        assertThat(world.events(CancelRequested.class)).hasSize(1);
        world.settle();
        assertThat(world.end(active).outcome()).isEqualTo(Outcome.CANCELED);

        cancel(active);
        assertThat(world.reply())
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.status()).isEqualTo(409));
    }

    @Test
    void shouldRefuseToCancelAnApprovedDecommission() {
        world.submit(Asks.deploy(DESIGN));
        world.settle();
        var request = world.submit(Asks.decommission());
        world.step();
        cancel(request);
        assertThat(world.reply()).isInstanceOf(Reply.Refused.class);
        world.settle();
        assertThat(world.end(request).outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldKeepWhatStandsWhenADecommissionIsCanceledBeforeItsApproval() {
        world.submit(Asks.deploy(DESIGN));
        world.settle();
        var request = world.submit(Asks.decommission());
        cancel(request);
        world.settle();
        assertThat(world.end(request).outcome()).isEqualTo(Outcome.CANCELED);
        var next = world.submit(Asks.decommission());
        world.settle();
        assertThat(world.end(next).outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldTurnBackAndNameTheServiceThatIsSilent() {
        var request = world.submit(Asks.deploy(DESIGN));
        world.step();
        world.says(ALLOCATE, StepStatus.RUNNING);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.events(StepOverdue.class)).isEmpty();
        world.pass(Duration.ofMinutes(2));

        assertThat(world.events(StepOverdue.class))
                .singleElement()
                .satisfies(overdue -> assertThat(overdue.service()).isEqualTo("allocation-service"));
        assertThat(world.events(InterventionRequested.class))
                .singleElement()
                .satisfies(asked -> assertThat(asked.actions()).isEmpty());
        assertThat(world.active().turned()).isTrue();

        // it returns and undoes its step
        world.settle();
        assertThat(world.end(request).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(world.end(request).category()).isEqualTo(FailureCategory.TIMEOUT);
        assertThat(world.end(request).message()).contains("allocation-service", "allocate");
    }

    @Test
    void shouldWatchAStepAnewWhenItMovesOn() {
        world.submit(Asks.deploy(DESIGN));
        // due to start for the time of an approval and its grace, and running for as long again
        world.pass(Duration.ofSeconds(140));
        world.says(APPROVE, StepStatus.RUNNING);
        world.pass(Duration.ofSeconds(140));
        assertThat(world.events(StepOverdue.class)).isEmpty();
        world.pass(Duration.ofSeconds(20));
        assertThat(world.events(StepOverdue.class)).hasSize(1);
        // once: nobody says so again of the same stay
        world.pass(Duration.ofDays(1));
        assertThat(world.events(StepOverdue.class).stream()
                        .filter(overdue -> overdue.service().equals("approval-service")))
                .hasSize(1);
    }

    @Test
    void shouldLetAnOperatorRetryAStuckUndoAndAbandonIt() {
        var request = world.submit(Asks.deploy(DESIGN));
        world.step();
        world.step();
        world.step();
        cancel(request);
        assertThat(world.due().map(due -> due.step().id())).contains(new StepId("grant"));
        world.says(new StepId("grant"), StepStatus.SKIPPED);
        world.says(new StepId("provision:db"), StepStatus.SKIPPED);
        world.says(WEB, StepStatus.UNDOING);
        world.says(WEB, StepStatus.UNDO_STUCK);
        assertThat(world.events(InterventionRequested.class))
                .singleElement()
                .satisfies(
                        asked -> assertThat(asked.actions()).containsExactly(Intervention.RETRY, Intervention.ABANDON));

        intervene(request, WEB, Intervention.SKIP);
        assertThat(world.reply())
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.reason()).contains("retry, abandon"));
        intervene(request, ALLOCATE, Intervention.RETRY);
        assertThat(world.reply())
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.reason()).contains("provision:web"));
        intervene(request, WEB, Intervention.RETRY);
        assertThat(world.reply()).isInstanceOf(Reply.Accepted.class);
        intervene(request, WEB, Intervention.ABANDON);
        assertThat(world.reply()).isInstanceOf(Reply.Refused.class);

        var web = world.active().plan().step(WEB).orElseThrow();
        world.says(web, 2, StepStatus.UNDOING);
        world.says(web, 2, StepStatus.UNDO_STUCK);
        assertThat(world.events(InterventionRequested.class)).hasSize(2);
        intervene(request, WEB, Intervention.ABANDON);
        assertThat(world.events(InterventionDecided.class)).hasSize(2);
        world.says(web, 2, StepStatus.ABANDONED);
        world.settle();

        assertThat(world.end(request).outcome()).isEqualTo(Outcome.TAINTED);
        assertThat(world.end(request).message()).contains("i-1");
        assertThat(world.end(request).outputs()).containsOnlyKeys("web");
        var again = world.submit(Asks.deploy(DESIGN));
        assertThat(world.end(again).message()).contains("tainted");
        var removal = world.submit(Asks.decommission());
        world.settle();
        assertThat(world.end(removal).outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldEndTaintedWhenADecommissionIsAborted() {
        world.submit(Asks.deploy(DESIGN));
        world.settle();
        var request = world.submit(Asks.decommission());
        world.step();
        world.step();
        world.says(OUT_DB, StepStatus.RUNNING);
        world.says(OUT_DB, StepStatus.DONE);
        world.says(OUT_WEB, StepStatus.RUNNING);
        world.says(OUT_WEB, StepStatus.STUCK);
        intervene(request, OUT_WEB, Intervention.ABORT);
        assertThat(world.events(RequestAborted.class)).hasSize(1);
        world.settle();

        assertThat(world.end(request).outcome()).isEqualTo(Outcome.TAINTED);
        assertThat(world.end(request).outputs()).containsOnlyKeys("web");
        var next = world.submit(Asks.decommission());
        world.settle();
        assertThat(world.end(next).outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldNotTurnADecommissionThatIsLate() {
        world.submit(Asks.deploy(DESIGN));
        world.settle();
        var request = world.submit(Asks.decommission());
        world.step();
        world.pass(Duration.ofMinutes(5));
        assertThat(world.events(StepOverdue.class)).hasSize(1);
        assertThat(world.active().turned()).isFalse();
        world.settle();
        assertThat(world.end(request).outcome()).isEqualTo(Outcome.COMPLETED);
    }

    private void cancel(RequestId request) {
        world.command(new Command.Cancel(request, "dev@acme.example", "changed my mind"));
    }

    private void intervene(RequestId request, StepId step, Intervention action) {
        world.command(new Command.Intervene(request, step, action, "ops@acme.example", "looked at it"));
    }
}
