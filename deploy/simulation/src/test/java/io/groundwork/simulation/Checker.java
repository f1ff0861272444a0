package io.groundwork.simulation;

import io.groundwork.events.AllocationEvent.ResourcesAllocated;
import io.groundwork.events.AllocationEvent.ResourcesReleased;
import io.groundwork.events.ApprovalEvent.RequestApproved;
import io.groundwork.events.Claim;
import io.groundwork.events.Component;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Design;
import io.groundwork.events.Event;
import io.groundwork.events.EventCodec;
import io.groundwork.events.Fact;
import io.groundwork.events.Json;
import io.groundwork.events.Outcome;
import io.groundwork.events.Owner;
import io.groundwork.events.Proof;
import io.groundwork.events.Replacement;
import io.groundwork.events.RequestEvent.InterventionDecided;
import io.groundwork.events.RequestEvent.InterventionRequested;
import io.groundwork.events.RequestEvent.RequestClosed;
import io.groundwork.events.RequestEvent.RequestStarted;
import io.groundwork.events.RequestEvent.RequestSubmitted;
import io.groundwork.events.RequestKind;
import io.groundwork.events.StepEvent.DecisionParked;
import io.groundwork.events.StepId;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
import io.groundwork.runtime.OperationOutcome;
import io.groundwork.runtime.OperationPolicy;
import io.groundwork.simulation.SimulatedCloud.Vm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the topics say against the guarantees of the design and against what the back ends hold, at every record and at
 * every mutation. It shares no decision with what it checks: from the contracts it takes the records alone.
 */
final class Checker {

    /** What is broken, and of which request or resource. */
    static final class Broken extends AssertionError {
        private static final long serialVersionUID = 1;

        final String about;

        Broken(String about, String what) {
            super(what);
            this.about = about;
        }
    }

    private final Map<String, Told> requests = new LinkedHashMap<>();
    private final Map<String, Standing> resources = new TreeMap<>();
    private final MetalChecker metal;
    private final Map<String, String> submitted = new HashMap<>();
    private final Set<String> covered = new HashSet<>();
    private final Set<String> outOfTries = new HashSet<>();
    private @Nullable SimulatedCloud cloud;
    private @Nullable SimulatedDirectory directory;

    Checker(Landscape landscape) {
        this.metal = new MetalChecker(this, landscape);
    }

    MetalChecker metal() {
        return metal;
    }

    void watch(SimulatedCloud cloudToWatch, SimulatedDirectory directoryToWatch) {
        cloud = cloudToWatch;
        directory = directoryToWatch;
    }

    /** A request that was answered with 202. */
    void accepted(String request, String resource) {
        submitted.put(request, resource);
    }

    // What the topics say

    void read(Log.Entry entry) {
        var message = entry.message();
        if (message.topic().endsWith(".dead-letters.v1")) {
            throw new Broken(message.key(), "a dead letter: " + Trace.text(message));
        }
        if (message.topic().equals(Topics.COMPLETIONS)) {
            completion(message.value() == null ? new byte[0] : message.value());
        }
        if (OperationOutcome.TYPE.equals(message.header(EventCodec.TYPE))) {
            tried(message.read(OperationOutcome.class));
        }
        metal.read(message);
        if (Topics.ownerOfEvents(message.topic()).isPresent()) {
            var fact = EventCodec.fact(message);
            var event = EventCodec.read(message, fact).orElseThrow().event();
            event(fact, event);
        }
    }

    private void tried(OperationOutcome outcome) {
        if (outcome.kind() == OperationOutcome.Kind.FAILED
                && outcome.pending().tries() >= OperationPolicy.DEFAULT.mostTries()) {
            outOfTries.add(outcome.request().toString());
        }
    }

    private void completion(byte[] value) {
        var id = Json.read(value, Map.class).get("requestId");
        var told = requests.get(String.valueOf(id));
        if (told == null || told.closed == null) {
            throw new Broken(String.valueOf(id), "a completion of a request that is not closed");
        }
        if (++told.completions > 1) {
            throw new Broken(told.id, "two completions");
        }
    }

