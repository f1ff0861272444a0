package io.groundwork.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.groundwork.events.AllocationEvent;
import io.groundwork.events.ApprovalEvent;
import io.groundwork.events.CloudProvisionerEvent;
import io.groundwork.events.ComponentEvent;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Design;
import io.groundwork.events.Envelope;
import io.groundwork.events.Event;
import io.groundwork.events.EventCodec;
import io.groundwork.events.EventId;
import io.groundwork.events.EventTypes;
import io.groundwork.events.Fact;
import io.groundwork.events.Failure;
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
import io.groundwork.events.StepEvent;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the machine does around any participant, shown with one that makes components by word of mouth. */
class ParticipantMachineTest {

    private static final ResourceId RESOURCE = new ResourceId("acme", "payments", "web");
    private static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");
    private static final StepId APPROVE = StepId.of(StepKind.APPROVE);
    private static final StepId PROVISION = StepId.of(StepKind.PROVISION, "web");
    private static final Plan PLAN = new Plan(List.of(
            step(APPROVE, StepKind.APPROVE, Owner.APPROVAL, List.of(), Step.Undo.NONE),
            step(PROVISION, StepKind.PROVISION, Owner.CLOUD, List.of(APPROVE), Step.Undo.OWNER)));
    private static final KeyPair KEYS = keys();
    private static final ApprovalEvent.Choices CHOICES = new ApprovalEvent.Choices("eu-central-1", "standard");
    private static final String COMMANDS = Topics.commands(Owner.CLOUD);

    private final InMemoryStores stores = new InMemoryStores();
    private final Maker maker = new Maker();
    private final ParticipantMachine<Made, CloudProvisionerEvent> machine = new ParticipantMachine<>(
            maker, new Proofs(Map.of("key-1", base64(KEYS.getPublic().getEncoded()))));
    private Instant now = NOON;
    private int said;

    record Made(int times) {}

    /** Starts its step when due; is told by commands that it is done, to set or cancel timers, or to fail deciding. */
    private static final class Maker implements Participant<Made, CloudProvisionerEvent> {
        private boolean broken;
        private final List<String> elapsed = new ArrayList<>();
        private ApprovalEvent.@Nullable Choices chosen;

        @Override
        public Owner owner() {
            return Owner.CLOUD;
        }

        @Override
        public Set<Owner> listensTo() {
            return Set.of(Owner.REQUEST, Owner.APPROVAL, Owner.ALLOCATION);
        }

        @Override
        public Class<Made> stateType() {
            return Made.class;
        }

        @Override
        public Made initial() {
            return new Made(0);
        }

        @Override
        public List<Action<CloudProvisionerEvent>> decide(Situation<Made> situation, Cause cause) {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            if (cause instanceof Cause.Elapsed timer) {
                elapsed.add(timer.timer());
            }
            var actions = new ArrayList<Action<CloudProvisionerEvent>>();
            var active = situation.active().orElse(null);
            if (active == null) {
                return actions;
            }
            for (var due : situation.due(Owner.CLOUD)) {
                var step = due.step().id();
                switch (due.action()) {
                    case START -> {
                        chosen = situation.choices();
                        actions.add(Action.step(
                                active,
                                step,
                                due.attempt(),
                                StepStatus.RUNNING,
                                new ComponentEvent.ComponentStarted("web", 1)));
                    }
                    case SKIP ->
                        actions.add(Action.step(
                                active, step, due.attempt(), StepStatus.SKIPPED, new StepEvent.StepSkipped()));
                    case UNDO ->
                        actions.add(Action.step(
                                active, step, due.attempt(), StepStatus.UNDOING, new StepEvent.StepUndoing()));
                    case STOP -> {}
                }
            }
            if (cause instanceof Cause.Elapsed) {
                actions.add(Action.note(
                        active, PROVISION, 1, new ComponentEvent.ComponentProgressed("web", 0, 1, null, List.of())));
            }
            if (cause instanceof Cause.Asked asked) {
                switch (asked.type()) {
                    case "done" ->
                        actions.add(Action.step(
                                active,
                                PROVISION,
                                1,
                                StepStatus.DONE,
                                new ComponentEvent.ComponentProvisioned("web", new ComponentOutputs(1, List.of()))));
                    case "undone" ->
                        actions.add(Action.step(
                                active,
                                PROVISION,
                                1,
                                StepStatus.UNDONE,
                                new ComponentEvent.ComponentDeprovisioned("web", 1)));
                    case "set" ->
                        actions.add(new Action.SetTimer<>(
                                "deadline", situation.now().plusSeconds(60)));
                    case "cancel" -> actions.add(new Action.CancelTimer<>("deadline"));
                    case "circle" -> actions.add(Action.note(active, PROVISION, 1, new StepEvent.StepUndoing()));
                    default -> {}
                }
            }
            if (cause instanceof Cause.Happened happened
                    && happened.envelope().fact().owner() == Owner.CLOUD
                    && happened.envelope().event() instanceof StepEvent.StepUndoing
                    && happened.envelope().fact().status() == null) {
                actions.add(Action.note(active, PROVISION, 1, new StepEvent.StepUndoing()));
            }
            return actions;
        }

