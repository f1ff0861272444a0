package io.groundwork.simulation;

import io.groundwork.baremetal.BaremetalConfig.Media;
import io.groundwork.baremetal.domain.Hardware;
import io.groundwork.baremetal.domain.ServerCommand.PhoneHome;
import io.groundwork.baremetal.domain.ServerTask;
import io.groundwork.baremetal.domain.Tokens;
import io.groundwork.baremetal.driver.BmcCheckpoint;
import io.groundwork.baremetal.driver.BmcPatience;
import io.groundwork.baremetal.driver.BootUrls;
import io.groundwork.baremetal.driver.Boots;
import io.groundwork.baremetal.driver.Boots.BootData;
import io.groundwork.baremetal.driver.Redfish;
import io.groundwork.baremetal.driver.RedfishDriver;
import io.groundwork.baremetal.driver.RedfishDriver.Surroundings;
import io.groundwork.baremetal.driver.RedfishException;
import io.groundwork.baremetal.driver.RedfishException.Refused;
import io.groundwork.baremetal.driver.RedfishException.Unanswered;
import io.groundwork.baremetal.driver.RedfishException.Unreachable;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.Driver;
import io.groundwork.runtime.Operation;
import io.groundwork.runtime.Order;
import io.groundwork.runtime.Progress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Servers behind BMCs as they are on a bad day: busy, away, restarted, with answers that are lost and calls that land late. They
 * keep one promise: what comes in a session that was ended does nothing. Beside them what servers boot, and the switches that their
 * ports are at, whose calls land within their time.
 *
 * <p>It is the driver that workers are given: the real one, told apart by the operation that it works at.
 */
final class SimulatedBmcs implements Driver<ServerTask, BmcCheckpoint>, SimulatedServer.Around {

    private static final BmcPatience PATIENCE =
            new BmcPatience(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofSeconds(5), Duration.ofMinutes(1));

    /** Beyond any time that a client gives a call: nothing takes back what a BMC has in its queue. */
    private static final Duration LATEST = Duration.ofMinutes(5);

    private final Simulation simulation;
    private final Chance chance;
    private final Duration callTime;
    private final boolean gentle;
    private final UnaryOperator<Redfish> between;
    private final MetalChecker checker;
    private final Tokens tokens;
    private final BootUrls urls;
    private final Map<String, SimulatedServer> servers = new TreeMap<>();
    private final Map<String, BootData> offers = new HashMap<>();
    /** Servers that have asked for what is offered to them. */
    private final Set<String> fetched = new HashSet<>();

    private int ids;

    /**
     * @param callTime how long a call may take that is no BMC's
     * @param between what stands between the driver and a BMC
     */
    SimulatedBmcs(
            Simulation simulation,
            Landscape landscape,
            Tokens tokens,
            Duration callTime,
            UnaryOperator<Redfish> between,
            MetalChecker checker) {
        this.simulation = simulation;
        this.chance = simulation.chance();
        this.callTime = callTime;
        this.gentle = landscape.gentle();
        this.between = between;
        this.checker = checker;
        this.tokens = tokens;
        this.urls = new BootUrls(URI.create("http://boot.example"), tokens, Media.SIMULATED);
        landscape.servers().keySet().forEach(id -> {
            var server = new SimulatedServer(id, simulation, gentle, this);
            servers.put(id, server);
            if (simulation.faults().again() > 0) {
                simulation.after(chance.upTo(Duration.ofHours(2)), () -> restart(server));
            }
            if (!gentle && chance.oneIn(8)) {
                simulation.after(chance.upTo(Duration.ofHours(1)), () -> shut(server));
            }
        });
    }

    /** Every server, by name. */
    Map<String, SimulatedServer> servers() {
        return servers;
    }

    /** What a server would boot from the network; null for nothing. */
    @Override
    public @Nullable BootData offered(String server) {
        var offer = offers.get(server);
        if (offer != null) {
            fetched.add(server);
        }
        return offer;
    }

    @Override
    public @Nullable BootData found(String server, URI address) {
        var offer = offers.get(server);
        // .../boot/<server>/<token>/boot
        var token = address.getPath().split("/", -1)[4];
        if (offer == null || !urls.fits(offer, token)) {
            return null;
        }
        fetched.add(server);
        return offer;
    }

    @Override
    public void home(BootData boot) {
        simulation.send(Commands.message(
                Topics.SERVERS,
                boot.server(),
                new UUID(2, ids++).toString(),
                PhoneHome.TYPE,
                simulation.now(),
                null,
                new PhoneHome(tokens.hashFor(boot.operation()))));
    }

    @Override
    public void changed(SimulatedServer server, String what) {
        simulation.say(() -> server.id + " " + what);
        checker.changed(server);
    }

    @Override
    public void loses(SimulatedServer server, SimulatedServer.Content content, String to) {
        simulation.say(() -> server.id + " loses the data of " + content.owner() + " to " + to);
        checker.lost(server, content.owner(), to);
    }

