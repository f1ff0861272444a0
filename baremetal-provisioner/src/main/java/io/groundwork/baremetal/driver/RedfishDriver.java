package io.groundwork.baremetal.driver;

import io.groundwork.baremetal.domain.Registration.Bmc;
import io.groundwork.baremetal.domain.ServerTask;
import io.groundwork.events.Catalogue.ServerType;
import io.groundwork.events.Component.Shutdown;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.runtime.Driver;
import io.groundwork.runtime.Operation;
import io.groundwork.runtime.Progress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Does with servers what a {@link ServerTask} asks for. What changes a server is done in a session of the work's own, which ends
 * all others of the account first: a worker that thaws after its work was given to another finds its session gone.
 */
public final class RedfishDriver implements Driver<ServerTask, BmcCheckpoint> {

    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(2);
    private static final Duration WHILE_HELD = Duration.ofMinutes(5);

    private final Function<Bmc, Redfish> bmcs;
    private final Surroundings around;

    /** @param bmcs a server's BMC; throws a {@link RedfishException} where its credentials are not known */
    public RedfishDriver(Function<Bmc, Redfish> bmcs, Surroundings around) {
        this.bmcs = bmcs;
        this.around = around;
    }

    /**
     * What servers have to do with beside their BMC.
     *
     * @param switches of a site
     * @param cleaningImage of a site: what erases disks where BMCs cannot; empty if there is nothing
     * @param serverTypes of the catalogue
     */
    public record Surroundings(
            InstantSource clock,
            BmcPatience patience,
            Boots boots,
            BootUrls urls,
            Function<String, NetworkSwitch> switches,
            Function<String, Optional<String>> cleaningImage,
            Function<String, Optional<ServerType>> serverTypes) {}

    @Override
    public Class<ServerTask> specification() {
        return ServerTask.class;
    }

    @Override
    public Class<BmcCheckpoint> checkpoint() {
        return BmcCheckpoint.class;
    }

    /**
     * Leaves the server as it is, once no work of the operation can change it any more: a repetition of the last one, though that was
     * answered, may open a session of its own as long as its time is not over.
     */
    @Override
    public Progress<BmcCheckpoint> undo(Operation<ServerTask, BmcCheckpoint> operation) {
        var left = Duration.between(around.clock().instant(), operation.work().settledAt());
        var reads = operation.specification() instanceof ServerTask.Leave leave && leave.reads();
        return left.isPositive() && !reads
                ? new Progress.Pending<>(null, left, "waits until no work can be under way any more")
                : new Progress.Done<>(null, null);
    }

    @Override
    public Progress<BmcCheckpoint> advance(Operation<ServerTask, BmcCheckpoint> operation) {
        Redfish redfish;
        try {
            redfish = bmcs.apply(operation.specification().bmc());
        } catch (RedfishException unusable) {
            return new Progress.Failed<>(operation.checkpoint(), unusable.failure());
        }
        try (redfish) {
            var move = move(operation, redfish);
            try {
                return move.advance();
            } catch (RedfishException.Busy busy) {
                var after =
                        busy.retryAfter().compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : busy.retryAfter();
                return new Progress.Pending<>(move.reached(), after, "waits for a BMC that is busy");
            } catch (RedfishException failed) {
                return new Progress.Failed<>(move.reached(), failed.failure());
            }
        }
    }

    private Move<?> move(Operation<ServerTask, BmcCheckpoint> operation, Redfish redfish) {
        var visit = new Visit(operation, redfish, around);
        return switch (operation.specification()) {
            case ServerTask.Verify task -> new LookMove(task, visit);
            case ServerTask.Adopt task -> new LookMove(task, visit);
            case ServerTask.Inspect task -> new InspectMove(task, visit);
            case ServerTask.Clean task -> new CleanMove(task, visit);
            case ServerTask.Deploy task -> new DeployMove(task, visit);
            case ServerTask.Undeploy task -> new UndeployMove(task, visit);
            case ServerTask.Switch task -> new PowerMove(task, visit);
            case ServerTask.Leave task -> new LeaveMove(task, visit);
        };
    }

    /** What one work has to do with. */
    record Visit(Operation<ServerTask, BmcCheckpoint> operation, Redfish redfish, Surroundings around) {}

    /** One move of one task: the calls of one work. */
    abstract static class Move<T extends ServerTask> {

        /** How a tag of ours begins; what follows names the instance and the operation that put it there. */
        static final String OURS = "groundwork:";

        final T task;
        final Operation<ServerTask, BmcCheckpoint> operation;
        final Redfish redfish;
        final Surroundings around;
        BmcCheckpoint at;
        private boolean alone;

        Move(T task, Visit visit) {
            this.task = task;
            this.operation = visit.operation();
            this.redfish = visit.redfish();
            this.around = visit.around();
            this.at = operation.checkpoint() == null ? BmcCheckpoint.START : operation.checkpoint();
        }

        abstract Progress<BmcCheckpoint> advance();

