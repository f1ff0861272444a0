package io.groundwork.e2e;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What is done to the processes, to the provider and to the BMCs of servers while they work: lists that one seed decides, each spread evenly over
 * the progress of the load, so that a slow machine is disturbed as often as a quick one. What the load outruns is left out.
 */
final class Disturbances {
    /** So many of each list have one of each kind. */
    static final int KINDS = 8;

    private static final String BROKER = "kafka";
    private static final String PROVIDER = "ec2";
    private static final String SERVERS = "redfish";

    /** Than a call to a BMC may take in this stack: it is not answered in time. */
    private static final Duration LONGER_THAN_A_CALL = Duration.ofSeconds(6);
    /** What lands later than a call may take, nobody can keep from coming between others. */
    private static final Duration WITHIN_A_CALL = Duration.ofSeconds(4);

    /** One of them, with its name for people. */
    private record Disturbance(String name, Runnable action) {}

    /** What was done, and when. */
    record Done(Instant from, Instant to, String what) {}

    private enum ToProcesses {
        KILL_SERVICE,
        FREEZE_SERVICE,
        KILL_BROKER,
        RESTART_SERVICE,
        KILL_TWO,
        FREEZE_BROKER
    }

    private enum ToProvider {
        LOSE_ANSWERS,
        THROTTLE,
        DELAY,
        NO_CAPACITY,
        RESET,
        REFUSE,
        KILL,
        FREEZE
    }

    private enum ToServers {
        LOSE_ANSWERS,
        REFUSE,
        THROTTLE,
        DELAY,
        UNREACHABLE,
        RESET,
        KILL,
        FREEZE
    }

    private final Processes processes;
    private final Cloud cloud;
    private final Metal metal;
    private final Journeys journeys;
    private final List<Disturbance> ofProcesses;
    private final List<Disturbance> ofProvider;
    private final List<Disturbance> ofServers;
    private final Queue<Done> done = new ConcurrentLinkedQueue<>();
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();

