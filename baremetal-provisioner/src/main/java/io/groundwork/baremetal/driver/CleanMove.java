package io.groundwork.baremetal.driver;

import io.groundwork.baremetal.domain.ServerTask;
import io.groundwork.baremetal.driver.BmcCheckpoint.Phase;
import io.groundwork.baremetal.driver.Redfish.Drive;
import io.groundwork.baremetal.driver.RedfishDriver.Visit;
import io.groundwork.events.FailureCategory;
import io.groundwork.runtime.Progress;
import java.time.Duration;
import java.util.List;

/**
 * Erases every disk: by the disks themselves where the BMC offers it for all of them, else by an image that the server boots and
 * that calls home when it is done. Leaves the server off and nobody's.
 */
final class CleanMove extends RedfishDriver.Move<ServerTask.Clean> {

    private static final String SECURE_ERASE = "secure-erase";
    private static final String BOOT_IMAGE = "boot-image";
    private static final String ERASED = "";
    private static final String CLEANING = OURS + "cleaning@";

    CleanMove(ServerTask.Clean task, Visit visit) {
        super(task, visit);
    }

    @Override
    Progress<BmcCheckpoint> advance() {
        if (task.held()) {
            return held();
        }
        return switch (at.phase()) {
            case START, STOPPING, OFF -> toward();
            case ERASING -> erasing(redfish.drives());
            case BOOTING -> booted();
            case ENDING -> ending();
        };
    }

    private Progress<BmcCheckpoint> toward() {
        var seen = seen();
        if (seen.tag().equals(tag()) && !seen.off()) {
            // switched on by a work whose record was lost
            at = at.by(BOOT_IMAGE).to(Phase.BOOTING, around.clock().instant());
            return booted();
        }
        if (at.phase() == Phase.START && !task.allowDataLoss() && inUse(seen)) {
            return failed(
                    FailureCategory.POLICY,
                    "The server seems to be in use; allowDataLoss lets its disks be wiped.",
                    task.inUse() != null
                            ? task.inUse()
                            : seen.tag().isEmpty() ? "its power is " + seen.power() : seen.tag());
        }
        var onItsWay = stopping(seen);
        if (onItsWay != null) {
            return onItsWay;
        }
        at = at.to(Phase.OFF, around.clock().instant());
        ports(task.site(), 0);
        tidy(seen.tag());
        var drives = redfish.drives();
        if (!drives.isEmpty() && drives.stream().allMatch(drive -> drive.erase() != null)) {
            at = at.by(SECURE_ERASE).to(Phase.ERASING, around.clock().instant());
            return erasing(drives);
        }
        return boot();
    }

    /** As far as is known, and as a BMC shows. What a cleaning left half done is not in use. */
    private boolean inUse(Redfish.Observation seen) {
        return !seen.tag().startsWith(CLEANING)
                && (task.inUse() != null || !seen.off() || seen.tag().startsWith(OURS));
    }

    private Progress<BmcCheckpoint> erasing(List<Drive> drives) {
        for (var drive : drives) {
            var monitor = at.erasing().get(drive.id());
            if (monitor == null) {
                begin(drive);
            } else if (!monitor.equals(ERASED) && ended(drive, monitor)) {
                at = at.erasing(drive.id(), ERASED);
            }
        }
        if (drives.stream().allMatch(drive -> ERASED.equals(at.erasing().get(drive.id())))) {
            at = at.to(Phase.ENDING, around.clock().instant());
            return ending();
        }
        return pending("erases the disks");
    }

    /** One that is being erased already, by a work whose record was lost, is asked again until it is not. */
    private void begin(Drive drive) {
        try {
            change(() -> {
                var monitor = redfish.erase(drive);
                at = at.erasing(drive.id(), monitor == null ? ERASED : monitor);
            });
        } catch (RedfishException.Refused refused) {
            if (refused.status() != 409) {
                throw refused;
            }
        }
    }

    private boolean ended(Drive drive, String monitor) {
        try {
            return redfish.ended(monitor);
        } catch (RedfishException.Refused refused) {
            // not to be tried in a circle: a disk that cannot be erased is for a person to look at
            throw new RedfishException.Refused(422, drive.id() + " could not be erased: " + refused.getMessage());
        }
    }

    private Progress<BmcCheckpoint> boot() {
        var image = around.cleaningImage().apply(task.site());
        if (image.isEmpty()) {
            return failed(
                    FailureCategory.PROVIDER,
                    "The server's disks cannot be erased.",
                    "its BMC offers no secure erase of every disk, and the site has no cleaning image");
        }
        if (!operation.settled(Duration.ZERO)) {
            // a port that was to be shut may be shut yet, after it is opened: with nothing to load, the server would
            // boot
            // what its last tenant left
            return pending("waits until no call can be under way any more");
        }
        ports(task.site(), 1);
        boot(image.get(), Redfish.Reset.ON);
        return pending("boots what erases the disks");
    }

    private void boot(String image, Redfish.Reset how) {
        preparing(Rendering.erasing(server(), operation.id(), image, redfish.nics()), true, false, tag());
        reset(how);
        at = at.by(BOOT_IMAGE).to(Phase.BOOTING, around.clock().instant());
    }

    private String tag() {
        return CLEANING + operation.id();
    }

    private Progress<BmcCheckpoint> booted() {
        if (!task.phonedHome()) {
            var image = around.cleaningImage().apply(task.site());
            if (image.isPresent() && bootsAgain(true, tag(), how -> boot(image.get(), how))) {
                return pending("boots again, as it did not ask for what erases its disks");
            }
            return pending("waits for the disks to be erased");
        }
        // without waiting for an operating system: nothing of value runs
        reset(Redfish.Reset.FORCE_OFF);
        at = at.to(Phase.ENDING, around.clock().instant()).forcing();
        return pending("switches the server off");
    }

    private Progress<BmcCheckpoint> ending() {
        var onItsWay = stopping(seen());
        if (onItsWay != null) {
            return onItsWay;
        }
        tidy("");
        ports(task.site(), 0);
        change(() -> around.boots().remove(server()));
        var how = at.how() == null ? BOOT_IMAGE : at.how();
        return new Progress.Done<>(at, new ServerTask.Erased(how, at.erasing().size()));
    }
}