        /** How far it has come by now, also when a call failed on the way. */
        final BmcCheckpoint reached() {
            return at;
        }

        final String server() {
            return task.server();
        }

        /** Makes a call that changes something, within the work's time and alone with the server. */
        final void change(Runnable call) {
            alone();
            guarded(call);
        }

        /** From here on a work that did not begin later changes nothing on the server, or ends this one's session first. */
        private void alone() {
            if (!alone) {
                guarded(redfish::login);
                guarded(redfish::endOthers);
                alone = true;
            }
        }

        /**
         * How the server is. What is acted upon is seen alone: until then a repetition of an earlier work may have changed it, or this
         * is one, and was overtaken.
         */
        final Redfish.Observation seen() {
            if (!alone && stops()) {
                var seen = redfish.observe();
                if (!seen.off() && (at.forced() || !outOfPatience())) {
                    return seen;
                }
            }
            alone();
            return redfish.observe();
        }

        private void guarded(Runnable call) {
            operation.mutate(() -> {
                try {
                    call.run();
                } catch (RedfishException.Unanswered unanswered) {
                    operation.unanswered();
                    throw unanswered;
                } catch (RedfishException.Refused refused) {
                    if (!refused.definite()) {
                        operation.unanswered();
                    }
                    throw refused;
                }
                return true;
            });
        }

        /** Makes a reset; one that the BMC calls unfitting is looked at again later. */
        final void reset(Redfish.Reset type) {
            try {
                change(() -> redfish.reset(type));
            } catch (RedfishException.Refused refused) {
                if (refused.status() != 409) {
                    throw refused;
                }
            }
        }

        /** How the system is brought to its end. */
        Shutdown shutdown() {
            return Shutdown.USUAL;
        }

        private Duration patience() {
            var asked = shutdown().timeout();
            return asked == null ? around.patience().softPowerOff() : asked;
        }

        /** Takes it toward being off in the way of {@link #shutdown}; null once it is. */
        final @Nullable Progress<BmcCheckpoint> stopping(Redfish.Observation seen) {
            var now = around.clock().instant();
            if (seen.off()) {
                return null;
            }
            if (!stops()) {
                if (patience().isZero() && shutdown().force()) {
                    reset(Redfish.Reset.FORCE_OFF);
                    at = at.to(BmcCheckpoint.Phase.STOPPING, now).forcing();
                    return pending("cuts the server's power");
                }
                reset(shutdown().force() ? Redfish.Reset.SHUT_DOWN : Redfish.Reset.ASK_TO_SHUT_DOWN);
                at = at.to(BmcCheckpoint.Phase.STOPPING, now);
                return pending("shuts the server down");
            }
            if (!at.forced() && outOfPatience()) {
                if (!shutdown().force()) {
                    return failed(
                            FailureCategory.TIMEOUT,
                            "The system on " + server() + " has not shut down, and its power must not be cut.",
                            "it was given " + patience());
                }
                reset(Redfish.Reset.FORCE_OFF);
                at = at.forcing();
            }
            return pending(at.forced() ? "cuts the server's power" : "waits for the server to shut down");
        }

        private boolean stops() {
            var begun = at.phase() == BmcCheckpoint.Phase.STOPPING || at.phase() == BmcCheckpoint.Phase.ENDING;
            return begun && at.since() != null;
        }

        /** Whether its operating system had the time to shut down. */
        private boolean outOfPatience() {
            var since = at.since();
            return since != null && !around.clock().instant().isBefore(since.plus(patience()));
        }

        /** Opens the ports of the first {@code open} network interfaces, and shuts all others. */
        final void ports(String site, int open) {
            var ports = around.switches().apply(site);
            var nics = redfish.nics();
            for (var i = 0; i < nics.size(); i++) {
                var nic = nics.get(i);
                var opened = i < open;
                change(() -> ports.set(server(), nic.id(), opened));
            }
        }

        /** Lets the server boot {@code boot} at its next start, by what it has. */
        final void preparing(Boots.BootData boot, boolean media, boolean always, String tag) {
            change(() -> around.boots().put(boot));
            if (media && redfish.takesMedia()) {
                change(() -> redfish.insert(around.urls().medium(boot)));
                change(() -> redfish.prepare(new Redfish.Boot(Redfish.Source.CD, always, null), tag));
            } else {
                var script = around.urls().script(boot);
                change(() -> redfish.prepare(new Redfish.Boot(Redfish.Source.HTTP, always, script), tag));
            }
        }