    private void event(Fact fact, Event event) {
        var id = fact.request().toString();
        if (event instanceof RequestSubmitted asked) {
            if (requests.put(id, new Told(id, fact.resource().toString(), asked.ask())) != null) {
                throw new Broken(id, "submitted twice");
            }
            return;
        }
        var told = requests.get(id);
        if (told == null) {
            throw new Broken(id, "spoken of before it was submitted: " + fact.type());
        }
        covered.add(fact.owner().word() + " " + told.after(fact));
        var resource = resource(told.resource);
        if (told.closed != null && fact.status() != null && fact.owner() != Owner.REQUEST) {
            throw new Broken(id, "still moving after its end: " + fact.step() + " " + fact.status());
        }
        if (fact.status() == StepStatus.ABANDONED || fact.status() == StepStatus.WAIVED) {
            told.left = true;
        }
        switch (event) {
            case RequestStarted started -> started(fact, told, resource, started);
            case RequestClosed closed -> closed(told, resource, closed);
            case RequestApproved approved -> approved(told, approved.proof());
            case ResourcesAllocated allocated -> allocated(told, resource, allocated.claims());
            case ResourcesReleased released -> {
                // what an instance that gets another server claims, and gives back, is of a pool of servers alone
                if (told.ask.operation() != RequestKind.REPLACE) {
                    resource.claims = List.of();
                }
            }
            case InterventionRequested asked -> told.wait = fact.time();
            case InterventionDecided decided -> told.wait = null;
            case DecisionParked parked -> throw new Broken(id, "parked: " + parked.failure());
            default -> {}
        }
        metal.event(fact, event);
    }

    private static void started(Fact fact, Told told, Standing resource, RequestStarted started) {
        if (resource.active != null) {
            throw new Broken(told.id, "started while " + resource.active.id + " is active on " + told.resource);
        }
        if (fact.sequence() != resource.sequence + 1) {
            throw new Broken(told.id, "started as number " + fact.sequence() + " after " + resource.sequence);
        }
        resource.active = told;
        resource.sequence = fact.sequence();
        told.started = started;
        told.digest = started.plan().digest();
    }

    private static void approved(Told told, Proof proof) {
        if (proof.content().approvers().contains(told.ask.requester())) {
            throw new Broken(told.id, "approved by its own requester");
        }
        told.proof = proof;
    }

    private void allocated(Told told, Standing resource, List<Claim> claims) {
        approvedPlan(told, "claims");
        var all = new ArrayList<>(resource.claims);
        all.addAll(claims);
        resource.claims = all;
        Landscape.LIMITS.forEach((pool, limit) -> limit.forEach((measure, most) -> {
            var held = held(pool).getOrDefault(measure, 0L);
            if (held > most) {
                throw new Broken(told.id, pool + " has " + held + " of " + most + " " + measure + " held");
            }
        }));
    }

    private Map<String, Long> held(String pool) {
        var held = new TreeMap<String, Long>();
        resources.values().stream()
                .flatMap(resource -> resource.claims.stream())
                .filter(claim -> claim.pool().equals(pool))
                .forEach(claim -> claim.amounts().forEach((measure, amount) -> held.merge(measure, amount, Long::sum)));
        return held;
    }

    private void closed(Told told, Standing resource, RequestClosed closed) {
        if (told.closed != null) {
            throw new Broken(told.id, "closed twice");
        }
        told.closed = closed;
        if (told.started == null) {
            if (resource.active == told) {
                throw new Broken(told.id, "never started, yet active");
            }
            return;
        }
        if (resource.active != told) {
            throw new Broken(told.id, "closed while not active");
        }
        resource.active = null;
        var replace = told.ask.replace();
        if (replace != null) {
            replaced(told, resource, replace, closed);
        } else if (closed.outcome() == Outcome.COMPLETED) {
            var deploy = told.ask.operation() == RequestKind.DEPLOY;
            resource.design = deploy ? told.ask.design() : null;
            resource.outputs = deploy ? closed.outputs() : Map.of();
        }
        if (told.left || closed.outcome() == Outcome.TAINTED) {
            resource.unknown = true;
        }
        if (told.left != (closed.outcome() == Outcome.TAINTED) && !waivedOnly(told)) {
            throw new Broken(told.id, "something may be left, and its end is " + closed.outcome());
        }
        compare(told.resource, "at the end of " + told.id);
    }

    /** A person went on without a stuck step: what it was to take away is left, but it was said so. */
    private static boolean waivedOnly(Told told) {
        return told.ask.operation() != RequestKind.DEPLOY;
    }

    /** All but one instance is as it was, and that one has its new server, or it is said that it may have none. */
    private static void replaced(Told told, Standing resource, Replacement replace, RequestClosed closed) {
        var down = told.status(new StepId("deprovision:" + replace.component()));
        var up = told.status(new StepId("provision:" + replace.component()));
        var touched = down != StepStatus.WAITING && down != StepStatus.SKIPPED;
        switch (closed.outcome()) {
            case COMPLETED -> {
                if (up != StepStatus.DONE && up != StepStatus.WAIVED) {
                    throw new Broken(told.id, "completed, and the new server is " + up);
                }
            }
            case TAINTED -> {
                if (!touched) {
                    throw new Broken(told.id, "tainted, and nothing was touched");
                }
            }
            case REJECTED, EXPIRED, CANCELED, FAILED -> {
                // what could not begin is at rest too
                if (touched && down != StepStatus.FAILED) {
                    throw new Broken(told.id, closed.outcome() + ", and the old server is " + down);
                }
                return;
            }
        }
        var instance = replace.component() + " " + replace.index();
        var before = kept(resource.outputs, instance);
        var now = kept(closed.outputs(), instance);
        if (!resource.unknown && !before.equals(now)) {
            throw new Broken(told.id, "others than " + instance + " were " + before + ", and are " + now);
        }
        addressKept(told, resource.outputs, closed.outputs(), replace);
        resource.outputs = closed.outputs();
    }