        @Override
        public Made evolve(Made state, Envelope<CloudProvisionerEvent> event) {
            return event.event() instanceof ComponentEvent.ComponentStarted ? new Made(state.times() + 1) : state;
        }

        @Override
        public CloudProvisionerEvent refused(Step step, Failure failure) {
            return new ComponentEvent.ComponentFailed("web", failure);
        }

        @Override
        public Optional<CloudProvisionerEvent> parked(Failure failure, String deadLetter) {
            return Optional.of(new StepEvent.DecisionParked(failure, deadLetter));
        }
    }

    @Test
    void shouldStartWhatIsApprovedAndLendTheApproversChoices() {
        read(started(1));
        assertThat(read(approved(1, proof(1)))).containsExactly("component-started");
        assertThat(maker.chosen).isEqualTo(CHOICES);
    }

    @Test
    void shouldStartWhateverTopicIsReadFirst() {
        assertThat(read(approved(1, proof(1)))).isEmpty();
        assertThat(read(started(1))).containsExactly("component-started");
    }

    @Test
    void shouldWaitForAnApprovalWhoseTopicIsBehindThoseOfOtherSteps() {
        var allocate = StepId.of(StepKind.ALLOCATE);
        var plan = new Plan(List.of(
                step(APPROVE, StepKind.APPROVE, Owner.APPROVAL, List.of(), Step.Undo.NONE),
                step(allocate, StepKind.ALLOCATE, Owner.ALLOCATION, List.of(APPROVE), Step.Undo.OWNER),
                step(PROVISION, StepKind.PROVISION, Owner.CLOUD, List.of(allocate), Step.Undo.OWNER)));
        read(started(1, plan));

        // by another's word it may start, by the approval's it may not yet
        assertThat(read(event(
                        Owner.ALLOCATION,
                        1,
                        allocate,
                        StepStatus.DONE,
                        new AllocationEvent.ResourcesAllocated(List.of()))))
                .isEmpty();
        assertThat(read(approved(
                        1, sign(content(RESOURCE, request(1), 1, APPROVE, plan.digest(), "lead@acme.example")))))
                .containsExactly("component-started");
    }

    @Test
    void shouldRefuseWhatIsNotExactlyWhatWasApproved() {
        var content = proof(1).content();
        refuses("no approval was read", null);
        refuses(
                "of another request",
                sign(content(RESOURCE, request(2), 1, APPROVE, PLAN.digest(), "lead@acme.example")));
        refuses(
                "of another request",
                sign(content(RESOURCE, request(1), 2, APPROVE, PLAN.digest(), "lead@acme.example")));
        refuses(
                "of another request",
                sign(content(
                        new ResourceId("acme", "payments", "db"),
                        request(1),
                        1,
                        APPROVE,
                        PLAN.digest(),
                        "lead@acme.example")));
        refuses(
                "of another request",
                sign(content(RESOURCE, request(1), 1, PROVISION, PLAN.digest(), "lead@acme.example")));
        refuses("of another plan", sign(content(RESOURCE, request(1), 1, APPROVE, "sha256:00", "lead@acme.example")));
        refuses(
                "requester is among",
                sign(content(RESOURCE, request(1), 1, APPROVE, PLAN.digest(), "dev@acme.example")));
        refuses(
                "unknown key key-2",
                Proofs.sign(content, "key-2", base64(KEYS.getPrivate().getEncoded())));
        refuses(
                "not valid",
                Proofs.sign(content, "key-1", base64(keys().getPrivate().getEncoded())));
        refuses("not valid", new Proof(content, "key-1", "no base64!"));
        // another region than was signed
        var elsewhere = new Proof.Content(
                RESOURCE,
                request(1),
                1,
                APPROVE,
                PLAN.digest(),
                new ApprovalEvent.Choices("us-east-1", "standard"),
                content.approvers());
        refuses("not valid", new Proof(elsewhere, "key-1", proof(1).signature()));
    }