    /** The BMC starts anew: its sessions end, and it is away for a while. */
    private void restart(SimulatedServer server) {
        server.sessions.clear();
        server.awayUntil = simulation.now().plus(chance.upTo(Duration.ofMinutes(gentle ? 1 : 10)));
        simulation.say(() -> "the BMC of " + server.id + " is away until " + server.awayUntil);
    }

    /** A BMC takes nobody for a time. */
    void shut(String id, Duration time) {
        var server = servers.get(id);
        if (server != null) {
            server.closedUntil = simulation.now().plus(time);
            simulation.say(() -> "the BMC of " + id + " takes nobody until " + server.closedUntil);
        }
    }

    /** Somebody changes the account. */
    private void shut(SimulatedServer server) {
        server.closedUntil = simulation.now().plus(chance.upTo(Duration.ofMinutes(30)));
        simulation.say(() -> "the BMC of " + server.id + " takes nobody until " + server.closedUntil);
    }

    // The driver

    @Override
    public Class<ServerTask> specification() {
        return ServerTask.class;
    }

    @Override
    public Class<BmcCheckpoint> checkpoint() {
        return BmcCheckpoint.class;
    }

    @Override
    public Progress<BmcCheckpoint> advance(Operation<ServerTask, BmcCheckpoint> operation) {
        return driver(operation).advance(operation);
    }

    @Override
    public Progress<BmcCheckpoint> undo(Operation<ServerTask, BmcCheckpoint> operation) {
        return driver(operation).undo(operation);
    }

    private RedfishDriver driver(Operation<ServerTask, BmcCheckpoint> operation) {
        var server =
                Objects.requireNonNull(servers.get(operation.specification().server()));
        var act = new Act(server, operation.work().order(), operation.specification());
        return new RedfishDriver(
                bmc -> between.apply(new Bmc(act)),
                new Surroundings(
                        simulation::now,
                        PATIENCE,
                        new Offers(act),
                        urls,
                        site -> (of, nic, open) -> ports(act, nic, open),
                        site -> Optional.of("http://images.example/erase.iso"),
                        type -> Optional.of(Landscape.type())));
    }

    /** Who does something with a server, and what for. */
    record Act(SimulatedServer server, Order order, ServerTask task) {}

    private void ports(Act act, String nic, boolean open) {
        bounded(act, (open ? "open " : "shut ") + nic, () -> {
            if (open) {
                act.server().open.add(nic);
            } else {
                act.server().open.remove(nic);
            }
        });
    }

    /** What servers find that boot, kept where all processes see it. */
    private final class Offers implements Boots {

        private final Act act;

        Offers(Act act) {
            this.act = act;
        }

        @Override
        public void put(BootData boot) {
            bounded(act, "offer " + boot.operation(), () -> {
                offers.put(boot.server(), boot);
                fetched.remove(boot.server());
            });
        }

        @Override
        public boolean unfetched(String server, String operation) {
            var offer = offers.get(server);
            return offer != null && offer.operation().equals(operation) && !fetched.contains(server);
        }

        @Override
        public void remove(String server) {
            bounded(act, "withdraw what is offered", () -> offers.remove(server));
        }
    }

    /** A call that lands within its time, or never. */
    private void bounded(Act act, String what, Runnable effect) {
        var until = simulation.now().plus(callTime);
        Strand.breathe();
        simulation.sleep(chance.upTo(Duration.ofMillis(40)));
        if (simulation.now().isAfter(until)) {
            throw said(act, what, new Unanswered("its time was over before it was sent", null));
        }
        var fate = faulty() ? chance.below(80) : 80;
        if (fate == 0) {
            throw said(act, what, new Unreachable("connection refused", null));
        }
        if (fate == 1) {
            var left = Duration.between(simulation.now(), until);
            simulation.after(chance.upTo(left), () -> done(act, what, effect));
            throw said(act, what, new Unanswered("timed out, lands later", null));
        }
        done(act, what, effect);
        if (fate == 2) {
            throw said(act, what, new Unanswered("answer lost", null));
        }
        Strand.breathe();
    }

    private void done(Act act, String what, Runnable effect) {
        simulation.say(() -> act.order().id() + ": " + what);
        checker.acted(act, what);
        effect.run();
    }

    private boolean faulty() {
        return simulation.faults().again() > 0;
    }

    private <T extends RuntimeException> T said(Act act, String what, T failure) {
        simulation.say(() -> act.order().id() + ": " + what + ": " + failure);
        return failure;
    }

    /** One work's way to one BMC. */
    private final class Bmc implements Redfish {

        private final Act act;
        private final SimulatedServer server;
        private @Nullable String session;

        Bmc(Act act) {
            this.act = act;
            this.server = act.server();
        }

        @Override
        public Observation observe() {
            return reads("observe", () -> new Observation(server.power.word, server.tag, null));
        }

        @Override
        public Hardware hardware() {
            return reads(
                    "hardware", () -> new Hardware(32, 256, List.of(960, 960), List.of(mac("nic-1"), mac("nic-2"))));
        }

        @Override
        public List<Nic> nics() {
            return reads("nics", () -> List.of(new Nic("nic-1", mac("nic-1")), new Nic("nic-2", mac("nic-2"))));
        }

        private String mac(String nic) {
            return server.id + "/" + nic;
        }

