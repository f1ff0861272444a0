package io.groundwork.e2e;

import io.groundwork.e2e.Http.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;

/**
 * The load: teams and approvers who go through the lives of many infrastructures at once, each to another end. They know what
 * they asked for and nothing of what is done to the processes meanwhile.
 */
final class Journeys {
    /** An image of the catalogue that the provider does not have. */
    static final String VANISHED_IMAGE = "vanished";

    private static final int AT_ONCE = 32;
    /** An end may wait for every try of an operation, in the midst of outages. */
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    /** There are enough servers for all who give theirs back, once they are clean. */
    private static final Duration FOR_SERVERS = Duration.ofMinutes(4);

    /** How the first request on an infrastructure goes. */
    private enum Kind {
        KEPT(1),
        REMOVED(2),
        REJECTED(1),
        EXPIRED(1),
        CANCELED(1),
        WITHOUT_IMAGE(1),
        WITHOUT_GRANT(1),
        QUEUED(4),
        SERVERS(2),
        SERVER_BEHIND(2),
        SERVER_KEPT(1),
        SERVER_CANCELED(2),
        SERVER_UNDONE(1),
        SERVER_STUCK(2);

        private final int requests;

        Kind(int requests) {
            this.requests = requests;
        }
    }

    /** What a request may come to that is done on a provider which fails for longer than it is tried. */
    private static final Set<String> BAD_LUCK =
            Set.of("FAILED CAPACITY", "FAILED THROTTLED", "FAILED CONNECTIVITY", "FAILED PROVIDER", "FAILED TIMEOUT");

    private final String project;
    private final Client client;
    private final Metal metal;
    private final Approver approver;
    private final Tape tape;
    private final Patient patient;
    private final long seed;
    private final List<Kind> plan;
    private final int planned;

    private final Collection<Asked> asked = new ConcurrentLinkedQueue<>();
    private final Collection<String> troubles = new ConcurrentLinkedQueue<>();
    private int ended;
    private boolean over;

    /** @param requests how many there are to be at least */
    Journeys(
            String project,
            int requests,
            long seed,
            Client client,
            Metal metal,
            Approver approver,
            Tape tape,
            Patient patient) {
        this.project = project;
        this.client = client;
        this.metal = metal;
        this.approver = approver;
        this.tape = tape;
        this.patient = patient;
        this.seed = seed;
        this.plan = plan(requests, new Random(seed));
        this.planned = plan.stream().mapToInt(kind -> kind.requests).sum();
    }

    private static List<Kind> plan(int requests, Random random) {
        var plan = new ArrayList<Kind>();
        for (int sum = 0; sum < requests; ) {
            var bag = Arrays.asList(Kind.values());
            Collections.shuffle(bag, random);
            plan.addAll(bag);
            sum += bag.stream().mapToInt(kind -> kind.requests).sum();
        }
        return plan;
    }

