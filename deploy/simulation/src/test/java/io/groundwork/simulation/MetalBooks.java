package io.groundwork.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.allocation.domain.Finding;
import io.groundwork.allocation.domain.PoolAnswer;
import io.groundwork.events.Catalogue.Ipam;
import io.groundwork.events.Component.FailureDomain;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.Design;
import io.groundwork.events.EventCodec;
import io.groundwork.events.Grant;
import io.groundwork.events.Grant.AllocatedAddress;
import io.groundwork.events.Grant.AllocatedServer;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Replacement;
import io.groundwork.events.Reservation;
import io.groundwork.events.Topics;
import io.groundwork.simulation.Checker.Broken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who has which server and which address, by the word of the events and by that of the pools: never two at once, and both the same
 * in the end.
 */
final class MetalBooks {

    private final Checker checker;
    private final Landscape landscape;
    private final Consumer<Reservation> given;
    /** By server, the instance. */
    private final Map<String, String> holders = new TreeMap<>();
    /** By address, the instance. */
    private final Map<String, String> addresses = new TreeMap<>();

    /** By instance: the server that it is given in place of the one that it has. */
    private final Map<String, String> coming = new HashMap<>();

    private final Map<String, Reservation> reservations = new HashMap<>();
    /** By address, by the word of its pool. */
    private final Map<String, String> booked = new HashMap<>();

    /** @param given hears of every server that is given to somebody */
    MetalBooks(Checker checker, Landscape landscape, Consumer<Reservation> given) {
        this.checker = checker;
        this.landscape = landscape;
        this.given = given;
    }

    /** The instance that a server is for; null if for none. */
    @Nullable
    String holder(String server) {
        return holders.get(server);
    }

    /** The instances that servers are for, by server. */
    Map<String, String> holders() {
        return holders;
    }

    void read(Message message) {
        if (message.topic().equals(Topics.RESERVATIONS)) {
            reserved(message.read(Reservation.class));
        } else if (message.topic().equals(Topics.FINDINGS)) {
            var found = message.read(Finding.class);
            if (found.kind() != Finding.Kind.CONSUMER_WITHOUT_CLAIM
                    || (found.healed() && found.resource().equals(MetalPeople.STRANGER.resource()))) {
                throw new Broken(found.pool(), "books that do not match: " + found);
            }
        } else if (PoolAnswer.TYPE.equals(message.header(EventCodec.TYPE))) {
            answered(message.read(PoolAnswer.class));
        }
    }

    private void answered(PoolAnswer answer) {
        var resource = answer.holder().resource();
        var grant = answer.grant();
        if (answer.verdict() == PoolAnswer.Verdict.GRANTED && grant != null) {
            for (var one : grant.addresses()) {
                var instance = resource + "/" + one.component() + "/" + one.index();
                var before = booked.put(one.address(), instance);
                if (before != null && !before.equals(instance)) {
                    throw new Broken(one.address(), "given to " + instance + " while " + before + " has it");
                }
            }
        }
        if (answer.verdict() == PoolAnswer.Verdict.RELEASED && answer.pool().startsWith("subnet/")) {
            var subnet = landscape
                    .subnet(answer.pool().substring("subnet/".length()))
                    .orElseThrow();
            booked.entrySet()
                    .removeIf(one -> one.getValue().startsWith(resource + "/")
                            && one.getKey()
                                    .startsWith(subnet.cidr()
                                            .substring(0, subnet.cidr().lastIndexOf('.') + 1)));
        }
    }

    private void reserved(Reservation now) {
        var id = now.server();
        var before = reservations.put(id, now);
        switch (now.kind()) {
            case RESERVED -> {
                if (before != null && before.kind() == Reservation.Kind.RESERVED) {
                    throw new Broken(id, id + " is given to " + now.holder() + " while " + before.holder() + " has it");
                }
                if (before != null && before.fence() >= now.fence()) {
                    throw new Broken(id, id + " is given under " + now.fence() + " after " + before.fence());
                }
                given.accept(now);
            }
            case RELEASED -> {
                if (before == null
                        || before.kind() != Reservation.Kind.RESERVED
                        || before.fence() != now.fence()
                        || !before.holder().equals(now.holder())) {
                    throw new Broken(id, "given back by " + now + " after " + before);
                }
            }
        }
    }

