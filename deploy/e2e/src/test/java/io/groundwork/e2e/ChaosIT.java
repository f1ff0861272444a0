package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groundwork.e2e.Checker.Column;
import io.groundwork.e2e.Checker.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Every guarantee holds while services, the broker, the provider and BMCs are killed, frozen and restarted at random:
 * {@link Journeys} are the load, {@link Disturbances} what is done to it, {@link Tape} what is said meanwhile,
 * {@link Outside} what is held and shown afterwards, and {@link Checker} holds all of it against each other.
 */
@Order(15)
@Isolated("kills and freezes everything")
@Timeout(value = 6, unit = TimeUnit.HOURS)
class ChaosIT extends StackTest {
    private static final int REQUESTS = Integer.getInteger("e2e.chaos.requests", 72);
    private static final long SEED =
            Long.getLong("e2e.chaos.seed", ThreadLocalRandom.current().nextLong(1_000_000));
    private static final int REQUESTS_PER_DISTURBANCE = 20;
    /** Servers beside those of the stack, so that requests are not kept waiting for them most of the time. */
    private static final int SERVERS = 10;
    /** Views and totals follow the topics. */
    private static final Duration SETTLING = Duration.ofSeconds(90);

    private final String project = Ask.newResource("chaos").replace("payments/", "");
    private final Patient patient = new Patient();
    private Metal metal;
    private Outside outside;

    /** What was said up to some moment, and what is wrong at it. */
    private record Look(List<Told> told, List<Finding> findings) {}

    @BeforeEach
    void makeProject() {
        metal = new Metal(stack);
        outside = new Outside(stack, client, metal, project);
        put("iam-service", "projects/" + project, "{\"description\": \"Disturbed\"}");
        put("allocation-service", "quotas/" + project, """
                {"limits": {"instances": 1000000, "vcpus": 1000000, "memoryGiB": 1000000, "servers": 1000000}}""");
        put("allocation-service", "catalogue/images/" + Journeys.VANISHED_IMAGE, """
                {"providerName": "vanished", "description": "Gone from the provider"}""");
        for (int i = 0; i < SERVERS; i++) {
            metal.add(project.replace("acme/", "") + "-" + i, "standard");
        }
        var plan = Ask.deploy(project + "/any")
                .machines(1)
                .image(Journeys.VANISHED_IMAGE)
                .json();
        await("the project is known")
                .until(() -> Http.postJson(stack.at("request-service") + "/v1/plans", plan)
                                .status()
                        == 200);
    }

    @Test
    void shouldKeepEveryGuaranteeWhateverIsKilledAndFrozen() throws InterruptedException {
        System.out.println("chaos: " + REQUESTS + " requests, seed " + SEED);
        var began = Instant.now();
        var letters = deadLetters();
        try (var tape = Tape.start(stack);
                var operator = Operator.start(stack, client, metal, patient, project, SEED)) {
            var journeys = new Journeys(project, REQUESTS, SEED, client, metal, approver, tape, patient);
            var disturbances = new Disturbances(
                    processes,
                    cloud,
                    metal,
                    journeys,
                    Math.max(Disturbances.KINDS, REQUESTS / REQUESTS_PER_DISTURBANCE),
                    SEED);
            var people = Thread.ofPlatform().name("journeys").start(journeys::run);
            disturbances.run();
            people.join();
            var load = Duration.between(began, Instant.now());
            journeys.tidy();

            var asked = journeys.asked();
            var last = settle(asked, operator, tape);
            var troubles = new ArrayList<>(journeys.troubles());
            troubles.addAll(disturbances.troubles());
            if (asked.size() < REQUESTS) {
                troubles.add("only " + asked.size() + " requests were accepted");
            }
            if (deadLetters() > letters) {
                troubles.add(deadLetters() - letters + " dead letters");
            }
            var report =
                    new ChaosReport(began, SEED, asked, last.told(), disturbances.done(), last.findings(), troubles);
            System.out.println(report.summary(
                    load, Duration.between(began, Instant.now()), patient.repeated(), operator.counts()));
            assertThat(troubles.size() + last.findings().size())
                    .as(() -> "faults with -De2e.chaos.seed=" + SEED + "\n" + report.columns() + report.story())
                    .isZero();
        }
    }

    /** Looks until there is nothing to find any more, as what is shown comes a little after what is said. */
    private Look settle(List<Asked> asked, Operator operator, Tape tape) {
        var deadline = Instant.now().plus(SETTLING);
        // one look at thousands of requests may last longer than that, and is made all the same
        return await("nothing to find")
                .forever()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofSeconds(2))
                .until(
                        () -> look(asked, operator, tape),
                        look -> look.findings().isEmpty() || Instant.now().isAfter(deadline));
    }

    private Look look(List<Asked> asked, Operator operator, Tape tape) throws InterruptedException {
        var told = tape.readToEnd().stream()
                .filter(one -> one.resource().startsWith(project + "/"))
                .toList();
        var requests = asked.stream().map(Asked::id).toList();
        var resources = asked.stream().map(Asked::resource).collect(Collectors.toSet());
        try {
            var findings = Checker.check(
                    asked, told, operator.decisions(), outside.holdings(resources), outside.views(requests, resources));
            return new Look(told, findings);
        } catch (RuntimeException | AssertionError unanswered) {
            return new Look(told, List.of(new Finding(Column.VIEW, "", "", "cannot be asked for: " + unanswered)));
        }
    }

    private int deadLetters() {
        return processes.services().stream()
                .mapToInt(service -> topic(service + ".dead-letters.v1").read().size())
                .sum();
    }

    private void put(String service, String path, String body) {
        Http.put(stack.at(service) + "/v1/" + path, body).expect(200);
    }
}