    /** Goes through all of them, so many at a time, and returns when each has come to its end or was given up. */
    void run() {
        var permits = new Semaphore(AT_ONCE);
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < plan.size(); i++) {
                var number = i;
                permits.acquireUninterruptibly();
                people.execute(() -> {
                    try {
                        new Journey(number).go(plan.get(number));
                    } catch (TimeoutException | RuntimeException | AssertionError trouble) {
                        troubles.add(plan.get(number) + " " + number + ": " + trouble);
                    } finally {
                        permits.release();
                    }
                });
            }
        } finally {
            progressed(0, true);
        }
    }

    /**
     * Gives back whatever a person decided to leave behind; to be called when nothing is disturbed any more, so that it succeeds.
     */
    void tidy() {
        var last = new TreeMap<String, Asked>();
        asked.forEach(one -> last.put(one.resource(), one));
        var journey = new Journey(plan.size());
        last.forEach((resource, one) -> {
            try {
                client.awaitEnd(one.id());
                if (client.resource(resource).path("state").asText().equals("TAINTED")) {
                    journey.approveToEnd(journey.submit(Ask.decommission(resource), Set.of("COMPLETED")));
                }
            } catch (TimeoutException | RuntimeException | AssertionError trouble) {
                troubles.add("to tidy up " + resource + ": " + trouble);
            }
        });
    }

    /** Every request that was accepted. */
    List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** What went wrong on the way, but for what is seen at the end anyway. */
    List<String> troubles() {
        return List.copyOf(troubles);
    }

    /** Waits until this share of the requests has ended; false if all have. */
    synchronized boolean awaitProgress(double share) throws InterruptedException {
        while (!over && ended < share * planned) {
            wait();
        }
        return !over;
    }

    private synchronized void progressed(int more, boolean last) {
        ended += more;
        over |= last;
        notifyAll();
    }

    /** The life of one infrastructure. */
    private final class Journey {
        private final int number;
        private final Random random;

        private Journey(int number) {
            this.number = number;
            this.random = new Random(seed * 1_000_003 + number);
        }

        void go(Kind kind) throws TimeoutException {
            var resource = project + "/" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + number;
            switch (kind) {
                case KEPT -> approveToEnd(submit(design(resource), luck("COMPLETED")));
                case REMOVED -> {
                    approveToEnd(submit(design(resource), luck("COMPLETED")));
                    approveToEnd(submit(Ask.decommission(resource), luck("COMPLETED", "FAILED CONFLICT")));
                }
                case REJECTED -> {
                    var id = submit(design(resource), Set.of("REJECTED"));
                    decide(id, Approver.rejection());
                    end(id);
                }
                case EXPIRED -> end(submit(design(resource).with("approvalTimeout", "PT5S"), Set.of("EXPIRED")));
                case CANCELED -> cancelOnTheWay(submit(design(resource), luck("CANCELED", "COMPLETED")));
                case WITHOUT_IMAGE -> {
                    var ask = design(resource).machines("late", 1, "web").image(VANISHED_IMAGE);
                    approveToEnd(submit(ask, luck("FAILED VALIDATION")));
                }
                case WITHOUT_GRANT -> approveToEnd(submit(design(resource).access("admin"), luck("FAILED AUTH")));
                case QUEUED -> queue(resource);
                case SERVERS -> {
                    approveToEnd(submit(servers(resource), luck("COMPLETED")));
                    approveToEnd(submit(Ask.decommission(resource), luck("COMPLETED", "FAILED CONFLICT")));
                }
                case SERVER_BEHIND -> {
                    var ask = design(resource).servers(1).after("web").waiting(FOR_SERVERS);
                    approveToEnd(submit(ask, luck("COMPLETED")));
                    approveToEnd(submit(Ask.decommission(resource), luck("COMPLETED", "FAILED CONFLICT")));
                }
                // until there are none any more
                case SERVER_KEPT -> {
                    var ask = Ask.deploy(resource).servers(1).ofType("m1.small").waiting(Duration.ofSeconds(20));
                    approveToEnd(submit(ask, luck("COMPLETED")));
                }
                case SERVER_CANCELED -> {
                    cancelOnTheWay(submit(servers(resource), luck("CANCELED", "COMPLETED")));
                    approveToEnd(submit(Ask.decommission(resource), luck("COMPLETED", "FAILED CONFLICT")));
                }
                case SERVER_UNDONE -> approveToEnd(submit(servers(resource).access("admin"), luck("FAILED AUTH")));
                case SERVER_STUCK -> {
                    approveToEnd(submit(servers(resource).neverCutOff(), luck("COMPLETED")));
                    removeWhatDoesNotShutDown(resource);
                }
            }
        }

        /** An operator is asked what to do, and before or after his first answer somebody mends it. */
        private void removeWhatDoesNotShutDown(String resource) throws TimeoutException {
            var servers = Json.texts(
                    patient.call(() -> client.holding(resource)).json().path("servers"), "server");
            ignore(servers, true);
            var id = submit(Ask.decommission(resource), luck("COMPLETED", "FAILED CONFLICT"));
            decide(id, Approver.approval());
            tape.awaits(id, random.nextBoolean() ? "step-stuck" : "intervention-decided", PATIENCE);
            ignore(servers, false);
            end(id);
        }

        /** Whether the systems on {@code servers} take no notice of the power button. */
        private void ignore(List<String> servers, boolean whether) {
            servers.forEach(server -> patient.call(() -> metal.setting(server, "ignoresGracefulShutdown", whether))
                    .expect(200));
        }

        private Ask servers(String resource) {
            return Ask.deploy(resource).servers(1 + random.nextInt(2)).waiting(FOR_SERVERS);
        }

        /** Machines that differ from one infrastructure to the next, some behind others. */
        private Ask design(String resource) {
            var ask = Ask.deploy(resource).machines("web", 1 + random.nextInt(2));
            if (random.nextBoolean()) {
                ask.guarded();
            }
            if (random.nextInt(3) == 0) {
                ask.machines("store", 1, "web");
            }
            return random.nextBoolean() ? ask.access("operator") : ask;
        }

        /** Four on one infrastructure at once, the last of them cancelled while it waits for its turn. */
        private void queue(String resource) throws TimeoutException {
            var first = submit(design(resource), luck("COMPLETED"));
            var second = submit(Ask.decommission(resource), luck("COMPLETED", "FAILED CONFLICT"));
            var third = submit(design(resource), luck("COMPLETED", "FAILED CONFLICT"));
            var fourth = submit(design(resource), luck("CANCELED", "COMPLETED", "FAILED CONFLICT"));
            if (tape.awaits(fourth, "request-queued", PATIENCE)) {
                cancel(fourth);
            }
            for (var id : List.of(first, second, third, fourth)) {
                approveToEnd(id);
            }
        }

        private void cancelOnTheWay(String id) throws TimeoutException {
            var moments =
                    List.of("approval-requested", "allocation-started", "component-started", "component-provisioned");
            var moment = random.nextInt(moments.size());
            if (moment > 0) {
                decide(id, Approver.approval());
            }
            if (tape.awaits(id, moments.get(moment), PATIENCE)) {
                cancel(id);
            }
            end(id);
        }

        private String submit(Ask ask, Set<String> ends) {
            // the default is for people who are not kept waiting by what happens here
            var body = ask.json().has("approvalTimeout") ? ask : ask.with("approvalTimeout", "PT30M");
            var key = body.resource() + " " + random.nextLong();
            var answer = patient.call(() -> client.post(body, "Idempotency-Key", key))
                    .expect(202);
            var id = answer.json().path("id").asText();
            asked.add(new Asked(id, body.json(), ends));
            return id;
        }

        private void approveToEnd(String id) throws TimeoutException {
            decide(id, Approver.approval());
            end(id);
        }

        /** Decides once the question was put, unless the request ends before. */
        private void decide(String id, Map<String, String> decision) throws TimeoutException {
            if (tape.awaits(id, "approval-requested", PATIENCE)) {
                // 404: not shown to approvers yet; 409: decided by the call whose answer was lost; 410: it was
                // cancelled
                accept(patient.call(() -> approver.decideAs(Ask.APPROVER, id, decision), 404), 200, 409, 410);
            }
        }

        private void cancel(String id) {
            accept(patient.call(() -> client.cancel(id)), 202, 409);
        }

        private void end(String id) throws TimeoutException {
            tape.awaitEnd(id, PATIENCE);
            progressed(1, false);
        }

        private static void accept(Answer answer, Integer... statuses) {
            if (!Set.of(statuses).contains(answer.status())) {
                throw new AssertionError(answer.call() + " answered " + answer.status() + ": " + answer.body());
            }
        }

        private static Set<String> luck(String... ends) {
            var all = new HashSet<>(BAD_LUCK);
            all.addAll(List.of(ends));
            return all;
        }
    }
}
