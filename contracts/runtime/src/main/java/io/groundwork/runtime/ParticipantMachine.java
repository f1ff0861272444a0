package io.groundwork.runtime;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.ApprovalEvent.RequestApproved;
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
import io.groundwork.events.Owner;
import io.groundwork.events.ResourceId;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import io.groundwork.saga.Due;
import io.groundwork.saga.Saga;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link Participant}: loads what it knows of a resource, folds the input into the saga, lets it decide until nothing
 * more follows, and saves. What it says goes to its own event topic alone.
 *
 * <p>It takes the redriven dead letters of its whole service: those of other machines it gives back to the topics they stood on.
 */
public final class ParticipantMachine<S, E extends Event> implements Machine {

    /** One entity per resource id. */
    public static final String STORE = "resources";

    /** The name of the row by which a resource is woken for whatever of its timers is due then. */
    private static final String WAKE = "";

    /** More decisions than any plan needs: a participant that reaches it decides in circles. */
    private static final int MOST_DECISIONS = 10_000;

    private final Participant<S, E> participant;
    private final Owner owner;
    private final Proofs proofs;
    private final JavaType type;
    private final Set<String> inputs;

    public ParticipantMachine(Participant<S, E> participant, Proofs proofs) {
        this.participant = participant;
        this.owner = participant.owner();
        this.proofs = proofs;
        this.inputs = inputs(participant);
        this.type = Json.MAPPER.getTypeFactory().constructParametricType(Entity.class, participant.stateType());
    }

    private static Set<String> inputs(Participant<?, ?> participant) {
        var owner = participant.owner();
        var topics =
                participant.listensTo().stream().map(Topics::events).collect(Collectors.toCollection(TreeSet::new));
        topics.addAll(participant.alsoReads());
        topics.add(Topics.commands(owner));
        topics.add(Topics.outcomes(owner));
        topics.add(Topics.redrive(owner));
        return Collections.unmodifiableSet(topics);
    }

    @Override
    public Set<String> inputs() {
        return inputs;
    }

    @Override
    public Set<String> stores() {
        return Set.of(STORE);
    }

    @Override
    public List<Message> handle(Input input, Moment moment, Stores stores) {
        return switch (input) {
            case Input.Fired fired -> fired(fired.timer(), moment, stores);
            case Input.Received received -> received(received.message(), moment, stores);
        };
    }

    private List<Message> received(Message message, Moment moment, Stores stores) {
        if (!message.topic().equals(Topics.redrive(owner))) {
            return handled(message, moment, stores);
        }
        var letter = DeadLetter.redriven(message);
        if (letter.header(DeadLetter.TIMER) != null
                || (inputs.contains(letter.topic()) && !letter.topic().equals(message.topic()))) {
            return handled(letter, moment, stores);
        }
        if (Topics.isInternal(owner, letter.topic())) {
            // another machine's: it goes where it stood, and so to that machine and its partition
            return List.of(letter);
        }
        var foreign = new EventCodec.Unreadable(owner.service() + " reads no " + letter.topic());
        return List.of(DeadLetter.of(owner, letter, foreign));
    }

    private List<Message> fired(Timer timer, Moment moment, Stores stores) {
        new Timers(stores).cancel(timer);
        var run = new Run(ResourceId.parse(timer.key()), null, moment, stores);
        run.woken(timer);
        for (var name : run.due(timer.due())) {
            run.elapsed(name, timer.due());
        }
        run.save();
        return run.out;
    }

    private List<Message> handled(Message message, Moment moment, Stores stores) {
        try {
            var timer = message.header(DeadLetter.TIMER);
            if (timer != null) {
                return new Run(ResourceId.parse(message.key()), message, moment, stores)
                        .decide(new Cause.Elapsed(timer), message);
            }
            if (Topics.ownerOfEvents(message.topic()).isPresent()) {
                return event(message, moment, stores);
            }
            var run = new Run(ResourceId.parse(message.key()), message, moment, stores);
            var cause = cause(message);
            if (cause instanceof Cause.Answered answer) {
                run.entity = run.entity.with(participant.learn(run.entity.state(), answer));
            }
            return run.decide(cause, message);
        } catch (RuntimeException unreadable) {
            return List.of(DeadLetter.of(owner, message, unreadable));
        }
    }