        /**
         * Boots the server once more if, though it is on for long, it has asked for nothing of what it was to boot: it came up while
         * nobody answered, and firmware that finds nothing halts. Leaves it alone where it need not ask, and where it is another's by
         * now, as this is a repetition.
         *
         * @param media whether it boots virtual media where it can
         * @param boot prepares it and makes the reset
         * @return whether it did
         */
        final boolean bootsAgain(boolean media, String tag, Consumer<Redfish.Reset> boot) {
            var since = at.since();
            if (since == null
                    || around.clock()
                            .instant()
                            .isBefore(since.plus(around.patience().boot()))
                    || !around.boots().unfetched(server(), operation.id())
                    || (media && redfish.takesMedia() && !around.urls().servesMedia())) {
                return false;
            }
            var seen = seen();
            if (!seen.tag().equals(tag)) {
                return false;
            }
            boot.accept(seen.off() ? Redfish.Reset.ON : Redfish.Reset.RESTART);
            return true;
        }

        /** Nothing is inserted, and the firmware boots as usual. */
        final void tidy(String tag) {
            if (redfish.takesMedia()) {
                change(redfish::eject);
            }
            change(() -> redfish.prepare(Redfish.Boot.USUAL, tag));
        }

        final Progress<BmcCheckpoint> pending(String detail) {
            var delay = around.patience().pollAfter(at.polls());
            at = at.polled();
            return new Progress.Pending<>(at, delay, detail);
        }

        final Progress<BmcCheckpoint> held() {
            return new Progress.Pending<>(at, WHILE_HELD, "a person holds it");
        }

        final Progress<BmcCheckpoint> failed(FailureCategory category, String message, @Nullable String detail) {
            return new Progress.Failed<>(at, new Failure(category, message, detail, false));
        }
    }

    /** Looks, and touches nothing. */
    private static final class LookMove extends Move<ServerTask> {

        LookMove(ServerTask task, Visit visit) {
            super(task, visit);
        }

        @Override
        Progress<BmcCheckpoint> advance() {
            return new Progress.Done<>(at, new ServerTask.Seen(redfish.observe().power()));
        }
    }

    /** Nothing more is to be done. */
    private static final class LeaveMove extends Move<ServerTask.Leave> {

        LeaveMove(ServerTask.Leave task, Visit visit) {
            super(task, visit);
        }

        @Override
        Progress<BmcCheckpoint> advance() {
            return new Progress.Done<>(at, null);
        }
    }

    /** Reads what is built in. */
    private static final class InspectMove extends Move<ServerTask.Inspect> {

        InspectMove(ServerTask.Inspect task, Visit visit) {
            super(task, visit);
        }

        @Override
        Progress<BmcCheckpoint> advance() {
            var type = around.serverTypes().apply(task.serverType());
            if (type.isEmpty()) {
                // it may be administered, or seeded, any moment
                return new Progress.Failed<>(
                        at,
                        new Failure(
                                FailureCategory.VALIDATION,
                                "The catalogue has no server type " + task.serverType() + ".",
                                null,
                                true));
            }
            var found = redfish.hardware();
            var lacks = found.lacks(type.get());
            return lacks.isEmpty()
                    ? new Progress.Done<>(at, found)
                    : failed(
                            FailureCategory.VALIDATION,
                            "The server is no " + task.serverType() + ".",
                            String.join(", ", lacks));
        }
    }

    /** Takes down what is on it. */
    private static final class UndeployMove extends Move<ServerTask.Undeploy> {

        UndeployMove(ServerTask.Undeploy task, Visit visit) {
            super(task, visit);
        }

        @Override
        Shutdown shutdown() {
            return task.shutdown() == null ? Shutdown.USUAL : task.shutdown();
        }

        @Override
        Progress<BmcCheckpoint> advance() {
            var seen = seen();
            var onItsWay = stopping(seen);
            if (onItsWay != null) {
                return onItsWay;
            }
            // whose data it holds stays written on it until it is clean
            tidy(seen.tag());
            ports(task.site(), 0);
            change(() -> around.boots().remove(server()));
            return new Progress.Done<>(at, null);
        }
    }

    /** Switches its power. */
    private static final class PowerMove extends Move<ServerTask.Switch> {

        PowerMove(ServerTask.Switch task, Visit visit) {
            super(task, visit);
        }

        @Override
        Progress<BmcCheckpoint> advance() {
            var seen = seen();
            return switch (task.to()) {
                case ON -> seen.on() ? done("On") : begin(Redfish.Reset.ON, seen.off());
                case OFF -> {
                    var onItsWay = stopping(seen);
                    yield onItsWay == null ? done("Off") : onItsWay;
                }
                case RESET ->
                    at.phase() == BmcCheckpoint.Phase.BOOTING && seen.on()
                            ? done("On")
                            : begin(seen.off() ? Redfish.Reset.ON : Redfish.Reset.RESTART, true);
            };
        }

        private Progress<BmcCheckpoint> begin(Redfish.Reset type, boolean fits) {
            if (fits && at.phase() != BmcCheckpoint.Phase.BOOTING) {
                reset(type);
                at = at.to(BmcCheckpoint.Phase.BOOTING, around.clock().instant());
            }
            return pending("waits for the power");
        }

        private Progress<BmcCheckpoint> done(String power) {
            return new Progress.Done<>(at, new ServerTask.Seen(power));
        }
    }
}
