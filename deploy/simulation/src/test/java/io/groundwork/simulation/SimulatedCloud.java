package io.groundwork.simulation;

import io.groundwork.cloud.driver.Ec2;
import io.groundwork.cloud.driver.Ec2Exception;
import io.groundwork.cloud.driver.Ec2Exception.Refused;
import io.groundwork.cloud.driver.Ec2Exception.Unanswered;
import io.groundwork.events.Component.Ingress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cloud as EC2 is on a bad day: throttles, fails before and after having acted, loses answers, lets calls land late, hides what
 * was just made, runs out of room, and lets machines die while they start. It keeps its promises: client tokens are idempotent,
 * and no call lands later than its time.
 */
final class SimulatedCloud implements Ec2 {

    /** An instance type that is refused for good. */
    static final String BROKEN = "t3.broken";

    /** An instance type of which there is at times no more. */
    static final String SCARCE = "t3.scarce";

    /** An image that does not exist. */
    static final String NO_IMAGE = "no-such-image";

    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final Simulation simulation;
    private final Chance chance;
    private final Duration callTime;
    private final Duration window;
    private final Checker checker;
    private final Map<String, Vm> machines = new LinkedHashMap<>();
    private final Map<String, Vm> tokens = new HashMap<>();
    private final Map<String, SharedGroup> groups = new LinkedHashMap<>();
    private final Map<String, SharedKey> keys = new LinkedHashMap<>();
    private final Set<String> guarded = new HashSet<>();
    private final Instant scarceUntil;
    private int ids;

    /** A machine from its launch on, for ever. */
    static final class Vm {
        final String id;
        final Launch launch;
        final Instant launchedAt;
        final Instant runsAt;
        final Instant shownAt;

        @Nullable
        Instant endsAt;

        @Nullable
        Instant terminatedAt;

        @Nullable
        String reason;

        Vm(String id, Launch launch, Instant launchedAt, Instant runsAt, Instant shownAt) {
            this.id = id;
            this.launch = launch;
            this.launchedAt = launchedAt;
            this.runsAt = runsAt;
            this.shownAt = shownAt;
        }

        State state(Instant now) {
            if (terminatedAt != null && !terminatedAt.isAfter(now)) {
                return State.TERMINATED;
            }
            if (endsAt != null && !endsAt.isAfter(now)) {
                return State.SHUTTING_DOWN;
            }
            // one that dies while it starts never runs
            return runsAt.isAfter(now) || reason != null ? State.PENDING : State.RUNNING;
        }

        String tag(String name) {
            return Objects.requireNonNull(launch.tags().get("groundwork:" + name));
        }
    }

    record SharedGroup(String id, String name, Map<String, String> tags, Set<Ingress> ingress, Instant shownAt) {}

    record SharedKey(String id, String name, Map<String, String> tags, Instant shownAt) {}

    /**
     * @param callTime how long a call may take at most
     * @param window how long it hides at most what was just made
     */
    SimulatedCloud(Simulation simulation, Duration callTime, Duration window, Checker checker) {
        this.simulation = simulation;
        this.chance = simulation.chance();
        this.callTime = callTime;
        this.window = window;
        this.checker = checker;
        this.scarceUntil = simulation.now().plus(chance.upTo(Duration.ofMinutes(20)));
    }

    /** Refuses to terminate the machines of a resource, until it is told otherwise. */
    void guard(String resource, boolean on) {
        if (on) {
            guarded.add(resource);
        } else {
            guarded.remove(resource);
        }
    }

    /** The machines of a resource that are not terminated. */
    List<Vm> standing(String resource) {
        return machines.values().stream()
                .filter(vm -> vm.tag("resource").equals(resource) && vm.state(simulation.now()) != State.TERMINATED)
                .toList();
    }

    /** What else a resource has: security groups and key pairs, by name. */
    List<String> shared(String resource) {
        var shared = new ArrayList<String>();
        groups.values().stream()
                .filter(group -> resource.equals(group.tags().get("groundwork:resource")))
                .forEach(group -> shared.add(group.name()));
        keys.values().stream()
                .filter(key -> resource.equals(key.tags().get("groundwork:resource")))
                .forEach(key -> shared.add(key.name()));
        return shared;
    }

    @Override
    public List<Machine> machines(String operation) {
        return call(
                "machines " + operation,
                false,
                () -> machines.values().stream()
                        .filter(vm -> operation.equals(vm.launch.tags().get(OPERATION)) && shown(vm))
                        .map(this::described)
                        .toList());
    }

