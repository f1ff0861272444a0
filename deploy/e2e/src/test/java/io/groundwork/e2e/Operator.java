package io.groundwork.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Looks again and again for what automation gave up on, and has it tried once more. */
final class Operator implements AutoCloseable {
    private static final Set<String> GIVEN_UP = Set.of("stuck", "undo-stuck");
    private static final long ROUND_SECONDS = 3;

    private final Stack stack;
    private final Client client;
    private final Patient patient;
    private final String project;
    private final AtomicInteger retries = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private Operator(Stack stack, Client client, Patient patient, String project) {
        this.stack = stack;
        this.client = client;
        this.patient = patient;
        this.project = project;
        this.thread = Thread.ofVirtual().name("operator").unstarted(this::watch);
    }

    static Operator start(Stack stack, Client client, Patient patient, String project) {
        var operator = new Operator(stack, client, patient, project);
        operator.thread.start();
        return operator;
    }

    /** How many steps were retried. */
    int retries() {
        return retries.get();
    }

    private void watch() {
        try {
            while (!closed.await(ROUND_SECONDS, TimeUnit.SECONDS)) {
                var list = stack.at("request-service") + "/v1/requests?limit=200&state=NEEDS_ATTENTION";
                Json.items(patient.call(() -> Http.get(list)).expect(200).json()).stream()
                        .filter(item -> item.path("resource").asText().startsWith(project + "/"))
                        .map(item -> item.path("id").asText())
                        .forEach(this::retry);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void retry(String id) {
        JsonNode request =
                patient.call(() -> Http.get(client.url(id))).expect(200).json();
        for (var step : Json.items(request.path("steps"))) {
            if (GIVEN_UP.contains(step.path("status").asText())) {
                var name = step.path("step").asText();
                // 409 if it goes on already
                if (patient.call(() -> client.intervene(id, name, "retry")).status() == 202) {
                    retries.incrementAndGet();
                }
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed.countDown();
        thread.join();
    }
}