    private List<Message> event(Message message, Moment moment, Stores stores) {
        var fact = EventCodec.fact(message);
        var run = new Run(fact.resource(), message, moment, stores);
        var over = fact.sequence() > 0 && fact.sequence() <= run.entity.saga().closed();
        if (over && !participant.follows() && fact.owner() != Owner.REQUEST) {
            return List.of();
        }
        Envelope<?> envelope;
        try {
            envelope = EventCodec.read(message, fact).orElse(null);
        } catch (EventCodec.Unreadable unreadable) {
            run.entity = run.entity.with(folded(run.entity.saga(), fact, null));
            var out = new ArrayList<>(run.decide(new Cause.Reconsidered(), message));
            out.add(DeadLetter.of(owner, message, unreadable));
            return out;
        }
        run.entity = run.entity.with(folded(run.entity.saga(), fact, envelope == null ? null : envelope.event()));
        if (envelope != null && !over) {
            run.entity = run.entity.with(participant.learn(run.entity.state(), envelope));
        }
        if (envelope != null && envelope.event() instanceof RequestApproved approved) {
            run.entity = run.entity.approved(fact.sequence(), approved.proof());
        }
        return run.decide(envelope == null ? new Cause.Reconsidered() : new Cause.Happened(envelope), message);
    }

    private Saga folded(Saga saga, Fact fact, @Nullable Event event) {
        return participant.follows() ? saga.apply(fact, Saga.keptBy(owner, event)) : saga.applyFor(owner, fact, event);
    }

    private Saga settled(Saga saga) {
        return participant.follows() ? saga.settle(owner) : saga.settleFor(owner);
    }

    private Cause cause(Message message) {
        var payload = message.read(JsonNode.class);
        var kind = required(message, EventCodec.TYPE);
        return message.topic().equals(Topics.outcomes(owner))
                ? new Cause.Answered(kind, payload)
                : new Cause.Asked(
                        message.topic(),
                        required(message, EventCodec.ID),
                        kind,
                        Instant.parse(required(message, EventCodec.TIME)),
                        payload);
    }

    private static String required(Message message, String header) {
        var value = message.header(header);
        if (value == null) {
            throw new EventCodec.Unreadable("header " + header + " is missing");
        }
        return value;
    }

    private static Map<String, Instant> without(Map<String, Instant> timers, String name) {
        var rest = new TreeMap<>(timers);
        rest.remove(name);
        return rest;
    }

    /** One input's way through one resource. */
    private final class Run {

        private final ResourceId resource;
        private final Moment moment;
        private final KeyValues rows;
        private final Timers timers;
        private final @Nullable String causation;
        private final @Nullable String trace;
        private final Entity<S> before;
        private Entity<S> entity;
        private @Nullable Instant wake;
        private List<Message> out = new ArrayList<>();

        Run(ResourceId resource, @Nullable Message message, Moment moment, Stores stores) {
            this.resource = resource;
            this.moment = moment;
            this.rows = stores.store(STORE);
            this.timers = new Timers(stores);
            this.causation = message == null ? null : message.header(EventCodec.ID);
            Entity<S> saved = rows.read(resource.toString(), type);
            this.before = saved == null ? Entity.of(participant.initial()) : saved;
            var read = message == null ? null : message.header(EventCodec.TRACE);
            this.trace = read == null ? before.trace() : read;
            this.entity = before;
            this.wake = before.wake();
        }

        /** The one row by which it is woken is gone. */
        void woken(Timer timer) {
            if (timer.name().equals(WAKE) && timer.due().equals(wake)) {
                wake = null;
            }
        }

        /** Its timers that are due at {@code at}, the earliest first. */
        List<String> due(Instant at) {
            return entity.timers().entrySet().stream()
                    .filter(timer -> !timer.getValue().isAfter(at))
                    .sorted(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey)
                    .toList();
        }

