package io.groundwork.cloud.driver;

import io.groundwork.cloud.driver.Ec2Exception.Refused;
import io.groundwork.cloud.driver.Ec2Exception.Unanswered;
import io.groundwork.events.Component.Ingress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** An EC2 without network, that can do to a call all that a network and a cloud can. */
final class InMemoryEc2 implements Ec2 {

    /** What happens to one call. */
    enum Fault {
        NONE,
        /** Never arrives. */
        LOST_BEFORE,
        /** Is carried out; the answer is lost. */
        LOST_AFTER,
        /** Is carried out three seconds later; nobody waits that long. */
        LATE,
        THROTTLED,
        /** Is carried out, and answered with an error. */
        SERVER_ERROR,
        /** The caller dies before it. */
        KILLED_BEFORE,
        /** The caller dies behind it. */
        KILLED_AFTER
    }

    /** The process is gone: nothing behind this happens. */
    static final class Killed extends Error {}

    private static final class Stored {
        final Launch launch;
        final String id;
        final Instant at;
        final Instant visible;
        Instant terminated;
        String reason;

        Stored(Launch launch, String id, Instant at, Instant visible) {
            this.launch = launch;
            this.id = id;
            this.at = at;
            this.visible = visible;
        }
    }

    private record Late(Instant at, Runnable call) {}

    final Deque<Fault> faults = new ArrayDeque<>();
    final List<String> calls = new ArrayList<>();
    final Map<String, Group> groups = new LinkedHashMap<>();
    final Map<String, Map<String, String>> tags = new HashMap<>();
    final Map<String, Key> keys = new LinkedHashMap<>();
    private final Map<String, Stored> machines = new LinkedHashMap<>();
    private final Map<String, String> tokens = new HashMap<>();
    private final List<Late> late = new ArrayList<>();
    private final InstantSource clock;
    Duration hidden = Duration.ZERO;
    Duration boot = Duration.ofSeconds(2);
    Duration shutdown = Duration.ofSeconds(2);
    boolean deduplicates = true;
    Refused refusal;

    InMemoryEc2(InstantSource clock) {
        this.clock = clock;
    }

    /** Machines that cost money, shown or not. */
    List<String> standing() {
        land();
        return machines.values().stream()
                .filter(one -> state(one).compareTo(State.SHUTTING_DOWN) < 0)
                .map(one -> one.id)
                .toList();
    }

    Map<String, String> tagsOf(String machine) {
        return machines.get(machine).launch.tags();
    }

    Launch launchOf(String machine) {
        return machines.get(machine).launch;
    }

    /** One that nobody ordered through the driver. */
    String foreign(String operation) {
        return stand(new Launch(
                        "foreign", "t", "ami", "/dev/x", null, List.of(), null, null, Map.of(OPERATION, operation)))
                .id();
    }

    void endByItself(String machine, String reason) {
        machines.get(machine).terminated = clock.instant().minus(Duration.ofMinutes(1));
        machines.get(machine).reason = reason;
    }

    /** What was under way when its caller went away arrives. */
    private void land() {
        var due =
                late.stream().filter(one -> !one.at().isAfter(clock.instant())).toList();
        late.removeAll(due);
        for (var one : due) {
            one.call().run();
        }
    }

    private <T> T call(String name, Supplier<T> call) {
        land();
        calls.add(name);
        var fault = faults.isEmpty() ? Fault.NONE : faults.remove();
        return switch (fault) {
            case NONE -> call.get();
            case LOST_BEFORE -> throw new Unanswered("lost");
            case LOST_AFTER -> {
                carryOut(call);
                throw new Unanswered("lost");
            }
            case LATE -> {
                late.add(new Late(clock.instant().plusSeconds(3), () -> carryOut(call)));
                throw new Unanswered("timeout");
            }
            case THROTTLED -> throw Refused.of("RequestLimitExceeded", 503);
            case SERVER_ERROR -> {
                carryOut(call);
                throw Refused.of("InternalError", 500);
            }
            case KILLED_BEFORE -> throw new Killed();
            case KILLED_AFTER -> {
                carryOut(call);
                throw new Killed();
            }
        };
    }

    private static void carryOut(Supplier<?> call) {
        try {
            var unused = call.get();
        } catch (Refused unheard) {
            // the answer is lost, whatever it was
        }
    }

    private void does(String name, Runnable call) {
        call(name, () -> {
            call.run();
            return true;
        });
    }

    private State state(Stored one) {
        var now = clock.instant();
        if (one.terminated != null) {
            return now.isBefore(one.terminated.plus(shutdown)) ? State.SHUTTING_DOWN : State.TERMINATED;
        }
        return now.isBefore(one.at.plus(boot)) ? State.PENDING : State.RUNNING;
    }

