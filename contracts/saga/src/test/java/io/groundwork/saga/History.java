package io.groundwork.saga;

import io.groundwork.events.Design;
import io.groundwork.events.Digests;
import io.groundwork.events.Event;
import io.groundwork.events.EventId;
import io.groundwork.events.EventTypes;
import io.groundwork.events.Fact;
import io.groundwork.events.Outcome;
import io.groundwork.events.Owner;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.OnConflict;
import io.groundwork.events.RequestEvent.RequestStarted;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepEvent;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the owners of steps could have said of one resource: a few requests with random plans, lived through by simulated owners
 * that each read the topics of the others in their own time, fail, get stuck, are helped and are turned backward.
 */
final class History {

    static final ResourceId RESOURCE = new ResourceId("acme", "payments", "web");
    static final List<Owner> OWNERS = List.of(Owner.APPROVAL, Owner.ALLOCATION, Owner.CLOUD, Owner.IAM);

    /** A record of a topic: what is read of it. */
    record Said(Fact fact, @Nullable Event event) {}

    private static final int MOST_MOVES = 20_000;

    final Map<Owner, List<Said>> topics = new EnumMap<>(Owner.class);
    private final Random random;
    private final Map<Owner, Reader> readers = new EnumMap<>(Owner.class);
    private int said;

    /** How far one owner has read, and what it makes of it. */
    private final class Reader {
        private final Owner owner;
        private final Map<Owner, Integer> read = new EnumMap<>(Owner.class);
        private Saga saga = Saga.NONE;

        Reader(Owner owner) {
            this.owner = owner;
        }

        void readOne() {
            var others =
                    topics.keySet().stream().filter(other -> other != owner).toList();
            var topic = others.get(random.nextInt(others.size()));
            var records = said(topic);
            int next = read.getOrDefault(topic, 0);
            if (next < records.size()) {
                read.put(topic, next + 1);
                fold(records.get(next));
            }
        }

        void fold(Said record) {
            saga = saga.apply(record.fact(), record.event()).settle(owner);
        }
    }

    private History(long seed) {
        random = new Random(seed);
        topics.put(Owner.REQUEST, new ArrayList<>());
        OWNERS.forEach(owner -> topics.put(owner, new ArrayList<>()));
        topics.keySet().forEach(owner -> readers.put(owner, new Reader(owner)));
    }

    /** {@code requests} requests from their start to their end. */
    static History of(long seed, int requests) {
        var history = new History(seed);
        for (var sequence = 1; sequence <= requests; sequence++) {
            history.live(sequence);
        }
        return history;
    }

    List<Said> said(Owner owner) {
        return topics.getOrDefault(owner, List.of());
    }

    private Reader reader(Owner owner) {
        return readers.computeIfAbsent(owner, Reader::new);
    }

    private void live(long sequence) {
        var request = new RequestId(new UUID(7, sequence));
        say(Owner.REQUEST, request, sequence, null, 0, null, started(plan(random)));
        var judge = reader(Owner.REQUEST);
        for (var moves = 0; judge.saga.closed() < sequence; moves++) {
            if (moves == MOST_MOVES) {
                throw new AssertionError("never at rest: " + judge.saga);
            }
            judge.readOne();
            for (var owner : OWNERS) {
                reader(owner).readOne();
                if (random.nextInt(3) == 0) {
                    act(owner);
                }
            }
            judge(judge);
        }
    }

    private void judge(Reader judge) {
        var active = judge.saga.active();
        if (active == null) {
            return;
        }
        if (active.complete() || active.unwound()) {
            var outcome = active.complete() ? Outcome.COMPLETED : Outcome.FAILED;
            say(Owner.REQUEST, active, null, 0, null, closed(outcome));
        } else if (random.nextInt(400) == 0) {
            say(
                    Owner.REQUEST,
                    active,
                    null,
                    0,
                    null,
                    new RequestEvent.CancelRequested("dev@acme.example", "not needed"));
        } else if (random.nextInt(200) == 0) {
            var steps = active.plan().steps();
            var step = steps.get(random.nextInt(steps.size()));
            if (active.state(step.id()).moving()) {
                say(Owner.REQUEST, active, step.id(), 1, null, new RequestEvent.StepOverdue("x", Instant.EPOCH));
            }
        }
    }

    private void act(Owner owner) {
        var active = reader(owner).saga.active();
        if (active == null) {
            return;
        }
        var due = active.due(owner);
        if (!due.isEmpty() && random.nextBoolean()) {
            var first = due.get(random.nextInt(due.size()));
            meet(active, first);
            return;
        }
        var mine = active.plan().steps().stream()
                .filter(step -> step.owner() == owner)
                .toList();
        if (!mine.isEmpty()) {
            move(active, mine.get(random.nextInt(mine.size())));
        }
    }

