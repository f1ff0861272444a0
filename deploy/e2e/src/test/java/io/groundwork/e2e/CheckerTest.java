package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.groundwork.e2e.Checker.Column;
import io.groundwork.e2e.Holdings.Held;
import io.groundwork.e2e.Operator.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The checker finds each kind of fault in a small world where one request made one machine and another was rejected. */
class CheckerTest {
    private static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");
    private static final String WEB = "acme/chaos/web";
    private static final String DB = "acme/chaos/db";

    private final List<Asked> asked = new ArrayList<>(List.of(
            new Asked(
                    "r1",
                    Ask.deploy(WEB).machines(1).guarded().access("operator").json(),
                    Set.of("COMPLETED")),
            new Asked("r2", Ask.deploy(DB).machines(1).json(), Set.of("REJECTED"))));
    private final List<Told> told = new ArrayList<>(List.of(
            event(0, WEB, "r1", Told.STARTED, 1),
            step(1, WEB, "r1", "provision:web", "running"),
            step(2, WEB, "r1", "provision:web", "done"),
            closed(3, WEB, "r1", Told.REQUESTS, "COMPLETED"),
            closed(3, WEB, "r1", Told.COMPLETIONS, "COMPLETED"),
            event(4, DB, "r2", Told.STARTED, 1),
            step(5, DB, "r2", "approve", "failed"),
            closed(6, DB, "r2", Told.REQUESTS, "REJECTED"),
            closed(6, DB, "r2", Told.COMPLETIONS, "REJECTED")));
    private final List<Held> machines = new ArrayList<>(List.of(new Held("i-1", WEB, "web", "0", "r1")));
    private final List<Held> groups = new ArrayList<>(List.of(new Held("sg-1", WEB, "web", "", "r1")));
    private final List<Held> keys = new ArrayList<>(List.of(new Held("key-1", WEB, "web", "", "r1")));
    private final Map<String, Long> claimed = new HashMap<>(Map.of(WEB, 1L));
    private final Map<String, Long> granted = new HashMap<>(Map.of(WEB, 1L));
    private long pool = 1;
    private final List<Decision> decisions = new ArrayList<>();
    private final Map<String, JsonNode> requests = new HashMap<>(Map.of(
            "r1", document(WEB, 3, "COMPLETED", "provision:web", "done"),
            "r2", document(DB, 6, "REJECTED", "approve", "failed")));
    private final Map<String, List<JsonNode>> listed = new HashMap<>(Map.of(
            "r1", List.of(document(WEB, 3, "COMPLETED", "", "")),
            "r2", List.of(document(DB, 6, "REJECTED", "", ""))));
    private final Map<String, JsonNode> resources = new HashMap<>(Map.of(
            WEB,
            Json.parse(
                    "{\"state\": \"DEPLOYED\", \"instances\": [{\"providerId\": \"i-1\"}], \"activeRequest\": null}"),
            DB,
            Json.parse("{\"state\": \"NONE\", \"instances\": [], \"activeRequest\": null}")));

    @Test
    void shouldFindNothingWhereNothingIsWrong() {
        assertThat(found()).isEmpty();
    }

    @Test
    void shouldFindALostRequest() {
        told.removeIf(one -> one.request().equals("r2") && one.topic().equals(Told.COMPLETIONS));
        assertFound(Column.LOST, "r2");
    }

    @Test
    void shouldFindASecondCompletion() {
        told.add(closed(7, DB, "r2", Told.COMPLETIONS, "REJECTED"));
        assertFound(Column.DOUBLED, "r2");
    }

    @Test
    void shouldFindACompletionThatNobodyAskedFor() {
        told.add(closed(7, DB, "r3", Told.COMPLETIONS, "REJECTED"));
        assertFound(Column.DOUBLED, "r3");
    }

    @Test
    void shouldFindARequestThatWasClosedTwice() {
        told.add(closed(7, DB, "r2", Told.REQUESTS, "REJECTED"));
        assertThat(found()).contains("DOUBLED r2");
    }

    @Test
    void shouldFindAnEndThatNobodyExpected() {
        told.removeIf(one -> one.request().equals("r2") && one.is(Told.CLOSED));
        told.removeIf(one -> one.request().equals("r2") && one.topic().equals(Told.COMPLETIONS));
        told.add(closed(6, DB, "r2", Told.REQUESTS, "EXPIRED"));
        told.add(closed(6, DB, "r2", Told.COMPLETIONS, "EXPIRED"));
        requests.put("r2", document(DB, 6, "EXPIRED", "approve", "failed"));
        listed.put("r2", List.of(document(DB, 6, "EXPIRED", "", "")));
        assertFound(Column.UNEXPECTED, "r2");
    }

    @Test
    void shouldFindARequestThatIsTaintedAlthoughNobodyDecidedThat() {
        told.removeIf(one -> one.request().equals("r2")
                && (one.is(Told.CLOSED) || one.topic().equals(Told.COMPLETIONS)));
        told.add(closed(6, DB, "r2", Told.REQUESTS, "TAINTED"));
        told.add(closed(6, DB, "r2", Told.COMPLETIONS, "TAINTED"));
        requests.put("r2", document(DB, 6, "TAINTED", "approve", "failed"));
        listed.put("r2", List.of(document(DB, 6, "TAINTED", "", "")));
        decisions.add(new Decision("r2", "approve", "retry"));
        decisions.add(new Decision("r1", "provision:web", "abandon"));
        assertFound(Column.UNEXPECTED, "r2");

        decisions.add(new Decision("r2", "approve", "abort"));
        assertThat(found()).isEmpty();
    }

