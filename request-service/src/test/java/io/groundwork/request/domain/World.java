package io.groundwork.request.domain;

import io.groundwork.events.AllocationEvent.AllocationFailed;
import io.groundwork.events.AllocationEvent.AllocationStarted;
import io.groundwork.events.AllocationEvent.ResourcesAllocated;
import io.groundwork.events.AllocationEvent.ResourcesReleased;
import io.groundwork.events.ApprovalEvent.ApprovalRequested;
import io.groundwork.events.ApprovalEvent.ApprovalWithdrawn;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.ApprovalEvent.RequestApproved;
import io.groundwork.events.ApprovalEvent.RequestRejected;
import io.groundwork.events.ComponentEvent.ComponentDeprovisioned;
import io.groundwork.events.ComponentEvent.ComponentFailed;
import io.groundwork.events.ComponentEvent.ComponentProvisioned;
import io.groundwork.events.ComponentEvent.ComponentStarted;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Envelope;
import io.groundwork.events.Event;
import io.groundwork.events.EventCodec;
import io.groundwork.events.EventId;
import io.groundwork.events.EventTypes;
import io.groundwork.events.Fact;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.IamEvent.AccessFailed;
import io.groundwork.events.IamEvent.AccessGranted;
import io.groundwork.events.IamEvent.AccessRevoked;
import io.groundwork.events.IamEvent.AccessStarted;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Proof;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestId;
import io.groundwork.events.Step;
import io.groundwork.events.StepEvent.StepAbandoned;
import io.groundwork.events.StepEvent.StepSkipped;
import io.groundwork.events.StepEvent.StepStuck;
import io.groundwork.events.StepEvent.StepUndoing;
import io.groundwork.events.StepEvent.StepWaived;
import io.groundwork.events.StepId;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.InMemoryStores;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.Proofs;
import io.groundwork.runtime.Timers;
import io.groundwork.saga.Active;
import io.groundwork.saga.Due;
import io.groundwork.saga.Saga;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** One resource, request-service as it runs, and the other owners as the test plays them. */
public final class World {

    private final ParticipantMachine<ResourceState, ?> machine =
            new ParticipantMachine<>(new RequestParticipant(StepTimeouts.DEFAULT), new Proofs(Map.of()));
    private final InMemoryStores stores = new InMemoryStores();
    /** Everything that was published, in one possible order. */
    private final List<Message> events = new ArrayList<>();

    private final List<Message> completions = new ArrayList<>();
    private final SequencedMap<String, Reply> replies = new LinkedHashMap<>();
    private final List<Message> deadLetters = new ArrayList<>();
    private Saga saga = Saga.NONE;
    private Instant now = Asks.START;
    private int ordinal;

    public RequestId submit(Ask ask) {
        var id = new RequestId(Uuids.named("test", Integer.toString(ordinal++)));
        command(new Command.Submit(id, ask, Asks.catalogued(ask.design()), List.of()));
        return id;
    }

    void command(Command command) {
        var message = Commands.message(
                Topics.commands(Owner.REQUEST),
                Asks.RESOURCE.toString(),
                "command-" + ordinal++,
                Command.type(command),
                now,
                null,
                command);
        receive(message);
    }

    /** An operator decides. */
    public void intervene(Command.Intervene command) {
        command(command);
    }

    Reply reply() {
        return replies.lastEntry().getValue();
    }

    /** An owner says how far its step has come. */
    public void says(StepId id, StepStatus status) {
        var step = active().plan().step(id).orElseThrow();
        says(step, Math.max(1, active().state(id).attempt()), status);
    }

    void says(Step step, int attempt, StepStatus status) {
        says(step, attempt, status, event(step, status));
    }

    public void says(Step step, int attempt, StepStatus status, Event event) {
        var type = EventTypes.type(step.owner(), event.getClass());
        var active = active();
        var fact = new Fact(
                step.owner(),
                type,
                EventId.of(active.request(), type, step.id(), attempt, ordinal++),
                Asks.RESOURCE,
                active.request(),
                active.sequence(),
                step.id(),
                attempt,
                status,
                "cause",
                now,
                null);
        var message = EventCodec.write(new Envelope<>(fact, event));
        publish(message);
        receive(message);
    }

    /** Does what is due next, well. */
    public boolean step() {
        var due = due().findFirst();
        due.ifPresent(next -> {
            switch (next.action()) {
                case START -> {
                    says(next.step(), next.attempt(), StepStatus.RUNNING);
                    says(next.step(), next.attempt(), StepStatus.DONE);
                }
                case SKIP -> says(next.step(), next.attempt(), StepStatus.SKIPPED);
                case STOP ->
                    says(
                            next.step(),
                            next.attempt(),
                            next.step().onFailure() == Step.OnFailure.PAUSE ? StepStatus.ABANDONED : StepStatus.FAILED);
                case UNDO -> {
                    says(next.step(), next.attempt(), StepStatus.UNDOING);
                    says(next.step(), next.attempt(), StepStatus.UNDONE);
                }
            }
        });
        return due.isPresent();
    }

    /** Does all that becomes due, well. */
    public void settle() {
        while (step()) {
            // until nothing is due any more
        }
    }

    public Stream<Due> due() {
        return Stream.of(Owner.values()).flatMap(owner -> saga.due(owner).stream());
    }

    /** Lets time pass; what falls due fires. */
    public void pass(Duration time) {
        now = now.plus(time);
        for (var due = new Timers(stores).due(now, 1); !due.isEmpty(); due = new Timers(stores).due(now, 1)) {
            take(machine.handle(new Input.Fired(due.getFirst()), moment(), stores));
        }
    }