        @Override
        public List<Drive> drives() {
            return reads(
                    "drives",
                    () -> IntStream.range(0, server.disks().size())
                            .mapToObj(disk -> new Drive("disk-" + disk, server.erases ? "erase-" + disk : null))
                            .toList());
        }

        @Override
        public void login() {
            // with the account and no session: what was sent opens one, however late it comes
            var opened = "session-" + ids++;
            call("login", true, false, () -> server.sessions.add(opened));
            session = opened;
        }

        @Override
        public void endOthers() {
            for (var other : reads("sessions", () -> List.copyOf(server.sessions))) {
                if (!other.equals(session)) {
                    call("end " + other, true, false, () -> server.sessions.remove(other));
                }
            }
        }

        @Override
        public void reset(Reset type) {
            changes("reset " + type, () -> {
                if (!server.reset(type)) {
                    throw new Refused(409, "not while it is " + server.power.word);
                }
            });
        }

        @Override
        public void prepare(Boot boot, String tag) {
            changes("prepare " + boot.source() + " '" + tag + "'", () -> {
                server.override = boot.source() == Source.NONE ? null : boot;
                if (server.tags) {
                    server.tag = tag;
                }
            });
        }

        @Override
        public boolean takesMedia() {
            return server.media;
        }

        @Override
        public void insert(URI image) {
            changes("insert", () -> server.inserted = image);
        }

        @Override
        public void eject() {
            changes("eject", () -> server.inserted = null);
        }

        @Override
        public @Nullable String erase(Drive drive) {
            var disk = Integer.parseInt(drive.id().substring("disk-".length()));
            return call("erase " + drive.id(), true, true, () -> {
                if (server.erasing(disk)) {
                    throw new Refused(409, "it is being erased");
                }
                return server.erase(disk);
            });
        }

        @Override
        public boolean ended(String monitor) {
            return reads("ended " + monitor, () -> {
                if (server.failed(monitor)) {
                    throw new Refused(422, "the task ended as Exception");
                }
                return server.ended(monitor);
            });
        }

        @Override
        public void close() {
            var mine = session;
            if (mine == null) {
                return;
            }
            session = null;
            Strand.breathe();
            if (!faulty() || !chance.oneIn(10)) {
                server.sessions.remove(mine);
            }
        }

        private <T> T reads(String what, Supplier<T> answer) {
            return Objects.requireNonNull(call(what, false, false, answer));
        }

        private void changes(String what, Runnable effect) {
            call(what, true, true, () -> {
                effect.run();
                return true;
            });
        }

        /**
         * One call: sent, carried out, answered; any of it may go wrong.
         *
         * @param counts whether it changes the server, and not only who may
         */
        private <T> @Nullable T call(String what, boolean changes, boolean counts, Supplier<@Nullable T> effect) {
            Strand.breathe();
            simulation.sleep(chance.upTo(Duration.ofMillis(80)));
            var now = simulation.now();
            if (server.awayUntil.isAfter(now)) {
                throw said(act, what, new Unreachable("no route to host", null));
            }
            if (server.closedUntil.isAfter(now)) {
                throw said(act, what, new RedfishException.Forbidden("it does not take the account"));
            }
            var with = session;
            var fate = faulty() ? chance.below(100) : 100;
            switch (fate) {
                case 0 -> throw said(act, what, new RedfishException.Busy(chance.upTo(Duration.ofSeconds(20))));
                case 1 -> throw said(act, what, new Unreachable("connection refused", null));
                case 2 -> throw said(act, what, new Refused(500, "internal error"));
                case 3, 4 -> {
                    if (!changes) {
                        throw said(act, what, new Unreachable("connection reset", null));
                    }
                    // in the BMC's queue, where nobody can take it back
                    simulation.after(chance.upTo(LATEST), () -> late(what, with, counts, effect));
                    throw said(act, what, new Unanswered("timed out, lands later", null));
                }
                default -> {}
            }
            T answer;
            try {
                answer = carriedOut(what, with, counts, effect);
            } catch (RedfishException refused) {
                throw said(act, what, refused);
            }
            if (fate == 5 && changes) {
                throw said(act, what, new Unanswered("answer lost", null));
            }
            if (fate == 6 && changes) {
                throw said(act, what, new Refused(500, "internal error, after it was done"));
            }
            simulation.say(() -> act.order().id() + ": " + what + ": " + answer);
            Strand.breathe();
            return answer;
        }

        private <T> @Nullable T carriedOut(
                String what, @Nullable String with, boolean counts, Supplier<@Nullable T> effect) {
            if (with != null && !server.sessions.contains(with)) {
                throw new RedfishException.SessionEnded();
            }
            if (counts) {
                checker.acted(act, what);
            }
            return effect.get();
        }

        private <T> void late(String what, @Nullable String with, boolean counts, Supplier<@Nullable T> effect) {
            try {
                carriedOut(what, with, counts, effect);
                simulation.say(() -> act.order().id() + ": carried out, unheard: " + what);
            } catch (RedfishException nobodyWaits) {
                simulation.say(() -> act.order().id() + ": refused, unheard: " + what);
            }
        }
    }
}
