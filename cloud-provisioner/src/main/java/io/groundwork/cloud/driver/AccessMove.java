package io.groundwork.cloud.driver;

import io.groundwork.cloud.domain.Ec2Spec;
import io.groundwork.cloud.driver.Ec2.Group;
import io.groundwork.cloud.driver.Ec2Checkpoint.OfAccess;
import io.groundwork.cloud.driver.Ec2Exception.Refused;
import io.groundwork.events.Component.SecurityGroup;
import io.groundwork.events.Uuids;
import io.groundwork.runtime.Operation;
import io.groundwork.runtime.Progress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the machines of a component share: security groups and a key pair. Their names derive from the operation, so that a
 * repeated call meets what the first one made instead of making it twice.
 */
final class AccessMove extends Ec2Driver.Move {

    private final Ec2Spec.Access access;
    private OfAccess at;

    AccessMove(
            Operation<Ec2Spec, Ec2Checkpoint> operation,
            Ec2Spec.Access access,
            Ec2 ec2,
            InstantSource clock,
            Ec2Patience patience) {
        super(operation, ec2, clock, patience);
        this.access = access;
        this.at = operation.checkpoint() instanceof OfAccess known ? known : OfAccess.START;
    }

    @Override
    Ec2Checkpoint reached() {
        return at;
    }

    @Override
    Progress<Ec2Checkpoint> advance() {
        var there =
                ec2.groups(operation.id()).stream().collect(Collectors.toMap(Group::name, group -> group, (a, b) -> a));
        var ids = new ArrayList<String>();
        for (var wanted : access.groups()) {
            var id = ensure(wanted, there.get(name(wanted.name())));
            if (id == null) {
                return pending("waits until EC2 shows the security group " + wanted.name());
            }
            ids.add(id);
        }
        // first, as it moves the checkpoint on
        var key = ensureKey();
        return new Progress.Done<>(at, new Ec2Spec.AccessOutputs(ids, key));
    }

    /** The group's id once it stands with all its rules; null while EC2 does not show what is there. */
    private @Nullable String ensure(SecurityGroup wanted, @Nullable Group there) {
        var name = name(wanted.name());
        var known = there == null ? at.groups().get(name) : there.id();
        try {
            var id = known == null ? create(wanted, name) : known;
            var missing = new LinkedHashSet<>(wanted.ingress());
            if (there != null) {
                missing.removeAll(there.ingress());
            }
            if (!missing.isEmpty()) {
                changing(() -> ec2.allow(id, List.copyOf(missing)));
            }
            return id;
        } catch (Refused refused) {
            if (refused.duplicate() || refused.notFound()) {
                return null;
            }
            throw refused;
        }
    }

    private String create(SecurityGroup wanted, String name) {
        var description = wanted.name() + " of " + access.component();
        var id = change(() -> ec2.createGroup(name, description, tags()));
        at = at.group(name, id, clock.instant());
        return id;
    }

    private @Nullable String ensureKey() {
        var key = access.sshKey();
        if (key == null) {
            return null;
        }
        var name = name(key.name());
        if (at.keyId() == null
                && ec2.keys(operation.id()).stream().noneMatch(one -> one.name().equals(name))) {
            try {
                var id = change(() -> ec2.importKey(name, key.publicKey(), tags()));
                at = at.key(id, clock.instant());
            } catch (Refused refused) {
                // of this very operation, by its name
                if (!refused.duplicate()) {
                    throw refused;
                }
            }
        }
        return name;
    }

    @Override
    Progress<Ec2Checkpoint> undo() {
        var groups = ec2.groups(operation.id()).stream().map(Group::id).collect(Collectors.toSet());
        var keys = ec2.keys(operation.id()).stream().map(Ec2.Key::id).collect(Collectors.toSet());
        var all = new HashSet<>(groups);
        all.addAll(at.groups().values());
        for (var id : all) {
            delete(id, groups.contains(id));
        }
        var allKeys = new HashSet<>(keys);
        if (at.keyId() != null) {
            allKeys.add(at.keyId());
        }
        for (var id : allKeys) {
            changing(() -> ec2.deleteKey(id));
        }
        at = at.withoutKey();
        if (!all.isEmpty() || !allKeys.isEmpty()) {
            return pending("looks whether security groups and key pair are gone");
        }
        if (!operation.settled(patience.consistencyWindow())) {
            return pending("waits to be sure that nothing was made");
        }
        return new Progress.Done<>(at, null);
    }

    private void delete(String id, boolean shown) {
        try {
            changing(() -> ec2.deleteGroup(id));
            at = at.withoutGroup(id);
        } catch (Refused refused) {
            if (!refused.notFound()) {
                throw refused;
            }
            var since = at.since();
            if (shown || since == null || !clock.instant().isBefore(since.plus(patience.notFound()))) {
                at = at.withoutGroup(id);
            }
        }
    }

    private Progress<Ec2Checkpoint> pending(String detail) {
        var delay = patience.pollAfter(at.polls());
        at = at.polled();
        return new Progress.Pending<>(at, delay, detail);
    }

    /** The provider's name of a group or key, different for every operation. */
    private String name(String given) {
        return "groundwork-" + Uuids.named(operation.id(), given) + "-" + given;
    }

    private Map<String, String> tags() {
        var order = operation.work().order();
        return Map.of(
                "groundwork:resource",
                order.resource().toString(),
                "groundwork:component",
                access.component(),
                "groundwork:request",
                order.request().toString(),
                Ec2.OPERATION,
                order.id());
    }
}