    /** @param count how many there are to be of processes, and as many again of the provider, and of the servers */
    Disturbances(Processes processes, Cloud cloud, Metal metal, Journeys journeys, int count, long seed) {
        this.processes = processes;
        this.cloud = cloud;
        this.metal = metal;
        this.journeys = journeys;
        var random = new Random(seed);
        var services = new Bag<>(processes.services(), random);
        var kinds = new Bag<>(Arrays.asList(ToProcesses.values()), random);
        var faults = new Bag<>(Arrays.asList(ToProvider.values()), random);
        var faultsOfServers = new Bag<>(Arrays.asList(ToServers.values()), random);
        ofProcesses = new ArrayList<>();
        ofProvider = new ArrayList<>();
        ofServers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ofProcesses.add(toProcesses(kinds.next(), services, random));
            ofProvider.add(toProvider(faults.next(), random));
            ofServers.add(toServers(faultsOfServers.next(), random));
        }
    }

    /** Does all of them, as far as the load lasts, and leaves everything running. */
    void run() throws InterruptedException {
        var provider = Thread.ofVirtual().name("disturb the provider").start(() -> each(ofProvider));
        var servers = Thread.ofVirtual().name("disturb the servers").start(() -> each(ofServers));
        each(ofProcesses);
        provider.join();
        servers.join();
        cloud.behave();
        metal.behave();
    }

    List<Done> done() {
        return List.copyOf(done);
    }

    /** What could not be done, or did not come back. */
    List<String> troubles() {
        return List.copyOf(troubles);
    }

    private void each(List<Disturbance> disturbances) {
        try {
            for (int i = 0; i < disturbances.size(); i++) {
                if (!journeys.awaitProgress(i / (double) disturbances.size())) {
                    return;
                }
                var next = disturbances.get(i);
                var from = Instant.now();
                try {
                    next.action.run();
                } catch (RuntimeException | AssertionError failed) {
                    troubles.add(next.name + ": " + failed);
                } finally {
                    done.add(new Done(from, Instant.now(), next.name));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Disturbance toProcesses(ToProcesses kind, Bag<String> services, Random random) {
        return switch (kind) {
            case KILL_SERVICE -> kill(services.next());
            case KILL_BROKER -> kill(BROKER);
            case KILL_TWO -> {
                var first = services.next();
                yield kill(first, services.nextBut(first));
            }
            case RESTART_SERVICE -> restart(services.next());
            case FREEZE_SERVICE -> freeze(services.next(), beyondItsSession(random));
            case FREEZE_BROKER -> freeze(BROKER, beyondItsSession(random));
        };
    }

    private Disturbance toProvider(ToProvider kind, Random random) {
        var changes = List.of("RunInstances", "TerminateInstances", "CreateSecurityGroup", "ImportKeyPair", "*");
        var change = changes.get(random.nextInt(changes.size()));
        var calls = 2 + random.nextInt(5);
        return switch (kind) {
            case LOSE_ANSWERS ->
                fault("loses the answers to " + calls + " of " + change, cloud.on(change, "loseResponse"), calls);
            case THROTTLE -> fault("throttles " + 5 * calls, cloud.on("*", "throttle"), 5 * calls);
            case DELAY -> fault("delays " + 2 * calls, cloud.delay("*", Duration.ofSeconds(3)), 2 * calls);
            case NO_CAPACITY -> fault("is full for " + calls, cloud.on("RunInstances", "noCapacity"), calls);
            case RESET -> fault("resets " + 3 * calls, cloud.on("*", "reset"), 3 * calls);
            case REFUSE ->
                fault("refuses " + calls + " of TerminateInstances", cloud.fail("TerminateInstances"), calls);
            case KILL -> kill(PROVIDER, cloud::awaitReady);
            case FREEZE -> freeze(PROVIDER, Duration.ofSeconds(6));
        };
    }

    private Disturbance toServers(ToServers kind, Random random) {
        // what installs, takes down and cleans
        var changes = List.of("ComputerSystem.Reset", "PATCH ComputerSystem", "Drive.SecureErase", "*");
        var change = changes.get(random.nextInt(changes.size()));
        var server = "srv-" + (1 + random.nextInt(Metal.OF_THE_STACK));
        var calls = 2 + random.nextInt(5);
        return switch (kind) {
            case LOSE_ANSWERS ->
                new Disturbance(
                        "BMCs lose the answers to " + calls + " of " + change,
                        () -> metal.fault(change, "loseResponse", calls));
            case REFUSE ->
                new Disturbance("BMCs refuse " + calls + " of " + change, () -> metal.fault(change, "fail", calls));
            case THROTTLE ->
                new Disturbance("BMCs are busy for " + 5 * calls, () -> metal.fault("*", "throttle", 5 * calls));
            case DELAY ->
                new Disturbance(
                        "BMCs delay " + calls + " of " + change, () -> metal.delay(change, WITHIN_A_CALL, calls));
            case UNREACHABLE ->
                new Disturbance(
                        "the BMC of " + server + " is away for " + 4 * calls,
                        () -> metal.unreachable(server, 4 * calls));
            case RESET -> new Disturbance("BMCs reset " + 3 * calls, () -> metal.fault("*", "reset", 3 * calls));
            case KILL -> kill(SERVERS, metal::awaitReady);
            case FREEZE -> freeze(SERVERS, LONGER_THAN_A_CALL);
        };
    }

    private Disturbance kill(String simulator, Runnable awaitReady) {
        return new Disturbance("kill -9 " + simulator, () -> {
            processes.awaitSuccessor(simulator, processes.signalKill(simulator));
            awaitReady.run();
        });
    }

    /** Longer than a session lasts, and an open transaction: who wakes up is a zombie. */
    private static Duration beyondItsSession(Random random) {
        return Duration.ofMillis(7_000 + random.nextInt(2_000));
    }

    private Disturbance kill(String... names) {
        return new Disturbance("kill -9 " + String.join(" and ", names), () -> {
            var pids = Arrays.stream(names).map(processes::signalKill).toList();
            for (int i = 0; i < names.length; i++) {
                processes.awaitSuccessor(names[i], pids.get(i));
            }
        });
    }

    private Disturbance restart(String name) {
        return new Disturbance("restart " + name, () -> {
            var pid = processes.pid(name);
            Processes.signal("TERM", pid);
            processes.awaitSuccessor(name, pid);
        });
    }

    private Disturbance freeze(String name, Duration time) {
        return new Disturbance("freeze " + name + " for " + time.toMillis() + " ms", () -> {
            try (var frozen = processes.freeze(name)) {
                await(frozen + " is frozen")
                        .atMost(time.plusSeconds(10))
                        .pollDelay(time)
                        .until(() -> true);
            }
        });
    }

    private Disturbance fault(String what, Cloud.Fault fault, int calls) {
        return new Disturbance("EC2 " + what, () -> fault.times(calls).set());
    }

    /** Gives all of a few things in a random order before it gives any of them again. */
    private static final class Bag<T> {
        private final List<T> all;
        private final Random random;
        private final List<T> left = new ArrayList<>();

        private Bag(List<T> all, Random random) {
            this.all = all;
            this.random = random;
        }

        T next() {
            if (left.isEmpty()) {
                left.addAll(all);
                Collections.shuffle(left, random);
            }
            return left.removeLast();
        }

        /** One more, and another than {@code other}. */
        T nextBut(T other) {
            var next = next();
            return next.equals(other) ? next() : next;
        }
    }
}
