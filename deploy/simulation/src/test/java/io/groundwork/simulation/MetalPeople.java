package io.groundwork.simulation;

import io.groundwork.allocation.domain.AllocationParticipant;
import io.groundwork.allocation.domain.PoolCommand;
import io.groundwork.baremetal.domain.Server;
import io.groundwork.baremetal.domain.ServerCommand;
import io.groundwork.baremetal.domain.ServerEntry;
import io.groundwork.baremetal.domain.Verb;
import io.groundwork.events.Owner;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The operators of the servers: they enrol them, look after those that failed, and do with them and with their pools whatever
 * operators do, at any moment.
 */
final class MetalPeople {

    private static final String OPERATOR = "ops@acme.example";
    private static final int MOST_CARES = 8;
    /** What stands on servers that were there before us: {@link SimulatedServer#STRANGER}. */
    static final ServerCommand.Instance STRANGER =
            new ServerCommand.Instance(new ResourceId("globex", "legacy", "old"), "db", 0);

    private static final List<Verb> WHIMS = List.of(
            Verb.MAINTENANCE,
            Verb.QUARANTINE,
            Verb.RETIRE,
            Verb.HOLD,
            Verb.HOLD,
            Verb.ABORT,
            Verb.ABORT,
            Verb.RESET,
            Verb.RESET,
            Verb.MANAGE,
            Verb.DELETE);

    private final Groundwork groundwork;
    private final Landscape landscape;
    private final Simulation simulation;
    private final Chance chance;
    private final Asks asks;
    private final MetalHands hands;
    private final Map<String, ServerEntry> entries = new HashMap<>();
    private final Map<String, Integer> cares = new HashMap<>();
    private final Set<String> cared = new HashSet<>();
    private int commands;
    private boolean withheld;

    MetalPeople(Groundwork groundwork, Asks asks) {
        this.groundwork = groundwork;
        this.asks = asks;
        this.landscape = groundwork.landscape;
        this.simulation = groundwork.simulation;
        this.chance = simulation.chance();
        this.hands = new MetalHands(this, groundwork);
        simulation.log().watch(this::read);
    }

    /** Whether anything that they would have done was left out, so that servers may be missing. */
    boolean withheld() {
        return withheld;
    }

    /** As {@link Asks#made}. */
    boolean made(String subject, String what) {
        var made = asks.made(subject, what);
        withheld |= !made;
        return made;
    }

    /** Begins to operate. */
    void begin() {
        hands.begin();
        landscape.servers().keySet().forEach(server -> {
            if (landscape.gentle() || chance.oneIn(2)) {
                if (made(server, "seed")) {
                    tell(
                            server,
                            ServerCommand.Seed.TYPE,
                            new ServerCommand.Seed(landscape.servers().get(server), Server.Aim.AVAILABLE));
                }
            } else {
                simulation.after(chance.upTo(Duration.ofMinutes(5)), () -> enrol(server));
            }
        });
        if (landscape.gentle()) {
            return;
        }
        var servers = List.copyOf(landscape.servers().keySet());
        for (var whims = chance.below(4); whims > 0; whims--) {
            simulation.after(chance.upTo(Duration.ofMinutes(50)), () -> whim(chance.any(servers), chance.any(WHIMS)));
        }
        if (chance.oneIn(3)) {
            simulation.after(chance.upTo(Duration.ofMinutes(40)), () -> cordon(chance.any(places())));
        }
        for (var audits = chance.below(3); audits > 0; audits--) {
            simulation.after(chance.upTo(Duration.ofHours(1)), this::audit);
        }
    }

    /** When nobody moves any more, every server is looked at. */
    void lastLook() {
        hands.lastLook();
    }

    void enrol(String server) {
        if (made(server, "enrol")) {
            tell(
                    server,
                    ServerCommand.Enrol.TYPE,
                    new ServerCommand.Enrol(landscape.servers().get(server), Server.Aim.AVAILABLE, OPERATOR));
        }
    }

    private List<String> places() {
        return landscape.servers().entrySet().stream()
                .flatMap(server -> List.of(
                        "server/" + server.getKey(),
                        "rack/" + server.getValue().site() + "/"
                                + server.getValue().rack(),
                        "site/" + server.getValue().site())
                        .stream())
                .toList();
    }

    private void cordon(String place) {
        var until = chance.upTo(Duration.ofMinutes(30));
        if (!made(place, "cordon")) {
            return;
        }
        simulation.say(() -> "operators cordon " + place);
        landscape.cordon(place, true);
        simulation.after(until, () -> {
            simulation.say(() -> "operators lift the cordon of " + place);
            landscape.cordon(place, false);
        });
    }

