package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What all the rest is for: asked, approved by mail, made, told, and given back. */
@Order(1)
class MainJobIT extends StackTest {

    @Test
    void shouldDeployWhatWasApprovedByMailAndTakeItDownAgain() {
        var resource = Ask.newResource("main");
        var id = client.submit(Ask.deploy(resource).machines(3).access("operator"));
        var waiting = client.awaitsPerson(id);
        assertThat(waiting.path("state").asText()).isEqualTo("AWAITING_APPROVAL");
        assertThat(waiting.at("/waitingFor/name").asText()).contains(Ask.APPROVER);
        assertThat(cloud.machines(resource)).as("machines before the approval").isEmpty();
        approver.approveByLink(id);

        var end = client.awaitEnd(id);
        assertThat(end.path("state").asText()).isEqualTo("COMPLETED");
        assertThat(end.path("digest").asText()).isNotEmpty();
        assertThat(Json.texts(end.path("steps"), "step"))
                .containsExactly("approve", "allocate", "provision:web", "grant");
        assertThat(Json.texts(end.path("steps"), "status")).containsOnly("done");
        assertMachines(resource, id, 3);
        assertHolds(resource, 3);
        assertStands(resource, 3);
        assertCompletion(id, end, "deploy");
        assertThat(approver.mails(id)).as("mails to approvers").isEqualTo(1);

        var removal = client.submit(Ask.decommission(resource));
        approver.approve(removal);
        var gone = client.awaitEnd(removal);
        assertThat(gone.path("state").asText()).isEqualTo("COMPLETED");
        client.awaitNothingLeft(cloud, resource);
        assertThat(client.resource(resource).path("state").asText()).isEqualTo("NONE");
        assertThat(Json.items(client.resource(resource).path("instances"))).isEmpty();
        assertCompletion(removal, gone, "decommission");
    }

    @Test
    void shouldMakeComponentsInTheOrderOfTheirDependencies() {
        var resource = Ask.newResource("order");
        var id = deployed(Ask.deploy(resource).machines("app", 1, "store").machines("store", 2));

        assertThat(cloud.machines(resource)).hasSize(3);
        var types = Json.items(client.timeline(id)).stream()
                .filter(event -> event.path("step").asText().startsWith("provision:"))
                .map(event ->
                        event.path("type").asText() + " " + event.path("step").asText())
                .toList();
        var storeDone = types.indexOf("io.groundwork.cloud.component-provisioned.v1 provision:store");
        var appStarted = types.indexOf("io.groundwork.cloud.component-started.v1 provision:app");
        assertThat(storeDone).as("store provisioned, among %s", types).isNotNegative();
        assertThat(appStarted).as("app started, among %s", types).isGreaterThan(storeDone);
    }

    private void assertMachines(String resource, String request, int count) {
        var machines = cloud.machines(resource);
        assertThat(machines).hasSize(count).allSatisfy(machine -> {
            assertThat(machine.state()).isEqualTo("running");
            assertThat(machine.region()).isEqualTo(Ask.REGION);
            assertThat(machine.tags())
                    .containsEntry("groundwork:component", "web")
                    .containsEntry("groundwork:request", request)
                    .containsKeys("groundwork:operation", "groundwork:attempt");
        });
        assertThat(machines.stream().map(machine -> machine.tags().get("groundwork:instance")))
                .containsExactlyInAnyOrder("0", "1", "2");
        assertThat(machines.stream().map(machine -> machine.tags().get("groundwork:operation")))
                .as("operations")
                .doesNotContainNull();
    }

    private void assertHolds(String resource, int machines) {
        await("claims and grants held").atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            var claims = client.claims(resource);
            assertThat(claims).hasSize(1);
            assertThat(claims.getFirst().path("pool").asText()).isEqualTo("quota/" + Ask.PROJECT);
            assertThat(claims.getFirst().at("/amounts/instances").asInt()).isEqualTo(machines);
            var grants = client.grants(resource);
            assertThat(grants).hasSize(1);
            assertThat(grants.getFirst().path("group").asText()).isEqualTo("payments-devs");
            assertThat(grants.getFirst().path("role").asText()).isEqualTo("operator");
        });
    }

    private void assertStands(String resource, int machines) {
        var ids = cloud.machines(resource).stream().map(Cloud.Machine::id).collect(Collectors.toSet());
        await("the resource shows its machines").atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            var stands = client.resource(resource);
            assertThat(stands.path("state").asText()).isEqualTo("DEPLOYED");
            var instances = stands.path("instances");
            assertThat(Json.items(instances)).hasSize(machines).allSatisfy(instance -> {
                assertThat(instance.path("component").asText()).isEqualTo("web");
                assertThat(instance.path("name").asText()).isNotEmpty();
                assertThat(Json.items(instance.path("addresses"))).isNotEmpty();
            });
            assertThat(Json.texts(instances, "providerId")).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(stands.path("activeRequest").isNull()
                            || stands.path("activeRequest").isMissingNode())
                    .isTrue();
        });
    }

    private void assertCompletion(String request, JsonNode end, String operation) {
        var records = completions(request);
        assertThat(records).hasSize(1);
        var entry = records.getFirst();
        assertThat(entry.key()).isEqualTo(end.path("resource").asText());
        assertThat(entry.headers())
                .containsAllEntriesOf(Map.of(
                        "ce_type", "io.groundwork.request.closed.v1",
                        "ce_specversion", "1.0",
                        "ce_subject", entry.key()))
                .containsEntry("ce_resourceid", entry.key())
                .containsEntry("ce_requestid", request)
                .containsEntry("ce_sequence", end.path("sequence").asText())
                .containsKeys("ce_id", "ce_source", "ce_time", "ce_causationid");
        var completion = Json.parse(entry.value());
        assertThat(completion.path("requestId").asText()).isEqualTo(request);
        assertThat(completion.path("resource")).isEqualTo(end.path("resource"));
        assertThat(completion.path("operation").asText()).isEqualTo(operation);
        assertThat(completion.path("outcome")).isEqualTo(end.path("state"));
        assertThat(completion.path("outputs")).isEqualTo(end.path("outputs"));
        assertThat(completion.path("closedAt")).isEqualTo(end.path("closedAt"));
        assertThat(completion.path("startedAt").asText()).isNotEmpty();
        assertThat(completion.hasNonNull("category")).isFalse();
    }
}
