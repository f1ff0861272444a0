package io.groundwork.request.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.ComponentEvent.ComponentProvisioned;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.ComponentOutputs.Instance;
import io.groundwork.events.Design;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Outcome;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent.Intervention;
import io.groundwork.events.RequestEvent.RequestStarted;
import io.groundwork.events.RequestId;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests that give an instance another server. */
class ReplaceTest {

    private static final StepId DOWN = new StepId("deprovision:db");
    private static final StepId UP = new StepId("provision:db");
    private static final MetalServer SERVERS = Asks.servers("db", 2, null, "web");
    private static final Design DESIGN =
            new Design(List.of(SERVERS, Asks.vm("web", 1)), List.of(), Map.of("team", "payments"));

    private final World world = new World();

    @Test
    void shouldClaimTheNewServerBeforeItTouchesTheOldOne() {
        deployed();
        world.submit(Asks.replace("db", 1));

        var plan = plan();
        assertThat(plan.steps().stream().map(step -> step.id() + " <- " + step.needs()))
                .containsExactly(
                        "approve <- []",
                        "allocate <- [approve]",
                        "deprovision:db <- [allocate]",
                        "provision:db <- [deprovision:db]",
                        "release <- [allocate, deprovision:db]");
        assertThat(plan.steps().stream().map(step -> step.owner() + " " + step.undo() + " " + step.onFailure()))
                .containsExactly(
                        "APPROVAL NONE COMPENSATE",
                        "ALLOCATION OWNER COMPENSATE",
                        "BAREMETAL NONE PAUSE",
                        "BAREMETAL OWNER PAUSE",
                        "ALLOCATION NONE PAUSE");
        assertThat(plan.steps().get(0).input()).isInstanceOfSatisfying(StepInput.Approve.class, approve -> {
            assertThat(approve.design()).isEqualTo(DESIGN);
            assertThat(approve.placement()).isFalse();
            assertThat(approve.replace()).isEqualTo(Asks.replace("db", 1).replace());
        });
        // neither quota nor addresses: both are the instance's
        assertThat(plan.steps().get(1).input()).isInstanceOfSatisfying(StepInput.Allocate.class, allocate -> {
            assertThat(allocate.claims()).singleElement().satisfies(claim -> {
                assertThat(claim.pool()).isEqualTo("pool/ams1/m1.large");
                assertThat(claim.amounts()).isEqualTo(Map.of("servers", 1L));
                assertThat(claim.servers()).singleElement().satisfies(need -> {
                    assertThat(need.index()).isEqualTo(1);
                    assertThat(need.count()).isEqualTo(1);
                    assertThat(need.preferredServers()).containsExactly("srv-5");
                    assertThat(need.requiredTraits()).containsExactly("gpu");
                });
            });
        });
        assertThat(plan.steps().get(2).input()).isEqualTo(new StepInput.Deprovision("db", 1));
        assertThat(plan.steps().get(3).input())
                .isEqualTo(new StepInput.Provision(SERVERS, new StepInput.Installation(Asks.LARGE.osTemplate()), 1));
        assertThat(plan.steps().get(4).input()).isEqualTo(new StepInput.Release(new StepInput.Replaced("db", 1)));
    }

    @Test
    void shouldFillInWhatTheInstanceWasTold() {
        var told = Asks.telling(SERVERS, "web is ${web.instances[0].privateIp} ${HOME}");
        world.submit(Asks.deploy(new Design(List.of(told, Asks.vm("web", 1)), List.of(), Map.of())));
        world.settle();
        world.submit(Asks.replace("db", 0));

        assertThat(plan().step(UP).orElseThrow().input())
                .isInstanceOfSatisfying(
                        StepInput.Provision.class,
                        provision -> assertThat(((MetalServer) provision.component()).userData())
                                .isEqualTo("web is 10.0.0.4 ${HOME}"));
    }

