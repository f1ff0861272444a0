package io.groundwork.allocation.domain;

import io.groundwork.events.ApprovalEvent.RequestApproved;
import io.groundwork.events.Claim;
import io.groundwork.events.Design;
import io.groundwork.events.Envelope;
import io.groundwork.events.Event;
import io.groundwork.events.EventCodec;
import io.groundwork.events.EventId;
import io.groundwork.events.EventTypes;
import io.groundwork.events.Fact;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Outcome;
import io.groundwork.events.Owner;
import io.groundwork.events.Plan;
import io.groundwork.events.Proof;
import io.groundwork.events.RequestEvent;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
import io.groundwork.runtime.InMemoryStores;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.Proofs;
import io.groundwork.saga.StepState;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The participant and the pools on topics in memory: records of a key keep their order, everything else is the seed's. */
final class World {

    static final StepId APPROVE = StepId.of(StepKind.APPROVE);
    static final StepId ALLOCATE = StepId.of(StepKind.ALLOCATE);
    static final StepId RELEASE = StepId.of(StepKind.RELEASE);
    private static final KeyPair KEYS = keys();

    final Map<String, Map<String, Long>> limits = new TreeMap<>();
    final List<Envelope<?>> events = new ArrayList<>();
    final List<Message> deadLetters = new ArrayList<>();
    private final Machine participant = new ParticipantMachine<>(
            new AllocationParticipant(),
            new Proofs(Map.of("key", base64(KEYS.getPublic().getEncoded()))));
    private final Machine pools = new PoolMachine(pool -> limits.getOrDefault(pool, Map.of()));
    private final InMemoryStores participantStores = new InMemoryStores();
    private final InMemoryStores poolStores = new InMemoryStores();
    private final Map<String, ArrayDeque<Message>> queues = new TreeMap<>();
    private final Map<String, Plan> plans = new TreeMap<>();
    private final Random random;
    private final double duplicates;
    private Instant now = Instant.EPOCH;

    World(long seed, double duplicates) {
        this.random = new Random(seed);
        this.duplicates = duplicates;
    }

    /** A deploy is approved. */
    void deploy(ResourceId resource, long sequence, Step.OnFailure onFailure, Claim... claims) {
        start(
                resource,
                sequence,
                RequestKind.DEPLOY,
                step(ALLOCATE, StepKind.ALLOCATE, Step.Undo.OWNER, onFailure, new StepInput.Allocate(List.of(claims))));
    }

    /** A decommission is approved. */
    void decommission(ResourceId resource, long sequence) {
        start(
                resource,
                sequence,
                RequestKind.DECOMMISSION,
                step(RELEASE, StepKind.RELEASE, Step.Undo.NONE, Step.OnFailure.PAUSE, new StepInput.Release()));
    }

    private void start(ResourceId resource, long sequence, RequestKind kind, Step step) {
        var approve = new Step(
                APPROVE,
                StepKind.APPROVE,
                Owner.APPROVAL,
                List.of(),
                Step.Undo.NONE,
                Step.OnFailure.COMPENSATE,
                Duration.ofHours(1),
                new StepInput.Approve(
                        "dev@acme.example",
                        kind,
                        List.of("lead@acme.example"),
                        1,
                        Duration.ofHours(1),
                        false,
                        Design.EMPTY,
                        "0",
                        "EUR"));
        var plan = new Plan(List.of(approve, step));
        plans.put(resource + "#" + sequence, plan);
        var ask = new RequestEvent.Ask(
                kind,
                "dev@acme.example",
                List.of("lead@acme.example"),
                1,
                Duration.ofHours(1),
                RequestEvent.OnConflict.QUEUE,
                Design.EMPTY,
                "sha256:0",
                List.of(),
                now);
        fact(
                Owner.REQUEST,
                resource,
                sequence,
                null,
                0,
                null,
                new RequestEvent.RequestStarted(plan, plan.digest(), ask));
        var content = new Proof.Content(
                resource,
                request(resource, sequence),
                sequence,
                APPROVE,
                plan.digest(),
                null,
                List.of("lead@acme.example"));
        var proof = Proofs.sign(content, "key", base64(KEYS.getPrivate().getEncoded()));
        fact(Owner.APPROVAL, resource, sequence, APPROVE, 1, StepStatus.DONE, new RequestApproved(proof));
    }

    void cancel(ResourceId resource, long sequence) {
        fact(
                Owner.REQUEST,
                resource,
                sequence,
                null,
                0,
                null,
                new RequestEvent.CancelRequested("dev@acme.example", "no longer needed"));
    }

