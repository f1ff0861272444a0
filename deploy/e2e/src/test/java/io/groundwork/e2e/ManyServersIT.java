package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** A thousand servers that are installed at once by one process cost it little memory, and no thread each. */
@Order(40)
@Isolated("restarts the stack and loads it")
class ManyServersIT extends StackTest {
    private static final String SERVICE = "baremetal-provisioner";
    private static final int SERVERS = 1_000;
    private static final int REQUESTS = 10;
    private static final int AT_ONCE = 16;
    private static final int MEMORY_MIB_MAX = 512;
    /** HTTP clients and carriers of virtual threads come and go. */
    private static final int MORE_THREADS_MAX = 40;

    private static final Duration INSTALLATION = Duration.ofMinutes(3);
    private static final Duration MEASURED = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final AtomicInteger memory = new AtomicInteger();
    private final AtomicInteger threads = new AtomicInteger();

    @Test
    @Timeout(1_800)
    void shouldInstallAThousandServersAtOnceInLittleMemory() throws Exception {
        // as often as in production: the stack on one machine is more curious
        stack.restart(Map.of("BAREMETAL_LONGEST_POLL", "PT30S"));
        var metal = new Metal(stack);
        var began = System.nanoTime();
        atOnce(SERVERS, i -> metal.add("fleet-" + i, "standard"));
        await("all available")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(5))
                .until(() -> metal.count("available") >= SERVERS + Metal.OF_THE_STACK);
        System.out.printf("%d servers were enrolled, inspected and cleaned in %d s%n", SERVERS, seconds(began));
        System.out.printf(
                "%s uses %.1f %% of a core when it does nothing but look at the power of %d servers every 30 s%n",
                SERVICE, 100 * share(), SERVERS);
        var idle = processes.threads(SERVICE);
        metal.pace("installDelay", INSTALLATION);

        var asked = System.nanoTime();
        var ids = new ArrayList<String>();
        for (var i = 0; i < REQUESTS; i++) {
            ids.add(client.submit(Ask.deploy(Ask.newResource("fleet"))
                    .servers(SERVERS / REQUESTS)
                    .with("onNoCapacity", "wait")));
        }
        ids.forEach(approver::approve);
        await("all deployed at once")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    look();
                    return metal.count("deploying") >= SERVERS;
                });
        var under = seconds(asked);
        await("all deployed")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    look();
                    return metal.count("active") >= SERVERS;
                });
        System.out.printf(
                "%d servers deployed at once, all under way after %d s and active after %d s (an installation takes %d s);"
                        + " %s at its peak: %d MiB resident, %d threads (%d before)%n",
                SERVERS, under, seconds(asked), INSTALLATION.toSeconds(), SERVICE, memory.get(), threads.get(), idle);

        await("all requests completed")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(ids)
                        .allSatisfy(
                                id -> assertThat(client.get(id).path("state").asText())
                                        .isEqualTo("COMPLETED")));
        assertThat(memory.get()).as("MiB resident").isLessThan(MEMORY_MIB_MAX);
        assertThat(threads.get()).as("threads").isLessThan(idle + MORE_THREADS_MAX);
    }

    private void look() {
        memory.accumulateAndGet(processes.memory(SERVICE), Math::max);
        threads.accumulateAndGet(processes.threads(SERVICE), Math::max);
    }

    /** Of one core, that the service uses now. */
    private double share() {
        var began = System.nanoTime();
        var before = processes.cpu(SERVICE);
        await().pollDelay(MEASURED).atMost(MEASURED.multipliedBy(2)).until(() -> true);
        return processes.cpu(SERVICE).minus(before).toNanos() / (double) (System.nanoTime() - began);
    }

    private static long seconds(long since) {
        return Duration.ofNanos(System.nanoTime() - since).toSeconds();
    }

    private interface Numbered {
        void run(int number);
    }

    private static void atOnce(int count, Numbered what) throws Exception {
        List<Future<?>> running = new ArrayList<>();
        try (var some = Executors.newFixedThreadPool(AT_ONCE)) {
            for (var i = 1; i <= count; i++) {
                var number = i;
                running.add(some.submit(() -> what.run(number)));
            }
        }
        for (var one : running) {
            one.get();
        }
    }
}
