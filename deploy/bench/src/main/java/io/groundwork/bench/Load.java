package io.groundwork.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Headers;

/** Requests for one machine each, approved by API as soon as somebody is asked, and watched to their completion record. */
final class Load implements AutoCloseable {

    static final String ASKED = "io.groundwork.approval.approval-requested.v1";
    static final String APPROVALS = "approval.events.v1";
    private static final String COMPLETIONS = "request.completions.v1";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Target target;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread reader;
    private final Map<String, Saga> sagas = new ConcurrentHashMap<>();
    /** Milliseconds from the accepted POST to the completion record. */
    final ConcurrentLinkedQueue<Double> latencies = new ConcurrentLinkedQueue<>();

    final AtomicInteger completed = new AtomicInteger();
    final AtomicInteger compensated = new AtomicInteger();
    final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /** A request that was asked for. */
    static final class Saga {
        private final String id;
        private volatile long acceptedAt;
        private final CompletableFuture<Void> asked = new CompletableFuture<>();
        private final CompletableFuture<JsonNode> ended = new CompletableFuture<>();
        private volatile long endedAt;

        private Saga(String id) {
            this.id = id;
        }
    }

    Load(Target target) {
        this.target = target;
        this.consumer = target.fromNowOn(APPROVALS, COMPLETIONS);
        reader = Thread.ofPlatform().daemon().name("topics").start(this::read);
    }

    /**
     * One request from its POST to its end. What goes wrong is kept in {@link #faults}.
     *
     * @param undone asks for access that the directory refuses once the machine runs, so that all is undone
     */
    void saga(String name, boolean undone) {
        try {
            one(name, undone);
        } catch (IOException | ExecutionException | TimeoutException wrong) {
            faults.add(name + ": " + wrong);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void one(String name, boolean undone)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        var saga =
                approved(name, undone ? ", \"access\": [{\"group\": \"payments-devs\", \"role\": \"emperor\"}]" : "");
        var end = saga.ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        sagas.remove(saga.id);
        latencies.add((saga.endedAt - saga.acceptedAt) / 1e6);
        var outcome =
                end.path("data").path("outcome").asText(end.path("outcome").asText());
        if (outcome.equals(undone ? "FAILED" : "COMPLETED")) {
            (undone ? compensated : completed).incrementAndGet();
        } else {
            faults.add(name + " ended " + end);
        }
    }

    /**
     * One request from its POST to its approval.
     *
     * @param more members of the request, each behind a comma
     */
    Saga approved(String name, String more)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        var id = target.submit(name, more).path("id").asText();
        var acceptedAt = System.nanoTime();
        var saga = sagas.computeIfAbsent(id, Saga::new);
        saga.acceptedAt = acceptedAt;
        saga.asked.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        approve(id);
        return saga;
    }

    /** Asks again while the approvals' view has not caught up, as a stack at its limit lets it; what was asked before may have been taken. */
    private void approve(String id) throws IOException, InterruptedException {
        var until = System.nanoTime() + PATIENCE.toNanos();
        for (var again = false; ; again = true) {
            var answer = target.send(
                    "POST",
                    target.at("approval-service") + "/v1/approvals/" + id + "/decisions",
                    """
                        {"decision": "approve", "reason": "measured", "region": "eu-central-1", "profile": "standard"}""",
                    "lead@acme.example");
            if (again && answer.statusCode() == 409) {
                return;
            }
            if (answer.statusCode() != 503 || System.nanoTime() - until > 0) {
                Target.expect(200, answer);
                return;
            }
        }
    }

    private void read() {
        while (!closed) {
            for (var record : consumer.poll(Duration.ofMillis(100))) {
                var request = header(record.headers(), "ce_requestid");
                var saga = sagas.computeIfAbsent(request, Saga::new);
                if (record.topic().equals(COMPLETIONS)) {
                    saga.endedAt = System.nanoTime();
                    try {
                        saga.ended.complete(Target.JSON.readTree(record.value()));
                    } catch (IOException e) {
                        saga.ended.completeExceptionally(e);
                    }
                } else if (ASKED.equals(header(record.headers(), "ce_type"))) {
                    saga.asked.complete(null);
                }
            }
        }
    }

    static String header(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }

    static String name() {
        return "bench-" + UUID.randomUUID().toString().substring(0, 13);
    }

    /** Milliseconds below which {@code part} of them are. */
    static double percentile(List<Double> sorted, double part) {
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.min(sorted.size() - 1.0, sorted.size() * part));
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        reader.join();
        consumer.close();
    }
}