    void intervene(ResourceId resource, long sequence, StepId step, int attempt, RequestEvent.Intervention action) {
        fact(
                Owner.REQUEST,
                resource,
                sequence,
                step,
                attempt,
                null,
                new RequestEvent.InterventionDecided(action, "op@acme.example", "because"));
    }

    void close(ResourceId resource, long sequence) {
        fact(
                Owner.REQUEST,
                resource,
                sequence,
                null,
                0,
                null,
                new RequestEvent.RequestClosed(
                        RequestKind.DEPLOY, Outcome.COMPLETED, null, null, Map.of(), now, now, List.of()));
    }

    /** Delivers one record, at random; false if there is none. */
    boolean step() {
        if (queues.isEmpty()) {
            return false;
        }
        var names = List.copyOf(queues.keySet());
        var name = names.get(random.nextInt(names.size()));
        var queue = queues.get(name);
        var message = queue.removeFirst();
        if (queue.isEmpty()) {
            queues.remove(name);
        }
        deliver(message);
        if (random.nextDouble() < duplicates) {
            deliver(message);
        }
        return true;
    }

    void settle() {
        for (var steps = 0; step(); steps++) {
            if (steps > 100_000) {
                throw new AssertionError("does not come to rest");
            }
        }
    }

    /** How far the last word on a step says that it is. */
    StepState state(ResourceId resource, long sequence, StepId step) {
        return events.stream()
                .map(Envelope::fact)
                .filter(fact -> fact.resource().equals(resource)
                        && fact.sequence() == sequence
                        && step.equals(fact.step())
                        && fact.status() != null)
                .map(fact -> new StepState(fact.attempt(), fact.status()))
                .max(StepState::compareTo)
                .orElse(StepState.WAITING);
    }

    /** What {@code resource} holds of {@code pool} by the pool's own books. */
    long held(ResourceId resource, String pool, String measure) {
        var row = poolStores.store(PoolMachine.HOLDINGS).get(pool + '|' + resource);
        return row == null
                ? 0
                : Json.read(row, PoolMachine.Holding.class).grants().stream()
                        .mapToLong(grant -> grant.amounts().getOrDefault(measure, 0L))
                        .sum();
    }

    long used(String pool, String measure) {
        var row = poolStores.store(PoolMachine.POOLS).get(pool);
        return row == null ? 0 : Json.read(row, PoolMachine.Pool.class).used().getOrDefault(measure, 0L);
    }

    private void deliver(Message message) {
        now = now.plusMillis(1);
        var moment = new Moment(now, random);
        var out = new ArrayList<Message>();
        if (participant.inputs().contains(message.topic())) {
            out.addAll(participant.handle(new Input.Received(message), moment, participantStores));
        }
        if (pools.inputs().contains(message.topic())) {
            out.addAll(pools.handle(new Input.Received(message), moment, poolStores));
        }
        for (var sent : out) {
            if (sent.topic().equals(Topics.deadLetters(Owner.ALLOCATION))) {
                deadLetters.add(sent);
            } else if (sent.topic().equals(Topics.events(Owner.ALLOCATION))) {
                events.add(EventCodec.read(sent, EventCodec.fact(sent)).orElseThrow());
            } else {
                enqueue(sent);
            }
        }
    }

    private void enqueue(Message message) {
        queues.computeIfAbsent(message.topic() + '|' + message.key(), any -> new ArrayDeque<>())
                .add(message);
    }

    private void fact(
            Owner owner,
            ResourceId resource,
            long sequence,
            @Nullable StepId step,
            int attempt,
            @Nullable StepStatus status,
            Event event) {
        var type = EventTypes.type(owner, event.getClass());
        var request = request(resource, sequence);
        enqueue(EventCodec.write(new Envelope<>(
                new Fact(
                        owner,
                        type,
                        EventId.of(request, type, step, attempt, random.nextLong()),
                        resource,
                        request,
                        sequence,
                        step,
                        attempt,
                        status,
                        null,
                        now,
                        null),
                event)));
    }

    private static RequestId request(ResourceId resource, long sequence) {
        return RequestId.of(resource.tenant(), resource + "#" + sequence);
    }

    private static Step step(StepId id, StepKind kind, Step.Undo undo, Step.OnFailure onFailure, StepInput input) {
        return new Step(id, kind, Owner.ALLOCATION, List.of(APPROVE), undo, onFailure, Duration.ofMinutes(1), input);
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
