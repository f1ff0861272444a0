package io.groundwork.cloud.domain;

import static io.groundwork.cloud.domain.World.PLACE;
import static io.groundwork.cloud.domain.World.decommission;
import static io.groundwork.cloud.domain.World.deploy;
import static io.groundwork.cloud.domain.World.vm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.groundwork.events.ApprovalEvent.ApprovalWithdrawn;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.CloudProvisionerEvent;
import io.groundwork.events.ComponentEvent.ComponentDeprovisioned;
import io.groundwork.events.ComponentEvent.ComponentFailed;
import io.groundwork.events.ComponentEvent.ComponentProgressed;
import io.groundwork.events.ComponentEvent.ComponentProvisioned;
import io.groundwork.events.ComponentEvent.ComponentStarted;
import io.groundwork.events.Envelope;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent.Intervention;
import io.groundwork.events.StepEvent.StepAbandoned;
import io.groundwork.events.StepEvent.StepStuck;
import io.groundwork.events.StepId;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.OperationOutcome.Kind;
import io.groundwork.runtime.Order;
import io.groundwork.runtime.component.Components;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CloudParticipantTest {

    private static final String WEB = "provision:web";
    private static final String FIRST = World.RESOURCE + "#1/web/";

    @Test
    void shouldOrderOneOperationForEachMachineInTheRegionThatWasChosen() {
        var world = new World().begin(deploy(vm("web", 3, List.of(), false)));

        assertThat(world.said(ComponentStarted.class)).containsExactly(new ComponentStarted("web", 3, PLACE));
        assertThat(world.orders).extracting(Order::id).containsExactly(FIRST + 0, FIRST + 1, FIRST + 2);
        assertThat(world.orders).allMatch(order -> order.queue().equals("ec2-eu-central-1"));
        assertThat(world.orders.getFirst().instances()).containsExactly("web-0");
    }

    @Test
    void shouldSayWhatStandsOnceAllMachinesRun() {
        var world = new World().begin(deploy(vm("web", 3, List.of(), false)));
        world.answer(FIRST + 2, Kind.REACHED);
        world.answer(FIRST + 0, Kind.REACHED);
        assertThat(world.status(WEB)).isEqualTo(StepStatus.RUNNING);

        world.answer(FIRST + 1, Kind.REACHED);

        assertThat(world.status(WEB)).isEqualTo(StepStatus.DONE);
        var outputs = world.said(ComponentProvisioned.class).getFirst().outputs();
        assertThat(outputs.count()).isEqualTo(3);
        assertThat(outputs.instances()).extracting("providerId").containsExactly("i-web0", "i-web1", "i-web2");
    }

    @Test
    void shouldMakeFirstWhatTheMachinesShareAndHandItToThem() {
        var world = new World().begin(deploy(vm("web", 2, List.of(), true)));
        assertThat(world.orders).extracting(Order::id).containsExactly(FIRST + "access");

        world.answer(FIRST + "access", Kind.REACHED);

        assertThat(world.orders).extracting(Order::id).containsExactly(FIRST + "access", FIRST + 0, FIRST + 1);
        var spec = Json.MAPPER.convertValue(world.orders.getLast().specification(), Ec2Spec.Machine.class);
        assertThat(Objects.requireNonNull(spec.launch()).groupIds()).containsExactly("sg-1");
        assertThat(spec.launch().keyName()).isEqualTo("key-1");
    }

    @Test
    void shouldWaitForTheComponentsThatItNeeds() {
        var world = new World().begin(deploy(vm("web", 1, List.of(), false), vm("db", 1, List.of("web"), false)));
        assertThat(world.orders).hasSize(1);

        world.answer(FIRST + 0, Kind.REACHED);

        assertThat(world.orders).extracting(Order::id).containsExactly(FIRST + 0, World.RESOURCE + "#1/db/0");
    }

    @Test
    void shouldDoNothingBeforeTheApprovalOfExactlyThisPlan() {
        var world = new World().start(deploy(vm("web", 1, List.of(), false))).allocate();
        assertThat(world.orders).isEmpty();

        // satisfied by its owner's word, but without a proof of this plan
        world.say(Owner.APPROVAL, StepId.of(StepKind.APPROVE), 1, StepStatus.DONE, new ApprovalWithdrawn("x"));

        assertThat(world.orders).isEmpty();
        assertThat(world.said(ComponentFailed.class).getFirst().failure().category())
                .isEqualTo(FailureCategory.AUTH);
        assertThat(world.status(WEB)).isEqualTo(StepStatus.UNDONE);
    }

    @Test
    void shouldFailWithoutAChosenRegion() {
        var world = new World()
                .start(deploy(vm("web", 1, List.of(), false)))
                .approve(null)
                .allocate();

        assertThat(world.orders).isEmpty();
        assertThat(world.said(ComponentFailed.class).getFirst().failure().category())
                .isEqualTo(FailureCategory.VALIDATION);
    }

    @Test
    void shouldUndoAllOfAComponentOfWhichOneMachineFails() {
        var world = new World().begin(deploy(vm("web", 3, List.of(), true)));
        world.answer(FIRST + "access", Kind.REACHED);
        world.answer(FIRST + 0, Kind.REACHED);

        var further = world.outcome(Objects.requireNonNull(world.current.get(FIRST + 1)), Kind.FAILED);

        world.answer(FIRST + 2, Kind.FAILED);
        world.receive(further);

        assertThat(world.said(ComponentFailed.class)).containsExactly(new ComponentFailed("web", World.BROKEN));
        assertThat(world.status(WEB)).isEqualTo(StepStatus.UNDOING);
        assertThat(world.open()).containsExactly(FIRST + 0, FIRST + 1, FIRST + 2);
        world.answerAll();
        assertThat(world.orders.getLast().id()).isEqualTo(FIRST + "access");
        assertThat(world.orders.getLast().goal()).isEqualTo(Goal.UNDONE);
        assertThat(world.status(WEB)).isEqualTo(StepStatus.UNDONE);
        assertThat(world.said(ComponentDeprovisioned.class)).containsExactly(new ComponentDeprovisioned("web", 3));
    }

    @Test
    void shouldNotAskForMachinesThatWereNeverOrdered() {
        var world = new World().begin(deploy(vm("web", 3, List.of(), true)));

        world.answer(FIRST + "access", Kind.FAILED);
        world.answerAll();

        assertThat(world.orders).extracting(Order::id).containsOnly(FIRST + "access");
        assertThat(world.status(WEB)).isEqualTo(StepStatus.UNDONE);
    }

    @Test
    void shouldUndoWhenCancelledWhileRunning() {
        var world = new World().begin(deploy(vm("web", 2, List.of(), false), vm("db", 1, List.of("web"), false)));
        world.answer(FIRST + 0, Kind.REACHED);

        world.cancel();

        assertThat(world.status("provision:db")).isEqualTo(StepStatus.SKIPPED);
        assertThat(world.status(WEB)).isEqualTo(StepStatus.UNDOING);
        world.answerAll();
        assertThat(world.status(WEB)).isEqualTo(StepStatus.UNDONE);
    }

    @Test
    void shouldIgnoreWhatComesOfAnEarlierOrder() {
        var world = new World().begin(deploy(vm("web", 1, List.of(), false)));
        var late = world.outcome(world.orders.getFirst(), Kind.REACHED);
        world.cancel();

        world.receive(late);

        assertThat(world.status(WEB)).isEqualTo(StepStatus.UNDOING);
    }

    @Test
    void shouldAskAPersonWhenNothingMoreCanBeUndone() {
        var world = new World().begin(deploy(vm("web", 3, List.of(), true)));
        world.answerAll();
        world.cancel();
        world.answer(FIRST + 1, Kind.FAILED);
        assertThat(world.status(WEB)).isEqualTo(StepStatus.UNDOING);

        world.answer(FIRST + 0, Kind.REACHED);
        world.answer(FIRST + 2, Kind.FAILED);

        assertThat(world.status(WEB)).isEqualTo(StepStatus.UNDO_STUCK);
        assertThat(world.said(StepStuck.class).getFirst().failure().message())
                .isEqualTo("Could not remove web-1 (i-web1), web-2 (i-web2): no room");
    }

    @Test
    void shouldTryAgainOnlyWhatIsNotUndone() {
        var world = stuck();
        var before = world.orders.size();

        world.intervene(new StepId(WEB), 1, Intervention.RETRY);

        assertThat(world.orders.subList(before, world.orders.size()))
                .extracting(Order::id, Order::attempt)
                .containsExactly(tuple(FIRST + 1, 2));
        world.answerAll();
        assertThat(world.status(WEB)).isEqualTo(StepStatus.UNDONE);
    }

    @Test
    void shouldNameWhatIsLeftWhenAPersonGivesUp() {
        var world = stuck();

        world.intervene(new StepId(WEB), 1, Intervention.ABANDON);

        assertThat(world.status(WEB)).isEqualTo(StepStatus.ABANDONED);
        assertThat(world.said(StepAbandoned.class).getFirst().left())
                .containsExactly("web-1 (i-web1)", "security groups and key pair of web");
    }

    @Test
    void shouldIgnoreADecisionOnAnotherAttemptOrWithoutSense() {
        var world = stuck();
        var before = world.events.size();

        world.intervene(new StepId(WEB), 2, Intervention.RETRY);
        world.intervene(new StepId(WEB), 1, Intervention.SKIP);
        world.intervene(new StepId("provision:none"), 1, Intervention.ABANDON);

        assertThat(world.events).hasSize(before);
    }

    private static World stuck() {
        var world = new World().begin(deploy(vm("web", 2, List.of(), true)));
        world.answerAll();
        world.cancel();
        world.answer(FIRST + 0, Kind.REACHED);
        world.answer(FIRST + 1, Kind.FAILED);
        assertThat(world.status(WEB)).isEqualTo(StepStatus.UNDO_STUCK);
        return world;
    }

    @Test
    void shouldTakeDownInALaterRequestWhereItWasMade() {
        var world = new World().begin(deploy(vm("web", 2, List.of(), true)));
        world.answerAll();
        world.close();
        world.orders.clear();

        world.start(decommission("web")).approve(null);

        assertThat(world.orders).extracting(Order::id).containsExactly(FIRST + 0, FIRST + 1);
        assertThat(world.orders)
                .allMatch(order -> order.goal() == Goal.UNDONE
                        && order.sequence() == 2
                        && order.queue().equals("ec2-eu-central-1"));
        world.answerAll();
        assertThat(world.status("deprovision:web")).isEqualTo(StepStatus.DONE);
        assertThat(world.current.get(FIRST + "access").goal()).isEqualTo(Goal.UNDONE);
    }

    @Test
    void shouldPauseADecommissionThatFailsUntilAPersonRetriesOrSkips() {
        var world = new World().begin(deploy(vm("web", 2, List.of(), false)));
        world.answerAll();
        world.close();
        world.start(decommission("web")).approve(null);
        world.answer(FIRST + 0, Kind.REACHED);
        world.answer(FIRST + 1, Kind.FAILED);
        assertThat(world.status("deprovision:web")).isEqualTo(StepStatus.STUCK);

        world.intervene(new StepId("deprovision:web"), 1, Intervention.RETRY);
        assertThat(world.open()).containsExactly(FIRST + 1);
        world.answer(FIRST + 1, Kind.FAILED);
        world.intervene(new StepId("deprovision:web"), 2, Intervention.SKIP);

        assertThat(world.status("deprovision:web")).isEqualTo(StepStatus.WAIVED);
    }

    @Test
    void shouldHaveNothingToTakeDownOfWhatNeverWas() {
        var world = new World().start(decommission("web")).approve(null);

        assertThat(world.orders).isEmpty();
        assertThat(world.status("deprovision:web")).isEqualTo(StepStatus.DONE);
    }

    @Test
    void shouldMakeAnewUnderOtherNamesAfterADecommission() {
        var world = new World().begin(deploy(vm("web", 1, List.of(), false)));
        world.answerAll();
        world.close();
        world.start(decommission("web")).approve(null);
        world.answerAll();
        world.close();

        world.begin(deploy(vm("web", 1, List.of(), false)));

        assertThat(world.orders.getLast().id()).isEqualTo(World.RESOURCE + "#3/web/0");
    }

    @Test
    void shouldReportProgressOncePerSecondAndTheWorstFirst() {
        var world = new World().begin(deploy(vm("web", 30, List.of(), false)));
        for (var index = 0; index < 25; index++) {
            world.answer(FIRST + index, Kind.PENDING);
        }
        world.answer(FIRST + 29, Kind.REACHED);
        assertThat(world.said(ComponentProgressed.class)).isEmpty();

        world.time(Duration.ofSeconds(5));

        var progress = world.said(ComponentProgressed.class);
        assertThat(progress).hasSize(1);
        assertThat(progress.getFirst().done()).isEqualTo(1);
        assertThat(progress.getFirst().total()).isEqualTo(30);
        assertThat(progress.getFirst().pending()).hasSize(20);
    }

    @Test
    void shouldSayNothingMoreOfAStepThatIsAtRest() {
        var world = new World().begin(deploy(vm("web", 2, List.of(), false)));
        world.answerAll();

        world.time(Duration.ofSeconds(5));

        assertThat(world.said(ComponentProgressed.class)).isEmpty();
    }

    @Test
    void shouldChangeNothingOnRepetition() {
        var world = new World().begin(deploy(vm("web", 2, List.of(), false)));
        var message = world.outcome(world.orders.getFirst(), Kind.REACHED);
        world.receive(message);
        var before = world.stores.store("resources").get(World.RESOURCE.toString());
        var said = world.events.size();

        world.receive(message);

        assertThat(world.stores.store("resources").get(World.RESOURCE.toString()))
                .isEqualTo(before);
        assertThat(world.events).hasSize(said);
    }

    @Test
    void shouldCarryFiveHundredMachines() {
        var world = new World().begin(deploy(vm("web", 500, List.of(), true)));

        world.answerAll();

        assertThat(world.status(WEB)).isEqualTo(StepStatus.DONE);
        assertThat(Json.write(world.said(ComponentProvisioned.class).getFirst()))
                .hasSizeLessThan(64 * 1024);
    }

    @Property(tries = 200)
    void shouldEndWithEverythingMadeOrNothingLeftWhateverHappens(
            @ForAll @IntRange(min = 1, max = 4) int web,
            @ForAll @IntRange(min = 1, max = 3) int db,
            @ForAll boolean webShares,
            @ForAll boolean dbShares,
            @ForAll boolean apart,
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 999) Integer> happenings) {
        var world = new World()
                .begin(deploy(
                        vm("web", web, List.of(), webShares),
                        vm("db", db, apart ? List.of() : List.of("web"), dbShares)));
        var past = new ArrayList<Message>();
        for (var number : happenings) {
            happen(world, past, number);
        }
        for (var round = 0; round < 20; round++) {
            world.answerAll();
            for (var step : List.of(WEB, "provision:db")) {
                if (world.status(step) == StepStatus.UNDO_STUCK) {
                    var active = Objects.requireNonNull(world.saga.active());
                    world.intervene(
                            new StepId(step), active.state(new StepId(step)).attempt(), Intervention.RETRY);
                }
            }
            world.time(Duration.ofSeconds(1));
        }
        assertThat(world.letters).isEmpty();
        var turned = Objects.requireNonNull(world.saga.active()).turned();
        for (var step : List.of(WEB, "provision:db")) {
            if (turned) {
                assertThat(world.status(step)).isIn(StepStatus.UNDONE, StepStatus.SKIPPED);
            } else {
                assertThat(world.status(step)).isEqualTo(StepStatus.DONE);
            }
        }
        world.current.values().forEach(order -> {
            assertThat(order.goal()).isEqualTo(turned ? Goal.UNDONE : Goal.DONE);
            assertThat(world.came.get(order.id())).isEqualTo(Kind.REACHED);
        });
    }

    private static void happen(World world, List<Message> past, int number) {
        var open = world.open();
        switch (number % 10) {
            case 0, 1, 2, 3, 4 -> {
                if (!open.isEmpty()) {
                    var operation = open.get(number % open.size());
                    past.add(world.outcome(Objects.requireNonNull(world.current.get(operation)), Kind.REACHED));
                    world.answer(operation, Kind.REACHED);
                }
            }
            case 5 -> {
                if (!open.isEmpty()) {
                    world.answer(open.get(number % open.size()), Kind.PENDING);
                }
            }
            case 6 -> {
                if (!open.isEmpty() && number > 700) {
                    world.answer(open.get(number % open.size()), Kind.FAILED);
                }
            }
            case 7 -> {
                if (number > 900) {
                    world.cancel();
                }
            }
            case 8 -> {
                if (!past.isEmpty()) {
                    world.receive(past.get(number % past.size()));
                }
            }
            default -> world.time(Duration.ofMillis(number));
        }
    }

    @Test
    void shouldRebuildItsStateFromItsEvents() {
        var world = new World().begin(deploy(vm("web", 2, List.of(), false)));
        var participant = new CloudParticipant();

        var folded = Components.NONE;
        for (var envelope : world.events) {
            folded = participant.evolve(folded, own(envelope));
        }

        assertThat(Objects.requireNonNull(folded.get("web")).placement())
                .isEqualTo(new Choices("eu-central-1", "standard"));
    }

    private static Envelope<CloudProvisionerEvent> own(Envelope<?> envelope) {
        return new Envelope<>(envelope.fact(), (CloudProvisionerEvent) envelope.event());
    }
}