    @Test
    void shouldFindAStepThatNobodyDecidedToDoWithout() {
        told.add(2, step(1, WEB, "r1", "provision:web", "waived"));
        decisions.add(new Decision("r1", "provision:web", "abandon"));
        assertFound(Column.UNEXPECTED, "r1");

        decisions.add(new Decision("r1", "provision:web", "skip"));
        assertThat(found()).isEmpty();
    }

    @Test
    void shouldFindARequestThatStartedWhileAnotherWasUnderWay() {
        asked.add(new Asked("r3", Ask.decommission(WEB).json(), Set.of("REJECTED")));
        told.add(1, event(1, WEB, "r3", Told.STARTED, 2));
        told.add(closed(9, WEB, "r3", Told.REQUESTS, "REJECTED"));
        told.add(closed(9, WEB, "r3", Told.COMPLETIONS, "REJECTED"));
        requests.put("r3", Json.object());
        assertThat(found()).contains("OVERLAPPING r3");
    }

    @Test
    void shouldFindAStepThatMovedBeforeItsRequestStarted() {
        told.add(step(3, DB, "r2", "approve", "running"));
        told.add(step(5, DB, "r2", "approve", "failed"));
        assertFound(Column.OVERLAPPING, "r2");
    }

    @Test
    void shouldFindAStepThatMovedAfterItsRequestWasClosed() {
        told.add(step(7, WEB, "r1", "provision:web", "done"));
        assertFound(Column.OVERLAPPING, "r1");
    }

    @Test
    void shouldFindASecondMachineAndOneThatIsLeftOver() {
        machines.add(new Held("i-2", WEB, "web", "0", "r1"));
        machines.add(new Held("i-3", DB, "web", "0", "r2"));
        assertThat(found()).contains("DOUBLED r1", "LEFT_OVER r2");
    }

    @Test
    void shouldFindAMachineThatIsNotThere() {
        machines.clear();
        assertThat(found()).contains("MISSING ");
    }

    @Test
    void shouldFindWhatElseIsLeftOver() {
        groups.add(new Held("sg-2", DB, "web", "", "r2"));
        keys.add(new Held("key-2", DB, "web", "", "r2"));
        claimed.put(DB, 1L);
        granted.put(DB, 1L);
        pool++;
        assertThat(found()).hasSize(5).containsOnly("LEFT_OVER ");
    }

    @Test
    void shouldFindAViewThatShowsAnotherEnd() {
        requests.put("r2", document(DB, 6, "COMPLETED", "approve", "failed"));
        assertFound(Column.VIEW, "r2");
    }

    @Test
    void shouldFindAViewThatShowsAnotherStep() {
        requests.put("r1", document(WEB, 3, "COMPLETED", "provision:web", "running"));
        assertFound(Column.VIEW, "r1");
    }

    @Test
    void shouldFindAListThatShowsARequestTwice() {
        listed.put("r2", List.of(listed.get("r2").getFirst(), listed.get("r2").getFirst()));
        assertFound(Column.VIEW, "r2");
    }

    @Test
    void shouldFindAResourceThatShowsMachinesThatAreGone() {
        resources.put(DB, resources.get(WEB));
        assertThat(found()).containsExactly("VIEW ");
    }

    private List<String> found() {
        var fleet = new Fleet(List.of(), Map.of(), Map.of(), 0, 0, 0);
        var holdings = new Holdings(machines, groups, keys, claimed, granted, pool, fleet);
        return Checker.check(asked, told, decisions, holdings, new Views(requests, listed, resources)).stream()
                .map(finding -> finding.column() + " " + finding.request())
                .toList();
    }

    private void assertFound(Column column, String request) {
        assertThat(found()).containsExactly(column + " " + request);
    }

    private static Told event(int second, String resource, String request, String type, long sequence) {
        return told(Told.REQUESTS, second, resource, request, type, sequence, "", "", MissingNode.getInstance());
    }

    private static Told step(int second, String resource, String request, String step, String status) {
        var missing = MissingNode.getInstance();
        return told("cloud.events.v1", second, resource, request, "step-moved", 1, step, status, missing);
    }

    private static Told closed(int second, String resource, String request, String topic, String outcome) {
        var type = topic.equals(Told.COMPLETIONS) ? "closed" : Told.CLOSED;
        var data = Json.object()
                .put("resource", resource)
                .put("operation", "deploy")
                .put("outcome", outcome)
                .put("closedAt", NOON.plusSeconds(second).toString());
        return told(topic, second, resource, request, type, 1, "", "", data);
    }

    private static Told told(
            String topic,
            int second,
            String resource,
            String request,
            String type,
            long sequence,
            String step,
            String status,
            JsonNode data) {
        var at = NOON.plusSeconds(second);
        return new Told(topic, 0, second, at, type, request, resource, sequence, step, 1, status, data);
    }

    private static JsonNode document(String resource, int second, String state, String step, String status) {
        var document = Json.object()
                .put("resource", resource)
                .put("operation", "deploy")
                .put("state", state)
                .put("closedAt", NOON.plusSeconds(second).toString());
        document.putNull("error");
        if (!step.isEmpty()) {
            document.putArray("steps").addObject().put("step", step).put("status", status);
        }
        return document;
    }
}