    private void refuses(String why, @Nullable Proof proof) {
        var fresh = new ParticipantMachineTest();
        fresh.read(fresh.started(1));
        var approved = proof == null
                ? fresh.event(
                        Owner.APPROVAL,
                        1,
                        APPROVE,
                        StepStatus.DONE,
                        new StepEvent.StepWaived("ops@acme.example", "late"))
                : fresh.approved(1, proof);
        var out = fresh.handle(new Input.Received(approved));

        assertThat(words(out)).containsExactly("component-failed", "step-undoing");
        assertThat(text(out.getFirst())).contains("AUTH").contains(why);
    }

    @Test
    void shouldKeepTheApprovalOfTheNextRequestThatIsReadBeforeThisOneIsClosed() {
        read(started(1));
        read(approved(1, proof(1)));
        command("done");
        // approval-service has read more of request-service's topic than this participant has
        read(approved(2, proof(2)));
        read(closed(1));

        assertThat(read(started(2))).containsExactly("component-started");
    }

    @Test
    void shouldNotTakeAnApprovalThatIsReadAgainForAnother() {
        read(started(1));
        read(approved(1, proof(1)));
        command("done");
        read(closed(1));
        read(started(2));
        read(approved(1, proof(1)));

        assertThat(read(approved(2, proof(2)))).containsExactly("component-started");
        maker.chosen = null;
        read(approved(2, proof(2)));
        assertThat(entity()).contains("\"verified\":true");
    }

    @Test
    void shouldPutWhatItCannotReadAmongTheDeadLettersAndGoOn() {
        var noJson = new Message(COMMANDS, RESOURCE.toString(), headers("done"), "{".getBytes(UTF_8));
        var noType = new Message(COMMANDS, RESOURCE.toString(), Map.of("ce_id", "1"), "{}".getBytes(UTF_8));
        var noResource = new Message(COMMANDS, "web", headers("done"), "{}".getBytes(UTF_8));
        var foreign = new Message(
                Topics.events(Owner.APPROVAL), RESOURCE.toString(), started(1).headers(), "{}".getBytes(UTF_8));
        for (var bad : List.of(noJson, noType, noResource, foreign)) {
            var out = handle(new Input.Received(bad));

            assertThat(out).singleElement().satisfies(letter -> {
                assertThat(letter.topic()).isEqualTo("cloud-provisioner.dead-letters.v1");
                assertThat(letter.value()).isEqualTo(bad.value());
                assertThat(letter.header(DeadLetter.TOPIC)).isEqualTo(bad.topic());
                assertThat(letter.header(DeadLetter.CAUSE)).isNotBlank();
                assertThat(letter.header(DeadLetter.ID)).isNotBlank();
            });
        }
        read(started(1));
        assertThat(read(approved(1, proof(1)))).containsExactly("component-started");
    }

    @Test
    void shouldFoldAFactWhosePayloadItCannotRead() {
        read(started(1));
        read(approved(1, proof(1)));
        var cancel = event(Owner.REQUEST, 1, null, null, new RequestEvent.CancelRequested("dev@acme.example", "no"));
        var unreadable = new Message(cancel.topic(), cancel.key(), cancel.headers(), "{".getBytes(UTF_8));

        var out = handle(new Input.Received(unreadable));

        assertThat(words(out)).containsExactly("step-undoing", "cancel-requested");
        assertThat(out.getLast().topic()).isEqualTo("cloud-provisioner.dead-letters.v1");
    }

