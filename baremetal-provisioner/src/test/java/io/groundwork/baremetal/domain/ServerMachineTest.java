package io.groundwork.baremetal.domain;

import static io.groundwork.baremetal.domain.Yard.SHOP;
import static io.groundwork.baremetal.domain.Yard.WEB;
import static io.groundwork.baremetal.domain.Yard.deploy;
import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.baremetal.domain.ServerCommand.Result;
import io.groundwork.events.Component;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.events.Reservation;
import io.groundwork.events.ServerFact;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.OperationOutcome;
import io.groundwork.runtime.OperationOutcome.Kind;
import io.groundwork.runtime.Timers;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ServerMachineTest {

    private static final String ID = "srv-1";
    private static final List<Verb> VERBS = List.of(Verb.values());

    @Test
    void shouldGoFromEnrolledToAvailableByItself() {
        var yard = new Yard().available(ID);

        assertThat(yard.facts)
                .extracting(ServerFact::state)
                .containsExactly("verifying", "inspecting", "cleaning", "available");
        assertThat(yard.facts).extracting(ServerFact::generation).containsExactly(1L, 2L, 3L, 4L);
        assertThat(yard.facts.getLast().allocatable()).isTrue();
        assertThat(yard.server(ID).hardware()).isEqualTo(Yard.HARDWARE);
        assertThat(yard.server(ID).erased()).isNotNull();
    }

    @Test
    void shouldTellWhyAnEnrolmentFailed() {
        var yard = new Yard().enrol(ID, Server.Aim.AVAILABLE).fail(ID);

        assertThat(yard.server(ID).life()).isEqualTo(new Life.EnrollFailed("broken"));
        assertThat(yard.server(ID).aim()).isNull();
    }

    @Test
    void shouldAnswerAnIllegalVerbWithTheLegalOnes() {
        var yard = new Yard().available(ID);

        yard.perform(ID, Verb.INSPECT);

        var answer = yard.answers.getLast();
        assertThat(answer.result()).isEqualTo(Result.CONFLICT);
        assertThat(answer.legal())
                .contains(Verb.MANAGE, Verb.MAINTENANCE, Verb.RETIRE, Verb.DELETE, Verb.POWER_ON)
                .doesNotContain(Verb.INSPECT, Verb.ABORT, Verb.UNHOLD, Verb.UNMAINTENANCE);
    }

    @Test
    void shouldDeployTakeDownCleanAndBeAvailableAgain() {
        var yard = new Yard().available(ID).reserve(ID, 7, Reservation.Kind.RESERVED);
        assertThat(yard.facts.getLast().state()).isEqualTo("reserved");

        yard.order(deploy(ID, WEB, 7, 1, Goal.DONE)).reach(ID, Yard.made(ID));
        assertThat(yard.outcomes).extracting(OperationOutcome::kind).containsExactly(Kind.REACHED);
        assertThat(yard.facts.getLast().consumer()).isEqualTo(new ServerFact.Consumer(WEB, "db", 0, 7));
        assertThat(yard.facts.getLast().reason()).isEqualTo("busy");

        yard.order(deploy(ID, WEB, 7, 1, Goal.UNDONE)).reach(ID, null);
        assertThat(yard.outcomes.getLast().goal()).isEqualTo(Goal.UNDONE);
        assertThat(yard.outcomes.getLast().kind()).isEqualTo(Kind.REACHED);
        assertThat(yard.server(ID).life()).isInstanceOf(Life.Cleaning.class);
        assertThat(yard.server(ID).consumer()).isNull();

        yard.reserve(ID, 7, Reservation.Kind.RELEASED).reach(ID, new ServerTask.Erased("secure-erase", 4));
        assertThat(yard.server(ID).life()).isInstanceOf(Life.Available.class);
        assertThat(yard.facts.getLast().allocatable()).isTrue();
        var generations = yard.facts.stream().map(ServerFact::generation).toList();
        assertThat(generations).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void shouldBeFreeAtOnceIfItWasReservedAndNeverDeployed() {
        var yard = new Yard().available(ID).reserve(ID, 7, Reservation.Kind.RESERVED);
        var reserved = yard.facts.getLast().generation();

        yard.order(deploy(ID, WEB, 7, 1, Goal.UNDONE)).reserve(ID, 7, Reservation.Kind.RELEASED);

        assertThat(yard.outcomes).extracting(OperationOutcome::kind).containsExactly(Kind.REACHED);
        assertThat(yard.server(ID).life()).isInstanceOf(Life.Available.class);
        assertThat(yard.facts.getLast().generation()).isGreaterThan(reserved);
    }

    @Test
    void shouldAcknowledgeEveryReleaseByAFact() {
        var yard = new Yard().available(ID).perform(ID, Verb.MAINTENANCE);
        yard.reserve(ID, 7, Reservation.Kind.RESERVED);
        assertThat(yard.facts.getLast().fence()).isEqualTo(7);
        yard.reserve(ID, 7, Reservation.Kind.RELEASED);
        var released = yard.facts.getLast();

        yard.reserve(ID, 7, Reservation.Kind.RELEASED);

        assertThat(yard.facts.getLast().generation()).isEqualTo(released.generation() + 1);
        assertThat(yard.facts.getLast().state()).isEqualTo("available");
    }

    @Test
    void shouldTakeAnOrderWithANewerFenceForTheReservation() {
        var yard = new Yard().available(ID).order(deploy(ID, WEB, 9, 1, Goal.DONE));

        assertThat(yard.server(ID).life()).isInstanceOf(Life.Deploying.class);
        assertThat(yard.server(ID).fence()).isEqualTo(9);
    }

    @Test
    void shouldRefuseAnOrderUnderAnOldFence() {
        var yard = new Yard().available(ID).reserve(ID, 8, Reservation.Kind.RESERVED);

        yard.order(deploy(ID, WEB, 7, 1, Goal.DONE));

        assertThat(yard.outcomes.getLast().kind()).isEqualTo(Kind.FAILED);
        assertThat(yard.outcomes.getLast().failure().category()).isEqualTo(FailureCategory.CONFLICT);
        assertThat(yard.server(ID).life()).isInstanceOf(Life.Reserved.class);
        // nothing of it stands
        yard.order(deploy(ID, WEB, 7, 1, Goal.UNDONE));
        assertThat(yard.outcomes.getLast().kind()).isEqualTo(Kind.REACHED);
        assertThat(yard.server(ID).life()).isInstanceOf(Life.Reserved.class);
    }

    @Test
    void shouldNeverHaveTwoOnIt() {
        var yard =
                new Yard().available(ID).order(deploy(ID, WEB, 7, 1, Goal.DONE)).reach(ID, Yard.made(ID));

        yard.order(deploy(ID, SHOP, 8, 1, Goal.DONE));

        assertThat(yard.outcomes.getLast().kind()).isEqualTo(Kind.FAILED);
        assertThat(yard.server(ID).consumer().resource()).isEqualTo(WEB);
        assertThat(yard.server(ID).life()).isInstanceOf(Life.Active.class);
    }

    @Test
    void shouldStopADeployBeforeItIsTakenDown() {
        var yard = new Yard().available(ID).order(deploy(ID, WEB, 7, 1, Goal.DONE));
        var deploying = yard.current(ID);

        yard.order(deploy(ID, WEB, 7, 1, Goal.UNDONE));

        assertThat(yard.current(ID).id()).isEqualTo(deploying.id());
        assertThat(yard.current(ID).goal()).isEqualTo(Goal.UNDONE);
        assertThat(yard.server(ID).job().begun()).isFalse();
        yard.reach(ID, null);
        assertThat(yard.server(ID).job().begun()).isTrue();
        assertThat(Json.MAPPER.convertValue(yard.current(ID).specification(), ServerTask.class))
                .isInstanceOf(ServerTask.Undeploy.class);
        // what the deploy says now is about nothing
        yard.outcome(deploying, Kind.REACHED, Yard.made(ID), null);
        assertThat(yard.server(ID).life()).isInstanceOf(Life.Deleting.class);
    }

    /** A repetition of a work that was answered may still be on its way. */
    @Test
    void shouldBeginNothingNewBeforeTheEngineHasLeftTheServer() {
        var yard = new Yard().available(ID).order(deploy(ID, WEB, 7, 1, Goal.DONE));
        var deployed = yard.current(ID);
        yard.outcome(deployed, Kind.REACHED, Yard.made(ID), null);
        assertThat(yard.server(ID).life()).isInstanceOf(Life.Active.class);

        yard.order(deploy(ID, WEB, 7, 1, Goal.UNDONE));
        assertThat(yard.current(ID).id()).isEqualTo(deployed.id());

        yard.left(deployed.id());
        assertThat(yard.current(ID).id()).isNotEqualTo(deployed.id());
    }

    @Test
    void shouldBeginNothingBeforeTheEngineHasLeftWhatIsDone() {
        var yard = new Yard().available(ID).order(deploy(ID, WEB, 7, 1, Goal.DONE));
        var deploying = yard.current(ID);
        yard.outcome(deploying, Kind.REACHED, Yard.made(ID), null);
        assertThat(yard.server(ID).life()).isInstanceOf(Life.Active.class);

        yard.order(deploy(ID, WEB, 7, 1, Goal.UNDONE));

        assertThat(yard.current(ID).id()).as("the engine may look again").isEqualTo(deploying.id());
        assertThat(yard.server(ID).job().begun()).isFalse();
        yard.reach(ID, null);
        assertThat(yard.server(ID).job().begun()).isTrue();
    }

    @Test
    void shouldQuarantineAfterThreeFailedDeploys() {
        var yard = new Yard().available(ID);
        for (var fence = 1; fence <= 3; fence++) {
            assertThat(yard.server(ID).flags().quarantine()).isNull();
            yard.order(deploy(ID, WEB, fence, 1, Goal.DONE)).fail(ID);
            yard.order(deploy(ID, WEB, fence, 1, Goal.UNDONE)).reach(ID, null);
            yard.reach(ID, new ServerTask.Erased("secure-erase", 4));
        }

        assertThat(yard.server(ID).flags().quarantine()).contains("3 deploys failed");
        assertThat(yard.facts.getLast().state()).isEqualTo("available");
        assertThat(yard.facts.getLast().allocatable()).isFalse();
        yard.order(deploy(ID, WEB, 4, 1, Goal.DONE));
        assertThat(yard.outcomes.getLast().kind()).isEqualTo(Kind.FAILED);
        yard.perform(ID, Verb.UNQUARANTINE);
        assertThat(yard.facts.getLast().allocatable()).isTrue();
    }

    @Test
    void shouldNotTakeTheUsersMistakeForTheServers() {
        var yard = new Yard().available(ID);
        for (var attempt = 1; attempt <= 4; attempt++) {
            yard.order(deploy(ID, WEB, 1, attempt, Goal.DONE));
            yard.outcome(
                    yard.current(ID),
                    Kind.FAILED,
                    null,
                    io.groundwork.events.Failure.permanent(FailureCategory.POLICY, "holds data"));
        }

        assertThat(yard.server(ID).failedDeploys()).isZero();
    }

    @Test
    void shouldKeepAServerOutThatCouldNotBeCleaned() {
        var yard =
                new Yard().available(ID).order(deploy(ID, WEB, 7, 1, Goal.DONE)).reach(ID, Yard.made(ID));
        yard.order(deploy(ID, WEB, 7, 1, Goal.UNDONE)).reach(ID, null).fail(ID);

        assertThat(yard.server(ID).life()).isInstanceOf(Life.CleanFailed.class);
        assertThat(yard.facts.getLast().allocatable()).isFalse();
        yard.reserve(ID, 7, Reservation.Kind.RELEASED);
        assertThat(yard.facts.getLast().allocatable()).isFalse();
        yard.perform(ID, Verb.PROVIDE).reach(ID, new ServerTask.Erased("secure-erase", 4));
        assertThat(yard.facts.getLast().allocatable()).isTrue();
    }

    @Test
    void shouldFailADeployThatNobodyHearsOfInTime() {
        var yard = new Yard().available(ID).order(deploy(ID, WEB, 7, 1, Goal.DONE));

        yard.pass(Deadlines.DEFAULT.deploy().minusSeconds(1));
        assertThat(yard.server(ID).life()).isInstanceOf(Life.Deploying.class);
        yard.pass(Duration.ofSeconds(2));

        assertThat(yard.server(ID).life()).isInstanceOf(Life.DeployFailed.class);
        assertThat(yard.outcomes.getLast().failure().category()).isEqualTo(FailureCategory.TIMEOUT);
        assertThat(yard.current(ID).goal()).isEqualTo(Goal.UNDONE);
        assertThat(yard.server(ID).failedDeploys()).isEqualTo(1);
    }

    @Test
    void shouldBringTheDeployForwardWhenTheServerCallsHomeOnce() {
        var yard = new Yard().available(ID).order(deploy(ID, WEB, 7, 1, Goal.DONE));
        var operation = yard.current(ID).id();
        var home = new ServerCommand.PhoneHome(Tokens.hash(yard.tokens.token(operation)));

        yard.ask(ID, ServerCommand.PhoneHome.TYPE, new ServerCommand.PhoneHome(Tokens.hash("guessed")));
        assertThat(yard.answers.getLast().result()).isEqualTo(Result.FORBIDDEN);
        assertThat(yard.current(ID).attempt()).isEqualTo(1);

        yard.ask(ID, ServerCommand.PhoneHome.TYPE, home);
        assertThat(yard.answers.getLast().result()).isEqualTo(Result.DONE);
        assertThat(yard.current(ID).attempt()).isEqualTo(2);
        assertThat(yard.current(ID).specification().path("phonedHome").asBoolean())
                .isTrue();

        yard.ask(ID, ServerCommand.PhoneHome.TYPE, home);
        assertThat(yard.answers.getLast().result()).isEqualTo(Result.FORBIDDEN);
        assertThat(yard.stores.store(ServerRun.DOCKETS).get(ID))
                .asString()
                .doesNotContain(yard.tokens.token(operation));
    }

    @Test
    void shouldHoldAndGoOnWhereItWas() {
        var yard =
                new Yard().available(ID).order(deploy(ID, WEB, 7, 1, Goal.DONE)).pass(Duration.ofMinutes(50));

        yard.perform(ID, Verb.HOLD).pass(Duration.ofHours(5));
        assertThat(yard.server(ID).life()).isInstanceOf(Life.Deploying.class);
        assertThat(yard.current(ID).specification().path("held").asBoolean()).isTrue();
        yard.perform(ID, Verb.UNHOLD).pass(Duration.ofMinutes(9));
        assertThat(yard.server(ID).life()).isInstanceOf(Life.Deploying.class);
        assertThat(yard.current(ID).specification().path("held").asBoolean()).isFalse();
        yard.reach(ID, Yard.made(ID));

        assertThat(yard.server(ID).life()).isInstanceOf(Life.Active.class);
    }

    @Test
    void shouldAdoptWithoutCleaningAndReleaseAgain() {
        var yard = new Yard().enrol(ID, Server.Aim.MANAGEABLE).reach(ID, new ServerTask.Seen("On"));
        yard.reach(ID, Yard.HARDWARE).perform(ID, Verb.ADOPT).reach(ID, new ServerTask.Seen("On"));

        assertThat(yard.server(ID).life()).isInstanceOf(Life.Active.class);
        assertThat(yard.facts.getLast().consumer()).isEqualTo(new ServerFact.Consumer(SHOP, "old", 0, 0));
        assertThat(yard.facts).extracting(ServerFact::state).doesNotContain("cleaning", "available");
        yard.perform(ID, Verb.RELEASE).reach(ID, null);
        assertThat(yard.server(ID).life()).isInstanceOf(Life.Cleaning.class);
    }

    @Test
    void shouldRememberThatItWasFoundOnWhenSomebodySwitchesItOff() {
        var yard = new Yard().enrol(ID, Server.Aim.MANAGEABLE).reach(ID, new ServerTask.Seen("On"));
        yard.reach(ID, Yard.HARDWARE).perform(ID, Verb.POWER_OFF).reach(ID, new ServerTask.Seen("Off"));

        yard.perform(ID, Verb.PROVIDE);
        assertThat(cleaning(yard).allowDataLoss()).isFalse();
        assertThat(cleaning(yard).inUse()).isEqualTo("on when its BMC was verified");
        yard.fail(ID);

        yard.perform(ID, Verb.PROVIDE, true);
        assertThat(cleaning(yard).allowDataLoss()).isTrue();
        yard.reach(ID, new ServerTask.Erased("secure-erase", 4));
        assertThat(yard.server(ID).inUse()).as("nothing is left of it").isNull();
    }

    @Test
    void shouldCountAsInUseWhatRanBeforeItsFirstCleaning() {
        var off = new ServerTask.Seen("Off");
        var untouched = new Yard().enrol(ID, Server.Aim.MANAGEABLE).reach(ID, off);
        untouched.reach(ID, Yard.HARDWARE);
        assertThat(untouched.server(ID).inUse()).isNull();

        untouched.perform(ID, Verb.POWER_OFF).reach(ID, off);
        assertThat(untouched.server(ID).inUse())
                .as("nobody can tell what it did")
                .contains("by hand");

        var refused = new Yard().enrol(ID, Server.Aim.AVAILABLE).reach(ID, off);
        refused.reach(ID, Yard.HARDWARE);
        refused.outcome(
                refused.current(ID),
                Kind.FAILED,
                null,
                Failure.permanent(FailureCategory.POLICY, "The server seems to be in use."));
        assertThat(refused.server(ID).inUse())
                .as("switched off at the rack before the next try")
                .isNotNull();
    }

    @Test
    void shouldNotTakeForInUseWhatItHasCleanedItself() {
        var yard = new Yard().available(ID).perform(ID, Verb.POWER_ON).reach(ID, new ServerTask.Seen("On"));
        yard.perform(ID, Verb.MANAGE).perform(ID, Verb.VERIFY).reach(ID, new ServerTask.Seen("On"));

        yard.perform(ID, Verb.PROVIDE);

        assertThat(yard.server(ID).inUse()).isNull();
        assertThat(cleaning(yard).allowDataLoss()).isTrue();
    }

    @Test
    void shouldNotWipeWhatSomebodyWantedToKeepAlsoIfItWasCleanOnce() {
        var yard = new Yard().available(ID).perform(ID, Verb.MANAGE).perform(ID, Verb.ADOPT);
        yard.fail(ID);

        yard.perform(ID, Verb.MANAGE).perform(ID, Verb.PROVIDE);

        assertThat(cleaning(yard).allowDataLoss()).isFalse();
        assertThat(cleaning(yard).inUse()).isNotNull();
        yard.fail(ID);
        yard.perform(ID, Verb.DELETE).enrol(ID, Server.Aim.MANAGEABLE);
        assertThat(yard.server(ID).inUse()).as("to forget it empties no disk").isNotNull();
    }

    private static ServerTask.Clean cleaning(Yard yard) {
        assertThat(yard.server(ID).life()).isInstanceOf(Life.Cleaning.class);
        return Json.MAPPER.convertValue(yard.current(ID).specification(), ServerTask.Clean.class);
    }

    @Test
    void shouldNotLetABackInThatWasForceDeletedBeforeAPersonSaysItIsClean() {
        var yard = new Yard().available(ID).order(deploy(ID, WEB, 7, 1, Goal.DONE));

        yard.perform(ID, Verb.FORCE_DELETE);
        assertThat(yard.outcomes.getLast().kind()).isEqualTo(Kind.FAILED);
        assertThat(yard.server(ID).life()).isInstanceOf(Life.ForceDeleted.class);
        yard.enrol(ID, null);
        assertThat(yard.answers.getLast().result()).isEqualTo(Result.CONFLICT);
        var generation = yard.server(ID).generation();
        yard.perform(ID, Verb.CLEANED).enrol(ID, null);

        assertThat(yard.answers.getLast().result()).isEqualTo(Result.DONE);
        assertThat(yard.server(ID).generation()).isGreaterThan(generation);
        assertThat(yard.server(ID).fence()).isEqualTo(7);
        // and the user's request can end
        yard.order(deploy(ID, WEB, 7, 1, Goal.UNDONE));
        assertThat(yard.outcomes.getLast().kind()).isEqualTo(Kind.REACHED);
    }

    @Test
    void shouldNeverMakeARetiredServerAvailable() {
        var yard =
                new Yard().available(ID).order(deploy(ID, WEB, 7, 1, Goal.DONE)).reach(ID, Yard.made(ID));

        yard.perform(ID, Verb.RETIRE).order(deploy(ID, WEB, 7, 1, Goal.UNDONE)).reach(ID, null);
        yard.reach(ID, new ServerTask.Erased("secure-erase", 4));

        assertThat(yard.server(ID).life()).isInstanceOf(Life.Manageable.class);
        yard.perform(ID, Verb.PROVIDE);
        assertThat(yard.answers.getLast().result()).isEqualTo(Result.CONFLICT);
    }

    @Test
    void shouldDeployOnlySoManyAtATime() {
        var yard = new Yard(new Deadlines(
                Duration.ofHours(2),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(1),
                2,
                50));
        var ids = List.of("srv-1", "srv-2", "srv-3", "srv-4");
        ids.forEach(yard::available);
        ids.forEach(id -> yard.order(deploy(id, WEB, 7, 1, Goal.DONE)));

        assertThat(ids).filteredOn(id -> yard.server(id).job().begun()).containsExactly("srv-1", "srv-2");
        yard.perform("srv-3", Verb.ABORT).reach("srv-1", Yard.made("srv-1"));
        assertThat(yard.server("srv-4").job().begun()).isTrue();
        yard.fail("srv-2").reach("srv-4", Yard.made("srv-4"));
        ids.forEach(id -> yard.order(deploy(id, WEB, 7, 2, Goal.DONE)));
        assertThat(yard.server("srv-2").job().begun()).isTrue();
        assertThat(yard.server("srv-3").job().begun()).isTrue();
    }

    @Test
    void shouldLetADeployWaitForTheEndOfAHandOnThePower() {
        var yard = new Yard().available(ID).perform(ID, Verb.POWER_ON);
        assertThat(yard.answers.getLast().result()).isEqualTo(Result.DONE);
        yard.order(deploy(ID, WEB, 7, 1, Goal.DONE));
        assertThat(yard.server(ID).job().begun()).isFalse();

        yard.reach(ID, new ServerTask.Seen("On"));

        assertThat(yard.server(ID).job().begun()).isTrue();
        assertThat(yard.server(ID).power()).isEqualTo("On");
    }

    @Test
    void shouldEndASystemAsItsOrderSaid() {
        var yard =
                new Yard().available(ID).order(deploy(ID, WEB, 7, 1, Goal.DONE)).reach(ID, Yard.made(ID));

        yard.order(deploy(ID, WEB, 7, 1, Goal.UNDONE));
        assertThat(yard.undeploying(ID).shutdown()).isEqualTo(Yard.SHUTDOWN);

        yard.fail(ID).order(deploy(ID, WEB, 7, 2, Goal.UNDONE));
        assertThat(yard.undeploying(ID).shutdown()).as("tried again").isEqualTo(Yard.SHUTDOWN);
    }

    @Test
    void shouldNotWaitForTheEndOfASystemThatNeverCameUp() {
        var yard = new Yard().available(ID).order(deploy(ID, WEB, 7, 1, Goal.DONE));

        yard.order(deploy(ID, WEB, 7, 1, Goal.UNDONE)).reach(ID, null);

        assertThat(yard.undeploying(ID).shutdown()).isEqualTo(new Component.Shutdown(Duration.ZERO, true));
    }

    @Test
    void shouldTellThatSomebodyElseSwitchedItsPower() {
        var yard = new Yard().available(ID);

        yard.look(ID, "On");
        var drifted = yard.server(ID);
        assertThat(drifted.power()).isEqualTo("On");
        assertThat(drifted.drift()).isEqualTo(new Server.Drift("Off", yard.now));
        assertThat(drifted.life()).as("nothing is mended by itself").isInstanceOf(Life.Available.class);
        assertThat(drifted.engaged()).isNull();

        yard.look(ID, "Off");
        assertThat(yard.server(ID).drift()).as("switched back by the same hand").isNull();
    }

    @Test
    void shouldTakeAPowerForRightThatAPersonAsksFor() {
        var yard = new Yard().available(ID).look(ID, "On");

        yard.perform(ID, Verb.POWER_ON).reach(ID, new ServerTask.Seen("On"));

        assertThat(yard.server(ID).power()).isEqualTo("On");
        assertThat(yard.server(ID).drift()).isNull();
    }

    @Test
    void shouldNotTakeItsOwnDoingForAnothers() {
        var yard = new Yard().available(ID);
        var before = yard.server(ID).turn();

        yard.perform(ID, Verb.POWER_ON);
        yard.look(ID, "On");
        assertThat(yard.server(ID).drift()).as("while it is switched").isNull();
        yard.reach(ID, new ServerTask.Seen("On"));
        yard.look(ID, "Off", before);
        assertThat(yard.server(ID).drift()).as("a look from before").isNull();

        yard.order(deploy(ID, WEB, 7, 1, Goal.DONE));
        yard.look(ID, "Off");
        assertThat(yard.server(ID).drift()).as("while it is deployed").isNull();
    }

    @Test
    void shouldKeepItsStateSmall() {
        var yard = new Yard().available(ID).perform(ID, Verb.MAINTENANCE).perform(ID, Verb.UNMAINTENANCE);
        yard.order(deploy(ID, WEB, 7, 1, Goal.DONE));
        yard.perform(ID, Verb.MAINTENANCE);
        assertThat(yard.size(ID)).as("deploying").isLessThan(1024);

        yard.reach(ID, Yard.made(ID)).look(ID, "Off");
        assertThat(yard.server(ID).drift()).isNotNull();
        assertThat(yard.size(ID)).as("drifted").isLessThan(1024);
    }

    /** Any verbs, orders, outcomes, reservations and times, each now and then twice. */
    @Property(tries = 400)
    void shouldKeepItsWordWhateverHappens(@ForAll Random random) {
        var yard = new Yard();
        var ids = List.of("srv-1", "srv-2");
        ids.forEach(id -> yard.enrol(id, Server.Aim.AVAILABLE));
        var fences = new HashMap<String, Long>();
        for (var step = 0; step < 120; step++) {
            var id = ids.get(random.nextInt(ids.size()));
            if (yard.server(id).life() instanceof Life.Gone) {
                yard.enrol(id, null);
            }
            switch (random.nextInt(10)) {
                case 0 -> yard.perform(id, VERBS.get(random.nextInt(VERBS.size())), random.nextBoolean());
                case 1 ->
                    yard.perform(
                            id,
                            List.of(
                                            Verb.PROVIDE,
                                            Verb.INSPECT,
                                            Verb.VERIFY,
                                            Verb.UNMAINTENANCE,
                                            Verb.UNQUARANTINE,
                                            Verb.UNRETIRE,
                                            Verb.UNHOLD,
                                            Verb.CLEANED)
                                    .get(random.nextInt(8)));
                case 2 -> yard.reserve(id, fences.merge(id, 1L, Long::sum), Reservation.Kind.RESERVED);
                case 3 ->
                    yard.reserve(
                            id,
                            1 + random.nextInt(1 + fences.getOrDefault(id, 0L).intValue()),
                            Reservation.Kind.RELEASED);
                case 4 -> {
                    var fence =
                            1 + random.nextInt(1 + fences.getOrDefault(id, 0L).intValue());
                    fences.merge(id, (long) fence, Math::max);
                    var order = deploy(
                            id,
                            random.nextBoolean() ? WEB : SHOP,
                            fence,
                            1 + random.nextInt(2),
                            random.nextInt(3) == 0 ? Goal.UNDONE : Goal.DONE);
                    yard.order(order);
                    if (random.nextInt(4) == 0) {
                        yard.order(order);
                    }
                }
                case 5, 6, 7 -> answer(yard, id, random);
                case 8 -> yard.pass(Duration.ofMinutes(random.nextInt(60)));
                default ->
                    yard.ask(
                            id,
                            ServerCommand.PhoneHome.TYPE,
                            new ServerCommand.PhoneHome(Tokens.hash(
                                    yard.tokens.token(id + "/" + yard.server(id).turn()))));
            }
            ids.forEach(one -> check(yard, one));
        }
        assertThat(yard.letters).isEmpty();
        checkFacts(yard.facts);
        // whatever happened: alone, with an engine that answers, every server comes to rest
        for (var rounds = 0; rounds < 50; rounds++) {
            for (var id : ids) {
                if (yard.server(id).engaged() != null) {
                    yard.reach(id, outputs(yard, id));
                }
            }
            yard.pass(Duration.ofHours(1));
        }
        ids.forEach(id -> assertThat(yard.server(id))
                .matches(server -> !(server.life() instanceof Life.Transient) || server.held() != null));
    }

    private static void answer(Yard yard, String id, Random random) {
        if (yard.server(id).engaged() == null) {
            return;
        }
        var order = yard.current(id);
        switch (random.nextInt(5)) {
            case 0 -> yard.outcome(order, Kind.FAILED, null, Yard.BROKEN);
            case 1 -> yard.outcome(order, Kind.PENDING, null, null);
            default -> {
                var outputs = outputs(yard, id);
                yard.outcome(order, Kind.REACHED, outputs, null);
                if (random.nextInt(4) == 0) {
                    yard.outcome(order, Kind.REACHED, outputs, null);
                }
            }
        }
    }

    private static Object outputs(Yard yard, String id) {
        var order = yard.current(id);
        if (order.goal() == Goal.UNDONE) {
            return null;
        }
        return switch (Json.MAPPER.convertValue(order.specification(), ServerTask.class)) {
            case ServerTask.Verify any -> new ServerTask.Seen("Off");
            case ServerTask.Adopt any -> new ServerTask.Seen("On");
            case ServerTask.Switch any -> new ServerTask.Seen("On");
            case ServerTask.Inspect any -> Yard.HARDWARE;
            case ServerTask.Clean any -> new ServerTask.Erased("secure-erase", 4);
            case ServerTask.Deploy any -> Yard.made(id);
            case ServerTask.Undeploy any -> null;
            case ServerTask.Leave any -> null;
        };
    }

    private static void check(Yard yard, String id) {
        var server = yard.server(id);
        var job = server.job();
        if (job != null && job.held() == null) {
            assertThat(new Timers(yard.stores).due(job.until(), 1000))
                    .as("a deadline of " + server)
                    .anyMatch(timer -> timer.key().equals(id) && timer.due().equals(job.until()));
        }
        var occupied = server.life() instanceof Life.Occupied || server.life() instanceof Life.Deleting;
        if (!(server.life() instanceof Life.Adopting)) {
            assertThat(server.consumer() != null).as("consumer of " + server).isEqualTo(occupied);
        }
        if (server.life() instanceof Life.Available) {
            assertThat(server.erased()).as("clean: " + server).isNotNull();
        }
    }

    private static void checkFacts(List<ServerFact> facts) {
        var generations = new HashMap<String, Long>();
        var fences = new HashMap<String, Long>();
        var last = new HashMap<String, ServerFact>();
        for (var fact : facts) {
            assertThat(fact.generation()).isGreaterThan(generations.getOrDefault(fact.id(), 0L));
            generations.put(fact.id(), fact.generation());
            assertThat(fact.fence()).isGreaterThanOrEqualTo(fences.getOrDefault(fact.id(), 0L));
            fences.put(fact.id(), fact.fence());
            var before = last.put(fact.id(), fact);
            // enrolled again is possible whatever it was when it was deleted
            if (before != null && !fact.state().equals("enrolled")) {
                assertThat(LEGAL.getOrDefault(before.state(), List.of()))
                        .as(before + " → " + fact)
                        .contains(fact.state());
                if (before.consumer() != null && fact.consumer() != null) {
                    assertThat(fact.consumer()).isEqualTo(before.consumer());
                }
            }
        }
        assertThat(new HashSet<>(last.keySet())).isNotEmpty();
    }

    /** What may follow in the facts; a state may stay while flags or the fence change, and two changes at once are one fact. */
    private static final Map<String, List<String>> LEGAL = Map.ofEntries(
            Map.entry("enrolled", List.of("enrolled", "verifying")),
            Map.entry("verifying", List.of("verifying", "manageable", "inspecting", "enroll-failed")),
            Map.entry("enroll-failed", List.of("enroll-failed", "verifying")),
            Map.entry("manageable", List.of("manageable", "verifying", "inspecting", "cleaning", "adopting")),
            Map.entry("inspecting", List.of("inspecting", "manageable", "cleaning", "inspect-failed")),
            Map.entry("inspect-failed", List.of("inspect-failed", "manageable", "inspecting")),
            Map.entry("cleaning", List.of("cleaning", "available", "manageable", "clean-failed")),
            Map.entry("clean-failed", List.of("clean-failed", "cleaning", "manageable")),
            Map.entry("available", List.of("available", "reserved", "deploying", "manageable")),
            Map.entry("reserved", List.of("reserved", "available", "deploying")),
            Map.entry("deploying", List.of("deploying", "active", "deploy-failed", "deleting")),
            Map.entry("deploy-failed", List.of("deploy-failed", "deploying", "deleting")),
            Map.entry("active", List.of("active", "deleting")),
            Map.entry("deleting", List.of("deleting", "cleaning", "delete-failed")),
            Map.entry("delete-failed", List.of("delete-failed", "deleting")),
            Map.entry("adopting", List.of("adopting", "active", "adopt-failed")),
            Map.entry("adopt-failed", List.of("adopt-failed", "adopting", "manageable")));
}
