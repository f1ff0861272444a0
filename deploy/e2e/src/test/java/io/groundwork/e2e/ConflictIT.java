package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** One mutation of a resource at a time. */
@Order(4)
class ConflictIT extends StackTest {
    private static final String STARTED = "io.groundwork.request.request-started.v1";
    private static final String CLOSED = "io.groundwork.request.request-closed.v1";

    @Test
    void shouldRunRequestsOnOneResourceInOrderAndNeverTwoAtOnce() {
        var resource = Ask.newResource("queue");
        var ids = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            ids.add(client.submit(i % 2 == 0 ? Ask.deploy(resource).machines(1) : Ask.decommission(resource)));
        }
        client.awaits(ids.getFirst(), "AWAITING_APPROVAL");
        var last = client.awaits(ids.getLast(), "QUEUED");
        assertThat(last.at("/waitingFor/kind").asText()).isEqualTo("queue");
        assertThat(Json.items(client.resource(resource).path("queue")))
                .extracting(id -> id.asText())
                .containsExactlyElementsOf(ids.subList(1, 5));

        for (var id : ids) {
            approver.approve(id);
            assertThat(client.awaitEnd(id).path("state").asText()).isEqualTo("COMPLETED");
        }
        assertThat(intervals(resource))
                .containsExactlyElementsOf(ids.stream()
                        .flatMap(id -> List.of(STARTED + " " + id, CLOSED + " " + id).stream())
                        .toList());
        assertThat(cloud.machines(resource)).hasSize(1);
    }

    @Test
    void shouldRefuseOnABusyResourceWhenAskedTo() {
        var resource = Ask.newResource("busy");
        var first = client.submit(Ask.deploy(resource).machines(1));
        client.awaits(first, "AWAITING_APPROVAL");

        var second = client.submit(Ask.deploy(resource).machines(1).with("onConflict", "reject"));
        assertConflict(second);
        assertThat(client.get(first).path("state").asText()).isEqualTo("AWAITING_APPROVAL");
    }

    @Test
    void shouldNotDeployOnWhatStands() {
        var resource = Ask.newResource("stands");
        deployed(Ask.deploy(resource).machines(1));

        assertConflict(client.submit(Ask.deploy(resource).machines(2)));
        assertThat(cloud.machines(resource)).hasSize(1);
    }

    @Test
    void shouldNotDecommissionNothing() {
        var ask = Ask.decommission(Ask.newResource("nothing"));
        var answer = client.post(ask);
        if (answer.status() == 202) {
            assertConflict(answer.json().path("id").asText());
        } else {
            answer.expect(404);
        }
    }

    private void assertConflict(String id) {
        var end = client.awaitEnd(id);
        assertThat(end.path("state").asText()).isEqualTo("FAILED");
        assertThat(end.at("/error/category").asText()).isEqualTo("CONFLICT");
        assertThat(completions(id)).hasSize(1);
    }

    private List<String> intervals(String resource) {
        return topic("request.events.v1").read().stream()
                .filter(entry -> entry.key().equals(resource))
                .filter(entry -> List.of(STARTED, CLOSED).contains(entry.attribute("type")))
                .map(entry -> entry.attribute("type") + " " + entry.attribute("requestid"))
                .toList();
    }
}
