package io.groundwork.simulators.redfish;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One server as it is: power, what it boots and runs, its disks and ports, and what was done to it. Used under the lock of
 * its {@link Server}. Its time goes on in {@link #advance} alone, so a restart of the simulator changes nothing.
 *
 * <pre>
 *   OFF ──► POWERING_ON ──► POST ─┬─► (LOADING) ─┬─► INSTALLING ──► POST
 *    ▲                       ▲    │              ├─► ERASING ─────► RUNNING
 *    │                       │    └─► STARTING ◄─┘ (diskless)
 *    │                       │           └──► RUNNING
 *    └── POWERING_OFF ───────┘ (restart)   nothing to boot, failed install: HALTED
 * </pre>
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
final class Machine {
    private static final String NO_LINK = "no link, every switch port is shut";
    private static final int REMEMBERED = 200;
    private static final int REMEMBERED_TASKS = 20;
    private static final int STEPS_AT_ONCE = 64;
    private static final int PHONE_HOME_TRIES = 10;
    private static final Duration PHONE_HOME_TIMEOUT = Duration.ofSeconds(10);

    /** What the machine does. */
    enum Phase {
        OFF,
        POWERING_ON,
        POST,
        LOADING,
        INSTALLING,
        ERASING,
        STARTING,
        RUNNING,
        HALTED,
        POWERING_OFF
    }

    /** Where a machine boots from, under the name that Redfish gives it. */
    enum Source {
        HDD("Hdd"),
        CD("Cd"),
        PXE("Pxe"),
        UEFI_HTTP("UefiHttp");

        private final String wireName;

        Source(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }

        static Optional<Source> of(String wireName) {
            return Stream.of(values())
                    .filter(source -> source.wireName.equals(wireName))
                    .findFirst();
        }
    }

    /** What is to be booted instead of the usual: {@code Boot} of a ComputerSystem. */
    record BootOverride(
            String target,
            String enabled,
            String mode,
            @Nullable String httpBootUri) {
        static final BootOverride DISABLED = new BootOverride("None", "Disabled", "UEFI", null);

        BootOverride disabled() {
            return new BootOverride("None", "Disabled", mode, httpBootUri);
        }
    }

    /** @param image its address */
    record Media(String image, boolean writeProtected) {}

    /**
     * Work of the BMC that takes time.
     *
     * @param drive the drive to be erased; null for a task that only reports
     */
    record Task(
            String id,
            String name,
            @Nullable String drive,
            Instant startedAt,
            Instant endsAt,
            boolean done,
            @Nullable String failure) {}

    /** @param dueAt the next try */
    record Call(BootImage whom, int tries, Instant dueAt) {}

    /** Something for {@link Outside} to do; its result counts only while the machine is in that boot. */
    sealed interface Effect {
        record Load(int boot, String url) implements Effect {}

        record PhoneHome(int boot, BootImage whom) implements Effect {}
    }

    ServerSpec spec;
    final Sessions sessions = new Sessions();
    BootOverride override = BootOverride.DISABLED;

    @Nullable
    Media media;

    @Nullable
    BootImage netboot;

    Phase phase = Phase.OFF;

    @Nullable
    Instant until;

    @Nullable
    Instant bmcBackAt;

    List<Disk> disks = new ArrayList<>();
    List<Port> ports = new ArrayList<>();
    final List<Task> tasks = new ArrayList<>();
    final List<ServerView.Event> journal = new ArrayList<>();
    final List<ServerView.MediaChange> mediaHistory = new ArrayList<>();
    final List<ServerView.Mutation> mutations = new ArrayList<>();
    final List<ServerView.Overlap> overlaps = new ArrayList<>();
    int powerOns;
    int powerOffs;
    int boots;
    int installs;

    @Nullable
    String assetTag;

    @Nullable
    Source source;

    @Nullable
    BootImage running;

    private boolean restarts;
    private @Nullable String loading;
    private final List<Source> candidates = new ArrayList<>();
    private @Nullable Call phoneHome;
    private long lastTask;

    @JsonIgnore
    private final List<Effect> effects = new ArrayList<>();

    @JsonIgnore
    private boolean changed;

    @SuppressWarnings({"unused", "NullAway.Init"}) // for the journal
    private Machine() {}

    /** As it comes from the factory: off, empty, its ports shut. */
    Machine(ServerSpec spec) {
        this.spec = spec;
        var drives = spec.hardware().drives().size();
        IntStream.range(0, drives).forEach(n -> disks.add(Disk.empty("disk-" + n)));
        IntStream.rangeClosed(1, spec.hardware().nics())
                .forEach(n -> ports.add(Port.shut(spec.id(), "nic-" + n, mac(spec.id(), n))));
    }

    /** Locally administered, the same for the same name for ever. */
    static String mac(String server, int nic) {
        var hash = UUID.nameUUIDFromBytes(("mac/" + server).getBytes(StandardCharsets.UTF_8))
                .getMostSignificantBits();
        return String.format(
                Locale.ROOT,
                "02:%02x:%02x:%02x:%02x:%02x",
                hash >>> 56,
                (hash >>> 48) & 255,
                (hash >>> 40) & 255,
                (hash >>> 32) & 255,
                nic);
    }

    // What follows from time

    /** Does what has fallen due. */
    void advance(Instant now, RedfishSettings settings) {
        for (var step = 0; step < STEPS_AT_ONCE; step++) {
            var due = nextDue();
            if (due == null || now.isBefore(due)) {
                return;
            }
            changed = true;
            if (due.equals(until)) {
                until = null;
                endPhase(due, settings);
            } else if (phoneHome != null && due.equals(phoneHome.dueAt())) {
                callHome(due, settings);
            } else {
                endTasks(due);
            }
        }
    }

    /** When {@link #advance} has something to do again; null for never. */
    @Nullable
    Instant nextDue() {
        return Stream.concat(
                        Stream.of(
                                        Optional.ofNullable(until),
                                        Optional.ofNullable(phoneHome).map(Call::dueAt))
                                .flatMap(Optional::stream),
                        tasks.stream().filter(task -> !task.done()).map(Task::endsAt))
                .min(Instant::compareTo)
                .orElse(null);
    }

    private void endPhase(Instant now, RedfishSettings settings) {
        switch (phase) {
            case POWERING_ON -> post(now, settings);
            case POST -> chooseSource(now, settings);
            case LOADING -> effects.add(new Effect.Load(boots, address()));
            case STARTING -> run(now);
            case INSTALLING -> install(now, settings);
            case ERASING -> {
                eachDisk(disk -> disk.erase(now, "erase"));
                note(now, "erased", "all disks, by a boot image");
                run(now);
            }
            case POWERING_OFF -> {
                note(now, "off", null);
                phase = Phase.OFF;
                running = null;
                source = null;
                if (restarts) {
                    restarts = false;
                    powerOn(now, settings);
                }
            }
            case OFF, RUNNING, HALTED -> {
                // They last.
            }
        }
    }

    private void enter(Phase next, Instant now, Duration lasting) {
        phase = next;
        until = now.plus(lasting);
        changed = true;
    }

    private void post(Instant now, RedfishSettings settings) {
        phoneHome = null;
        running = null;
        source = null;
        enter(Phase.POST, now, settings.postDelay());
    }

    private void chooseSource(Instant now, RedfishSettings settings) {
        boots++;
        candidates.clear();
        if (!override.enabled().equals("Disabled")) {
            Source.of(override.target()).ifPresent(candidates::add);
        }
        if (override.enabled().equals("Once")) {
            override = override.disabled();
        }
        Stream.of(Source.HDD, Source.CD, Source.PXE)
                .filter(usual -> !candidates.contains(usual))
                .forEach(candidates::add);
        tryNext(now, settings);
    }

    private void tryNext(Instant now, RedfishSettings settings) {
        while (!candidates.isEmpty()) {
            var next = candidates.remove(0);
            source = next;
            var obstacle = boot(next, now, settings);
            if (obstacle == null) {
                return;
            }
            note(now, "skipped", next.wireName() + ": " + obstacle);
        }
        source = null;
        phase = Phase.HALTED;
        note(now, "halted", "nothing to boot");
    }

    /** Begins to boot; why it cannot, otherwise. */
    private @Nullable String boot(Source from, Instant now, RedfishSettings settings) {
        return switch (from) {
            case HDD -> bootDisk(now, settings);
            case CD -> load(media == null ? null : media.image(), "no medium", now);
            case PXE -> hasNetwork(settings) ? netboot(now, settings) : NO_LINK;
            case UEFI_HTTP -> hasNetwork(settings) ? load(override.httpBootUri(), "no HttpBootUri", now) : NO_LINK;
        };
    }

    private @Nullable String bootDisk(Instant now, RedfishSettings settings) {
        if (!disks.get(0).isBootable()) {
            return "no system on the disk";
        }
        note(now, "boot", "Hdd " + contentOf(disks.get(0)).image());
        enter(Phase.STARTING, now, settings.osBootDelay());
        return null;
    }

    private @Nullable String netboot(Instant now, RedfishSettings settings) {
        if (netboot != null) {
            start(netboot, now, settings);
            return null;
        }
        var url = settings.netbootUrl();
        var own = url == null ? null : url.replace("{mac}", ports.get(0).mac()).replace("{server}", spec.id());
        return load(own, "no boot offer", now);
    }

    private @Nullable String load(@Nullable String url, String otherwise, Instant now) {
        if (url == null) {
            return otherwise;
        }
        note(now, "loading", url);
        loading = url;
        enter(Phase.LOADING, now, Duration.ZERO);
        return null;
    }

    private String address() {
        return Objects.requireNonNull(loading);
    }

    private boolean hasNetwork(RedfishSettings settings) {
        return !settings.switchEnforced() || ports.stream().anyMatch(Port::enabled);
    }

    private static Disk.Content contentOf(Disk disk) {
        return Objects.requireNonNull(disk.content());
    }

    private void start(BootImage image, Instant now, RedfishSettings settings) {
        running = image;
        note(now, "boot", Objects.requireNonNull(source).wireName() + " " + image.image());
        switch (image.kind()) {
            case DISKLESS -> enter(Phase.STARTING, now, settings.osBootDelay());
            case ERASE -> enter(Phase.ERASING, now, settings.eraseDelay());
            case INSTALL -> {
                note(now, "installing", image.image());
                write(image, false, now);
                enter(Phase.INSTALLING, now, settings.installDelay());
            }
        }
    }

    private void write(BootImage image, boolean complete, Instant now) {
        var first = disks.get(0);
        var before = first.content();
        var content = new Disk.Content(
                complete && before != null ? before.id() : UUID.randomUUID().toString(),
                image.image(),
                image.owner(),
                complete,
                now,
                complete && image.phoneHomeUrl() != null ? image : null);
        // What the end of an installation completes is no second content.
        disks.set(0, complete ? new Disk(first.id(), content, first.history()) : first.write(content, now));
    }

    private void install(Instant now, RedfishSettings settings) {
        if (spec.failingInstalls() > 0) {
            spec = spec.withFailingInstalls(spec.failingInstalls() - 1);
            phase = Phase.HALTED;
            note(now, "installFailed", Objects.requireNonNull(running).image());
            return;
        }
        installs++;
        write(Objects.requireNonNull(running), true, now);
        note(now, "installed", Objects.requireNonNull(running).image());
        post(now, settings);
    }

    /** A system is up: it writes to its disks if it has any, and calls home the first time. */
    private void run(Instant now) {
        phase = Phase.RUNNING;
        note(now, "running", null);
        if (source == Source.HDD) {
            var system = contentOf(disks.get(0));
            for (var i = 1; i < disks.size(); i++) {
                if (disks.get(i).content() == null) {
                    disks.set(
                            i,
                            disks.get(i)
                                    .write(
                                            new Disk.Content(
                                                    UUID.randomUUID().toString(),
                                                    "data",
                                                    system.owner(),
                                                    true,
                                                    now,
                                                    null),
                                            now));
                }
            }
            if (system.phoneHome() != null) {
                phoneHome = new Call(system.phoneHome(), 0, now);
            }
        } else if (running != null && running.phoneHomeUrl() != null) {
            phoneHome = new Call(running, 0, now);
        }
    }

    private void callHome(Instant now, RedfishSettings settings) {
        var call = Objects.requireNonNull(phoneHome);
        if (call.tries() == PHONE_HOME_TRIES) {
            note(now, "phoneHomeGivenUp", null);
            phoneHome = null;
            return;
        }
        var retry = settings.phoneHomeRetry();
        if (hasNetwork(settings)) {
            effects.add(new Effect.PhoneHome(boots, call.whom()));
            // Should the answer get lost with the simulator, the next start tries again.
            retry = retry.plus(PHONE_HOME_TIMEOUT);
        } else {
            note(now, "phoneHomeFailed", NO_LINK);
        }
        phoneHome = new Call(call.whom(), call.tries() + 1, now.plus(retry));
    }

    private void endTasks(Instant now) {
        for (var i = 0; i < tasks.size(); i++) {
            var task = tasks.get(i);
            if (task.done() || task.endsAt().isAfter(now)) {
                continue;
            }
            String failure = null;
            var drive = task.drive();
            if (drive != null && spec.failingErases() > 0) {
                spec = spec.withFailingErases(spec.failingErases() - 1);
                failure = "The drive reported an error while it was erased.";
                note(now, "eraseFailed", drive);
            } else if (drive != null) {
                eachDisk(disk -> disk.id().equals(drive) ? disk.erase(now, "SecureErase") : disk);
                note(now, "erased", drive + ", by SecureErase");
            }
            tasks.set(i, new Task(task.id(), task.name(), drive, task.startedAt(), task.endsAt(), true, failure));
        }
    }

    private void eachDisk(UnaryOperator<Disk> change) {
        disks.replaceAll(change);
    }

    // What comes from outside

    /** What was found at the address that was being loaded; nothing if the machine does something else by now. */
    void loaded(int boot, Instant now, RedfishSettings settings, BootImage image) {
        if (phase == Phase.LOADING && boots == boot) {
            start(image, now, settings);
        }
    }

    void notLoaded(int boot, Instant now, RedfishSettings settings, String why) {
        if (phase == Phase.LOADING && boots == boot) {
            note(now, "skipped", Objects.requireNonNull(source).wireName() + ": " + why);
            tryNext(now, settings);
        }
    }

    void phonedHome(int boot, Instant now, RedfishSettings settings, @Nullable String failure) {
        if (boots != boot || phoneHome == null) {
            return;
        }
        note(now, failure == null ? "phonedHome" : "phoneHomeFailed", failure);
        if (failure == null) {
            phoneHome = null;
            if (source == Source.HDD && disks.get(0).content() != null) {
                var first = disks.get(0);
                disks.set(0, new Disk(first.id(), contentOf(first).atHome(), first.history()));
            }
        } else {
            phoneHome = new Call(phoneHome.whom(), phoneHome.tries(), now.plus(settings.phoneHomeRetry()));
        }
    }

    // What a BMC is told

    String powerState() {
        return switch (phase) {
            case OFF -> "Off";
            case POWERING_ON -> "PoweringOn";
            case POWERING_OFF -> "PoweringOff";
            default -> "On";
        };
    }

    boolean isOn() {
        return phase != Phase.OFF && phase != Phase.POWERING_OFF;
    }

    void reset(ResetType type, Instant now, RedfishSettings settings) {
        note(now, "reset", type.wireName());
        switch (type) {
            case ON, FORCE_ON -> {
                if (phase == Phase.POWERING_OFF) {
                    restarts = true;
                } else if (!isOn()) {
                    powerOn(now, settings);
                }
            }
            case FORCE_OFF -> powerOff(now, settings.powerDelay(), false);
            case GRACEFUL_SHUTDOWN -> shutDown(now, settings, false);
            case GRACEFUL_RESTART -> shutDown(now, settings, true);
            case FORCE_RESTART -> {
                if (phase == Phase.OFF) {
                    powerOn(now, settings);
                } else if (phase != Phase.POWERING_OFF) {
                    post(now, settings);
                }
            }
            case POWER_CYCLE -> {
                if (phase == Phase.OFF) {
                    powerOn(now, settings);
                } else {
                    powerOff(now, settings.powerDelay(), true);
                }
            }
            case PUSH_POWER_BUTTON -> {
                if (phase == Phase.OFF) {
                    powerOn(now, settings);
                } else {
                    shutDown(now, settings, false);
                }
            }
            case NMI -> {
                // Noted; the system survives it.
            }
        }
    }

    private void powerOn(Instant now, RedfishSettings settings) {
        powerOns++;
        enter(Phase.POWERING_ON, now, settings.powerDelay());
    }

    private void powerOff(Instant now, Duration delay, boolean thenOn) {
        restarts = thenOn;
        if (isOn()) {
            powerOffs++;
            phoneHome = null;
            enter(Phase.POWERING_OFF, now, delay);
        }
    }

    /** Only a running system hears the button; firmware and installers do not. */
    private void shutDown(Instant now, RedfishSettings settings, boolean thenOn) {
        if (phase == Phase.RUNNING && !spec.ignoresGracefulShutdown()) {
            powerOff(now, settings.shutdownDelay(), thenOn);
        } else if (isOn()) {
            note(now, "ignored", "a graceful shutdown");
        }
    }

    void insert(@Nullable Media next, Instant now) {
        var before = media;
        media = next;
        var image = next == null ? before == null ? null : before.image() : next.image();
        remember(mediaHistory, new ServerView.MediaChange(now, next == null ? "eject" : "insert", image));
    }

    Task task(String name, @Nullable String drive, Instant now, Duration lasting) {
        var task = new Task(spec.id() + "-" + ++lastTask, name, drive, now, now.plus(lasting), false, null);
        tasks.add(task);
        while (tasks.size() > REMEMBERED_TASKS && tasks.get(0).done()) {
            tasks.remove(0);
        }
        changed = true;
        return task;
    }

    Optional<Task> task(String id) {
        return tasks.stream().filter(task -> task.id().equals(id)).findFirst();
    }

    boolean isBeingErased(String drive) {
        return tasks.stream().anyMatch(task -> drive.equals(task.drive()) && !task.done());
    }

    /** All sessions end, and nobody is heard for a while. */
    void resetBmc(Instant now, RedfishSettings settings) {
        sessions.clear();
        bmcBackAt = now.plus(settings.bmcResetDelay());
        changed = true;
    }

    boolean isBmcAway(Instant now) {
        return bmcBackAt != null && now.isBefore(bmcBackAt);
    }

    /**
     * Notes who changed something. It is an overlap if the call arrived before another session's change and lands after
     * it, or if another session changed something between two changes of this one.
     */
    void mutated(String session, String action, Instant arrived, Instant now) {
        var others = mutations.stream()
                .filter(each -> !each.session().equals(session))
                .toList();
        if (!others.isEmpty()) {
            var lastOther = others.get(others.size() - 1);
            var resumes = !mutations.get(mutations.size() - 1).session().equals(session)
                    && mutations.stream().anyMatch(each -> each.session().equals(session));
            if (resumes || lastOther.at().isAfter(arrived)) {
                remember(
                        overlaps,
                        new ServerView.Overlap(
                                now, spec.id(), action, session, lastOther.session(), lastOther.action()));
            }
        }
        remember(mutations, new ServerView.Mutation(now, session, action));
    }

    private void note(Instant at, String what, @Nullable String detail) {
        remember(journal, new ServerView.Event(at, what, detail));
    }

    private <T> void remember(List<T> list, T value) {
        if (list.size() == REMEMBERED) {
            list.remove(0);
        }
        list.add(value);
        changed = true;
    }

    // For its Server

    void change() {
        changed = true;
    }

    /** Whether anything changed since the last time that this was asked. */
    boolean takeChanged() {
        var was = changed;
        changed = false;
        return was;
    }

    List<Effect> takeEffects() {
        var taken = List.copyOf(effects);
        effects.clear();
        return taken;
    }

    /** After a restart of the simulator: what was under way outside is done once more. */
    void resume() {
        if (phase == Phase.LOADING && until == null) {
            effects.add(new Effect.Load(boots, address()));
        }
    }
}
