package io.groundwork.simulation;

import io.groundwork.baremetal.domain.InstanceOrder;
import io.groundwork.baremetal.domain.ServerEntry;
import io.groundwork.baremetal.domain.ServerTask;
import io.groundwork.events.AllocationEvent.ResourcesAllocated;
import io.groundwork.events.AllocationEvent.ResourcesReleased;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Design;
import io.groundwork.events.Event;
import io.groundwork.events.Fact;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent.RequestStarted;
import io.groundwork.events.Reservation;
import io.groundwork.events.ServerFact;
import io.groundwork.events.StepId;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
import io.groundwork.simulation.Checker.Broken;
import io.groundwork.simulation.SimulatedBmcs.Act;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the topics say of servers and addresses against what the servers are and do. Instances are named as their servers name
 * them: {@code <resource>/<component>/<index>}.
 */
final class MetalChecker {

    private static final Set<String> MOVING =
            Set.of("verifying", "inspecting", "cleaning", "deploying", "deleting", "adopting");
    private static final Pattern ADDRESS = Pattern.compile("addresses: \\[\"([0-9.]+)/");

    /** How far the steps of a component have come. */
    private enum Phase {
        /** Claimed, and no more. */
        CLAIMED,
        MAKING,
        STANDS,
        FAILED,
        REMOVING,
        GONE,
        /** Left behind by an operator's decision. */
        LEFT
    }

    private final Checker checker;
    private final Landscape landscape;
    private final MetalBooks books;
    /** By component; by instance, of one that gets another server until all of its component change. */
    private final Map<String, Phase> phases = new HashMap<>();
    /** Servers that an instance had before it got another one, until they are given to somebody anew. */
    private final Set<String> former = new HashSet<>();

    private final Map<String, Long> generations = new HashMap<>();
    private final Map<String, ServerEntry> entries = new TreeMap<>();
    private final Set<String> released = new HashSet<>();
    private final Set<String> toSwitch = new HashSet<>();
    /** By hand, since they were cleaned. */
    private final Set<String> switched = new HashSet<>();

    private final Set<String> permitted = new HashSet<>();
    private final Set<String> covered = new HashSet<>();
    private final ByHand byHand = new ByHand();
    private @Nullable SimulatedBmcs bmcs;
    private ToIntFunction<String> partition = server -> 0;

    MetalChecker(Checker checker, Landscape landscape) {
        this.checker = checker;
        this.landscape = landscape;
        this.books = new MetalBooks(checker, landscape, this::given);
    }

    /** @param partitionOf which partition a server's records are in */
    void watch(SimulatedBmcs bmcsToWatch, ToIntFunction<String> partitionOf) {
        bmcs = bmcsToWatch;
        partition = partitionOf;
    }

    // What operators do

    /** Somebody has a server taken down that nobody takes down any more. */
    void released(String server) {
        released.add(server);
        byHand.released(server);
        // what was adopted is its operators'
        if (byHand.adopted(server)) {
            permitted.add(server);
        }
    }

    /** Somebody switches a server's power by hand. */
    void switched(String server) {
        toSwitch.add(server);
    }

    /** Somebody lets data be lost that were there before. */
    void permitted(String server) {
        permitted.add(server);
    }

    /** Somebody says that a server which was force-deleted is clean. */
    void saidClean(String server) {
        byHand.saidClean(server);
    }

    /** Somebody switches a server at the rack. */
    void pressed(ServerEntry server) {
        switched.add(server.id());
        byHand.pressed(server);
    }

    // What the topics say

    void read(Message message) {
        books.read(message);
        switch (message.topic()) {
            case Topics.INVENTORY -> {
                if (message.value() != null) {
                    fact(message.read(ServerFact.class));
                }
            }
            case Topics.REGISTRY -> {
                if (message.value() == null) {
                    var before = entries.remove(message.key());
                    if (before != null) {
                        byHand.forgotten(before);
                    }
                } else {
                    entry(message.read(ServerEntry.class));
                }
            }
            default -> {}
        }
    }

    private void given(Reservation now) {
        var server = server(now.server());
        if (server != null && (!server.empty() || server.occupant() != null)) {
            throw new Broken(server.id, "given to " + now.holder() + " before it was clean: " + server);
        }
        byHand.given(now.server());
        former.remove(now.server());
    }

    private void fact(ServerFact now) {
        var before = generations.put(now.id(), now.generation());
        if (before != null && before >= now.generation()) {
            throw new Broken(now.id(), "a fact of generation " + now.generation() + " after " + before);
        }
    }

    private void entry(ServerEntry now) {
        byHand.entry(entries.put(now.id(), now), now, server(now.id()), books.holder(now.id()));
        if (now.state().equals("cleaning")) {
            switched.remove(now.id());
        }
        if (now.state().equals("available")) {
            released.remove(now.id());
        }
    }