    /** As the service does now and then, of pools and of resources. */
    private void audit() {
        if (!made("pools and resources", "audit")) {
            return;
        }
        landscape
                .claimable()
                .forEach(pool -> send(Topics.CLAIMS, pool, PoolCommand.Audit.TYPE, new PoolCommand.Audit()));
        groundwork
                .checker
                .resources()
                .forEach(resource ->
                        send(Topics.commands(Owner.ALLOCATION), resource, AllocationParticipant.AUDIT, Map.of()));
    }

    // What they do for no reason that the server gives

    /** Operators do what they are offered; by the time that it is read, it may not be offered any more. */
    boolean offered(String server, Verb verb) {
        var entry = entries.get(server);
        return entry != null && entry.verbs().contains(verb);
    }

    /** A server as operators see it; null if it is not in the inventory. */
    @Nullable
    ServerEntry entry(String server) {
        return entries.get(server);
    }

    private void whim(String server, Verb verb) {
        if (!offered(server, verb)) {
            return;
        }
        perform(server, verb);
        var back = switch (verb) {
            case MAINTENANCE -> Verb.UNMAINTENANCE;
            case RETIRE -> Verb.UNRETIRE;
            case HOLD -> Verb.UNHOLD;
            default -> null;
        };
        if (back != null) {
            simulation.after(chance.upTo(Duration.ofMinutes(40)), () -> perform(server, back));
        }
        if (verb == Verb.DELETE) {
            simulation.after(Duration.ofMinutes(1).plus(chance.upTo(Duration.ofMinutes(20))), () -> enrol(server));
        }
    }

    // What servers give reason for

    private void read(Log.Entry entry) {
        var message = entry.message();
        if (!message.topic().equals(Topics.REGISTRY)) {
            return;
        }
        if (message.value() == null) {
            entries.remove(message.key());
            return;
        }
        var server = message.read(ServerEntry.class);
        entries.put(server.id(), server);
        hands.read(server);
        if (server.flags().quarantine() != null && cared.add(server.id() + " quarantine")) {
            simulation.after(chance.upTo(Duration.ofMinutes(40)), () -> {
                cared.remove(server.id() + " quarantine");
                perform(server.id(), Verb.UNQUARANTINE);
            });
        }
        var care = care(server);
        if (care != null && cared.add(server.id())) {
            simulation.after(chance.upTo(Duration.ofMinutes(20)), () -> care(server.id()));
        }
    }

    private void care(String id) {
        cared.remove(id);
        var server = entries.get(id);
        var verb = server == null ? null : care(server);
        if (server != null && verb != null && cares.merge(id, 1, Integer::sum) <= MOST_CARES) {
            perform(id, verb);
        }
    }

    /** What a server needs of a person; null for nothing. */
    private @Nullable Verb care(ServerEntry server) {
        var kept = hands.care(server);
        var wanted = kept != null
                ? kept
                : switch (server.state()) {
                    case "enroll-failed" -> Verb.VERIFY;
                    case "manageable", "inspect-failed" -> server.hardware() == null ? Verb.INSPECT : Verb.PROVIDE;
                    case "clean-failed" -> Verb.PROVIDE;
                    // what requests do not see to themselves
                    case "deploy-failed", "delete-failed" -> Verb.RELEASE;
                    default -> null;
                };
        return wanted != null && server.verbs().contains(wanted) ? wanted : null;
    }

    void perform(String server, Verb verb) {
        var allowDataLoss = verb == Verb.PROVIDE && chance.oneIn(2);
        if (!made(server, verb.word())) {
            return;
        }
        switch (verb) {
            case RELEASE -> groundwork.checker.metal().released(server);
            case RESET, POWER_ON, POWER_OFF -> groundwork.checker.metal().switched(server);
            case CLEANED -> groundwork.checker.metal().saidClean(server);
            default -> {}
        }
        if (allowDataLoss) {
            groundwork.checker.metal().permitted(server);
        }
        tell(
                server,
                ServerCommand.Do.TYPE,
                new ServerCommand.Do(
                        verb, OPERATOR, "for a reason", allowDataLoss, verb == Verb.ADOPT ? STRANGER : null));
    }

    void tell(String server, String type, Object command) {
        send(Topics.SERVERS, server, type, command);
    }

    private void send(String topic, String key, String type, Object command) {
        simulation.send(Commands.message(
                topic, key, new UUID(3, commands++).toString(), type, simulation.now(), null, command));
    }
}