    @Override
    public Optional<Machine> machine(String id) {
        return call(
                "machine " + id,
                false,
                () -> Optional.ofNullable(machines.get(id)).filter(this::shown).map(this::described));
    }

    @Override
    public Machine run(Launch launch) {
        return call(
                "run " + launch.token() + " " + launch.tags().get(OPERATION), true, () -> described(launch(launch)));
    }

    private Vm launch(Launch launch) {
        var known = tokens.get(launch.token());
        if (known != null) {
            if (!known.launch.equals(launch)) {
                throw Refused.of("IdempotentParameterMismatch", 400);
            }
            if (known.state(simulation.now()) == State.TERMINATED || known.endsAt != null) {
                throw Refused.of("IdempotentInstanceTerminated", 400);
            }
            return known;
        }
        if (launch.instanceType().equals(BROKEN)) {
            throw Refused.of("InvalidParameterValue", 400);
        }
        if (launch.instanceType().equals(SCARCE) && simulation.now().isBefore(scarceUntil)) {
            throw Refused.of("InsufficientInstanceCapacity", 500);
        }
        for (var group : launch.groupIds()) {
            if (!groups.containsKey(group)) {
                throw Refused.of("InvalidGroup.NotFound", 400);
            }
        }
        var now = simulation.now();
        var vm = new Vm(
                "i-" + ids++, launch, now, now.plus(chance.upTo(Duration.ofMinutes(1))), now.plus(chance.upTo(window)));
        if (faulty() && chance.oneIn(60)) {
            vm.endsAt = now.plus(chance.upTo(Duration.ofSeconds(5)));
            vm.terminatedAt = vm.endsAt;
            vm.reason = "Server.InternalError";
        }
        machines.put(vm.id, vm);
        tokens.put(launch.token(), vm);
        simulation.say(() -> "cloud launches " + vm.id + " of " + launch.tags().get(OPERATION));
        checker.launched(vm, standing(vm.tag("resource")));
        return vm;
    }

    @Override
    public boolean terminate(List<String> ids) {
        return call("terminate " + ids, true, () -> {
            for (var id : ids) {
                var vm = machines.get(id);
                if (vm == null || !shown(vm)) {
                    throw Refused.of("InvalidInstanceID.NotFound", 400);
                }
                if (guarded.contains(vm.tag("resource"))) {
                    throw Refused.of("UnauthorizedOperation", 403);
                }
            }
            for (var id : ids) {
                var vm = Objects.requireNonNull(machines.get(id));
                if (vm.endsAt == null) {
                    vm.endsAt = simulation.now();
                    vm.terminatedAt = simulation
                            .now()
                            .plus(chance.oneIn(8) ? Duration.ZERO : chance.upTo(Duration.ofSeconds(40)));
                    checker.terminated(vm);
                }
            }
            return ids.stream()
                    .allMatch(
                            id -> Objects.requireNonNull(machines.get(id)).state(simulation.now()) == State.TERMINATED);
        });
    }

    @Override
    public Optional<Image> image(String name) {
        return call(
                "image " + name,
                false,
                () -> name.equals(NO_IMAGE) ? Optional.empty() : Optional.of(new Image("ami-" + name, "/dev/xvda")));
    }

    @Override
    public List<Group> groups(String operation) {
        return call(
                "groups " + operation,
                false,
                () -> groups.values().stream()
                        .filter(group -> operation.equals(group.tags().get(OPERATION)) && shown(group.shownAt()))
                        .map(group -> new Group(group.id(), group.name(), Set.copyOf(group.ingress())))
                        .toList());
    }

    @Override
    public String createGroup(String name, String description, Map<String, String> tags) {
        return call("create group " + name, true, () -> {
            if (groups.values().stream().anyMatch(group -> group.name().equals(name))) {
                throw Refused.of("InvalidGroup.Duplicate", 400);
            }
            var id = "sg-" + ids++;
            groups.put(
                    id,
                    new SharedGroup(
                            id, name, tags, new HashSet<>(), simulation.now().plus(chance.upTo(window))));
            checker.shared(tags);
            return id;
        });
    }

    @Override
    public void allow(String groupId, List<Ingress> ingress) {
        call("allow " + groupId, true, () -> {
            var group = groups.get(groupId);
            if (group == null) {
                throw Refused.of("InvalidGroup.NotFound", 400);
            }
            if (ingress.stream().anyMatch(group.ingress()::contains)) {
                throw Refused.of("InvalidPermission.Duplicate", 400);
            }
            return group.ingress().addAll(ingress);
        });
    }

