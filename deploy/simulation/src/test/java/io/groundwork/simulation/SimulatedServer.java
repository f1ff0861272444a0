package io.groundwork.simulation;

import io.groundwork.baremetal.driver.Boots.BootData;
import io.groundwork.baremetal.driver.Redfish.Boot;
import io.groundwork.baremetal.driver.Redfish.Reset;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A server as it stands in its rack: power, what it boots and runs, its disks, its ports, its BMC's sessions. Whatever it does takes
 * its time. It boots as firmware does: what is overridden first, then its disk.
 *
 * <p>No system is up within the time of a work from when it was switched on: what real servers take minutes for.
 */
final class SimulatedServer {

    /** Before anything of ours. */
    static final String STRANGER = "globex/legacy/old/db/0";

    private static final int CALLS_HOME = 20;

    /** What a server's power may be. */
    enum Power {
        OFF("Off"),
        RISING("PoweringOn"),
        ON("On"),
        FALLING("PoweringOff");

        final String word;

        Power(String word) {
            this.word = word;
        }
    }

    /**
     * What is on a disk.
     *
     * @param owner the instance, for ever
     * @param system what was booted to write it; null of what was there before
     * @param whole whether it can be booted
     */
    record Content(String owner, @Nullable BootData system, boolean whole) {}

    /** What servers have to do with. */
    interface Around {

        /** What {@code server} finds at {@code address}; null for nothing. */
        @Nullable
        BootData found(String server, URI address);

        /** What the network offers to boot. */
        @Nullable
        BootData offered(String server);

        /** A system that {@code boot} brought calls home. */
        void home(BootData boot);

        /** Something of a disk, or what runs, is another now. */
        void changed(SimulatedServer server, String what);

        /** A disk loses what it holds. */
        void loses(SimulatedServer server, Content content, String to);
    }

    final String id;
    /** Whether it takes virtual media. */
    final boolean media;
    /** Whether its BMC can have every disk erased. */
    final boolean erases;
    /** Whether its BMC keeps a tag. */
    final boolean tags;

    private final Simulation simulation;
    private final Chance chance;
    private final Around around;
    private final boolean gentle;
    /** Whether its firmware loads by HTTP. */
    private final boolean http;
    /** Whether its systems do not hear the button. */
    private final boolean deaf;

    private final @Nullable Content[] disks = {null, null};
    private final Map<Integer, String> erasing = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final Set<String> failed = new HashSet<>();
    private final Set<String> home = new HashSet<>();
    private final Set<String> mute = new HashSet<>();
    private int turn;
    private int monitors;

    Power power = Power.OFF;
    String tag = "";
    final Set<String> open = new TreeSet<>();
    final Set<String> sessions = new HashSet<>();
    Instant awayUntil = Instant.MIN;
    Instant closedUntil = Instant.MIN;

    @Nullable
    URI inserted;

    @Nullable
    Boot override;

    /** The system that is up. */
    private @Nullable BootData system;

    /** The instance that came up last, until its power is off or its system gone. */
    private @Nullable BootData occupant;

    SimulatedServer(String id, Simulation simulation, boolean gentle, Around around) {
        this.id = id;
        this.simulation = simulation;
        this.chance = simulation.chance();
        this.around = around;
        this.gentle = gentle;
        this.media = chance.percent(60);
        this.erases = chance.percent(60);
        this.tags = gentle || !chance.oneIn(8);
        this.http = chance.percent(60);
        this.deaf = chance.oneIn(5);
        if (!gentle && chance.oneIn(6)) {
            disks[0] = new Content(STRANGER, null, true);
            power = Power.ON;
        }
    }

    List<@Nullable Content> disks() {
        return Arrays.asList(disks);
    }

    boolean empty() {
        return disks[0] == null && disks[1] == null;
    }

    /** Whether it holds what was there before anything of ours. */
    boolean strangers() {
        return disks[0] != null && disks[0].owner().equals(STRANGER);
    }

    /** The instance that is installed and on; null if none is. */
    @Nullable
    BootData occupant() {
        return occupant;
    }

    /** Whether the next boot is not the usual one. */
    boolean overridden() {
        return override != null;
    }

    // Power