    /** All claims of a request are held. */
    void allocated(String resource, Design design, List<Grant> grants) {
        for (var grant : grants) {
            for (var one : grant.servers()) {
                var last = reservations.get(one.server());
                hold(
                        holders,
                        one.server(),
                        resource + "/" + one.component() + "/" + one.index(),
                        last == null || last.kind() == Reservation.Kind.RELEASED ? null : instance(last.holder()));
            }
            for (var one : grant.addresses()) {
                hold(
                        addresses,
                        one.address(),
                        resource + "/" + one.component() + "/" + one.index(),
                        booked.get(one.address()));
            }
        }
        for (var component : design.components()) {
            if (component instanceof MetalServer metal) {
                asAsked(
                        resource,
                        metal,
                        grants.stream()
                                .flatMap(grant -> grant.servers().stream())
                                .filter(one -> one.component().equals(metal.name()))
                                .toList(),
                        grants.stream()
                                .flatMap(grant -> grant.addresses().stream())
                                .filter(one -> one.component().equals(metal.name()))
                                .toList());
            }
        }
    }

    /** An instance is to have another server beside the one that it has: exactly one, such as its component asks for. */
    void replacing(String resource, Replacement replace, Design design, List<Grant> grants) {
        var instance = resource + "/" + replace.component() + "/" + replace.index();
        var servers = grants.stream().flatMap(grant -> grant.servers().stream()).toList();
        if (servers.size() != 1
                || grants.size() != 1
                || !instance.equals(resource + "/" + servers.getFirst().component() + "/"
                        + servers.getFirst().index())
                || instance.equals(holders.get(servers.getFirst().server()))) {
            throw new Broken(resource, instance + " has " + holders + " and got " + grants);
        }
        var server = servers.getFirst().server();
        var last = reservations.get(server);
        hold(
                holders,
                server,
                instance,
                last == null || last.kind() == Reservation.Kind.RELEASED ? null : instance(last.holder()));
        coming.put(instance, server);
        for (var component : design.components()) {
            if (component instanceof MetalServer metal && metal.name().equals(replace.component())) {
                var racks = new HashSet<String>();
                holders.forEach((other, holder) -> {
                    var known = landscape.servers().get(other);
                    if (known != null
                            && holder.startsWith(resource + "/" + metal.name() + "/")
                            && !holder.equals(instance)) {
                        racks.add(known.rack());
                    }
                });
                suits(resource, metal, server, racks);
            }
        }
    }

    /** The servers that an instance had before it got the one that is coming. */
    Set<String> formerly(String instance) {
        var all = new HashSet<String>();
        holders.forEach((server, holder) -> {
            if (holder.equals(instance) && !server.equals(coming.get(instance))) {
                all.add(server);
            }
        });
        return all;
    }

    /**
     * An instance has given back what it had before, or what it was to have.
     *
     * @param said which servers, where the event names them
     */
    void returned(String resource, Replacement replace, boolean old, List<Grant> said) {
        var instance = resource + "/" + replace.component() + "/" + replace.index();
        var next = coming.get(instance);
        var gone = old ? formerly(instance) : next == null ? Set.<String>of() : Set.of(next);
        var named = said.stream()
                .flatMap(grant -> grant.servers().stream())
                .map(AllocatedServer::server)
                .collect(Collectors.toSet());
        if (!named.isEmpty() && !named.equals(gone)) {
            throw new Broken(resource, instance + " gives back " + named + ", and had " + gone);
        }
        for (var server : gone) {
            var last = reservations.get(server);
            if (last == null
                    || (last.kind() == Reservation.Kind.RESERVED
                            && instance(last.holder()).equals(instance))) {
                throw new Broken(server, instance + " has given it back, and its pool says " + last);
            }
            holders.remove(server);
        }
    }

    /** A request begins that gives an instance another server. */
    void begins(String resource, Replacement replace) {
        coming.remove(resource + "/" + replace.component() + "/" + replace.index());
    }

    /** @param given to whom its pool gave it: that another has given it back may be said later than that */
    private static void hold(Map<String, String> held, String what, String by, @Nullable String given) {
        var before = held.put(what, by);
        if (!by.equals(given)) {
            throw new Broken(
                    what, what + " is held by " + by + ", its pool gave it to " + given + ", before " + before);
        }
    }

    private static String instance(Reservation.Holder holder) {
        return holder.resource() + "/" + holder.component() + "/" + holder.index();
    }