    private static Set<String> kept(Map<String, ComponentOutputs> outputs, String but) {
        var all = new TreeSet<String>();
        outputs.forEach((component, made) -> {
            all.add(component + " of " + made.count());
            made.instances().stream()
                    .filter(one -> !(component + " " + one.index()).equals(but))
                    .forEach(one -> all.add(component + " " + one));
        });
        return all;
    }

    private static void addressKept(
            Told told, Map<String, ComponentOutputs> before, Map<String, ComponentOutputs> now, Replacement replace) {
        var was = instance(before, replace);
        var is = instance(now, replace);
        if (was.isPresent()
                && is.isPresent()
                && !Objects.equals(was.get().privateIp(), is.get().privateIp())) {
            throw new Broken(told.id, "the instance was at " + was.get() + ", and is at " + is.get());
        }
    }

    private static Optional<ComponentOutputs.Instance> instance(
            Map<String, ComponentOutputs> outputs, Replacement replace) {
        return Optional.ofNullable(outputs.get(replace.component())).stream()
                .flatMap(made -> made.instances().stream())
                .filter(one -> one.index() == replace.index())
                .findFirst();
    }

    /** The instance that a request gives another server; null if none. */
    @Nullable
    Replacement replacement(String request) {
        return Objects.requireNonNull(requests.get(request)).ask.replace();
    }

    /** What stands of a resource, as its deployment asked for it. */
    Design deployed(String resource) {
        var design = resource(resource).design;
        return design == null ? Design.EMPTY : design;
    }

    // What the back ends hold

    void launched(Vm vm, List<Vm> standing) {
        var told = mutates(vm.launch.tags());
        var proof = approvedPlan(told, "a machine");
        if (proof.content().choices() == null) {
            throw new Broken(told.id, "a machine, and nobody chose where");
        }
        var left = resource(told.resource).unknown;
        for (var other : standing) {
            // beside what an operator left behind, a later request may make its own
            if (other != vm
                    && (!left || other.tag("request").equals(told.id))
                    && other.endsAt == null
                    && other.tag("component").equals(vm.tag("component"))
                    && other.tag("instance").equals(vm.tag("instance"))) {
                throw new Broken(told.id, "the same machine twice: " + other.id + " and " + vm.id);
            }
        }
    }

    void terminated(Vm vm) {
        var resource = resource(vm.tag("resource"));
        if (resource.active == null) {
            throw new Broken(vm.tag("request"), vm.id + " was terminated while no request is active");
        }
    }

    void shared(Map<String, String> tags) {
        approvedPlan(mutates(tags), "a security group or key");
    }

    void granted(String resource, String operation) {
        var active = resource(resource).active;
        if (active == null) {
            throw new Broken(resource, "a grant while no request is active: " + operation);
        }
        approvedPlan(active, "a grant");
    }

    /** The request that mutates, which must be the active one of its resource. */
    private Told mutates(Map<String, String> tags) {
        var resource = Objects.requireNonNull(tags.get("groundwork:resource"));
        var request = Objects.requireNonNull(tags.get("groundwork:request"));
        var active = resource(resource).active;
        if (active == null || !active.id.equals(request)) {
            throw new Broken(
                    request,
                    "it makes something while " + (active == null ? "nothing" : active.id) + " is active on "
                            + resource);
        }
        return active;
    }

    static Proof approvedPlan(Told told, String what) {
        var proof = told.proof;
        if (proof == null || !proof.content().digest().equals(told.digest)) {
            throw new Broken(told.id, what + " before the approval of its plan");
        }
        return proof;
    }