        /** Unless what was decided on one before has moved it. */
        void elapsed(String name, Instant at) {
            if (!due(at).contains(name)) {
                return;
            }
            entity = entity.with(without(entity.timers(), name));
            // what a decision on it would be redriven as, should it fail
            var source = new Message("timer", resource.toString(), Map.of(DeadLetter.TIMER, name), null);
            decideOn(new Cause.Elapsed(name), source);
        }

        /** @param source what to park if deciding on it fails */
        List<Message> decide(Cause cause, Message source) {
            decideOn(cause, source);
            save();
            return out;
        }

        void decideOn(Cause cause, Message source) {
            var folded = entity;
            var said = List.copyOf(out);
            try {
                decideAll(cause);
            } catch (RuntimeException failed) {
                // what was read stays read; what was decided on it is taken back
                entity = folded;
                out = new ArrayList<>(said);
                park(source, failed);
            }
        }

        private void decideAll(Cause first) {
            var causes = new ArrayDeque<Cause>();
            causes.add(first);
            for (var decisions = 0; !causes.isEmpty(); decisions++) {
                if (decisions == MOST_DECISIONS) {
                    throw new IllegalStateException(owner.service() + " decides in circles on " + resource);
                }
                verify(causes);
                var now = new Situation<>(
                        resource,
                        entity.state(),
                        entity.saga(),
                        choices(),
                        !approvalAwaited(),
                        entity.timers(),
                        moment);
                for (var action : participant.decide(now, causes.remove())) {
                    apply(action, causes);
                }
                if (causes.isEmpty()) {
                    settle(causes);
                }
            }
        }

        private void apply(Action<E> action, ArrayDeque<Cause> causes) {
            switch (action) {
                case Action.Publish<E> publish -> causes.add(new Cause.Happened(publish(publish)));
                case Action.Send<E> send -> out.add(message(send));
                case Action.SetTimer<E> timer -> {
                    var next = new TreeMap<>(entity.timers());
                    next.put(timer.name(), Instant.ofEpochMilli(timer.at().toEpochMilli()));
                    entity = entity.with(next);
                }
                case Action.CancelTimer<E> timer -> entity = entity.with(without(entity.timers(), timer.name()));
            }
        }

        private Envelope<E> publish(Action.Publish<E> publish) {
            var kind = EventTypes.type(owner, publish.event().getClass());
            var fact = new Fact(
                    owner,
                    kind,
                    EventId.of(publish.request(), kind, publish.step(), publish.attempt(), entity.published()),
                    resource,
                    publish.request(),
                    publish.sequence(),
                    publish.step(),
                    publish.attempt(),
                    publish.status(),
                    causation,
                    moment.now(),
                    trace);
            var envelope = new Envelope<>(fact, publish.event());
            out.add(EventCodec.write(envelope));
            entity = entity.published(entity.published() + 1)
                    .with(participant.evolve(entity.state(), envelope))
                    .with(entity.saga().apply(fact, Saga.keptBy(owner, publish.event())));
            return envelope;
        }

        /** Nothing is mutated before the approval of exactly this plan: checked once, before the first step is started. */
        private void verify(ArrayDeque<Cause> causes) {
            var active = entity.saga().active();
            if (entity.verified() || judges() || active == null || approvalAwaited()) {
                return;
            }
            var starts = active.due(owner).stream()
                    .filter(due -> due.action() == Due.Action.START)
                    .toList();
            if (starts.isEmpty()) {
                return;
            }
            var objection = proofs.objection(resource, active, entity.proof());
            if (objection.isEmpty()) {
                entity = entity.verified(true);
                return;
            }
            var failure = Failure.permanent(FailureCategory.AUTH, "Not applied: " + objection.get() + ".");
            for (Due due : starts) {
                apply(
                        Action.step(
                                active,
                                due.step().id(),
                                due.attempt(),
                                StepStatus.FAILED,
                                participant.refused(due.step(), failure)),
                        causes);
            }
        }