    @Test
    void shouldEndWithAllInstancesAndTheNewServerAmongThem() {
        deployed();
        var request = world.submit(Asks.replace("db", 1));
        upTo(UP);
        world.says(UP, StepStatus.RUNNING);
        say(UP, "srv-1", "srv-9");
        world.settle();

        var end = world.end(request);
        assertThat(end.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(end.outputs()).containsOnlyKeys("db", "web");
        assertThat(servers(end.outputs())).containsExactly("0 srv-1", "1 srv-9");

        // what stands can be taken down, and only deployed anew afterwards
        var again = world.submit(Asks.deploy(DESIGN));
        assertThat(world.end(again).category()).isEqualTo(FailureCategory.CONFLICT);
        var gone = world.submit(Asks.decommission());
        world.settle();
        assertThat(world.end(gone).outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.end(gone).outputs()).isEmpty();
    }

    @Test
    void shouldTouchNothingWhereNoServerIsFree() {
        deployed();
        var request = world.submit(Asks.replace("db", 1));
        world.step();
        world.says(new StepId("allocate"), StepStatus.RUNNING);
        world.says(new StepId("allocate"), StepStatus.FAILED);
        world.settle();

        assertThat(world.end(request).outcome()).isEqualTo(Outcome.FAILED);
        // and again, as nothing has changed
        var next = world.submit(Asks.replace("db", 1));
        world.settle();
        assertThat(world.end(next).outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldBeCanceledOnlyBeforeItHasTheNewServer() {
        deployed();
        var early = world.submit(Asks.replace("db", 1));
        world.step();
        cancel(early);
        assertThat(world.reply()).isInstanceOf(Reply.Accepted.class);
        world.settle();
        assertThat(world.end(early).outcome()).isEqualTo(Outcome.CANCELED);

        var late = world.submit(Asks.replace("db", 1));
        world.step();
        world.step();
        cancel(late);
        assertThat(world.reply()).isInstanceOf(Reply.Refused.class);
        world.settle();
        assertThat(world.end(late).outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldLeaveAHoleWhereItIsGivenUpAndFillItLater() {
        deployed();
        var request = world.submit(Asks.replace("db", 1));
        upTo(UP);
        world.says(UP, StepStatus.RUNNING);
        world.says(UP, StepStatus.STUCK);
        intervene(request, UP, Intervention.ABORT);
        world.settle();
        assertThat(world.end(request).outcome()).isEqualTo(Outcome.TAINTED);
        assertThat(servers(world.end(request).outputs())).containsExactly("0 srv-1");
        assertThat(world.end(request).outputs().get("db").count()).isEqualTo(2);

        var next = world.submit(Asks.replace("db", 1));
        upTo(UP);
        world.says(UP, StepStatus.RUNNING);
        say(UP, "srv-1", "srv-9");
        world.settle();
        assertThat(world.end(next).outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(servers(world.end(next).outputs())).containsExactly("0 srv-1", "1 srv-9");
    }

    @Test
    void shouldKeepWhatStandsWhereTheOldServerCannotBeTakenDown() {
        deployed();
        var request = world.submit(Asks.replace("db", 1));
        upTo(DOWN);
        world.says(DOWN, StepStatus.RUNNING);
        world.says(DOWN, StepStatus.STUCK);
        intervene(request, DOWN, Intervention.ABORT);
        world.settle();
        assertThat(world.end(request).outcome()).isEqualTo(Outcome.TAINTED);
        assertThat(servers(world.end(request).outputs())).containsExactly("0 srv-1", "1 srv-2");
    }

    @Test
    void shouldGoOnWithoutTheOldServerWhereAnOperatorSaysSo() {
        deployed();
        var request = world.submit(Asks.replace("db", 1));
        upTo(DOWN);
        world.says(DOWN, StepStatus.RUNNING);
        world.says(DOWN, StepStatus.STUCK);
        intervene(request, DOWN, Intervention.SKIP);
        world.says(DOWN, StepStatus.WAIVED);
        world.says(UP, StepStatus.RUNNING);
        say(UP, "srv-1", "srv-9");
        world.settle();

        assertThat(world.end(request).outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.end(request).message()).contains("without deprovision:db");
        assertThat(servers(world.end(request).outputs())).containsExactly("0 srv-1", "1 srv-9");
    }

    @Test
    void shouldFailWhereThereIsNoSuchServer() {
        var nothing = world.submit(Asks.replace("db", 0));
        assertThat(world.end(nothing).category()).isEqualTo(FailureCategory.CONFLICT);
        deployed();
        for (var ask : List.of(Asks.replace("web", 0), Asks.replace("cache", 0), Asks.replace("db", 2))) {
            var request = world.submit(ask);
            assertThat(world.end(request).outcome()).isEqualTo(Outcome.FAILED);
            assertThat(world.end(request).category()).isEqualTo(FailureCategory.VALIDATION);
        }
    }

    private void deployed() {
        world.submit(Asks.deploy(DESIGN));
        upTo(UP);
        world.says(UP, StepStatus.RUNNING);
        say(UP, "srv-1", "srv-2");
        world.settle();
    }

    /** Everything goes well until the step is due. */
    private void upTo(StepId step) {
        while (world.due().noneMatch(due -> due.step().id().equals(step))) {
            world.step();
        }
    }

    private void say(StepId id, String... servers) {
        var step = world.active().plan().step(id).orElseThrow();
        var instances = new java.util.ArrayList<Instance>();
        for (var server : servers) {
            instances.add(new Instance(instances.size(), server, "10.20.0." + instances.size(), "ams1"));
        }
        world.says(step, 1, StepStatus.DONE, new ComponentProvisioned("db", new ComponentOutputs(2, instances)));
    }

    private static List<String> servers(Map<String, ComponentOutputs> outputs) {
        return outputs.get("db").instances().stream()
                .map(one -> one.index() + " " + one.providerId())
                .toList();
    }

    private Plan plan() {
        return world.events(RequestStarted.class).getLast().plan();
    }

    private void cancel(RequestId request) {
        world.command(new Command.Cancel(request, "dev@acme.example", "changed my mind"));
    }

    private void intervene(RequestId request, StepId step, Intervention action) {
        world.command(new Command.Intervene(request, step, action, "ops@acme.example", "looked at it"));
    }
}