    @Test
    void shouldParkWhatItCannotDecideOnAndDecideWhenItIsRedriven() {
        read(started(1));
        maker.broken = true;
        var out = handle(new Input.Received(approved(1, proof(1))));

        assertThat(words(out)).containsExactly("request-approved", "decision-parked");
        var letter = out.getFirst();
        assertThat(letter.topic()).isEqualTo("cloud-provisioner.dead-letters.v1");
        assertThat(text(out.getLast())).contains(String.valueOf(letter.header(DeadLetter.ID)));
        assertThat(entity()).contains("\"status\":\"done\"").contains("\"times\":0");

        maker.broken = false;
        var redriven = new Message(Topics.redrive(Owner.CLOUD), letter.key(), letter.headers(), letter.value());
        assertThat(words(handle(new Input.Received(redriven)))).containsExactly("component-started");
        assertThat(words(handle(new Input.Received(redriven)))).isEmpty();
    }

    @Test
    void shouldGiveRedrivenOrdersAndResultsToTheEngine() {
        var order = new Order(
                RESOURCE + "#1/web/0",
                RESOURCE,
                new RequestId(new UUID(0, 1)),
                1,
                null,
                1,
                "ec2-x",
                List.of(),
                Goal.DONE,
                JsonNodeFactory.instance.objectNode());
        var engine = new OperationMachine(Owner.CLOUD, OperationPolicy.DEFAULT);
        var rows = new InMemoryStores();
        var ordered = Commands.message(Topics.operations(Owner.CLOUD), order.id(), "o", Order.TYPE, now, null, order);

        var work = redriven(engine, rows, ordered).getFirst().read(Work.class);
        assertThat(work.order()).isEqualTo(order);

        var done = new WorkResult(
                order.id(), work.fence(), "w", WorkResult.Kind.DONE, null, null, null, null, null, true, true);
        var result = Commands.message(Topics.results(Owner.CLOUD), order.id(), "r", WorkResult.TYPE, now, null, done);
        assertThat(redriven(engine, rows, result)
                        .getFirst()
                        .read(OperationOutcome.class)
                        .kind())
                .isEqualTo(OperationOutcome.Kind.REACHED);
    }

    @Test
    void shouldGiveRedrivenCommandsOfATableToIt() {
        var kind = new EntryKind<>(
                "squares", Pattern.compile("[a-z]+"), Square.class, (name, square, entries) -> List.of());
        var table = new TableMachine(Owner.CLOUD, "cloud.squares.v1", List.of(kind));
        var put = Commands.message(
                Topics.administration(Owner.CLOUD), "squares/a", "c", TableMachine.PUT, now, null, new Square(3));

        assertThat(redriven(table, new InMemoryStores(), put))
                .extracting(Message::topic)
                .containsExactly("cloud.squares.v1", Topics.replies(Owner.CLOUD));
    }

    record Square(int side) {}

    @Test
    void shouldPutARedrivenRecordAsideThatNoPartOfTheServiceReads() {
        for (var topic : List.of(Topics.operations(Owner.IAM), Topics.CLAIMS, Topics.redrive(Owner.CLOUD))) {
            var letter =
                    DeadLetter.of(Owner.CLOUD, new Message(topic, RESOURCE.toString(), Map.of(), null), new Error());

            assertThat(handle(new Input.Received(
                            new Message(Topics.redrive(Owner.CLOUD), letter.key(), letter.headers(), letter.value()))))
                    .singleElement()
                    .satisfies(again -> {
                        assertThat(again.topic()).isEqualTo("cloud-provisioner.dead-letters.v1");
                        assertThat(again.header(DeadLetter.TOPIC)).isEqualTo(topic);
                    });
        }
    }

