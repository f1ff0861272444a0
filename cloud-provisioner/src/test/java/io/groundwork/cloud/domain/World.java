package io.groundwork.cloud.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.AllocationEvent.ResourcesAllocated;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.ApprovalEvent.RequestApproved;
import io.groundwork.events.Component.CloudVm;
import io.groundwork.events.Component.SshKey;
import io.groundwork.events.ComponentEvent.ComponentProgressed;
import io.groundwork.events.ComponentEvent.PendingOperation;
import io.groundwork.events.ComponentOutputs.Instance;
import io.groundwork.events.Design;
import io.groundwork.events.Envelope;
import io.groundwork.events.Event;
import io.groundwork.events.EventCodec;
import io.groundwork.events.EventId;
import io.groundwork.events.EventTypes;
import io.groundwork.events.Fact;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Outcome;
import io.groundwork.events.Owner;
import io.groundwork.events.Plan;
import io.groundwork.events.Proof;
import io.groundwork.events.RequestEvent;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.InterventionDecided;
import io.groundwork.events.RequestEvent.OnConflict;
import io.groundwork.events.RequestEvent.RequestStarted;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.Step.OnFailure;
import io.groundwork.events.Step.Undo;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.InMemoryStores;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.OperationOutcome;
import io.groundwork.runtime.OperationOutcome.Kind;
import io.groundwork.runtime.Order;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.Proofs;
import io.groundwork.runtime.Timers;
import io.groundwork.runtime.component.Components;
import io.groundwork.saga.Saga;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** The participant in its machine, with the words of all others in the test's hand. */
final class World {

    static final ResourceId RESOURCE = ResourceId.parse("acme/payments/web-prod");
    static final Choices PLACE = new Choices("eu-central-1", "standard");
    static final String LEAD = "lead@acme.example";
    static final Failure BROKEN = Failure.permanent(FailureCategory.CAPACITY, "no room");
    private static final KeyPair KEYS = keys();

    private final ParticipantMachine<Components, ?> machine = new ParticipantMachine<>(
            new CloudParticipant(),
            new Proofs(Map.of(
                    "key", Base64.getEncoder().encodeToString(KEYS.getPublic().getEncoded()))));
    final InMemoryStores stores = new InMemoryStores();
    final List<Order> orders = new ArrayList<>();
    /** The last order that counts of each operation, and what it came to. */
    final Map<String, Order> current = new LinkedHashMap<>();

    final Map<String, Kind> came = new LinkedHashMap<>();
    final List<Envelope<?>> events = new ArrayList<>();
    final List<Message> letters = new ArrayList<>();
    Saga saga = Saga.NONE;
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Map<String, Instant> progressed = new LinkedHashMap<>();
    private RequestId request = new RequestId(new UUID(0, 0));
    private long sequence;
    private Plan plan = new Plan(List.of());
    private long ordinal;

    static CloudVm vm(String name, int count, List<String> dependsOn, boolean shared) {
        return new CloudVm(
                name,
                count,
                dependsOn,
                "m.small",
                "debian-12",
                20,
                List.of("default"),
                List.of(),
                shared ? new SshKey("ops", "ssh-ed25519 AAAA") : null,
                null);
    }

    static Plan deploy(CloudVm... components) {
        var steps = new ArrayList<Step>();
        steps.add(
                step(StepId.of(StepKind.APPROVE), StepKind.APPROVE, Owner.APPROVAL, List.of(), Undo.NONE, approval()));
        var allocate = StepId.of(StepKind.ALLOCATE);
        steps.add(step(
                allocate,
                StepKind.ALLOCATE,
                Owner.ALLOCATION,
                List.of(steps.getFirst().id()),
                Undo.OWNER,
                new StepInput.Allocate(List.of())));
        for (var component : components) {
            var needs = new ArrayList<>(List.of(allocate));
            component.dependsOn().forEach(other -> needs.add(StepId.of(StepKind.PROVISION, other)));
            steps.add(step(
                    StepId.of(StepKind.PROVISION, component.name()),
                    StepKind.PROVISION,
                    Owner.CLOUD,
                    needs,
                    Undo.OWNER,
                    new StepInput.Provision(component, new StepInput.MachineType("t3.small", "debian-12"))));
        }
        return new Plan(steps);
    }

