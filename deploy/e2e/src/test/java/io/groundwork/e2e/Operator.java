package io.groundwork.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Looks again and again for what automation gave up on: has steps tried once more, more often than not, or goes on without them
 * in whichever way is left; and brings servers back that failed.
 */
final class Operator implements AutoCloseable {
    private static final Map<String, List<String>> WAYS_OUT =
            Map.of("stuck", List.of("skip", "abort"), "undo-stuck", List.of("abandon"));
    /** What a server that failed takes to be offered again. */
    private static final Map<String, String> CARE = Map.of(
            "enroll-failed", "verify",
            "inspect-failed", "inspect",
            "manageable", "provide",
            "clean-failed", "provide",
            "deploy-failed", "release",
            "delete-failed", "release");

    private static final long ROUND_SECONDS = 3;

    /** What was asked to be done about a step that was stuck, whatever was answered. */
    record Decision(String request, String step, String action) {}

    private final Stack stack;
    private final Client client;
    private final Metal metal;
    private final Patient patient;
    private final String project;
    private final Random random;
    private final Collection<Decision> decisions = new ConcurrentLinkedQueue<>();
    private final Collection<String> cares = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private Operator(Stack stack, Client client, Metal metal, Patient patient, String project, long seed) {
        this.stack = stack;
        this.client = client;
        this.metal = metal;
        this.patient = patient;
        this.project = project;
        this.random = new Random(~seed);
        this.thread = Thread.ofVirtual().name("operator").unstarted(this::watch);
    }

    static Operator start(Stack stack, Client client, Metal metal, Patient patient, String project, long seed) {
        var operator = new Operator(stack, client, metal, patient, project, seed);
        operator.thread.start();
        return operator;
    }

    /** Everything that was decided, in its order. */
    List<Decision> decisions() {
        return List.copyOf(decisions);
    }

    /** How often each thing was done. */
    Map<String, Long> counts() {
        var counts = decisions.stream()
                .collect(Collectors.groupingBy(Decision::action, TreeMap::new, Collectors.counting()));
        cares.forEach(care -> counts.merge(care, 1L, Long::sum));
        return counts;
    }

    private void watch() {
        try {
            while (!closed.await(ROUND_SECONDS, TimeUnit.SECONDS)) {
                var list = stack.at("request-service") + "/v1/requests?limit=200&state=NEEDS_ATTENTION";
                Json.items(patient.call(() -> Http.get(list)).expect(200).json()).stream()
                        .filter(item -> item.path("resource").asText().startsWith(project + "/"))
                        .map(item -> item.path("id").asText())
                        .forEach(this::decide);
                var servers = stack.at("baremetal-provisioner") + "/v1/servers?limit=1000";
                Json.items(patient.call(() -> Http.get(servers)).expect(200).json())
                        .forEach(this::care);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void decide(String id) {
        JsonNode request =
                patient.call(() -> Http.get(client.url(id))).expect(200).json();
        for (var step : Json.items(request.path("steps"))) {
            var others = WAYS_OUT.get(step.path("status").asText());
            if (others != null) {
                var name = step.path("step").asText();
                var action = random.nextInt(5) < 3 ? "retry" : others.get(random.nextInt(others.size()));
                decisions.add(new Decision(id, name, action));
                // 409 if it goes on already, maybe by the same call whose answer was lost
                patient.call(() -> client.intervene(id, name, action));
            }
        }
    }

    private void care(JsonNode server) {
        var verb = server.at("/flags/quarantine").isTextual()
                ? "unquarantine"
                : CARE.get(server.path("state").asText());
        var legal = Json.items(server.path("verbs")).stream()
                .anyMatch(one -> one.asText().equals(verb));
        // not at once, so that who waits for it may go on before
        if (legal && random.nextBoolean()) {
            // 409 if it is on its way already
            if (patient.call(() -> metal.ask(server.path("id").asText(), verb)).status() == 202) {
                cares.add(verb);
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed.countDown();
        thread.join();
    }
}