    @Override
    public void deleteGroup(String id) {
        call("delete group " + id, true, () -> {
            if (!groups.containsKey(id)) {
                throw Refused.of("InvalidGroup.NotFound", 400);
            }
            var used = machines.values().stream()
                    .anyMatch(
                            vm -> vm.launch.groupIds().contains(id) && vm.state(simulation.now()) != State.TERMINATED);
            if (used) {
                throw Refused.of("DependencyViolation", 400);
            }
            groups.remove(id);
            return true;
        });
    }

    @Override
    public List<Key> keys(String operation) {
        return call(
                "keys " + operation,
                false,
                () -> keys.values().stream()
                        .filter(key -> operation.equals(key.tags().get(OPERATION)) && shown(key.shownAt()))
                        .map(key -> new Key(key.id(), key.name()))
                        .toList());
    }

    @Override
    public String importKey(String name, String publicKey, Map<String, String> tags) {
        return call("import key " + name, true, () -> {
            if (keys.values().stream().anyMatch(key -> key.name().equals(name))) {
                throw Refused.of("InvalidKeyPair.Duplicate", 400);
            }
            var id = "key-" + ids++;
            keys.put(id, new SharedKey(id, name, tags, simulation.now().plus(chance.upTo(window))));
            checker.shared(tags);
            return id;
        });
    }

    @Override
    public void deleteKey(String id) {
        call("delete key " + id, true, () -> {
            keys.remove(id);
            return true;
        });
    }

    private boolean shown(Vm vm) {
        return shown(vm.shownAt)
                && (vm.terminatedAt == null || simulation.now().isBefore(vm.terminatedAt.plus(REMEMBERED)));
    }

    private boolean shown(Instant since) {
        return !since.isAfter(simulation.now());
    }

    private Machine described(Vm vm) {
        var state = vm.state(simulation.now());
        var attempt = vm.launch.tags().getOrDefault(ATTEMPT, "0");
        return new Machine(
                vm.id,
                state,
                Integer.parseInt(attempt),
                state == State.RUNNING ? "10.0.0.1" : null,
                vm.launchedAt,
                vm.reason);
    }

    private boolean faulty() {
        return simulation.faults().again() > 0;
    }

    /** One call: sent, carried out, answered; any of it may go wrong. */
    private <T> T call(String what, boolean changes, Supplier<T> effect) {
        var until = simulation.now().plus(callTime);
        Strand.breathe();
        simulation.sleep(chance.upTo(Duration.ofMillis(60)));
        if (simulation.now().isAfter(until)) {
            throw new Unanswered(what + ": its time was over before it was sent");
        }
        if (faulty()) {
            var fate = chance.below(60);
            if (fate == 0) {
                throw said(what, Refused.of("RequestLimitExceeded", 503));
            }
            if (fate == 1) {
                throw said(what, Refused.of("InternalError", 500));
            }
            if (fate == 2) {
                throw said(what, new Unanswered("connection reset"));
            }
            if (fate <= 4 && changes) {
                // on its way for as long as a call may take, when nobody waits for it any more
                var left = Duration.between(simulation.now(), until);
                simulation.after(chance.upTo(left), () -> land(what, effect));
                throw said(what, new Unanswered("timed out, lands later"));
            }
            if (fate == 5) {
                land(what, effect);
                throw said(what, Refused.of("InternalError", 500));
            }
            if (fate == 6) {
                land(what, effect);
                throw said(what, new Unanswered("answer lost"));
            }
        }
        T answer;
        try {
            answer = effect.get();
        } catch (Ec2Exception refused) {
            throw said(what, refused);
        }
        simulation.say(() -> "cloud answers " + what + ": " + answer);
        Strand.breathe();
        if (simulation.now().isAfter(until)) {
            throw new Unanswered(what + ": its time was over before the answer came");
        }
        return answer;
    }

    private void land(String what, Supplier<?> effect) {
        try {
            var answer = effect.get();
            simulation.say(() -> "cloud carries out, unheard: " + what + ": " + answer);
        } catch (Ec2Exception nobodyWaits) {
            simulation.say(() -> "cloud refuses, unheard: " + what);
        }
    }

    private Ec2Exception said(String what, Ec2Exception failure) {
        simulation.say(() -> "cloud answers " + what + ": " + failure);
        return failure;
    }
}