    /** What {@code machine} makes of a dead letter of its own that is redriven: it gets what it once got. */
    private List<Message> redriven(Machine machine, InMemoryStores rows, Message once) {
        var letter = DeadLetter.of(Owner.CLOUD, once, new IllegalStateException("mended since"));
        var out = handle(new Input.Received(
                new Message(Topics.redrive(Owner.CLOUD), letter.key(), letter.headers(), letter.value())));
        assertThat(out).containsExactly(once);
        assertThat(machine.inputs()).contains(out.getFirst().topic());
        return machine.handle(new Input.Received(out.getFirst()), new Moment(now, new Random(1)), rows);
    }

    @Test
    void shouldParkATimerItCannotDecideOnAndDecideWhenItIsRedriven() {
        read(started(1));
        read(approved(1, proof(1)));
        command("set");
        maker.broken = true;
        now = now.plusSeconds(60);
        var letter = fire().getFirst();

        assertThat(letter.topic()).isEqualTo("cloud-provisioner.dead-letters.v1");
        maker.broken = false;
        handle(new Input.Received(
                new Message(Topics.redrive(Owner.CLOUD), letter.key(), letter.headers(), letter.value())));
        assertThat(maker.elapsed).containsExactly("deadline");
    }

    @Test
    void shouldParkAParticipantThatDecidesInCircles() {
        read(started(1));
        read(approved(1, proof(1)));

        var out = command("circle");

        assertThat(words(out)).containsExactly("circle", "decision-parked");
        assertThat(out.getFirst().header(DeadLetter.CAUSE)).contains("in circles");
    }

    @Test
    void shouldFireATimerOnceAndOnlyAsItWasLastSet() {
        read(started(1));
        read(approved(1, proof(1)));
        command("set");
        now = now.plusSeconds(30);
        command("set");
        // it is woken at the time it was first set to, for nothing
        now = NOON.plusSeconds(60);
        fire();
        assertThat(maker.elapsed).isEmpty();

        now = NOON.plusSeconds(90);
        fire();
        assertThat(maker.elapsed).containsExactly("deadline");
        assertThat(due(NOON.plusSeconds(1000))).isEmpty();
    }

    @Test
    void shouldCarryTheRequestsTraceOnWhenATimerFires() {
        var trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        read(started(1).with(EventCodec.TRACE, trace));
        read(approved(1, proof(1)));
        command("set");
        now = NOON.plusSeconds(60);

        var fired = handle(new Input.Fired(new Timer(now, RESOURCE.toString(), "deadline")));

        assertThat(words(fired)).containsExactly("component-progressed");
        assertThat(fired.getFirst().header(EventCodec.TRACE)).isEqualTo(trace);

        read(closed(1));
        command("undone");
        read(started(2));
        assertThat(read(approved(2, proof(2)))).containsExactly("component-started");
        command("set");
        fired = handle(new Input.Fired(new Timer(now.plusSeconds(60), RESOURCE.toString(), "deadline")));
        assertThat(fired.getFirst().header(EventCodec.TRACE))
                .as("another request's trace")
                .isNull();
    }

    @Test
    void shouldForgetTimersThatAreCancelledOrWhoseRequestIsOver() {
        read(started(1));
        read(approved(1, proof(1)));
        command("set");
        command("cancel");
        assertThat(due(NOON.plusSeconds(60))).isEmpty();

        command("set");
        command("done");
        assertThat(due(NOON.plusSeconds(60))).hasSize(1);
        read(closed(1));
        assertThat(due(NOON.plusSeconds(60))).isEmpty();
    }

    @Test
    void shouldBringItsOwnStepToRestBeforeItLetsGoOfAClosedRequest() {
        read(started(1));
        read(approved(1, proof(1)));

        assertThat(read(closed(1))).containsExactly("step-undoing");
        assertThat(read(started(2))).isEmpty();
        read(approved(2, proof(2)));
        assertThat(words(command("undone"))).containsExactly("component-deprovisioned", "component-started");
    }

    @Test
    void shouldSayEverythingOnceHoweverOftenItIsTold() {
        var messages = List.of(started(1), approved(1, proof(1)));
        messages.forEach(this::read);
        command("done");
        for (var message : messages) {
            assertThat(read(message)).isEmpty();
        }
        read(closed(1));
        for (var message : messages) {
            assertThat(read(message)).isEmpty();
        }
        assertThat(entity()).contains("\"closed\":1").contains("\"times\":1");
    }