    private boolean shown(Stored one) {
        return !clock.instant().isBefore(one.visible);
    }

    private Machine described(Stored one) {
        return new Machine(
                one.id,
                state(one),
                Integer.parseInt(one.launch.tags().getOrDefault(ATTEMPT, "0")),
                "10.0.0." + machines.size(),
                one.at,
                one.reason);
    }

    @Override
    public List<Machine> machines(String operation) {
        return call(
                "machines",
                () -> machines.values().stream()
                        .filter(this::shown)
                        .filter(one -> operation.equals(one.launch.tags().get(OPERATION)))
                        .map(this::described)
                        .toList());
    }

    @Override
    public Optional<Machine> machine(String id) {
        return call(
                "machine",
                () -> Optional.ofNullable(machines.get(id)).filter(this::shown).map(this::described));
    }

    @Override
    public Machine run(Launch launch) {
        return call("run", () -> {
            if (refusal != null) {
                throw refusal;
            }
            var known = deduplicates ? tokens.get(launch.token()) : null;
            if (known == null) {
                return stand(launch);
            }
            var one = machines.get(known);
            if (!one.launch.equals(launch)) {
                throw Refused.of("IdempotentParameterMismatch", 400);
            }
            if (state(one) == State.TERMINATED) {
                throw Refused.of("IdempotentInstanceTerminated", 400);
            }
            return described(one);
        });
    }

    private Machine stand(Launch launch) {
        var id = "i-" + (machines.size() + 1);
        var one = new Stored(launch, id, clock.instant(), clock.instant().plus(hidden));
        machines.put(id, one);
        tokens.put(launch.token(), id);
        return described(one);
    }

    @Override
    public boolean terminate(List<String> ids) {
        return call("terminate", () -> {
            for (var id : ids) {
                if (machines.get(id) == null || !shown(machines.get(id))) {
                    throw Refused.of("InvalidInstanceID.NotFound", 400);
                }
            }
            for (var id : ids) {
                if (machines.get(id).terminated == null) {
                    machines.get(id).terminated = clock.instant();
                }
            }
            return ids.stream().allMatch(id -> state(machines.get(id)) == State.TERMINATED);
        });
    }

    @Override
    public Optional<Image> image(String name) {
        return call(
                "image",
                () -> name.equals("debian-12") ? Optional.of(new Image("ami-1", "/dev/xvda")) : Optional.empty());
    }

    @Override
    public List<Group> groups(String operation) {
        return call(
                "groups",
                () -> groups.values().stream()
                        .filter(group -> operation.equals(tags.get(group.id()).get(OPERATION)))
                        .toList());
    }

    @Override
    public String createGroup(String name, String description, Map<String, String> wanted) {
        return call("createGroup", () -> {
            if (groups.values().stream().anyMatch(group -> group.name().equals(name))) {
                throw Refused.of("InvalidGroup.Duplicate", 400);
            }
            var id = "sg-" + tags.size();
            groups.put(id, new Group(id, name, new HashSet<>()));
            tags.put(id, wanted);
            return id;
        });
    }

    @Override
    public void allow(String groupId, List<Ingress> ingress) {
        does("allow", () -> {
            var group = groups.get(groupId);
            if (group == null) {
                throw Refused.of("InvalidGroup.NotFound", 400);
            }
            if (ingress.stream().anyMatch(group.ingress()::contains)) {
                throw Refused.of("InvalidPermission.Duplicate", 400);
            }
            group.ingress().addAll(ingress);
        });
    }

    @Override
    public void deleteGroup(String id) {
        does("deleteGroup", () -> {
            if (groups.remove(id) == null) {
                throw Refused.of("InvalidGroup.NotFound", 400);
            }
        });
    }

    @Override
    public List<Key> keys(String operation) {
        return call(
                "keys",
                () -> keys.values().stream()
                        .filter(key -> operation.equals(tags.get(key.id()).get(OPERATION)))
                        .toList());
    }

    @Override
    public String importKey(String name, String publicKey, Map<String, String> wanted) {
        return call("importKey", () -> {
            if (keys.values().stream().anyMatch(key -> key.name().equals(name))) {
                throw Refused.of("InvalidKeyPair.Duplicate", 400);
            }
            var id = "key-" + tags.size();
            keys.put(id, new Key(id, name));
            tags.put(id, wanted);
            return id;
        });
    }

    @Override
    public void deleteKey(String id) {
        does("deleteKey", () -> keys.remove(id));
    }
}
