package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.e2e.Http.Answer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What may be asked, by whom, and how often. */
@Order(3)
class SubmissionIT extends StackTest {
    private static final String STRANGER = "eve@other.example";

    @Test
    void shouldNameEveryWrongFieldAtOnce() {
        var ask = Ask.deploy(Ask.newResource("wrong")).machines(1).json();
        ask.put("approvalTimeout", "soon").put("colour", "green").put("quorum", 0);
        var component = (ObjectNode) ask.path("components").path(0);
        component.put("count", 0).put("flavor", "m.huge").put("image", "plan-9");

        var answer = client.post(ask.toString()).expect(400);
        assertThat(answer.headers().get("content-type")).startsWith("application/problem+json");
        assertThat(answer.json().path("status").asInt()).isEqualTo(400);
        assertThat(Json.texts(answer.json().path("errors"), "pointer"))
                .contains(
                        "/approvalTimeout",
                        "/colour",
                        "/quorum",
                        "/components/0/count",
                        "/components/0/flavor",
                        "/components/0/image");
        assertThat(Json.texts(answer.json().path("errors"), "detail")).doesNotContain("");
    }

    @Test
    void shouldRefuseWhatIsNotJson() {
        client.post("{\"operation\": ").expect(400);
        client.post("").expect(400);
        client.post("[1, 2]").expect(400);
    }

    @Test
    void shouldRefuseServersOfATypeThatIsNotThere() {
        var ask = Ask.deploy(Ask.newResource("metal")).json();
        ask.withArray("components")
                .addObject()
                .put("name", "db")
                .put("type", "metal.server")
                .put("count", 1)
                .put("site", "ams1")
                .put("serverType", "m9.none")
                .put("osTemplate", "debian-12");

        var errors = client.post(ask.toString()).expect(400).json().path("errors");
        assertThat(Json.items(errors)).anySatisfy(error -> {
            assertThat(error.path("pointer").asText()).endsWith("/serverType");
            assertThat(error.path("detail").asText()).contains("m9.none");
        });
    }

    @Test
    void shouldRefuseTheRequesterAmongTheApprovers() {
        var ask = Ask.deploy(Ask.newResource("self")).machines(1).json();
        ask.putArray("approvers").add(Ask.APPROVER).add(Ask.REQUESTER);

        var errors = client.post(ask.toString()).expect(400).json().path("errors");
        assertThat(Json.texts(errors, "pointer")).containsExactly("/approvers/1");
    }

    @Test
    void shouldHideARequestFromOtherTenants() {
        var resource = Ask.newResource("hidden");
        var id = client.submit(Ask.deploy(resource).machines(1));
        client.awaits(id, "AWAITING_APPROVAL");

        var header = new String[] {"X-Groundwork-User", STRANGER};
        Http.get(client.url(id), header).expect(404);
        Http.get(client.url(id) + "/timeline", header).expect(404);
        Http.get(stack.at("request-service") + "/v1/resources/" + resource, header)
                .expect(404);
        Http.postJson(client.url(id) + "/cancel", Json.object().put("reason", "Mine now."), header)
                .expect(404);
        assertThat(client.get(id).path("state").asText()).isEqualTo("AWAITING_APPROVAL");
    }

    @Test
    void shouldNotLetTheRequesterApprove() {
        var id = client.submit(Ask.deploy(Ask.newResource("own")).machines(1));
        client.awaits(id, "AWAITING_APPROVAL");

        approver.decideAs(Ask.REQUESTER, id, Approver.approval()).expect(403);
        approver.decideAs(Ask.OTHER_APPROVER, id, Approver.approval()).expect(403);
        assertThat(client.get(id).path("state").asText()).isEqualTo("AWAITING_APPROVAL");
    }

    @Test
    void shouldTakeARepeatedPostForTheSameRequest() {
        var key = UUID.randomUUID().toString();
        var ask = Ask.deploy(Ask.newResource("twice")).machines(1);
        var id = client.submit(ask, "Idempotency-Key", key);
        client.awaits(id, "AWAITING_APPROVAL");

        var again = client.post(ask, "Idempotency-Key", key).expect(202).json();
        assertThat(again.path("id").asText()).isEqualTo(id);
        assertThat(again.path("state").asText()).isEqualTo("AWAITING_APPROVAL");
        client.post(ask.machines("more", 1), "Idempotency-Key", key).expect(422);
    }

    @Test
    void shouldMakeOneRequestOfPostsAtTheSameTime() throws Exception {
        var key = UUID.randomUUID().toString();
        var resource = Ask.newResource("rush");
        var ask = Ask.deploy(resource).machines(1);
        var posts = new ArrayList<Future<Answer>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                posts.add(threads.submit(() -> client.post(ask, "Idempotency-Key", key)));
            }
        }
        var ids = new HashSet<String>();
        for (var post : posts) {
            ids.add(post.get().expect(202).json().path("id").asText());
        }
        assertThat(ids).hasSize(1);
        client.awaits(ids.iterator().next(), "AWAITING_APPROVAL");
        assertThat(topic("request.events.v1").read().stream()
                        .filter(entry -> entry.key().equals(resource))
                        .filter(entry -> entry.attribute("type").contains("request-submitted")))
                .hasSize(1);
    }
}
