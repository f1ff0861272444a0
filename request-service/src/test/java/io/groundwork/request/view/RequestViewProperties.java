package io.groundwork.request.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.Envelope;
import io.groundwork.events.EventId;
import io.groundwork.events.Json;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestId;
import io.groundwork.events.Step;
import io.groundwork.events.StepId;
import io.groundwork.events.StepStatus;
import io.groundwork.request.domain.Asks;
import io.groundwork.request.domain.World;
import io.groundwork.saga.Due;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever the interleaving of the topics, and however often an event comes again: the same view. */
class RequestViewProperties {

    @Property(tries = 100)
    void everyInterleavingGivesTheSameView(@ForAll long seed) {
        var random = new Random(seed);
        var events = history(random);
        var straight = fold(events);
        var shuffled = fold(interleaved(events, random));

        assertThat(shuffled.keySet()).isEqualTo(straight.keySet());
        straight.forEach((id, view) -> {
            assertThat(Json.write(shuffled.get(id))).isEqualTo(Json.write(view));
            assertThat(view.waitingFor().isEmpty()).isEqualTo(view.state().ended());
            // and survives its row
            assertThat(Json.read(Json.write(view), RequestView.class)).isEqualTo(view);
        });
    }

    /** As the writer does: each event once. */
    private static Map<RequestId, RequestView> fold(List<Envelope<?>> events) {
        var views = new TreeMap<RequestId, RequestView>();
        var seen = new HashSet<EventId>();
        for (var one : events) {
            if (seen.add(one.fact().id())) {
                var view = views.computeIfAbsent(one.fact().request(), id -> RequestView.of(id, Asks.RESOURCE));
                views.put(
                        one.fact().request(),
                        view.apply(one.fact(), one.event()).version(view.version() + 1));
            }
        }
        return views;
    }

    private static List<Envelope<?>> interleaved(List<Envelope<?>> events, Random random) {
        var topics = new EnumMap<Owner, ArrayDeque<Envelope<?>>>(Owner.class);
        events.forEach(one -> topics.computeIfAbsent(one.fact().owner(), any -> new ArrayDeque<>())
                .add(one));
        var order = new ArrayList<Envelope<?>>();
        while (!topics.isEmpty()) {
            var owners = List.copyOf(topics.keySet());
            var owner = owners.get(random.nextInt(owners.size()));
            order.add(topics.get(owner).remove());
            if (random.nextInt(5) == 0) {
                order.add(order.get(random.nextInt(order.size())));
            }
            if (topics.get(owner).isEmpty()) {
                topics.remove(owner);
            }
        }
        return order;
    }

    private static List<Envelope<?>> history(Random random) {
        var world = new World();
        world.submit(Asks.deploy(Asks.DESIGN));
        world.submit(Asks.decommission());
        for (var i = random.nextInt(12); i > 0 && world.active() != null; i--) {
            var moving = world.active().plan().steps().stream()
                    .filter(step -> world.active().state(step.id()).moving())
                    .findFirst();
            if (moving.isPresent()) {
                world.says(
                        moving.get().id(),
                        random.nextInt(4) == 0
                                ? bad(world, moving.get().id())
                                : good(world, moving.get().id()));
            } else if (random.nextInt(3) == 0) {
                world.due().findFirst().ifPresent(due -> {
                    if (due.action() == Due.Action.START) {
                        world.says(due.step().id(), StepStatus.RUNNING);
                    } else {
                        world.step();
                    }
                });
            } else {
                world.step();
            }
        }
        return world.events();
    }

    private static StepStatus good(World world, StepId step) {
        return world.active().state(step).status() == StepStatus.UNDOING ? StepStatus.UNDONE : StepStatus.DONE;
    }

    private static StepStatus bad(World world, StepId step) {
        var undoing = world.active().state(step).status() == StepStatus.UNDOING;
        var pauses = world.active().plan().step(step).orElseThrow().onFailure() == Step.OnFailure.PAUSE;
        return undoing ? StepStatus.UNDO_STUCK : pauses ? StepStatus.STUCK : StepStatus.FAILED;
    }
}
