package io.groundwork.simulation;

import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.Design;
import io.groundwork.events.Outcome;
import io.groundwork.events.Replacement;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Teams that ask for other servers behind what they have, or believe to have. They do so in some seeds, and the others are as without them. */
final class Replacing {

    private static final int MOST = 4;

    private final Groundwork groundwork;
    private final Simulation simulation;
    private final Landscape landscape;
    private final Chance chance;
    private final boolean wanted;
    private final BiConsumer<ResourceId, Replacement> ask;
    private final Map<ResourceId, Design> standing = new HashMap<>();
    private final Map<ResourceId, Integer> asked = new HashMap<>();

    /** @param ask asks for a replacement */
    Replacing(Groundwork groundwork, BiConsumer<ResourceId, Replacement> ask) {
        this.groundwork = groundwork;
        this.simulation = groundwork.simulation;
        this.landscape = groundwork.landscape;
        this.chance = simulation.chanceOf("replacing");
        this.wanted = landscape.metal() && chance.percent(80);
        this.ask = ask;
    }

    /** At times they ask whatever stands. */
    void begin(ResourceId resource) {
        if (wanted && chance.oneIn(5)) {
            later(resource, chance.any(List.of("web", "db")), chance.below(3), Duration.ofMinutes(40));
        }
    }

    void closed(ResourceId resource, RequestClosed closed, Design design) {
        if (!wanted) {
            return;
        }
        var completed = closed.outcome() == Outcome.COMPLETED;
        if (completed && closed.operation() == RequestKind.DEPLOY) {
            standing.put(resource, design);
        } else if (completed && closed.operation() == RequestKind.DECOMMISSION) {
            standing.remove(resource);
        }
        var servers = standing.getOrDefault(resource, Design.EMPTY).components().stream()
                .filter(MetalServer.class::isInstance)
                .toList();
        if (servers.isEmpty()) {
            return;
        }
        for (var more = closed.operation() == RequestKind.DEPLOY ? 2 : 1; more > 0; more--) {
            if (chance.percent(70)) {
                var component = chance.any(servers);
                var index = chance.below(component.count());
                later(resource, component.name(), index, Duration.ofMinutes(10));
                fail(closed, component.name(), index);
            }
        }
    }

    /** The one that they want to be rid of may be dead; and so may the one that comes in its place. */
    private void fail(RequestClosed closed, String component, int index) {
        if (landscape.gentle() || !chance.oneIn(3)) {
            return;
        }
        if (chance.oneIn(2)) {
            var time = Duration.ofMinutes(30 + chance.below(300));
            var made = closed.outputs().get(component);
            if (made != null) {
                made.instances().stream()
                        .filter(one -> one.index() == index)
                        .forEach(one -> groundwork.bmcs().shut(one.providerId(), time));
            }
        } else {
            var time = Duration.ofMinutes(5 + chance.below(25));
            var server = chance.any(List.copyOf(landscape.servers().keySet()));
            simulation.after(
                    chance.upTo(Duration.ofMinutes(20)), () -> groundwork.bmcs().shut(server, time));
        }
    }

    private void later(ResourceId resource, String component, int index, Duration most) {
        if (asked.merge(resource, 1, Integer::sum) > MOST) {
            return;
        }
        var preferred = chance.oneIn(3)
                ? List.of(chance.any(List.copyOf(landscape.servers().keySet())))
                : List.<String>of();
        simulation.after(
                chance.upTo(most),
                () -> ask.accept(resource, new Replacement(component, index, "it fails", preferred)));
    }
}