    /** What the back ends hold of a resource that has no active request against what the events say. */
    private void compare(String name, String when) {
        var resource = resource(name);
        if (resource.unknown) {
            return;
        }
        var about = when.replace("at the end of ", "");
        var design = resource.design == null ? Design.EMPTY : resource.design;
        var said = new TreeSet<String>();
        for (var component : design.components()) {
            var outputs = resource.outputs.get(component.name());
            if (component instanceof Component.CloudVm && outputs != null) {
                outputs.instances()
                        .forEach(instance ->
                                said.add(component.name() + "-" + instance.index() + " " + instance.providerId()));
            }
        }
        var there = standing(name).stream()
                .map(vm -> vm.tag("component") + "-" + vm.tag("instance") + " " + vm.id)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!there.equals(said)) {
            throw new Broken(
                    about, "machines of " + name + " " + when + ": the events say " + said + ", there are " + there);
        }
        metal.compare(name, design, resource.outputs, when, about);
        var wanted = design.components().stream().mapToInt(Checker::sharedOf).sum();
        var shared = cloud == null ? List.<String>of() : cloud.shared(name);
        if (shared.size() != wanted) {
            throw new Broken(
                    about,
                    "groups and keys of " + name + " " + when + ": " + wanted + " are said, there are " + shared);
        }
        var grants = directory == null ? Set.<Design.AccessGrant>of() : directory.standing(name);
        if (!grants.equals(Set.copyOf(design.access()))) {
            throw new Broken(
                    about,
                    "grants of " + name + " " + when + ": " + design.access() + " are said, there are " + grants);
        }
        var count = design.components().stream()
                .mapToInt(component -> Objects.requireNonNull(resource.outputs.get(component.name()))
                        .count())
                .sum();
        var claimed = resource.claims.stream()
                .mapToLong(claim -> claim.amounts().getOrDefault("instances", 0L))
                .sum();
        if (claimed != count) {
            throw new Broken(
                    about, "claims of " + name + " " + when + ": " + count + " machines stand, held are " + claimed);
        }
    }

    private static int sharedOf(Component component) {
        return switch (component) {
            case Component.CloudVm vm -> vm.securityGroups().size() + (vm.sshKey() == null ? 0 : 1);
            case Component.MetalServer server -> 0;
        };
    }

    private List<Vm> standing(String resource) {
        return cloud == null ? List.of() : cloud.standing(resource);
    }

    // At rest

    /**
     * Nobody moves any more.
     *
     * @param silent resources on whose stuck steps no operator ever decides
     * @param pools what the pools say is used, by pool and measure
     * @param stores all that they say
     */
    void rest(Set<String> silent, Map<String, Map<String, Long>> pools, List<TransactionalStores> stores) {
        submitted.forEach((request, resource) -> {
            var told = requests.get(request);
            if (told == null) {
                throw new Broken(request, "accepted, and lost");
            }
            var waits = silent.contains(resource) && waits(resource);
            if (told.closed == null && !waits) {
                throw new Broken(request, "at rest without an end, and waits for nobody");
            }
            if (told.closed != null && told.completions != 1) {
                throw new Broken(request, told.completions + " completions");
            }
        });
        resources.forEach((name, resource) -> {
            if (resource.active == null) {
                compare(name, "at rest");
            }
        });
        Landscape.LIMITS.keySet().forEach(pool -> {
            var exact = resources.values().stream().noneMatch(resource -> resource.active != null || resource.unknown);
            var held = held(pool);
            held.values().removeIf(amount -> amount == 0);
            if (exact && !held.equals(pools.getOrDefault(pool, Map.of()))) {
                throw new Broken(pool, pool + " says " + pools.get(pool) + ", the events " + held);
            }
        });
        metal.rest(stores);
    }

    /** The request that is active on a resource; null if none is. */
    @Nullable
    Told active(String resource) {
        return resource(resource).active;
    }

    /** Whether an operator decided to leave something of it behind. */
    boolean unknown(String resource) {
        return resource(resource).unknown;
    }

    /** What a request asked for. */
    Design design(String request) {
        return Objects.requireNonNull(requests.get(request)).ask.design();
    }

    /** All that were ever asked for. */
    Set<String> resources() {
        return Set.copyOf(submitted.values());
    }

    private boolean waits(String resource) {
        var active = resource(resource).active;
        return active != null && active.wait != null;
    }

    /** How a request ended; null if it did not. */
    @Nullable
    RequestClosed end(String request) {
        var told = requests.get(request);
        return told == null ? null : told.closed;
    }

    /** Whether something of it was given up because it had been tried as often as the engine tries. */
    boolean outOfTries(String request) {
        return outOfTries.contains(request);
    }

    /** How many requests had which end. */
    Map<String, Integer> ends() {
        var ends = new TreeMap<String, Integer>();
        requests.values()
                .forEach(told -> ends.merge(
                        told.closed == null ? "none" : told.closed.outcome().name(), 1, Integer::sum));
        return ends;
    }

    /** Every type of event that was read, behind its owner's word and the status in which it found its step. */
    Set<String> covered() {
        var all = new HashSet<>(covered);
        all.addAll(metal.covered());
        return all;
    }

    private Standing resource(String name) {
        return resources.computeIfAbsent(name, any -> new Standing());
    }
}
