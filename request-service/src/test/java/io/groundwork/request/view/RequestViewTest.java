package io.groundwork.request.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.events.AllocationEvent.CapacityAwaited;
import io.groundwork.events.ComponentEvent.PendingOperation;
import io.groundwork.events.EventId;
import io.groundwork.events.EventTypes;
import io.groundwork.events.Fact;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.events.NotificationEvent;
import io.groundwork.events.NotificationEvent.NotificationDelayed;
import io.groundwork.events.NotificationEvent.NotificationFailed;
import io.groundwork.events.NotificationEvent.NotificationSent;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestId;
import io.groundwork.events.StepId;
import io.groundwork.events.StepStatus;
import io.groundwork.request.domain.Asks;
import io.groundwork.request.domain.World;
import io.groundwork.request.view.RequestView.WaitingFor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RequestViewTest {

    private static final Failure FAILURE =
            new Failure(FailureCategory.CONNECTIVITY, "It could not be reached.", null, true);

    private final World world = new World();
    private final RequestId request = world.submit(Asks.deploy(Asks.DESIGN));

    @Test
    void shouldNameWhomItWaitsForOnItsWay() {
        assertThat(view().state()).isEqualTo(RequestState.AWAITING_APPROVAL);
        assertThat(waiting()).isEqualTo("service approval-service");
        world.says(new StepId("approve"), StepStatus.RUNNING);
        assertThat(view().waitingFor()).contains(new WaitingFor("person", "lead@acme.example", Asks.START));
        world.says(new StepId("approve"), StepStatus.DONE);
        assertThat(view().state()).isEqualTo(RequestState.ALLOCATING);
        assertThat(waiting()).isEqualTo("service allocation-service");
        world.step();
        assertThat(view().state()).isEqualTo(RequestState.PROVISIONING);
        world.says(new StepId("provision:web"), StepStatus.RUNNING);
        assertThat(waiting()).isEqualTo("provider eu-central-1");
        world.says(new StepId("provision:web"), StepStatus.DONE);
        world.step();
        assertThat(view().state()).isEqualTo(RequestState.GRANTING);
        world.settle();
        assertThat(view().state()).isEqualTo(RequestState.COMPLETED);
        assertThat(view().settled()).isTrue();
        assertThat(view().outputs()).containsOnlyKeys("db", "web");
        assertThat(view().waitingFor()).isEmpty();
    }

    @Test
    void shouldWaitInTheQueueForTheOneAhead() {
        var second = world.submit(Asks.decommission());
        assertThat(view(second).state()).isEqualTo(RequestState.QUEUED);
        assertThat(view(second).waitingFor()).contains(new WaitingFor("queue", request.toString(), null));
        var next = UUID.randomUUID();
        assertThat(view(second).waitingFor(Optional.of(next))).contains(new WaitingFor("queue", next.toString(), null));
        assertThat(view(second).waitingFor(Optional.empty()))
                .contains(new WaitingFor("service", "request-service", null));
        world.settle();
        assertThat(view(second).state()).isEqualTo(RequestState.COMPLETED);
        assertThat(view(second).waitingFor(Optional.of(next))).isEmpty();
    }

    @Test
    void shouldAskForAttentionWhileAServiceIsSilentAndNoLonger() {
        world.step();
        world.says(new StepId("allocate"), StepStatus.RUNNING);
        world.pass(Duration.ofMinutes(3));
        assertThat(view().state()).isEqualTo(RequestState.NEEDS_ATTENTION);
        assertThat(waiting()).isEqualTo("service allocation-service");
        world.says(new StepId("allocate"), StepStatus.UNDOING);
        assertThat(view().state()).isEqualTo(RequestState.COMPENSATING);
        world.says(new StepId("allocate"), StepStatus.UNDONE);
        world.settle();
        assertThat(view().state()).isEqualTo(RequestState.FAILED);
    }

    @Test
    void shouldWaitForCapacityAtAPlaceThatIsSeen() {
        world.step();
        world.says(new StepId("allocate"), StepStatus.RUNNING);
        var allocate = world.active().plan().step(new StepId("allocate")).orElseThrow();
        for (var position : List.of(3, 1)) {
            world.says(
                    allocate, 1, StepStatus.RUNNING, new CapacityAwaited("pool/ams1/m1.large", position, Asks.START));
            assertThat(view().state()).isEqualTo(RequestState.WAITING_FOR_CAPACITY);
            assertThat(view().waitingFor())
                    .contains(new WaitingFor("capacity", "pool/ams1/m1.large (number " + position + ")", Asks.START));
        }
        world.says(new StepId("allocate"), StepStatus.DONE);
        assertThat(view().state()).isEqualTo(RequestState.PROVISIONING);
    }

    @Test
    void shouldAskOperatorsForAStuckUndo() {
        world.step();
        world.step();
        world.says(new StepId("provision:web"), StepStatus.RUNNING);
        world.says(new StepId("provision:web"), StepStatus.FAILED);
        assertThat(view().state()).isEqualTo(RequestState.COMPENSATING);
        assertThat(view().error()).isPresent();
        world.says(new StepId("provision:web"), StepStatus.UNDOING);
        world.says(new StepId("provision:web"), StepStatus.UNDO_STUCK);
        assertThat(view().state()).isEqualTo(RequestState.NEEDS_ATTENTION);
        assertThat(waiting()).isEqualTo("team operators");
    }

    @Test
    void shouldKnowWhatASkippedStepOfADecommissionLeaves() {
        world.settle();
        assertThat(view().taints()).isFalse();
        var removal = world.submit(Asks.decommission());
        world.step();
        world.step();
        world.says(new StepId("deprovision:web"), StepStatus.RUNNING);
        world.says(new StepId("deprovision:web"), StepStatus.STUCK);
        world.says(new StepId("deprovision:web"), StepStatus.WAIVED);
        world.settle();
        assertThat(view(removal).state()).isEqualTo(RequestState.COMPLETED);
        assertThat(view(removal).taints()).isTrue();
    }

    @Test
    void shouldForgetWhatBrokeOnceItIsMended() {
        world.settle();
        var removal = world.submit(Asks.decommission());
        world.step();
        world.step();
        var out = world.active().plan().step(new StepId("deprovision:web")).orElseThrow();
        world.says(out.id(), StepStatus.RUNNING);
        world.says(out.id(), StepStatus.STUCK);
        assertThat(view(removal).error()).isPresent();
        assertThat(view(removal).notes(out.id()).failure()).isNotNull();
        world.says(out, 2, StepStatus.RUNNING, World.event(out, StepStatus.RUNNING));
        assertThat(view(removal).state()).isEqualTo(RequestState.DEPROVISIONING);
        assertThat(view(removal).error()).isEmpty();
        assertThat(view(removal).notes(out.id()).failure()).isNull();
        assertThat(view(removal).notes(out.id()).detail()).isNull();
    }

    @Test
    void shouldShowTheTriesOfMailsAndWebhooksUntilTheyEnd() {
        var mail = tried("mail", "lead@acme.example");
        var hook = tried("webhook", "https://hooks.example");
        var trying = view().apply(said(mail), mail).apply(said(hook), hook);
        assertThat(trying.deliveries().values()).containsExactly(mail.delivery(), hook.delivery());
        assertThat(trying.state()).as("nothing waits for them").isEqualTo(view().state());

        var sent = new NotificationSent(
                "mail", "lead@acme.example", "closed", mail.delivery().id());
        var failed = new NotificationFailed(
                "webhook",
                "https://hooks.example",
                "closed",
                FAILURE,
                hook.delivery().id());
        assertThat(trying.apply(said(sent), sent).deliveries().values()).containsExactly(hook.delivery());
        assertThat(trying.apply(said(sent), sent).apply(said(failed), failed).deliveries())
                .isEmpty();
        // one from before it was said which
        var old = new NotificationSent("mail", "lead@acme.example", "approval", null);
        assertThat(trying.apply(said(old), old).deliveries()).hasSize(2);
    }

    @Test
    void shouldReadARowFromBeforeTriesWereShown() {
        var row = (ObjectNode) Json.MAPPER.valueToTree(view());
        row.remove("deliveries");
        assertThat(Json.read(Json.write(row), RequestView.class)).isEqualTo(view());
    }

    private static NotificationDelayed tried(String channel, String to) {
        return new NotificationDelayed(
                channel,
                to,
                "closed",
                new PendingOperation(
                        Asks.RESOURCE + "#" + channel + "/closed/1",
                        List.of(to),
                        2,
                        FAILURE,
                        "worker",
                        2,
                        Asks.START.plusSeconds(1),
                        null));
    }

    private Fact said(NotificationEvent event) {
        var type = EventTypes.type(Owner.NOTIFICATION, event.getClass());
        return new Fact(
                Owner.NOTIFICATION,
                type,
                EventId.of(request, type, null, 0, 0),
                Asks.RESOURCE,
                request,
                1,
                null,
                0,
                null,
                null,
                Asks.START,
                null);
    }

    private String waiting() {
        return view().waitingFor()
                .map(waiting -> waiting.kind() + " " + waiting.name())
                .orElse("");
    }

    private RequestView view() {
        return view(request);
    }

    private RequestView view(RequestId id) {
        var view = RequestView.of(id, Asks.RESOURCE);
        for (var one : world.events()) {
            if (one.fact().request().equals(id)) {
                view = view.apply(one.fact(), one.event());
            }
        }
        return view;
    }
}