    /** No more servers of a site are in a state at a time than there are places for, in each partition. */
    private void places(@Nullable ServerEntry now) {
        if (now == null || !takesPlace(now)) {
            return;
        }
        var here = partition.applyAsInt(now.id());
        var there = entries.values().stream()
                .filter(MetalChecker::takesPlace)
                .filter(other -> other.state().equals(now.state())
                        && other.registration().site().equals(now.registration().site())
                        && partition.applyAsInt(other.id()) == here)
                .map(ServerEntry::id)
                .toList();
        if (there.size() > Groundwork.PLACES) {
            throw new Broken(now.id(), "more are " + now.state() + " at once than there are places: " + there);
        }
    }

    /** Whether the engine has begun to deploy or to clean it. */
    private static boolean takesPlace(ServerEntry server) {
        return (server.state().equals("deploying") || server.state().equals("cleaning"))
                && (server.id() + "/" + server.turn()).equals(server.operation());
    }

    void event(Fact fact, Event event) {
        var resource = fact.resource().toString();
        if (fact.owner() == Owner.BAREMETAL && fact.step() != null && fact.status() != null) {
            var step = fact.step().value();
            var component = step.substring(step.indexOf(':') + 1);
            var phase = phase(step.startsWith(StepKind.PROVISION.word()), fact.status());
            var replaced = checker.replacement(fact.request().toString());
            if (phase != null && replaced != null) {
                var instance = resource + "/" + replaced.component() + "/" + replaced.index();
                phases.put(instance, phase);
                covered.add("instances " + step.replaceAll(":.*", "") + " "
                        + fact.status().word());
                if (step.startsWith(StepKind.DEPROVISION.word()) && (phase == Phase.GONE || phase == Phase.LEFT)) {
                    former.addAll(books.formerly(instance));
                }
            } else if (phase != null) {
                phases.keySet().removeIf(one -> one.startsWith(resource + "/" + component + "/"));
                phases.put(resource + "/" + component, phase);
            }
        }
        switch (event) {
            case RequestStarted started -> {
                if (started.ask().replace() != null) {
                    books.begins(resource, started.ask().replace());
                }
            }
            case ResourcesAllocated allocated
            when checker.replacement(fact.request().toString()) != null ->
                books.replacing(
                        resource,
                        Objects.requireNonNull(
                                checker.replacement(fact.request().toString())),
                        checker.deployed(resource),
                        allocated.grants());
            case ResourcesAllocated allocated -> {
                var design = checker.design(fact.request().toString());
                books.allocated(resource, design, allocated.grants());
                design.components().forEach(component -> phases.put(resource + "/" + component.name(), Phase.CLAIMED));
            }
            case ResourcesReleased gone -> {
                var replaced = checker.replacement(fact.request().toString());
                if (replaced == null) {
                    books.gone(resource);
                } else {
                    books.returned(
                            resource, replaced, StepId.of(StepKind.RELEASE).equals(fact.step()), gone.grants());
                }
            }
            default -> {}
        }
    }

    private static @Nullable Phase phase(boolean provision, StepStatus status) {
        return switch (status) {
            case RUNNING -> provision ? Phase.MAKING : Phase.REMOVING;
            case DONE -> provision ? Phase.STANDS : Phase.GONE;
            case FAILED -> Phase.FAILED;
            case UNDOING, UNDO_STUCK, STUCK -> Phase.REMOVING;
            case UNDONE -> Phase.GONE;
            case WAIVED, ABANDONED -> Phase.LEFT;
            case WAITING, SKIPPED -> null;
        };
    }

    // What is done with servers

    /** Called before anything is changed. */
    void acted(Act act, String what) {
        var server = act.server();
        byHand.acted(act, what);
        places(entries.get(server.id));
        switch (act.task()) {
            case ServerTask.Deploy deploy -> deploys(act, deploy.instance(), what);
            case ServerTask.Undeploy undeploy -> takesDown(server, act, what);
            case ServerTask.Clean clean -> takesDown(server, act, what);
            case ServerTask.Switch byHand -> {
                switched.add(server.id);
                if (!toSwitch.contains(server.id)) {
                    throw new Broken(server.id, "switched, and nobody asked for it: " + what);
                }
            }
            case ServerTask.Verify no -> touched(act, what);
            case ServerTask.Inspect no -> touched(act, what);
            case ServerTask.Adopt no -> touched(act, what);
            case ServerTask.Leave no -> touched(act, what);
        }
    }

    private static void touched(Act act, String what) {
        throw new Broken(act.server().id, act.task() + " changes something: " + what);
    }

