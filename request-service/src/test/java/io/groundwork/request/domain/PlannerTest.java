package io.groundwork.request.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groundwork.events.Catalogue;
import io.groundwork.events.Catalogue.Boot;
import io.groundwork.events.Catalogue.OsTemplate;
import io.groundwork.events.Claim;
import io.groundwork.events.Component;
import io.groundwork.events.Design;
import io.groundwork.events.Design.AccessGrant;
import io.groundwork.events.Owner;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent.Catalogued;
import io.groundwork.events.Step;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.request.domain.Planner.Price;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlannerTest {

    private final Planner planner = new Planner(StepTimeouts.DEFAULT);

    @Test
    void shouldPlanADeploymentInTheOrderOfItsDependencies() {
        var plan = deploy(Asks.DESIGN);

        assertThat(plan.steps().stream().map(step -> step.id() + " <- " + step.needs()))
                .containsExactly(
                        "approve <- []",
                        "allocate <- [approve]",
                        "provision:web <- [allocate]",
                        "provision:db <- [allocate, provision:web]",
                        "grant <- [provision:web, provision:db]");
        assertThat(plan.steps().stream().skip(1)).allMatch(step -> step.undo() == Step.Undo.OWNER);
        assertThat(plan.steps().getFirst().timeout()).isEqualTo(Duration.ofSeconds(150));
        assertThat(plan.steps().stream().map(Step::owner))
                .containsExactly(Owner.APPROVAL, Owner.ALLOCATION, Owner.CLOUD, Owner.CLOUD, Owner.IAM);
    }

    @Test
    void shouldClaimAndPriceTheSumOfAllMachines() {
        var plan = deploy(Asks.DESIGN);

        assertThat(plan.step(new StepId("allocate")).orElseThrow().input())
                .isInstanceOfSatisfying(
                        StepInput.Allocate.class,
                        allocate -> assertThat(allocate.claims())
                                .singleElement()
                                .satisfies(claim -> {
                                    assertThat(claim.pool()).isEqualTo("quota/acme/payments");
                                    assertThat(claim.amounts())
                                            .isEqualTo(Map.of("instances", 4L, "vcpus", 8L, "memoryGiB", 16L));
                                }));
        assertThat(plan.steps().getFirst().input()).isInstanceOfSatisfying(StepInput.Approve.class, approve -> {
            assertThat(approve.monthlyPrice()).isEqualTo("58.00");
            assertThat(approve.currency()).isEqualTo("EUR");
            assertThat(approve.placement()).isTrue();
        });
    }

    @Test
    void shouldClaimServersOfTheirPoolAndWhatFollowsThem() {
        var design = new Design(List.of(Asks.servers("db", 3, 2, "web"), Asks.vm("web", 1)), List.of(), Map.of());
        var plan = deploy(design);

        assertThat(plan.steps().stream().map(step -> step.id() + " " + step.owner()))
                .containsExactly(
                        "approve APPROVAL", "allocate ALLOCATION", "provision:web CLOUD", "provision:db BAREMETAL");
        assertThat(plan.step(new StepId("provision:db")).orElseThrow().timeout())
                .isEqualTo(Duration.ofHours(3));
        var allocate = (StepInput.Allocate)
                plan.step(new StepId("allocate")).orElseThrow().input();
        assertThat(allocate.claims())
                .extracting(claim -> claim.pool() + " " + claim.amounts())
                .containsExactly(
                        "pool/ams1/m1.large {servers=3}",
                        "quota/acme/payments {instances=4, memoryGiB=4, servers=3, vcpus=2}",
                        "subnet/ams1-default {addresses=3}");
        assertThat(allocate.claims().getFirst().servers()).singleElement().satisfies(need -> {
            assertThat(need.minCount()).isEqualTo(2);
            assertThat(need.requiredTraits())
                    .as("what the type has is not asked of each")
                    .containsExactly("gpu");
        });
        assertThat(((StepInput.Approve) plan.steps().getFirst().input()).monthlyPrice())
                .isEqualTo("1244.50");
    }

    @Test
    void shouldClaimNoAddressesWhereDhcpGivesThem() {
        var design = new Design(List.of(Asks.servers("db", 3, 2)), List.of(), Map.of());
        var found =
                new Catalogued.Server(Asks.LARGE.serverType(), Asks.LARGE.osTemplate(), Map.of(), Catalogue.Ipam.DHCP);
        var plan = planner.deploy(Asks.RESOURCE, Asks.deploy(design), Map.of("db", found));

        var allocate = (StepInput.Allocate)
                plan.step(new StepId("allocate")).orElseThrow().input();
        assertThat(allocate.claims())
                .extracting(Claim::pool)
                .containsExactly("pool/ams1/m1.large", "quota/acme/payments");
    }

    @Test
    void shouldChangeTheInstallationAloneWithAnotherOsTemplate() {
        var design = new Design(List.of(Asks.servers("db", 3, 2, "web"), Asks.vm("web", 1)), List.of(), Map.of());
        var catalogued = new TreeMap<>(Asks.catalogued(design));
        var one = planner.deploy(Asks.RESOURCE, Asks.deploy(design), catalogued);
        var template = Asks.LARGE.osTemplate();
        catalogued.put(
                "db",
                new Catalogued.Server(
                        Asks.LARGE.serverType(),
                        new OsTemplate(
                                Boot.VIRTUAL_MEDIA,
                                "http://images/debian-13.iso",
                                null,
                                null,
                                "console=ttyS0",
                                "#cloud-config",
                                null,
                                template.diskless(),
                                "Debian 13"),
                        Asks.LARGE.subnets(),
                        null));
        var other = planner.deploy(Asks.RESOURCE, Asks.deploy(design), catalogued);

        assertThat(other.steps())
                .filteredOn(step -> !one.steps().contains(step))
                .extracting(step -> step.id().value())
                .containsExactly("provision:db");
    }

    @Test
    void shouldAskForAPlaceOnlyWhereThereIsACloud() {
        var design = new Design(List.of(Asks.servers("db", 1, null)), List.of(), Map.of());
        assertThat(((StepInput.Approve) deploy(design).steps().getFirst().input()).placement())
                .isFalse();
        assertThat(planner.decommission(Asks.decommission(), design, Price.NONE).steps().stream()
                        .map(step -> step.id() + " " + step.owner()))
                .containsExactly("approve APPROVAL", "deprovision:db BAREMETAL", "release ALLOCATION");
    }

    @Test
    void shouldPlanTheReverseToTakeDown() {
        var plan = planner.decommission(Asks.decommission(), Asks.DESIGN, new Price("58.00", "EUR"));

        assertThat(plan.steps().stream().map(step -> step.id() + " <- " + step.needs()))
                .containsExactly(
                        "approve <- []",
                        "revoke <- [approve]",
                        "deprovision:db <- [revoke]",
                        "deprovision:web <- [revoke, deprovision:db]",
                        "release <- [deprovision:db, deprovision:web]");
        assertThat(plan.steps().stream().skip(1))
                .allMatch(step -> step.undo() == Step.Undo.NONE && step.onFailure() == Step.OnFailure.PAUSE);
        assertThat(plan.steps().getFirst().onFailure()).isEqualTo(Step.OnFailure.COMPENSATE);
    }

    @Test
    void shouldLeaveOutStepsWithNothingToDo() {
        assertThat(ids(deploy(Design.EMPTY))).containsExactly("approve");
        var access = new Design(List.of(), List.of(new AccessGrant("payments-devs", "operator")), Map.of());
        assertThat(ids(deploy(access))).containsExactly("approve", "grant");
        assertThat(ids(planner.decommission(Asks.decommission(), access, Price.NONE)))
                .containsExactly("approve", "revoke");
        assertThat(ids(planner.decommission(Asks.decommission(), Design.EMPTY, Price.NONE)))
                .containsExactly("approve");
    }

    @Test
    void shouldGiveTheSameDigestToTheSamePlanAndAnotherToAnother() {
        assertThat(deploy(Asks.DESIGN).digest()).isEqualTo(deploy(Asks.DESIGN).digest());
        assertThat(deploy(Asks.DESIGN).digest())
                .isNotEqualTo(deploy(Design.EMPTY).digest());
    }

    @Test
    void shouldRefuseACircle() {
        List<Component> circle = List.of(Asks.vm("a", 1, "b"), Asks.vm("b", 1, "a"));
        assertThatThrownBy(() -> Planner.inOrder(circle))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a, b");
    }

    private Plan deploy(Design design) {
        return planner.deploy(Asks.RESOURCE, Asks.deploy(design), Asks.catalogued(design));
    }

    private static List<String> ids(Plan plan) {
        return plan.steps().stream().map(step -> step.id().value()).toList();
    }
}