    /** @return whether it fits the power as it is */
    boolean reset(Reset type) {
        switch (type) {
            case ON -> {
                if (power == Power.FALLING) {
                    return false;
                }
                if (power == Power.OFF) {
                    rise();
                }
            }
            case SHUT_DOWN, ASK_TO_SHUT_DOWN -> {
                // only a system hears the button; firmware and installers do not
                if (system != null && power == Power.ON && !deaf) {
                    fall(Duration.ofSeconds(30));
                }
            }
            case FORCE_OFF -> {
                if (power == Power.RISING && chance.oneIn(2)) {
                    return false;
                }
                if (power == Power.ON || power == Power.RISING) {
                    fall(Duration.ofSeconds(5));
                }
            }
            case RESTART -> {
                if (power == Power.OFF) {
                    rise();
                } else if (power == Power.ON) {
                    boot();
                } else {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Somebody at the rack pulls the plug.
     *
     * @param emptied whether its disks are exchanged too
     */
    void pulled(boolean emptied) {
        turn++;
        power = Power.OFF;
        system = null;
        occupant = null;
        override = null;
        inserted = null;
        if (emptied) {
            Arrays.fill(disks, null);
        }
        around.changed(this, emptied ? "was unplugged and emptied" : "was unplugged");
    }

    private void rise() {
        power = Power.RISING;
        later(5, 10, () -> {
            power = Power.ON;
            boot();
        });
    }

    private void fall(Duration atMost) {
        power = Power.FALLING;
        system = null;
        later(1, (int) atMost.toSeconds(), () -> {
            power = Power.OFF;
            occupant = null;
            around.changed(this, "is off");
        });
    }

    // Boot

    private void boot() {
        system = null;
        later(75, 120, this::choose);
    }

    private void choose() {
        var first = override;
        if (first != null && !first.always()) {
            override = null;
        }
        var found = first == null ? null : overriding(first);
        if (found != null) {
            start(found);
        } else if (disks[0] != null && disks[0].whole() && disks[0].system() != null) {
            var installed = disks[0].system();
            later(10, 40, () -> up(installed));
        } else {
            around.changed(this, "finds nothing to boot");
        }
    }

    private @Nullable BootData overriding(Boot first) {
        return switch (first.source()) {
            case CD -> inserted == null ? null : around.found(id, inserted);
            case HTTP -> {
                if (open.isEmpty()) {
                    yield null;
                }
                yield http && first.uri() != null ? around.found(id, first.uri()) : around.offered(id);
            }
            case PXE -> open.isEmpty() ? null : around.offered(id);
            case DISK, NONE -> null;
        };
    }

    private void start(BootData boot) {
        around.changed(this, "boots " + boot.kind() + " of " + boot.instance());
        switch (boot.kind()) {
            case INSTALL -> {
                write(0, new Content(boot.instance(), boot, false));
                if (!gentle && chance.oneIn(25)) {
                    mute.add(boot.operation());
                }
                later(30, 180, () -> {
                    write(0, new Content(boot.instance(), boot, true));
                    boot();
                });
            }
            case DISKLESS -> later(10, 40, () -> up(boot));
            case ERASE ->
                later(20, 180, () -> {
                    write(0, null);
                    write(1, null);
                    up(boot);
                });
        }
    }

    private void up(BootData boot) {
        system = boot;
        switch (boot.kind()) {
            case INSTALL -> {
                occupant = boot;
                write(1, new Content(boot.instance(), boot, false));
            }
            case DISKLESS -> occupant = boot;
            case ERASE -> occupant = null;
        }
        around.changed(this, "runs " + boot.kind() + " of " + boot.instance());
        callHome(boot, CALLS_HOME);
    }

    private void callHome(BootData boot, int tries) {
        if (tries == 0 || home.contains(boot.operation()) || mute.contains(boot.operation())) {
            return;
        }
        if (open.isEmpty() || (simulation.faults().again() > 0 && chance.oneIn(6))) {
            later(10, 30, () -> callHome(boot, tries - 1));
            return;
        }
        home.add(boot.operation());
        around.home(boot);
        if (simulation.faults().again() > 0 && chance.oneIn(8)) {
            // the answer was lost
            later(10, 30, () -> around.home(boot));
        }
    }

    // Disks

    private void write(int disk, @Nullable Content content) {
        var before = disks[disk];
        if (before != null && (content == null || !content.owner().equals(before.owner()))) {
            around.loses(this, before, content == null ? "nobody" : content.owner());
        }
        disks[disk] = content;
    }

    boolean erasing(int disk) {
        return erasing.containsKey(disk);
    }

    /** Begins to erase a disk; null if that was done at once. */
    @Nullable
    String erase(int disk) {
        if (chance.oneIn(4)) {
            write(disk, null);
            return null;
        }
        var monitor = "/tasks/" + monitors++;
        erasing.put(disk, monitor);
        simulation.after(Duration.ofSeconds(10 + chance.below(120)), () -> {
            erasing.remove(disk);
            if (!gentle && chance.oneIn(30)) {
                failed.add(monitor);
            } else {
                write(disk, null);
                ended.add(monitor);
            }
        });
        return monitor;
    }

    boolean ended(String monitor) {
        return ended.contains(monitor);
    }

    boolean failed(String monitor) {
        return failed.contains(monitor);
    }

    /** After that many seconds, unless its power changes before. */
    private void later(int least, int most, Runnable what) {
        var mine = ++turn;
        simulation.after(Duration.ofMillis(1000L * least + chance.below(1000 * (most - least) + 1)), () -> {
            if (mine == turn) {
                what.run();
            }
        });
    }

    @Override
    public String toString() {
        var said = new ArrayList<String>();
        said.add(power.word);
        said.add("tag '" + tag + "'");
        said.add("media " + inserted);
        said.add("override " + override);
        said.add("ports " + open);
        said.add("disks "
                + Arrays.stream(disks)
                        .map(disk -> disk == null ? "empty" : disk.owner() + (disk.whole() ? "" : " (part)"))
                        .toList());
        said.add("runs " + (occupant == null ? "nothing" : occupant.instance()));
        return id + ": " + String.join(", ", said);
    }
}