    private List<Message> command(String type) {
        return handle(
                new Input.Received(new Message(COMMANDS, RESOURCE.toString(), headers(type), "{}".getBytes(UTF_8))));
    }

    private static Map<String, String> headers(String type) {
        return Map.of("ce_id", "command-1", "ce_type", type, "ce_time", NOON.toString());
    }

    private List<String> read(Message message) {
        return words(handle(new Input.Received(message)));
    }

    private List<Message> handle(Input input) {
        return machine.handle(input, new Moment(now, new SplittableRandom(1)), stores);
    }

    private List<Timer> due(Instant at) {
        return new Timers(stores).due(at, 10);
    }

    private List<Message> fire() {
        var out = new ArrayList<Message>();
        due(now).forEach(timer -> out.addAll(handle(new Input.Fired(timer))));
        return out;
    }

    private String entity() {
        var saved = stores.store(ParticipantMachine.STORE).get(RESOURCE.toString());
        return saved == null ? "" : new String(saved, UTF_8);
    }

    private static List<String> words(List<Message> messages) {
        return messages.stream()
                .map(message -> String.valueOf(message.header(EventCodec.TYPE)))
                .map(type -> type.replaceAll("io\\.groundwork\\.[a-z]+\\.|\\.v1", ""))
                .toList();
    }

    private static String text(Message message) {
        return message.value() == null ? "" : new String(message.value(), UTF_8);
    }

    private Message started(long sequence) {
        return started(sequence, PLAN);
    }

    private Message started(long sequence, Plan plan) {
        var ask = new RequestEvent.Ask(
                RequestKind.DEPLOY,
                "dev@acme.example",
                List.of("lead@acme.example"),
                1,
                Duration.ofMinutes(2),
                RequestEvent.OnConflict.QUEUE,
                Design.EMPTY,
                "sha256:00",
                List.of(),
                NOON);
        return event(Owner.REQUEST, sequence, null, null, new RequestEvent.RequestStarted(plan, plan.digest(), ask));
    }

    private Message closed(long sequence) {
        return event(
                Owner.REQUEST,
                sequence,
                null,
                null,
                new RequestEvent.RequestClosed(
                        RequestKind.DEPLOY, Outcome.COMPLETED, null, null, Map.of(), NOON, NOON, List.of()));
    }

    private Message approved(long sequence, Proof proof) {
        return event(Owner.APPROVAL, sequence, APPROVE, StepStatus.DONE, new ApprovalEvent.RequestApproved(proof));
    }

    private Message event(Owner owner, long sequence, @Nullable StepId step, @Nullable StepStatus status, Event event) {
        var type = EventTypes.type(owner, event.getClass());
        return EventCodec.write(new Envelope<>(
                new Fact(
                        owner,
                        type,
                        EventId.of(request(sequence), type, step, 1, said++),
                        RESOURCE,
                        request(sequence),
                        sequence,
                        step,
                        step == null ? 0 : 1,
                        status,
                        null,
                        NOON,
                        null),
                event));
    }

    private static RequestId request(long sequence) {
        return new RequestId(new UUID(7, sequence));
    }

    private static Proof proof(long sequence) {
        return sign(content(RESOURCE, request(sequence), sequence, APPROVE, PLAN.digest(), "lead@acme.example"));
    }

    private static Proof.Content content(
            ResourceId resource, RequestId request, long sequence, StepId step, String digest, String approver) {
        return new Proof.Content(resource, request, sequence, step, digest, CHOICES, List.of(approver));
    }

    private static Proof sign(Proof.Content content) {
        return Proofs.sign(content, "key-1", base64(KEYS.getPrivate().getEncoded()));
    }

    private static Step step(StepId id, StepKind kind, Owner owner, List<StepId> needs, Step.Undo undo) {
        return new Step(
                id,
                kind,
                owner,
                needs,
                undo,
                Step.OnFailure.COMPENSATE,
                Duration.ofMinutes(5),
                new StepInput.Release());
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