    private void meet(Active active, Due due) {
        var step = due.step();
        switch (due.action()) {
            case START -> say(active, step, due.attempt(), StepStatus.RUNNING);
            case SKIP -> say(active, step, due.attempt(), StepStatus.SKIPPED);
            case UNDO ->
                say(active, step, due.attempt(), random.nextInt(4) == 0 ? StepStatus.UNDONE : StepStatus.UNDOING);
            case STOP -> {
                if (step.onFailure() == Step.OnFailure.COMPENSATE) {
                    say(active, step, due.attempt(), StepStatus.FAILED);
                } else if (active.state(step.id()).status() == StepStatus.STUCK) {
                    say(active, step, due.attempt(), StepStatus.ABANDONED);
                }
                // one that runs is let finish
            }
        }
    }

    private void move(Active active, Step step) {
        var state = active.state(step.id());
        var pauses = step.onFailure() == Step.OnFailure.PAUSE;
        switch (state.status()) {
            case RUNNING -> {
                if (random.nextInt(6) > 0) {
                    say(active, step, state.attempt(), StepStatus.DONE);
                } else {
                    say(active, step, state.attempt(), pauses ? StepStatus.STUCK : StepStatus.FAILED);
                }
            }
            case STUCK -> {
                if (!active.turned()) {
                    if (random.nextBoolean()) {
                        say(active, step, state.attempt() + 1, StepStatus.RUNNING);
                    } else {
                        say(active, step, state.attempt(), StepStatus.WAIVED);
                    }
                }
            }
            case UNDOING ->
                say(active, step, state.attempt(), random.nextInt(4) > 0 ? StepStatus.UNDONE : StepStatus.UNDO_STUCK);
            case UNDO_STUCK -> {
                if (random.nextBoolean()) {
                    say(active, step, state.attempt() + 1, StepStatus.UNDOING);
                } else {
                    say(active, step, state.attempt(), StepStatus.ABANDONED);
                }
            }
            case WAITING, DONE, WAIVED, FAILED, SKIPPED, UNDONE, ABANDONED -> {}
        }
    }

    private void say(Active active, Step step, int attempt, StepStatus status) {
        say(step.owner(), active, step.id(), attempt, status, new StepEvent.StepSkipped());
    }

    private void say(
            Owner owner, Active active, @Nullable StepId step, int attempt, @Nullable StepStatus status, Event event) {
        say(owner, active.request(), active.sequence(), step, attempt, status, event);
    }

    private void say(
            Owner owner,
            RequestId request,
            long sequence,
            @Nullable StepId step,
            int attempt,
            @Nullable StepStatus status,
            Event event) {
        // the fold reads headers alone, so what owners of steps say may be of a type that this version does not know
        var type = owner == Owner.REQUEST
                ? EventTypes.type(owner, event.getClass())
                : "io.groundwork." + owner.word() + ".of-a-later-version.v1";
        var fact = fact(owner, type, request, sequence, step, attempt, status, said++);
        var record = new Said(fact, owner == Owner.REQUEST ? event : null);
        said(owner).add(record);
        reader(owner).fold(record);
    }

    static Fact fact(
            Owner owner,
            String type,
            RequestId request,
            long sequence,
            @Nullable StepId step,
            int attempt,
            @Nullable StepStatus status,
            long ordinal) {
        return new Fact(
                owner,
                type,
                EventId.of(request, type, step, attempt, ordinal),
                RESOURCE,
                request,
                sequence,
                step,
                attempt,
                status,
                null,
                Instant.EPOCH,
                null);
    }

    static RequestStarted started(Plan plan) {
        var ask = new Ask(
                RequestKind.DEPLOY,
                "dev@acme.example",
                List.of(),
                1,
                Duration.ofMinutes(2),
                OnConflict.QUEUE,
                Design.EMPTY,
                Digests.of(Design.EMPTY),
                List.of(),
                Instant.EPOCH);
        return new RequestStarted(plan, plan.digest(), ask);
    }

    static RequestEvent.RequestClosed closed(Outcome outcome) {
        return new RequestEvent.RequestClosed(
                RequestKind.DEPLOY, outcome, null, null, Map.of(), Instant.EPOCH, Instant.EPOCH, List.of());
    }

    /** Any directed acyclic graph of up to seven steps. */
    static Plan plan(Random random) {
        var steps = new ArrayList<Step>();
        var count = 1 + random.nextInt(7);
        for (var i = 0; i < count; i++) {
            var needs = new ArrayList<StepId>();
            for (var earlier : steps) {
                if (random.nextInt(3) == 0) {
                    needs.add(earlier.id());
                }
            }
            steps.add(new Step(
                    new StepId("step-" + i),
                    StepKind.PROVISION,
                    OWNERS.get(random.nextInt(OWNERS.size())),
                    needs,
                    random.nextBoolean() ? Step.Undo.OWNER : Step.Undo.NONE,
                    random.nextBoolean() ? Step.OnFailure.COMPENSATE : Step.OnFailure.PAUSE,
                    Duration.ofMinutes(5),
                    new StepInput.Release()));
        }
        return new Plan(steps);
    }
}