        /** Whether it starts its steps without an approval: the two that bring one about. */
        private boolean judges() {
            return owner == Owner.APPROVAL || owner == Owner.REQUEST;
        }

        /**
         * Whether the approval is still to be read. A step whose needs are done may be due before that, as the topics of those
         * needs can be read ahead of the approval's.
         */
        private boolean approvalAwaited() {
            var active = entity.saga().active();
            return !judges()
                    && active != null
                    && entity.proof() == null
                    && active.plan().steps().stream()
                            .anyMatch(step -> step.kind() == StepKind.APPROVE
                                    && !active.state(step.id()).satisfied());
        }

        private @Nullable Choices choices() {
            var proof = entity.proof();
            return proof == null || !entity.verified() ? null : proof.content().choices();
        }

        /** Once nothing more follows: lets go of a closed request, with its timers and its approval. */
        private void settle(ArrayDeque<Cause> causes) {
            var settled = settled(entity.saga());
            if (settled.equals(entity.saga())) {
                return;
            }
            entity = settled.closed() > entity.saga().closed() ? entity.settled(settled) : entity.with(settled);
            causes.add(new Cause.Reconsidered());
        }

        private void park(Message source, RuntimeException failed) {
            var letter = DeadLetter.of(owner, source, failed);
            out.add(letter);
            var active = entity.saga().active();
            var step = active == null
                    ? null
                    : active.plan().steps().stream()
                            .filter(mine -> mine.owner() == owner && mine.kind() != StepKind.APPROVE)
                            .findFirst()
                            .orElse(null);
            if (active != null && step != null) {
                var failure = new Failure(
                        FailureCategory.BUG,
                        owner.service() + " could not decide; an operator was told.",
                        String.valueOf(letter.header(DeadLetter.CAUSE)),
                        true);
                participant
                        .parked(failure, String.valueOf(letter.header(DeadLetter.ID)))
                        .ifPresent(event -> publish(new Action.Publish<>(
                                active.request(),
                                active.sequence(),
                                step.id(),
                                active.state(step.id()).attempt(),
                                null,
                                event)));
            }
        }

        private Message message(Action.Send<E> send) {
            var message = Commands.message(
                            send.topic(), send.key(), messageId(send), send.type(), moment.now(), trace, send.payload())
                    .with("ce_source", "/groundwork/" + owner.service())
                    .with("ce_subject", resource.toString());
            if (send.request() != null) {
                message = message.with(EventCodec.RESOURCE, resource.toString())
                        .with(EventCodec.REQUEST, send.request().toString());
                message = send.sequence() > 0
                        ? message.with(EventCodec.SEQUENCE, Long.toString(send.sequence()))
                        : message;
                message = causation == null ? message : message.with(EventCodec.CAUSATION, causation);
            }
            return message;
        }

        private String messageId(Action.Send<E> send) {
            return Uuids.named(
                            String.valueOf(causation),
                            resource.toString(),
                            send.topic(),
                            send.key(),
                            Integer.toString(out.size()),
                            moment.now().toString())
                    .toString();
        }

        void save() {
            wakeInTime();
            entity = entity.waking(wake).traced(trace);
            if (!entity.equals(before)) {
                rows.write(resource.toString(), entity);
            }
        }

        /**
         * One row wakes it for all its timers. It stays when the earliest moves away: most deadlines are not met but replaced by later
         * ones, and to be woken for nothing once is less than a row moved for each step.
         */
        private void wakeInTime() {
            var earliest = entity.timers().values().stream()
                    .min(Comparator.naturalOrder())
                    .orElse(null);
            if (Objects.equals(wake, earliest) || (wake != null && earliest != null && wake.isBefore(earliest))) {
                return;
            }
            if (wake != null) {
                timers.cancel(new Timer(wake, resource.toString(), WAKE));
            }
            if (earliest != null) {
                timers.set(new Timer(earliest, resource.toString(), WAKE));
            }
            wake = earliest;
        }
    }
}
