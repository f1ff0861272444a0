package io.groundwork.request.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.Design;
import io.groundwork.events.RequestEvent.Intervention;
import io.groundwork.events.RequestEvent.OnConflict;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestEvent.RequestStarted;
import io.groundwork.events.RequestId;
import io.groundwork.events.RequestKind;
import io.groundwork.events.Step;
import io.groundwork.events.StepStatus;
import io.groundwork.saga.Due;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever people ask and owners say, in whatever order, with repetitions and silences: every accepted request ends exactly
 * once, no two run on a resource at a time, and nothing is refused by an exception. {@link World} repeats every record at once
 * and fails if that changes anything.
 */
class RequestParticipantProperties {

    private static final Design SERVERS =
            new Design(List.of(Asks.servers("db", 1, null, "web"), Asks.vm("web", 1)), List.of(), Map.of());

    @Property(tries = 100)
    void everyRequestEndsOnceAndNoTwoOverlap(@ForAll long seed) {
        var random = new Random(seed);
        var world = new World();
        var submitted = new ArrayList<RequestId>();
        for (var i = 0; i < 60; i++) {
            act(world, random, submitted);
        }
        finish(world);

        assertThat(world.deadLetters()).isEmpty();
        assertThat(world.idle()).isTrue();
        var closed = world.events().stream()
                .filter(one -> one.event() instanceof RequestClosed)
                .map(one -> one.fact().request())
                .toList();
        assertThat(closed).containsExactlyInAnyOrderElementsOf(submitted);
        assertThat(world.completions()).extracting(Completion::requestId).containsExactlyElementsOf(closed);
        oneAfterTheOther(world);
    }

    private static void oneAfterTheOther(World world) {
        var running = 0L;
        var last = 0L;
        for (var one : world.events()) {
            if (one.event() instanceof RequestStarted) {
                assertThat(running).isZero();
                assertThat(one.fact().sequence()).isEqualTo(last + 1);
                running = one.fact().sequence();
                last = running;
            } else if (one.event() instanceof RequestClosed && one.fact().sequence() > 0) {
                assertThat(one.fact().sequence()).isEqualTo(running);
                running = 0;
            }
        }
        assertThat(running).isZero();
    }

    private static void act(World world, Random random, List<RequestId> submitted) {
        switch (random.nextInt(12)) {
            case 0 ->
                submitted.add(world.submit(
                        random.nextInt(3) == 0
                                ? Asks.replace("db", random.nextInt(2))
                                : Asks.ask(
                                        random.nextBoolean() ? RequestKind.DEPLOY : RequestKind.DECOMMISSION,
                                        any(List.of(Design.EMPTY, Asks.DESIGN, SERVERS, SERVERS), random),
                                        random.nextInt(3) == 0 ? OnConflict.REJECT : OnConflict.QUEUE)));
            case 1 -> {
                if (!submitted.isEmpty() && random.nextInt(3) == 0) {
                    world.command(new Command.Cancel(any(submitted, random), "dev@acme.example", "changed my mind"));
                }
            }
            case 2 -> {
                if (!submitted.isEmpty() && !world.idle()) {
                    world.command(new Command.Intervene(
                            any(submitted, random),
                            any(world.active().plan().steps(), random).id(),
                            any(List.of(Intervention.values()), random),
                            "ops@acme.example",
                            "looked at it"));
                }
            }
            case 3 -> world.pass(Duration.ofSeconds(random.nextInt(200)));
            case 4 -> {
                if (!world.messages().isEmpty()) {
                    var message = any(world.messages(), random);
                    if (!message.topic().startsWith("request.")) {
                        world.repeat(message);
                    }
                }
            }
            default -> move(world, random);
        }
    }

    /** An owner does something that it may do. */
    private static void move(World world, Random random) {
        if (world.idle()) {
            return;
        }
        var active = world.active();
        var moving = active.plan().steps().stream()
                .filter(step -> active.state(step.id()).moving())
                .toList();
        var due = world.due().toList();
        if (!due.isEmpty() && (moving.isEmpty() || random.nextBoolean())) {
            var next = any(due, random);
            world.says(next.step(), next.attempt(), first(next));
        } else if (!moving.isEmpty()) {
            var step = any(moving, random);
            var state = active.state(step.id());
            world.says(step, state.attempt(), end(step, state.status(), random));
        } else {
            world.says(
                    any(active.plan().steps(), random),
                    1,
                    any(List.of(StepStatus.RUNNING, StepStatus.UNDOING), random));
        }
    }

    private static StepStatus first(Due due) {
        return switch (due.action()) {
            case START -> StepStatus.RUNNING;
            case SKIP -> StepStatus.SKIPPED;
            case STOP -> due.step().onFailure() == Step.OnFailure.PAUSE ? StepStatus.ABANDONED : StepStatus.FAILED;
            case UNDO -> StepStatus.UNDOING;
        };
    }

    private static StepStatus end(Step step, StepStatus now, Random random) {
        if (now == StepStatus.UNDOING) {
            return random.nextInt(4) == 0 ? StepStatus.UNDO_STUCK : StepStatus.UNDONE;
        }
        if (random.nextInt(5) > 0) {
            return StepStatus.DONE;
        }
        return step.onFailure() == Step.OnFailure.PAUSE ? StepStatus.STUCK : StepStatus.FAILED;
    }

    /** Everybody does what is due, and an operator gives up what is stuck. */
    private static void finish(World world) {
        for (var i = 0; i < 10_000 && !world.idle(); i++) {
            if (world.step()) {
                continue;
            }
            var active = world.active();
            for (var step : active.plan().steps()) {
                var state = active.state(step.id());
                switch (state.status()) {
                    case RUNNING -> world.says(step, state.attempt(), StepStatus.DONE);
                    case STUCK -> world.says(step, state.attempt(), StepStatus.WAIVED);
                    case UNDOING -> world.says(step, state.attempt(), StepStatus.UNDONE);
                    case UNDO_STUCK -> world.says(step, state.attempt(), StepStatus.ABANDONED);
                    case WAITING, DONE, WAIVED, FAILED, SKIPPED, UNDONE, ABANDONED -> {
                        // at rest, or somebody else's turn
                    }
                }
                if (world.idle() || world.active().sequence() != active.sequence()) {
                    break;
                }
            }
        }
    }

    private static <T> T any(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }
}
