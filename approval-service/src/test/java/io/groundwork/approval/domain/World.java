package io.groundwork.approval.domain;

import io.groundwork.events.ApprovalEvent;
import io.groundwork.events.ApprovalEvent.RequestApproved;
import io.groundwork.events.Design;
import io.groundwork.events.Directory;
import io.groundwork.events.Envelope;
import io.groundwork.events.Event;
import io.groundwork.events.EventCodec;
import io.groundwork.events.EventId;
import io.groundwork.events.EventTypes;
import io.groundwork.events.Fact;
import io.groundwork.events.Json;
import io.groundwork.events.MailRequested;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.OnConflict;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.InMemoryStores;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.Proofs;
import io.groundwork.runtime.Timers;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** approval-service in memory, with a clock that is moved by hand. */
final class World {

    static final ResourceId RESOURCE = ResourceId.parse("acme/payments/web");
    static final String DEV = "dev@acme.example";
    static final String LEAD = "lead@acme.example";
    static final String SECOND = "second@acme.example";
    static final StepId APPROVE = StepId.of(StepKind.APPROVE);
    static final Duration TIMEOUT = Duration.ofMinutes(2);
    static final Links LINKS = new Links("http://localhost:8081", "a secret of thirty-two characters");
    static final KeyPair SEAL = pair("X25519");
    static final KeyPair PROOF = pair("Ed25519");
    static final Proofs PROOFS =
            new Proofs(Map.of("key-1", base64(PROOF.getPublic().getEncoded())));
    static final Map<String, Directory.User> USERS = Map.of(
            DEV,
            new Directory.User("acme", "Dev", List.of("requester", "approver")),
            LEAD,
            new Directory.User("acme", "Lead", List.of("approver")),
            SECOND,
            new Directory.User("acme", "Second", List.of("approver")),
            "reader@acme.example",
            new Directory.User("acme", "Reader", List.of("requester")),
            "boss@other.example",
            new Directory.User("other", "Boss", List.of("approver")));

    final List<Message> sent = new ArrayList<>();
    Instant now = Instant.parse("2026-01-05T10:00:00Z");

    private final InMemoryStores stores = new InMemoryStores();
    private final ParticipantMachine<Approval, ApprovalEvent> machine = new ParticipantMachine<>(
            new ApprovalParticipant(
                    user -> Optional.ofNullable(USERS.get(user)),
                    Set.of("eu-central-1", "us-east-1")::contains,
                    Set.of("standard", "isolated")::contains,
                    new Secrets(
                            LINKS,
                            base64(SEAL.getPublic().getEncoded()),
                            "key-1",
                            base64(PROOF.getPrivate().getEncoded()))),
            PROOFS);
    private int said;

    /** One message to the service; returns what it sent because of it. */
    List<Message> receive(Message message) {
        var out = machine.handle(new Input.Received(message), moment(), stores);
        sent.addAll(out);
        return out;
    }

    /** Lets time pass and fires what falls due. */
    List<Message> pass(Duration time) {
        now = now.plus(time);
        var out = new ArrayList<Message>();
        for (var due = new Timers(stores).due(now, 1); !due.isEmpty(); due = new Timers(stores).due(now, 1)) {
            out.addAll(machine.handle(new Input.Fired(due.getFirst()), moment(), stores));
        }
        sent.addAll(out);
        return out;
    }

    /** Lets time pass while the service is not looking at its timers. */
    void passUnnoticed(Duration time) {
        now = now.plus(time);
    }

    List<Message> start(RequestId request, long sequence, List<String> approvers, int quorum) {
        return receive(started(request, sequence, approvers, quorum));
    }

    Message started(RequestId request, long sequence, List<String> approvers, int quorum) {
        var plan = plan(approvers, quorum);
        var ask = new Ask(
                RequestKind.DEPLOY,
                DEV,
                approvers,
                quorum,
                TIMEOUT,
                OnConflict.QUEUE,
                Design.EMPTY,
                "sha256:0",
                List.of(),
                now);
        return say(request, sequence, new RequestEvent.RequestStarted(plan, plan.digest(), ask));
    }

    Message say(RequestId request, long sequence, RequestEvent event) {
        var type = EventTypes.type(Owner.REQUEST, event.getClass());
        var fact = new Fact(
                Owner.REQUEST,
                type,
                EventId.of(request, type, null, 0, said++),
                RESOURCE,
                request,
                sequence,
                null,
                0,
                null,
                null,
                now,
                null);
        return EventCodec.write(new Envelope<>(fact, event));
    }

    static Plan plan(List<String> approvers, int quorum) {
        return new Plan(List.of(new Step(
                APPROVE,
                StepKind.APPROVE,
                Owner.APPROVAL,
                List.of(),
                Step.Undo.NONE,
                Step.OnFailure.COMPENSATE,
                TIMEOUT.plusMinutes(1),
                new StepInput.Approve(
                        DEV, RequestKind.DEPLOY, approvers, quorum, TIMEOUT, true, Design.EMPTY, "12.50", "EUR"))));
    }

    /** A decision that is accepted now. */
    Message command(Decide decide) {
        return commandAt(decide, now);
    }

    Message commandAt(Decide decide, Instant at) {
        return Commands.message(
                Topics.commands(Owner.APPROVAL),
                RESOURCE.toString(),
                "command-" + said++,
                Decide.TYPE,
                at,
                null,
                decide);
    }

    Answer ask(Decide decide) {
        return answer(receive(command(decide)));
    }

    static Answer answer(List<Message> out) {
        var reply = out.stream()
                .filter(message -> message.topic().equals(Topics.replies(Owner.APPROVAL)))
                .reduce((one, two) -> {
                    throw new AssertionError("two replies");
                })
                .orElseThrow();
        return Json.read(Objects.requireNonNull(reply.value()), Answer.class);
    }

    static Decide approve(RequestId request, String approver) {
        return new Decide(request, null, approver, "approve", "looks right", "eu-central-1", "standard", "api", null);
    }

    static Decide reject(RequestId request, String approver) {
        return new Decide(request, null, approver, "reject", "too dear", null, null, "api", null);
    }

    static RequestId request(int number) {
        return RequestId.of("acme", "request-" + number);
    }

    /** The service's events among {@code messages}. */
    static List<Event> events(List<Message> messages) {
        return messages.stream().map(World::event).flatMap(Optional::stream).toList();
    }

    static Optional<Event> event(Message message) {
        return envelope(message).map(Envelope::event);
    }

    static Optional<Envelope<?>> envelope(Message message) {
        return message.topic().equals(Topics.events(Owner.APPROVAL))
                ? EventCodec.read(message, EventCodec.fact(message))
                : Optional.empty();
    }

    static List<MailRequested> mails(List<Message> messages) {
        return messages.stream()
                .filter(message -> message.topic().equals(Topics.MAILS))
                .map(message -> Json.read(Objects.requireNonNull(message.value()), MailRequested.class))
                .toList();
    }

    static @Nullable RequestApproved approval(List<Message> messages) {
        return events(messages).stream()
                .filter(RequestApproved.class::isInstance)
                .map(RequestApproved.class::cast)
                .findFirst()
                .orElse(null);
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private Moment moment() {
        return new Moment(now, new Random(7));
    }

    private static KeyPair pair(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
