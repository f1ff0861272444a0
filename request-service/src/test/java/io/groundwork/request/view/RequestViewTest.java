package io.groundwork.request.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.AllocationEvent.CapacityAwaited;
import io.groundwork.events.RequestId;
import io.groundwork.events.StepId;
import io.groundwork.events.StepStatus;
import io.groundwork.request.domain.Asks;
import io.groundwork.request.domain.World;
import io.groundwork.request.view.RequestView.WaitingFor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestViewTest {

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
        world.settle();
        assertThat(view(second).state()).isEqualTo(RequestState.COMPLETED);
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