    private void deploys(Act act, InstanceOrder order, String what) {
        var server = act.server();
        if (byHand.stray(server.id)) {
            // its last work goes on until its time is over, on a server that nobody gets before
            return;
        }
        var resource = order.resource().toString();
        var instance = resource + "/" + order.component() + "/" + order.index();
        if (!instance.equals(books.holder(server.id))) {
            throw new Broken(
                    server.id,
                    "changed for " + instance + " (" + what + "), and it is " + books.holder(server.id) + "'s");
        }
        if (former.contains(server.id)) {
            throw new Broken(server.id, "changed for " + instance + " (" + what + "), which has another server");
        }
        var phase = phase(instance);
        var tidies = what.equals("eject") || what.startsWith("prepare NONE");
        if (tidies && (phase == Phase.STANDS || phase == Phase.REMOVING)) {
            // a repetition of the last work tidies up once more; what takes the instance down begins only after it
            return;
        }
        var active = checker.active(resource);
        if (active == null || !active.id.equals(act.order().request().toString())) {
            throw new Broken(
                    server.id,
                    "changed (" + what + ") by request " + act.order().request() + ", active is "
                            + (active == null ? "none" : active.id));
        }
        Checker.approvedPlan(active, "a server");
        if (phase != Phase.MAKING && phase != Phase.FAILED && phase != Phase.REMOVING) {
            throw new Broken(server.id, "changed for " + instance + " (" + what + "), which is " + phase);
        }
    }

    private void takesDown(SimulatedServer server, Act act, String what) {
        var holder = books.holder(server.id);
        if (byHand.strayAndSaidClean(server.id)) {
            return;
        }
        if (holder != null
                && stands(phase(holder))
                && carries(server, holder)
                && !released.contains(server.id)
                && !former.contains(server.id)) {
            throw new Broken(
                    server.id,
                    act.order().id() + " (" + what + ") while it is " + holder + "'s, which is " + phase(holder) + ": "
                            + server);
        }
    }

    private static boolean carries(SimulatedServer server, String instance) {
        var occupant = server.occupant();
        return server.tag.startsWith("groundwork:" + instance + "@")
                || (occupant != null && occupant.instance().equals(instance))
                || server.disks().stream()
                        .anyMatch(disk -> disk != null && disk.owner().equals(instance));
    }

    private static boolean stands(@Nullable Phase phase) {
        return phase == Phase.MAKING || phase == Phase.STANDS || phase == Phase.FAILED;
    }

    private @Nullable Phase phase(String instance) {
        var own = phases.get(instance);
        return own != null ? own : phases.get(instance.substring(0, instance.lastIndexOf('/')));
    }

    // What servers do

    /** A disk loses what it holds. */
    void lost(SimulatedServer server, String owner, String to) {
        byHand.lost(server.id);
        if (byHand.strayAndSaidClean(server.id)) {
            return;
        }
        if (owner.equals(SimulatedServer.STRANGER)) {
            if (!permitted.contains(server.id)) {
                throw new Broken(server.id, "wiped although it was in use, and nobody allowed it");
            }
            return;
        }
        if (!to.equals("nobody")) {
            throw new Broken(server.id, to + " is written over the data of " + owner);
        }
        if (owner.equals(books.holder(server.id))
                && stands(phase(owner))
                && !released.contains(server.id)
                && !former.contains(server.id)) {
            throw new Broken(server.id, "wiped while it holds the data of " + owner + ", which is " + phase(owner));
        }
    }

    /** It runs something else. */
    void changed(SimulatedServer server) {
        var occupant = server.occupant();
        if (occupant == null || byHand.stray(server.id)) {
            return;
        }
        if (switched.contains(server.id) && server.open.isEmpty()) {
            // what a person switches on without links to the network troubles nobody
            return;
        }
        var instance = occupant.instance();
        if (!instance.equals(books.holder(server.id)) && phase(instance) != Phase.LEFT) {
            throw new Broken(server.id, "runs " + instance + ", and is " + books.holder(server.id) + "'s");
        }
        var mine = addressesOf(server);
        for (var other : servers()) {
            // whoever goes on without taking the old server down sees to it that it is off
            if (other != server
                    && !former.contains(other.id)
                    && !former.contains(server.id)
                    && !byHand.stray(other.id)
                    && addressesOf(other).stream().anyMatch(mine::contains)) {
                throw new Broken(server.id, "has the same address as " + other + ": " + server + " " + mine);
            }
        }
    }

    private static List<String> addressesOf(SimulatedServer server) {
        var occupant = server.occupant();
        return occupant == null
                ? List.of()
                : ADDRESS.matcher(occupant.networkConfig())
                        .results()
                        .map(found -> found.group(1))
                        .toList();
    }

    // Ends

