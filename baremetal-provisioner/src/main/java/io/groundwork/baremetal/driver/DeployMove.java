package io.groundwork.baremetal.driver;

import io.groundwork.baremetal.domain.InstanceOrder.Installation;
import io.groundwork.baremetal.domain.ServerTask;
import io.groundwork.baremetal.driver.BmcCheckpoint.Phase;
import io.groundwork.baremetal.driver.RedfishDriver.Visit;
import io.groundwork.events.Catalogue.Boot;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Grant.AllocatedAddress;
import io.groundwork.runtime.Progress;

/**
 * Puts an instance on a server: off, prepared, on, and done when the system on it calls home. The server carries the operation's
 * name as its tag from before it is switched on, so that a repeated work knows what it finds.
 */
final class DeployMove extends RedfishDriver.Move<ServerTask.Deploy> {

    DeployMove(ServerTask.Deploy task, Visit visit) {
        super(task, visit);
    }

    @Override
    Progress<BmcCheckpoint> advance() {
        var installation = task.instance().installation();
        if (installation == null) {
            return failed(FailureCategory.BUG, "There is nothing to install.", null);
        }
        if (task.held()) {
            return held();
        }
        return switch (at.phase()) {
            case START, STOPPING, OFF, ERASING -> toward(installation);
            case BOOTING, ENDING -> booted(installation);
        };
    }

    private Progress<BmcCheckpoint> toward(Installation installation) {
        var seen = seen();
        if (seen.tag().equals(tag()) && !seen.off()) {
            // switched on by a work whose record was lost
            at = at.to(Phase.BOOTING, around.clock().instant());
            return booted(installation);
        }
        if (at.phase() == Phase.START && holdsOthers(seen.tag()) && !installation.allowDataLoss()) {
            return failed(
                    FailureCategory.POLICY,
                    "The server's disks may hold data of another; allowDataLoss lets them be wiped.",
                    seen.tag());
        }
        var onItsWay = stopping(seen);
        if (onItsWay != null) {
            return onItsWay;
        }
        at = at.to(Phase.OFF, around.clock().instant());
        ports(task.instance().site(), Math.max(1, installation.networks().size()));
        boot(installation, Redfish.Reset.ON);
        return pending("installs the operating system");
    }

    private void boot(Installation installation, Redfish.Reset how) {
        var template = installation.osTemplate();
        var boot = new Rendering(server(), operation.id(), task.instance(), installation, redfish.nics()).bootData();
        if (template.boot() == Boot.DISK) {
            change(() -> around.boots().put(boot));
            change(() -> redfish.prepare(new Redfish.Boot(Redfish.Source.DISK, false, null), tag()));
        } else {
            preparing(boot, template.boot() == Boot.VIRTUAL_MEDIA, template.diskless(), tag());
        }
        reset(how);
        at = at.to(Phase.BOOTING, around.clock().instant());
    }

    private boolean holdsOthers(String tag) {
        return tag.startsWith(OURS) && !tag.startsWith(OURS + Rendering.instance(task.instance()) + "@");
    }

    private String tag() {
        return OURS + Rendering.instance(task.instance()) + "@" + operation.id();
    }

    private Progress<BmcCheckpoint> booted(Installation installation) {
        if (!task.phonedHome()) {
            var from = installation.osTemplate().boot();
            // what boots from its disk need not ask
            if (from != Boot.DISK && bootsAgain(from == Boot.VIRTUAL_MEDIA, tag(), how -> boot(installation, how))) {
                return pending("boots again, as it did not ask for what to boot");
            }
            if (redfish.observe().off() && seen().off()) {
                // some installers end so, and power is lost now and then
                reset(Redfish.Reset.ON);
            }
            return pending("waits for the server to call home");
        }
        if (!installation.osTemplate().diskless()) {
            tidy(tag());
        }
        return new Progress.Done<>(
                at,
                new ComponentOutputs.Instance(
                        task.instance().index(),
                        server(),
                        installation.primary().map(AllocatedAddress::address).orElse(null),
                        task.instance().site()));
    }
}