    private void asAsked(
            String resource, MetalServer asked, List<AllocatedServer> servers, List<AllocatedAddress> given) {
        var what = asked.name() + " got " + servers + " and " + given;
        var each =
                landscape.ipam(asked.site()) == Ipam.DHCP ? 0 : asked.networks().size();
        if (servers.size() < asked.enough()
                || servers.size() > asked.count()
                || given.size() != servers.size() * each) {
            throw new Broken(resource, what + ", and asked for " + asked);
        }
        var racks = new HashSet<String>();
        for (var one : servers) {
            suits(resource, asked, one.server(), racks);
        }
    }

    /** @param racks where the component has servers already; this one's is added */
    private void suits(String resource, MetalServer asked, String server, Set<String> racks) {
        var known = landscape.servers().get(server);
        if (known == null
                || !known.site().equals(asked.site())
                || !known.serverType().equals(asked.serverType())
                || !known.traits().containsAll(asked.requiredTraits())
                || known.traits().stream().anyMatch(asked.forbiddenTraits()::contains)
                || (known.tenant() != null && !resource.startsWith(known.tenant() + "/"))
                || (!racks.add(known.rack()) && asked.antiAffinity() == FailureDomain.RACK)) {
            throw new Broken(resource, server + " is " + known + ", and asked for was " + asked);
        }
    }

    /** Every pool has acknowledged: nobody else of them says that the resource has anything. */
    void gone(String resource) {
        var mine = resource + "/";
        holders.forEach((server, holder) -> {
            var last = reservations.get(server);
            if (holder.startsWith(mine)
                    && (last == null
                            || (last.kind() == Reservation.Kind.RESERVED
                                    && last.holder().resource().toString().equals(resource)))) {
                throw new Broken(server, resource + " has given back everything, and its pool says " + last);
            }
        });
        holders.values().removeIf(holder -> holder.startsWith(mine));
        addresses.values().removeIf(holder -> holder.startsWith(mine));
    }

    /**
     * @param pools the stores of the pools
     * @param known whether a server is in the inventory
     * @param adopted for what it was adopted, by server
     */
    void rest(List<TransactionalStores> pools, Predicate<String> known, Map<String, String> adopted) {
        offered(pools, known);
        var servers = new TreeMap<>(adopted);
        servers.putAll(holders);
        rest(pools, "servers", servers);
        rest(pools, "addresses", addresses);
        for (var stores : pools) {
            for (var store : List.of("queue", "cooling")) {
                var left = stores.store(store).range("", "~", 10);
                if (!left.isEmpty()) {
                    throw new Broken(store, "at rest, and a pool has in its " + store + ": " + left);
                }
            }
        }
    }

    /** No pool offers what is none of the inventory. */
    private static void offered(List<TransactionalStores> pools, Predicate<String> known) {
        for (var stores : pools) {
            for (var entry : stores.store("free").range("", "~", 1_000)) {
                var server = entry.key().substring(entry.key().lastIndexOf('|') + 1);
                if (!known.test(server)) {
                    throw new Broken(server, "none of the inventory, and its pool offers it");
                }
            }
        }
    }

    /** What the pools' rows say against what the events say, of all resources that are at rest and known. */
    private void rest(List<TransactionalStores> pools, String store, Map<String, String> events) {
        var rows = new TreeMap<String, String>();
        for (var stores : pools) {
            for (var entry : stores.store(store).range("", "~", 1_000)) {
                var row = Json.read(entry.value(), JsonNode.class);
                var held = row.path("held");
                if (!held.isObject()) {
                    continue;
                }
                var place = entry.key().substring(entry.key().lastIndexOf('|') + 1);
                var whose = held.has("holder") ? held : row;
                var holder = held.has("holder") ? held.get("holder") : held;
                rows.put(
                        store.equals("addresses") ? dotted(place) : place,
                        holder.get("resource").asText() + "/"
                                + whose.get("component").asText() + "/"
                                + whose.get("index").asInt());
            }
        }
        var said = new TreeMap<>(events);
        rows.values().removeIf(this::uncertain);
        said.values().removeIf(this::uncertain);
        if (!rows.equals(said)) {
            throw new Broken(store, "the pools say " + rows + ", the events " + said);
        }
    }

    /** Whether an instance's resource is not at rest, or not known exactly. */
    boolean uncertain(String instance) {
        var resource = instance.substring(0, instance.lastIndexOf('/', instance.lastIndexOf('/') - 1));
        return checker.active(resource) != null || checker.unknown(resource);
    }

    private static String dotted(String address) {
        var number = Long.parseLong(address, 16);
        var parts = new ArrayList<String>();
        for (var shift = 24; shift >= 0; shift -= 8) {
            parts.add(Long.toString(number >> shift & 255));
        }
        return String.join(".", parts);
    }
}