    /** Delivers a record that was read before once more. */
    void repeat(Message message) {
        receive(message);
    }

    void receive(Message message) {
        take(machine.handle(new Input.Received(message), moment(), stores));
        var before = saved();
        var size = events.size();
        take(machine.handle(new Input.Received(message), moment(), stores));
        if (events.size() != size || !Arrays.equals(before, saved())) {
            throw new AssertionError("a repeated record changed something: " + message);
        }
    }

    private void take(List<Message> messages) {
        for (var message : messages) {
            if (Topics.ownerOfEvents(message.topic()).isPresent()) {
                publish(message);
            } else if (message.topic().equals(Topics.COMPLETIONS)) {
                completions.add(message);
            } else if (message.topic().equals(Topics.replies(Owner.REQUEST))) {
                var accepted = Reply.Accepted.TYPE.equals(message.header(EventCodec.TYPE));
                // who asked takes the first
                replies.putIfAbsent(
                        message.key(),
                        accepted ? new Reply.Accepted() : Json.read(message.value(), Reply.Refused.class));
            } else {
                deadLetters.add(message);
            }
        }
    }

    private void publish(Message message) {
        events.add(message);
        var fact = EventCodec.fact(message);
        saga = saga.apply(fact, EventCodec.read(message, fact).orElseThrow().event())
                .settle(Owner.REQUEST);
    }

    private byte[] saved() {
        return stores.store(ParticipantMachine.STORE).get(Asks.RESOURCE.toString());
    }

    private Moment moment() {
        return new Moment(now, new Random(1));
    }

    public Active active() {
        return saga.active();
    }

    boolean idle() {
        return saga.active() == null;
    }

    public List<Message> messages() {
        return events;
    }

    public List<Envelope<?>> events() {
        return events.stream()
                .<Envelope<?>>map(message ->
                        EventCodec.read(message, EventCodec.fact(message)).orElseThrow())
                .toList();
    }

    <E extends Event> List<E> events(Class<E> type) {
        return events().stream()
                .map(Envelope::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    RequestClosed end(RequestId request) {
        return events().stream()
                .filter(one -> one.fact().request().equals(request))
                .map(Envelope::event)
                .filter(RequestClosed.class::isInstance)
                .map(RequestClosed.class::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError(request + " is not closed"));
    }

    List<Completion> completions() {
        return completions.stream()
                .map(message -> Json.read(message.value(), Completion.class))
                .toList();
    }

    List<Message> deadLetters() {
        return deadLetters;
    }

    /** What an owner would say. */
    public static Event event(Step step, StepStatus status) {
        var failure = new Failure(FailureCategory.PROVIDER, step.id() + " broke.", "detail", false);
        return switch (status) {
            case SKIPPED -> new StepSkipped();
            case UNDOING -> new StepUndoing();
            case STUCK, UNDO_STUCK -> new StepStuck(failure);
            case WAIVED -> new StepWaived("ops@acme.example", "not needed");
            case ABANDONED -> new StepAbandoned("ops@acme.example", "gone anyway", List.of("i-1"));
            case WAITING -> throw new IllegalArgumentException("nobody says so");
            case RUNNING, DONE, FAILED, UNDONE ->
                switch (step.kind()) {
                    case APPROVE ->
                        switch (status) {
                            case RUNNING ->
                                new ApprovalRequested(List.of("lead@acme.example"), 1, Asks.START, "sha256:0");
                            case DONE -> new RequestApproved(proof(step));
                            case FAILED -> new RequestRejected("lead@acme.example", "too dear");
                            default -> new ApprovalWithdrawn("canceled");
                        };
                    case ALLOCATE, RELEASE ->
                        switch (status) {
                            case RUNNING -> new AllocationStarted(List.of());
                            case DONE ->
                                step.undo() == Step.Undo.OWNER
                                        ? new ResourcesAllocated(List.of())
                                        : new ResourcesReleased(List.of());
                            case FAILED -> new AllocationFailed(failure, Map.of());
                            default -> new ResourcesReleased(List.of());
                        };
                    case PROVISION, DEPROVISION -> component(step, status, failure);
                    case GRANT, REVOKE ->
                        switch (status) {
                            case RUNNING -> new AccessStarted(List.of());
                            case DONE ->
                                step.undo() == Step.Undo.OWNER
                                        ? new AccessGranted(List.of())
                                        : new AccessRevoked(List.of());
                            case FAILED -> new AccessFailed(failure);
                            default -> new AccessRevoked(List.of());
                        };
                };
        };
    }

    private static Event component(Step step, StepStatus status, Failure failure) {
        var component = step.id().value().substring(step.id().value().indexOf(':') + 1);
        return switch (status) {
            case RUNNING -> new ComponentStarted(component, 1);
            case DONE ->
                step.undo() == Step.Undo.OWNER
                        ? new ComponentProvisioned(component, outputs())
                        : new ComponentDeprovisioned(component, 1);
            case FAILED -> new ComponentFailed(component, failure);
            default -> new ComponentDeprovisioned(component, 1);
        };
    }

    static ComponentOutputs outputs() {
        return new ComponentOutputs(1, List.of(new ComponentOutputs.Instance(0, "i-0", "10.0.0.4", "eu-central-1")));
    }

    private static Proof proof(Step step) {
        return new Proof(
                new Proof.Content(
                        Asks.RESOURCE,
                        new RequestId(Uuids.named("any")),
                        1,
                        step.id(),
                        "sha256:0",
                        new Choices("eu-central-1", "standard"),
                        List.of("lead@acme.example")),
                "local",
                "c2lnbmF0dXJl");
    }
}
