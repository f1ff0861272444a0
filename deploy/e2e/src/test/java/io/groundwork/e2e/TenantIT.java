package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.e2e.Http.Answer;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A customer who was not there at the start: added by REST, gets machines, and neither sees nor is seen by the others. */
@Order(3)
class TenantIT extends StackTest {
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String admin = "ada@" + tenant + ".example";
    private final String developer = "bob@" + tenant + ".example";
    private final String approving = "eve@" + tenant + ".example";
    private final String group = tenant + "-devs";

    @Test
    void shouldServeATenantThatWasAddedByRest() {
        var iam = stack.at("iam-service") + "/v1";
        put(Ask.REQUESTER, iam + "/tenants/" + tenant, "{'description': 'A new customer', 'admin': '" + admin + "'}")
                .expect(200);
        user(developer, "requester");
        user(approving, "approver");
        put(admin, iam + "/projects/" + tenant + "/shop", "{'description': 'The shop'}")
                .expect(200);
        put(
                        admin,
                        iam + "/groups/" + group,
                        "{'tenant': '" + tenant + "', 'members': ['" + developer + "'], 'roles': ['operator']}")
                .expect(200);
        var quota = stack.at("allocation-service") + "/v1/quotas/" + tenant + "/shop";
        // who that is, other services learn a moment later
        await("an administrator")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(put(admin, quota, "{'limits': {'instances': 1}}")
                                .status())
                        .isEqualTo(200));

        var resource = tenant + "/shop/web";
        var id = deploy(resource, 1, "operator");
        assertThat(end(id)).isEqualTo("COMPLETED");
        assertThat(cloud.machines(resource)).hasSize(1);
        assertThat(Json.items(as(developer, stack.at("iam-service") + "/v1/grants?resource=" + Http.encode(resource))))
                .singleElement()
                .satisfies(grant -> assertThat(grant.path("group").asText()).isEqualTo(group));

        assertThat(end(deploy(tenant + "/shop/more", 1, "operator")))
                .as("beyond the quota")
                .isEqualTo("FAILED");

        Http.get(client.url(id), "X-Groundwork-User", Ask.REQUESTER).expect(404);
        client.post(ask(Ask.newResource("theirs"), 1, "operator"), "X-Groundwork-User", developer)
                .expect(404);
        put(admin, iam + "/tenants/" + tenant + "x", "{'description': 'Not theirs to add'}")
                .expect(403);

        var removal = client.submit(Ask.decommission(resource).approvedBy(approving), "X-Groundwork-User", developer);
        approve(removal);
        assertThat(end(removal)).isEqualTo("COMPLETED");
        assertThat(cloud.machines(resource)).isEmpty();
    }

    private void user(String name, String role) {
        put(
                        admin,
                        stack.at("iam-service") + "/v1/users/" + name,
                        "{'tenant': '" + tenant + "', 'name': 'Somebody', 'roles': ['" + role + "']}")
                .expect(200);
    }

    private Ask ask(String resource, int machines, String role) {
        return Ask.deploy(resource).approvedBy(approving).machines(machines).access(group, role);
    }

    /** Asked for as soon as request-service knows who may ask, and approved. */
    private String deploy(String resource, int machines, String role) {
        await("the tenant's project")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Http.postJson(
                                        stack.at("request-service") + "/v1/plans",
                                        ask(resource, machines, role).json(),
                                        "X-Groundwork-User",
                                        developer)
                                .status())
                        .isEqualTo(200));
        var id = client.submit(ask(resource, machines, role), "X-Groundwork-User", developer);
        approve(id);
        return id;
    }

    private void approve(String id) {
        await("the question")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(show(id).path("state").asText()).isEqualTo("AWAITING_APPROVAL"));
        approver.decideAs(approving, id, Approver.approval()).expect(200);
    }

    private String end(String id) {
        await("the end")
                .atMost(Duration.ofSeconds(60))
                .until(() -> Client.ENDS.contains(show(id).path("state").asText()));
        return show(id).path("state").asText();
    }

    private JsonNode show(String id) {
        return as(developer, client.url(id));
    }

    private static JsonNode as(String user, String url) {
        return Http.get(url, "X-Groundwork-User", user).expect(200).json();
    }

    private static Answer put(String user, String url, String body) {
        return Http.put(url, body.replace('\'', '"'), "X-Groundwork-User", user);
    }
}
