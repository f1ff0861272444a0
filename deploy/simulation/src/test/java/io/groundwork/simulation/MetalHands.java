package io.groundwork.simulation;

import io.groundwork.baremetal.domain.ServerCommand;
import io.groundwork.baremetal.domain.ServerEntry;
import io.groundwork.baremetal.domain.Verb;
import io.groundwork.baremetal.driver.Redfish.Reset;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What operators do that the engine cannot know of, or must not touch: they adopt servers that run, force-delete some and bring
 * them back, switch power by a verb, or with their own hand at the rack; and the watch that looks at the power now and then.
 */
final class MetalHands {

    private static final Duration SHIFT = Duration.ofMinutes(90);
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(7);
    private static final int LOOKS = 14;

    private final MetalPeople people;
    private final Groundwork groundwork;
    private final Simulation simulation;
    private final Chance chance;
    private final List<String> servers;
    private final Set<String> toAdopt = new HashSet<>();

    MetalHands(MetalPeople people, Groundwork groundwork) {
        this.people = people;
        this.groundwork = groundwork;
        this.simulation = groundwork.simulation;
        this.chance = simulation.chance();
        this.servers = List.copyOf(groundwork.landscape.servers().keySet());
    }

    void begin() {
        if (servers.isEmpty()) {
            return;
        }
        for (var look = 1; look <= LOOKS; look++) {
            simulation.after(BETWEEN_LOOKS.multipliedBy(look), this::look);
        }
        if (groundwork.landscape.gentle()) {
            return;
        }
        // or what somebody switches off, by a verb or at the rack
        servers.stream()
                .filter(id -> server(id).strangers() && chance.percent(40))
                .forEach(id -> simulation.after(
                        chance.upTo(SHIFT), chance.oneIn(2) ? () -> press(id) : () -> whim(id, Verb.POWER_OFF)));
        // what runs already is what somebody may want to keep
        servers.stream()
                .filter(id -> server(id).strangers() && chance.percent(60))
                .forEach(toAdopt::add);
        for (var times = chance.below(3); times > 0; times--) {
            simulation.after(chance.upTo(SHIFT), () -> forceDelete(chance.any(servers)));
        }
        for (var times = chance.below(4); times > 0; times--) {
            simulation.after(chance.upTo(SHIFT), () -> press(chance.any(servers)));
        }
        for (var times = chance.below(4); times > 0; times--) {
            simulation.after(
                    chance.upTo(SHIFT),
                    () -> whim(chance.any(servers), chance.any(List.of(Verb.POWER_ON, Verb.POWER_OFF))));
        }
    }

    private SimulatedServer server(String id) {
        return groundwork.bmcs().servers().get(id);
    }

    private void whim(String server, Verb verb) {
        if (people.offered(server, verb)) {
            people.perform(server, verb);
        }
    }

    // Adoption

    /** What a server that shall be adopted needs of a person next; null if it is none, or needs nothing. */
    @Nullable
    Verb care(ServerEntry server) {
        if (!toAdopt.contains(server.id())) {
            return null;
        }
        return switch (server.state()) {
            // it seems to be in use: just so
            case "clean-failed" -> Verb.MANAGE;
            case "manageable", "adopt-failed" -> Verb.ADOPT;
            default -> null;
        };
    }

    /** A server is another now. */
    void read(ServerEntry server) {
        if (server.state().equals("active") && toAdopt.remove(server.id()) && chance.percent(60)) {
            simulation.after(chance.upTo(SHIFT), () -> whim(server.id(), Verb.RELEASE));
        }
    }

    // What nobody can reach any more

    private void forceDelete(String server) {
        if (!people.offered(server, Verb.FORCE_DELETE)) {
            return;
        }
        people.perform(server, Verb.FORCE_DELETE);
        if (chance.oneIn(2)) {
            // in vain
            simulation.after(chance.upTo(Duration.ofMinutes(20)), () -> people.enrol(server));
        }
        if (chance.percent(80)) {
            simulation.after(Duration.ofMinutes(5).plus(chance.upTo(SHIFT)), () -> bringBack(server));
        }
    }

    /** Somebody says that it is clean, which is true more or less. */
    private void bringBack(String id) {
        if (!people.offered(id, Verb.CLEANED)) {
            return;
        }
        var pulls = chance.below(3);
        if (pulls < 2 && people.made(id, "pull disks")) {
            server(id).pulled(pulls == 0);
        }
        people.perform(id, Verb.CLEANED);
        simulation.after(chance.upTo(Duration.ofMinutes(20)), () -> people.enrol(id));
    }

    // Power

    /** At the rack, of what is left alone; and somebody ends what a server was found with, which is not to say that it may be lost. */
    private void press(String id) {
        var entry = people.entry(id);
        if (entry == null || !(entry.watched() || foundOn(entry))) {
            return;
        }
        if (!people.made(id, "press the button")) {
            return;
        }
        var server = server(id);
        var type = server.power == SimulatedServer.Power.OFF ? Reset.ON : Reset.FORCE_OFF;
        simulation.say(() -> "somebody at the rack: " + type + " of " + id);
        groundwork.checker.metal().pressed(entry);
        server.reset(type);
    }

    private boolean foundOn(ServerEntry server) {
        return server(server.id()).strangers()
                && SimulatedServer.Power.ON.word.equals(server.power())
                && (server.state().equals("clean-failed") || server.state().equals("manageable"));
    }

    /** As the watch does, which sees a server as it was a moment ago. */
    private void look() {
        servers.forEach(id -> {
            var entry = people.entry(id);
            if (entry != null && entry.watched()) {
                simulation.after(chance.upTo(Duration.ofSeconds(30)), () -> look(id, entry));
            }
        });
    }

    private void look(String id, ServerEntry entry) {
        var server = server(id);
        if (!server.awayUntil.isAfter(simulation.now()) && !server.closedUntil.isAfter(simulation.now())) {
            tellPower(server, entry);
        }
    }

    /** When nobody moves any more, BMCs are there again, and every server is looked at. */
    void lastLook() {
        servers.forEach(id -> {
            var entry = people.entry(id);
            if (entry != null && entry.watched()) {
                tellPower(server(id), entry);
            }
        });
    }

    private void tellPower(SimulatedServer server, ServerEntry entry) {
        var settled = server.power == SimulatedServer.Power.ON || server.power == SimulatedServer.Power.OFF;
        if (settled && !server.power.word.equals(entry.power())) {
            people.tell(
                    server.id, ServerCommand.Looked.TYPE, new ServerCommand.Looked(server.power.word, entry.turn()));
        }
    }
}