    /** What runs on servers for a resource that has no active request, against what the events say. */
    void compare(String name, Design design, Map<String, ComponentOutputs> outputs, String when, String about) {
        var said = new TreeSet<String>();
        var up = new TreeSet<String>();
        for (var component : design.components()) {
            var made = outputs.get(component.name());
            if (component instanceof MetalServer && made != null) {
                for (var one : made.instances()) {
                    var instance = name + "/" + component.name() + "/" + one.index();
                    if (!byHand.severed(instance, one.providerId())) {
                        said.add(instance + " on " + one.providerId());
                        if (!dark(one.providerId())) {
                            up.add(instance + " on " + one.providerId() + " at " + one.privateIp());
                        }
                    }
                }
            }
        }
        var there = new TreeSet<String>();
        for (var server : servers()) {
            var occupant = server.occupant();
            if (occupant != null && occupant.instance().startsWith(name + "/") && !byHand.stray(server.id)) {
                var own = addressesOf(server);
                there.add(occupant.instance() + " on " + server.id + " at " + (own.isEmpty() ? null : own.getFirst()));
            }
        }
        if (!up.equals(there)) {
            throw new Broken(about, "servers of " + name + " " + when + ": said are " + up + ", there are " + there);
        }
        var held = new TreeSet<String>();
        books.holders().forEach((server, holder) -> {
            if (holder.startsWith(name + "/") && !byHand.severed(holder, server)) {
                held.add(holder + " on " + server);
            }
        });
        if (!held.equals(said)) {
            throw new Broken(about, "servers of " + name + " " + when + ": said are " + said + ", held are " + held);
        }
    }

    /** Whether a person has switched it off, or on not long ago. */
    private boolean dark(String id) {
        var server = server(id);
        return server != null && switched.contains(id) && server.occupant() == null;
    }

    /**
     * Nobody moves any more.
     *
     * @param pools the stores of the pools
     */
    void rest(List<TransactionalStores> pools) {
        for (var server : servers()) {
            var entry = entries.get(server.id);
            if (entry != null) {
                rest(server, entry);
                byHand.rest(server, entry);
            }
        }
        var adopted = new TreeMap<String, String>();
        entries.forEach((id, entry) -> {
            var consumer = entry.consumer();
            if (consumer != null && consumer.fence() == 0) {
                adopted.put(id, consumer.resource() + "/" + consumer.component() + "/" + consumer.index());
            }
        });
        books.rest(pools, this::known, adopted);
    }

    private void rest(SimulatedServer server, ServerEntry entry) {
        var state = entry.state();
        var holder = books.holder(server.id);
        if (MOVING.contains(state)) {
            throw new Broken(server.id, "at rest, and still " + state);
        }
        var waits = state.equals("reserved") && holder != null && books.uncertain(holder);
        if (landscape.gentle() && !state.equals("available") && !state.equals("active") && !waits) {
            throw new Broken(server.id, "nothing went wrong with it, and it is " + entry);
        }
        switch (state) {
            case "available" -> {
                var still = switched.contains(server.id) || server.power == SimulatedServer.Power.OFF;
                if (!still
                        || !server.empty()
                        || !server.tag.isEmpty()
                        || server.overridden()
                        || server.inserted != null
                        || !server.open.isEmpty()
                        || offered(server.id)) {
                    throw new Broken(server.id, "available, and not clean: " + server);
                }
            }
            case "reserved" -> {
                if (holder == null) {
                    throw new Broken(server.id, "reserved, and nobody has it");
                }
            }
            case "active" -> {
                if (byHand.adopted(server.id)) {
                    return;
                }
                var occupant = server.occupant();
                var consumer = entry.consumer();
                var instance = consumer == null
                        ? "nobody"
                        : consumer.resource() + "/" + consumer.component() + "/" + consumer.index();
                if (occupant == null ? !dark(server.id) : !occupant.instance().equals(instance)) {
                    throw new Broken(server.id, "active for " + instance + ": " + server);
                }
                if (!instance.equals(holder) && phase(instance) != Phase.LEFT) {
                    throw new Broken(server.id, "active for " + instance + ", and it is " + holder + "'s");
                }
            }
            default -> {}
        }
    }

    /** Whether it is in the inventory. */
    private boolean known(String server) {
        var entry = entries.get(server);
        return entry != null && !entry.state().equals("force-deleted");
    }

    /** What people's hands led to. */
    Set<String> covered() {
        var all = new HashSet<>(covered);
        all.addAll(byHand.covered());
        return all;
    }

    private boolean offered(String server) {
        return bmcs != null && bmcs.offered(server) != null;
    }

    private @Nullable SimulatedServer server(String id) {
        return bmcs == null ? null : bmcs.servers().get(id);
    }

    private Iterable<SimulatedServer> servers() {
        return bmcs == null ? List.of() : bmcs.servers().values();
    }
}
