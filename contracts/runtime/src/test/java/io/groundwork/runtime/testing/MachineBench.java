package io.groundwork.runtime.testing;

import io.groundwork.events.Envelope;
import io.groundwork.events.EventCodec;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent.Intervention;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.Topics;
import io.groundwork.runtime.InMemoryStores;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Proofs;
import io.groundwork.runtime.Timers;
import io.groundwork.saga.StepState;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * One owner's machines on topics in memory, among facts that a test says for request-service and approval-service. Records of a
 * key keep their order within a topic; everything else is the seed's: interleavings, and which records are delivered twice.
 */
public final class MachineBench {

    private static final KeyPair KEYS = keys();

    private final Facts facts = new Facts("key", base64(KEYS.getPrivate().getEncoded()));
    private final Owner owner;
    private final Random random;
    private final double duplicates;
    private final Map<Machine, InMemoryStores> machines = new LinkedHashMap<>();
    private final Map<Predicate<String>, UnaryOperator<Message>> workers = new LinkedHashMap<>();
    private final Map<String, ArrayDeque<Message>> queues = new TreeMap<>();
    private final List<Envelope<?>> events = new ArrayList<>();
    private final List<Message> deadLetters = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    /** @param duplicates how likely a record is delivered twice, from 0 to 1 */
    public MachineBench(Owner owner, long seed, double duplicates) {
        this.owner = owner;
        this.random = new Random(seed);
        this.duplicates = duplicates;
    }

    /** What verifies the approvals of this bench. */
    public static Proofs proofs() {
        return new Proofs(Map.of("key", base64(KEYS.getPublic().getEncoded())));
    }

    public MachineBench with(Machine machine) {
        machines.put(machine, new InMemoryStores());
        return this;
    }

    /** Lets {@code worker} answer every record of the topics that {@code queue} accepts. */
    public MachineBench with(Predicate<String> queue, UnaryOperator<Message> worker) {
        workers.put(queue, worker);
        return this;
    }

    public InMemoryStores stores(Machine machine) {
        return machines.get(machine);
    }

    public Instant now() {
        return now;
    }

    /** Everything that the owner has said. */
    public List<Envelope<?>> events() {
        return events;
    }

    public List<Message> deadLetters() {
        return deadLetters;
    }

    /** What another says. */
    public MachineBench say(Message message) {
        enqueue(message);
        return this;
    }

    /** A step of the owner that needs the approval alone. */
    public Step step(StepKind kind, Step.Undo undo, Step.OnFailure onFailure, StepInput input) {
        return Facts.step(owner, kind, undo, onFailure, input);
    }

    /** A request with {@code steps} after its approval starts, and is approved. */
    public void start(ResourceId resource, long sequence, RequestKind kind, Step... steps) {
        facts.started(resource, sequence, kind, steps).forEach(this::enqueue);
    }

    /** What somebody else says. */
    public void send(Message message) {
        enqueue(message);
    }

    public void cancel(ResourceId resource, long sequence) {
        enqueue(facts.canceled(resource, sequence));
    }

    /** What an operator decided, as request-service says it. */
    public void intervene(ResourceId resource, long sequence, StepId step, int attempt, Intervention action) {
        facts.intervened(resource, sequence, step, attempt, action).forEach(this::enqueue);
    }

    public void close(ResourceId resource, long sequence) {
        enqueue(facts.closed(resource, sequence));
    }

    /** Delivers one record, at random, or else fires what falls due next; false if there is neither. */
    public boolean step() {
        if (queues.isEmpty()) {
            return fire();
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

    /** Steps until nothing moves any more. */
    public void settle() {
        for (var steps = 0; step(); steps++) {
            if (steps > 100_000) {
                throw new AssertionError("does not come to rest");
            }
        }
    }

    /** How far the owner's last word on a step says that it is. */
    public StepState state(ResourceId resource, long sequence, StepId step) {
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

    private boolean fire() {
        for (var machine : machines.entrySet()) {
            // far ahead: time passes only when nothing else can happen
            var due = new Timers(machine.getValue()).due(now.plus(Duration.ofDays(1)), 1);
            if (!due.isEmpty()) {
                var timer = due.getFirst();
                now = timer.due().isAfter(now) ? timer.due() : now;
                send(machine.getKey().handle(new Input.Fired(timer), new Moment(now, random), machine.getValue()));
                return true;
            }
        }
        return false;
    }

    private void deliver(Message message) {
        now = now.plusMillis(1);
        machines.forEach((machine, stores) -> {
            if (machine.inputs().contains(message.topic())) {
                send(machine.handle(new Input.Received(message), new Moment(now, random), stores));
            }
        });
        workers.forEach((queue, worker) -> {
            if (queue.test(message.topic())) {
                send(List.of(worker.apply(message)));
            }
        });
    }

    private void send(List<Message> messages) {
        for (var message : messages) {
            if (message.topic().equals(Topics.deadLetters(owner))) {
                deadLetters.add(message);
            } else if (message.topic().equals(Topics.events(owner))) {
                events.add(EventCodec.read(message, EventCodec.fact(message)).orElseThrow());
            } else {
                enqueue(message);
            }
        }
    }

    private void enqueue(Message message) {
        queues.computeIfAbsent(message.topic() + '|' + message.key(), any -> new ArrayDeque<>())
                .add(message);
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