    static Plan decommission(String... components) {
        var steps = new ArrayList<Step>();
        steps.add(
                step(StepId.of(StepKind.APPROVE), StepKind.APPROVE, Owner.APPROVAL, List.of(), Undo.NONE, approval()));
        for (var component : components) {
            steps.add(new Step(
                    StepId.of(StepKind.DEPROVISION, component),
                    StepKind.DEPROVISION,
                    Owner.CLOUD,
                    List.of(steps.getLast().id()),
                    Undo.NONE,
                    OnFailure.PAUSE,
                    Duration.ofMinutes(30),
                    new StepInput.Deprovision(component)));
        }
        return new Plan(steps);
    }

    private static Step step(StepId id, StepKind kind, Owner owner, List<StepId> needs, Undo undo, StepInput input) {
        return new Step(id, kind, owner, needs, undo, OnFailure.COMPENSATE, Duration.ofMinutes(30), input);
    }

    private static StepInput approval() {
        return new StepInput.Approve(
                "dev@acme.example",
                RequestKind.DEPLOY,
                List.of(LEAD),
                1,
                Duration.ofMinutes(2),
                true,
                Design.EMPTY,
                "0",
                "EUR");
    }

    World start(Plan planned) {
        plan = planned;
        sequence++;
        request = new RequestId(new UUID(1, sequence));
        var ask = new Ask(
                RequestKind.DEPLOY,
                "dev@acme.example",
                List.of(LEAD),
                1,
                Duration.ofMinutes(2),
                OnConflict.QUEUE,
                Design.EMPTY,
                "sha256:0",
                List.of(),
                now);
        say(Owner.REQUEST, null, 0, null, new RequestStarted(plan, plan.digest(), ask));
        return this;
    }

    World approve(Choices choices) {
        var content = new Proof.Content(
                RESOURCE, request, sequence, StepId.of(StepKind.APPROVE), plan.digest(), choices, List.of(LEAD));
        var proof = Proofs.sign(
                content,
                "key",
                Base64.getEncoder().encodeToString(KEYS.getPrivate().getEncoded()));
        say(Owner.APPROVAL, StepId.of(StepKind.APPROVE), 1, StepStatus.DONE, new RequestApproved(proof));
        return this;
    }

    World allocate() {
        say(Owner.ALLOCATION, StepId.of(StepKind.ALLOCATE), 1, StepStatus.DONE, new ResourcesAllocated(List.of()));
        return this;
    }

    /** A request that may begin to make machines. */
    World begin(Plan planned) {
        return start(planned).approve(PLACE).allocate();
    }

    void cancel() {
        say(Owner.REQUEST, null, 0, null, new RequestEvent.CancelRequested("dev@acme.example", "changed my mind"));
    }

    void intervene(StepId step, int attempt, RequestEvent.Intervention action) {
        say(Owner.REQUEST, step, attempt, null, new InterventionDecided(action, "op@acme.example", "because"));
    }

    void close() {
        say(
                Owner.REQUEST,
                null,
                0,
                null,
                new RequestEvent.RequestClosed(
                        RequestKind.DEPLOY, Outcome.COMPLETED, null, null, Map.of(), now, now, List.of()));
    }

