package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Waiting costs no thread and no polling. */
@Order(20)
@Isolated("measures CPU and threads of all services, and empties the inbox")
class ManyWaitingIT extends StackTest {
    private static final int WAITING = 5_000;
    private static final int AT_ONCE = 32;
    /** Pools may have grown a little by the load of the submission itself. */
    private static final int MORE_THREADS_MAX = 20;

    private static final Duration MEASURED = Duration.ofSeconds(4);

    @Test
    @Timeout(480)
    void shouldCostNothingToWaitForApproval() throws Exception {
        var idle = cpuPerSecond();
        var threads = threads();
        var posts = new ArrayList<Future<?>>();
        try (var clients = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < WAITING; i++) {
                var ask = Ask.deploy(Ask.PROJECT + "/wait-" + i).machines(1).with("approvalTimeout", "PT4H");
                posts.add(clients.submit(() -> client.post(ask).expect(202)));
            }
        }
        for (var post : posts) {
            post.get();
        }
        awaitRest();

        assertThat(threads())
                .allSatisfy((service, now) -> assertThat(now)
                        .as("threads of %s", service)
                        .isLessThan(threads.get(service) + MORE_THREADS_MAX));
        // views still write what the last mails led to
        await("CPU of all services with " + WAITING + " waiting as it was idle, " + idle)
                .atMost(Duration.ofMinutes(1))
                .until(this::cpuPerSecond, waiting -> waiting < Math.max(idle * 2, idle + 0.10));
        Http.delete(stack.at("inbox") + "/api/messages").expect(204);
    }

    /** Returns when all mails are out. */
    private void awaitRest() {
        await("all requests waiting")
                .atMost(Duration.ofMinutes(6))
                // all mails at once is a lot to read
                .pollInterval(Duration.ofSeconds(10))
                .until(() -> Json.items(Http.get(stack.at("inbox") + "/api/messages")
                                        .expect(200)
                                        .json())
                                .stream()
                                .filter(mail -> mail.path("text").asText().contains(Ask.PROJECT + "/wait-"))
                                .count()
                        >= WAITING);
    }

    private Map<String, Integer> threads() {
        var threads = new LinkedHashMap<String, Integer>();
        processes.services().forEach(name -> threads.put(name, processes.threads(name)));
        return threads;
    }

    /** The share of one core that all services use together. */
    private double cpuPerSecond() {
        var began = System.nanoTime();
        var before = cpu();
        await().pollDelay(MEASURED).until(() -> true);
        return (cpu() - before) / ((System.nanoTime() - began) / 1e9);
    }

    private double cpu() {
        return processes.services().stream()
                .mapToDouble(name -> processes.cpu(name).toMillis() / 1e3)
                .sum();
    }
}