    void say(Owner owner, StepId step, int attempt, StepStatus status, Event event) {
        var type = EventTypes.type(owner, event.getClass());
        receive(EventCodec.write(new Envelope<>(
                new Fact(
                        owner,
                        type,
                        EventId.of(request, type, step, attempt, ordinal++),
                        RESOURCE,
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

    Message outcome(Order order, Kind kind) {
        var failure = kind == Kind.REACHED ? null : BROKEN;
        var spec = Json.MAPPER.convertValue(order.specification(), Ec2Spec.class);
        Object outputs = switch (spec) {
            case Ec2Spec.Machine made ->
                new Instance(made.index(), "i-" + made.component() + made.index(), "10.0.0.1", "eu-central-1");
            case Ec2Spec.Access shared -> new Ec2Spec.AccessOutputs(List.of("sg-1"), "key-1");
        };
        return Commands.message(
                Topics.outcomes(Owner.CLOUD),
                RESOURCE.toString(),
                UUID.randomUUID().toString(),
                OperationOutcome.TYPE,
                now,
                null,
                OperationOutcome.of(
                        order,
                        kind,
                        order.goal() == Goal.DONE ? Order.specification(outputs) : null,
                        failure,
                        new PendingOperation(order.id(), order.instances(), 1, failure, "w", 1, null, null)));
    }

    /** Tells what the operation's present order came to. */
    void answer(String operation, Kind kind) {
        var order = current.get(operation);
        if (kind != Kind.PENDING) {
            came.put(operation, kind);
        }
        receive(outcome(order, kind));
    }

    /** Brings all operations to their goals, also those that are ordered on the way. */
    void answerAll() {
        while (!open().isEmpty()) {
            answer(open().getFirst(), Kind.REACHED);
        }
    }

    List<String> open() {
        return current.keySet().stream()
                .filter(operation -> came.get(operation) == null)
                .toList();
    }

    void receive(Message message) {
        handle(new Input.Received(message));
        saga = fold(saga, message);
    }

    void time(Duration much) {
        var until = now.plus(much);
        while (true) {
            var due = new Timers(stores).due(until, 1);
            if (due.isEmpty()) {
                break;
            }
            now = due.getFirst().due().isAfter(now) ? due.getFirst().due() : now;
            handle(new Input.Fired(due.getFirst()));
        }
        now = until;
    }

    private void handle(Input input) {
        for (var message : machine.handle(input, new Moment(now, new Random(1)), stores)) {
            if (message.topic().equals(Topics.operations(Owner.CLOUD))) {
                ordered(Json.read(message.value(), Order.class));
            } else if (message.topic().equals(Topics.events(Owner.CLOUD))) {
                said(message);
            } else {
                letters.add(message);
            }
        }
    }

    /** As the engine takes orders: one replaces another of its operation by sequence, attempt and goal. */
    private void ordered(Order order) {
        orders.add(order);
        var known = current.get(order.id());
        var replaces = known == null
                || order.sequence() > known.sequence()
                || (order.sequence() == known.sequence()
                        && (order.attempt() > known.attempt()
                                || (order.attempt() == known.attempt()
                                        && order.goal().compareTo(known.goal()) > 0)));
        if (!replaces) {
            return;
        }
        if (known != null) {
            assertThat(order.goal()).isGreaterThanOrEqualTo(known.goal());
        }
        var spec = Json.MAPPER.convertValue(order.specification(), Ec2Spec.class);
        switch (spec) {
            case Ec2Spec.Machine machine -> {
                var shared = current.get(access(machine.component(), order));
                if (shared != null && order.goal() == Goal.DONE) {
                    assertThat(came.get(shared.id()))
                            .as("machines come after what they share")
                            .isEqualTo(Kind.REACHED);
                }
            }
            case Ec2Spec.Access access -> {
                if (order.goal() == Goal.UNDONE) {
                    current.values().stream()
                            .filter(other -> other.id().startsWith(RESOURCE + "#")
                                    && other.id().contains("/" + access.component() + "/")
                                    && !other.id().equals(order.id()))
                            .forEach(other -> {
                                assertThat(other.goal()).isEqualTo(Goal.UNDONE);
                                assertThat(came.get(other.id()))
                                        .as("shared goes last")
                                        .isEqualTo(Kind.REACHED);
                            });
                }
            }
        }
        current.put(order.id(), order);
        came.remove(order.id());
    }

    private static String access(String component, Order order) {
        return order.id().substring(0, order.id().indexOf('/', order.id().indexOf('#'))) + "/" + component + "/access";
    }

    private void said(Message message) {
        var fact = EventCodec.fact(message);
        var envelope = EventCodec.read(message, fact).orElseThrow();
        if (envelope.event() instanceof ComponentProgressed progress) {
            var state = Optional.ofNullable(saga.active()).orElseThrow().state(fact.step());
            assertThat(state.moving()).as("no progress of a step at rest").isTrue();
            var before = progressed.put(progress.component(), now);
            if (before != null) {
                assertThat(Duration.between(before, now)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            }
        }
        events.add(envelope);
        saga = fold(saga, message);
    }

    private static Saga fold(Saga saga, Message message) {
        if (Topics.ownerOfEvents(message.topic()).isEmpty()) {
            return saga;
        }
        var fact = EventCodec.fact(message);
        return saga.apply(
                        fact,
                        EventCodec.read(message, fact).map(Envelope::event).orElse(null))
                .settle(Owner.CLOUD);
    }

    StepStatus status(String step) {
        var active = saga.active();
        return active == null
                ? StepStatus.WAITING
                : active.state(new StepId(step)).status();
    }

    <E> List<E> said(Class<E> type) {
        return events.stream()
                .map(Envelope::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
