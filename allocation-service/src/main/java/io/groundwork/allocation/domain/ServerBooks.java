package io.groundwork.allocation.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.groundwork.allocation.domain.PoolAnswer.Refusal;
import io.groundwork.allocation.domain.PoolAnswer.Shortfall;
import io.groundwork.allocation.domain.ServerRow.Held;
import io.groundwork.events.Claim.ServerNeed;
import io.groundwork.events.Grant;
import io.groundwork.events.Grant.AllocatedServer;
import io.groundwork.events.Grant.Unmet;
import io.groundwork.events.Reservation;
import io.groundwork.events.Reservation.Kind;
import io.groundwork.events.ServerFact;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The servers of one pool: who has which, and which are free. */
final class ServerBooks {

    /** A trait may hold no comma; the inventory refuses such. */
    private static final String COMMA = ",";

    private static final Map<String, Long> ONE_SERVER = Map.of(PoolMachine.SERVERS_MEASURE, 1L);

    private final Ledger ledger;
    private final Rules rules;
    private final Consumer<Reservation> reservations;

    /** @param reservations hears of every server that is taken or given back */
    ServerBooks(Ledger ledger, Rules rules, Consumer<Reservation> reservations) {
        this.ledger = ledger;
        this.rules = rules;
        this.reservations = reservations;
    }

    /** A server that can be had, as the index has it. */
    record Free(String server, String rack, Set<String> traits) {}

    @Nullable
    ServerRow row(String server) {
        return ledger.row(PoolMachine.SERVERS, ledger.key(server), ServerRow.class);
    }

    /** How many nobody holds and nothing is wrong with. */
    long free() {
        return ledger.pool().servers().getOrDefault(ServerRow.FREE, 0L);
    }

    /** @return whether another server can be had now */
    boolean note(ServerFact fact) {
        var before = row(fact.id());
        if (before != null
                && !before.gone()
                && fact.generation() <= before.fact().generation()) {
            return false;
        }
        var now = before == null ? ServerRow.of(fact) : before.noted(fact);
        ledger.change(pool -> pool.after(fact.fence()));
        replace(fact.id(), before, now);
        return now.free();
    }

    void forget(String server) {
        var before = row(server);
        if (before != null) {
            replace(server, before, before.held() == null || before.adopted() ? null : before.forgotten());
        }
    }

    /**
     * The servers for {@code needs}, as far as they can be had.
     *
     * @param standing those that the resource has already
     */
    Picked pick(List<ServerNeed> needs, List<AllocatedServer> standing, Holder holder, Aside aside) {
        return new Picker(this, ledger, rules, holder.resource().tenant(), aside, standing).pick(needs);
    }

    /** The racks of the component's other servers, of an instance that gets another one. */
    static List<String> racksBeside(ServerNeed need, List<AllocatedServer> standing) {
        return need.index() == null
                ? List.of()
                : standing.stream()
                        .filter(one -> one.component().equals(need.component()) && one.index() != need.index())
                        .map(AllocatedServer::rack)
                        .toList();
    }

    /** What was found for a claim. */
    record Picked(List<Chosen> chosen, List<ServerNeed> unserved) {
        boolean complete() {
            return unserved.isEmpty();
        }

        Set<String> servers() {
            return chosen.stream()
                    .flatMap(one -> one.servers().stream())
                    .map(Free::server)
                    .collect(Collectors.toSet());
        }
    }

    /** What was found for one component, the preferred ones first. */
    record Chosen(ServerNeed need, List<Free> servers, List<Unmet> unmet) {}

    /** Takes what was picked. */
    Grant take(Holder holder, Picked picked) {
        ledger.change(pool -> pool.granted(
                Map.of(PoolMachine.SERVERS_MEASURE, (long) picked.servers().size())));
        var fence = ledger.pool().fence();
        var servers = new ArrayList<AllocatedServer>();
        var unmet = new ArrayList<Unmet>();
        for (var chosen : picked.chosen()) {
            var missed = chosen.unmet().stream()
                    .filter(one -> one.server() != null)
                    .map(one -> one.server() + ": " + one.reason())
                    .collect(Collectors.joining("; "));
            var component = chosen.need().component();
            var index = chosen.need().index() == null ? 0 : chosen.need().index();
            for (var one : chosen.servers()) {
                var row = known(one.server());
                replace(one.server(), row, row.granted(new Held(holder, component, index), fence));
                var preferred = chosen.need().preferredServers().contains(one.server());
                servers.add(new AllocatedServer(
                        component,
                        index,
                        one.server(),
                        row.fact().generation(),
                        one.rack(),
                        preferred || missed.isEmpty() ? null : missed));
                tell(holder, component, index++, one.server(), fence, Kind.RESERVED);
            }
            unmet.addAll(chosen.unmet());
            if (!chosen.servers().isEmpty()) {
                var last = chosen.servers().getLast();
                ledger.change(pool -> pool.at(last.rack() + '|' + last.server() + '\0'));
            }
        }
        return new Grant(ledger.id(), fence, servers, List.of(), unmet);
    }

    /** Takes exactly the servers of a grant that was lost, where they are not another's. */
    boolean restore(Holder holder, Map<String, Long> amounts, Grant grant) {
        var rows = grant.servers().stream().map(one -> row(one.server())).toList();
        for (var row : rows) {
            if (row == null || (row.held() != null && !row.held().holder().equals(holder))) {
                return false;
            }
        }
        ledger.change(pool -> pool.granted(amounts).after(grant.fence()));
        for (var one : grant.servers()) {
            var row = known(one.server());
            replace(one.server(), row, row.granted(new Held(holder, one.component(), one.index()), grant.fence()));
        }
        return true;
    }

    /** Nobody holds it any more. */
    void unhold(String server) {
        var row = known(server);
        replace(server, row, row.gone() ? null : row.released());
    }

    void giveBack(Holder holder, Grant grant) {
        for (var one : grant.servers()) {
            var row = row(one.server());
            if (row != null && row.held() != null && row.held().holder().equals(holder)) {
                replace(one.server(), row, row.gone() ? null : row.released());
                tell(holder, one.component(), one.index(), one.server(), grant.fence(), Kind.RELEASED);
            }
        }
    }

    /** Why too few servers suit what {@code needs} ask for; every server of the pool is in one of the counts. */
    Refusal why(List<ServerNeed> needs, List<AllocatedServer> standing, Holder holder, Aside aside) {
        var found = new Rejections(this, ledger, holder.resource().tenant(), aside, standing);
        var candidates = needs.stream().map(found::of).toList();
        var shortfalls = candidates.stream()
                .map(one -> new Shortfall(
                        PoolMachine.SERVERS_MEASURE,
                        ledger.pool().servers().values().stream()
                                .mapToLong(Long::longValue)
                                .sum(),
                        ledger.pool().used().getOrDefault(PoolMachine.SERVERS_MEASURE, 0L),
                        one.wanted()))
                .toList();
        return new Refusal(shortfalls, candidates);
    }

    /** What stands against a free server, in the order of the words' weight; empty if nothing does. */
    List<String> objections(Free one, ServerNeed need, boolean set) {
        var objections = new ArrayList<String>();
        if (set) {
            objections.add("queued-before");
        }
        if (cordoned(one)) {
            objections.add("cordoned");
        }
        objections.addAll(traits(one.traits(), need));
        return objections;
    }

    static List<String> traits(Collection<String> traits, ServerNeed need) {
        var objections = new ArrayList<String>();
        if (!traits.containsAll(need.requiredTraits())) {
            objections.add("required-trait");
        }
        if (need.forbiddenTraits().stream().anyMatch(traits::contains)) {
            objections.add("forbidden-trait");
        }
        return objections;
    }

    boolean cordoned(Free one) {
        var site = ledger.id().split("/", 3)[1];
        return rules.cordoned("server/" + one.server())
                || rules.cordoned("rack/" + site + '/' + one.rack())
                || rules.cordoned("site/" + site);
    }

    /** The index entry {@code key} and {@code value} below {@code prefix}, {@code pool|tenant|}. */
    static Free free(String prefix, String key, byte[] value) {
        var rest = key.substring(prefix.length());
        var last = rest.lastIndexOf('|');
        return new Free(rest.substring(last + 1), rest.substring(0, last), split(value));
    }

    static Set<String> split(byte[] value) {
        return value.length == 0 ? Set.of() : new HashSet<>(List.of(new String(value, UTF_8).split(COMMA)));
    }

    private ServerRow known(String server) {
        var row = row(server);
        if (row == null) {
            throw new IllegalStateException("no row of server " + server + " in " + ledger.id());
        }
        return row;
    }

    /** Gives what was adopted before there were claims for that the claim that it has now. */
    void backfill(ServerRow row) {
        replace(row.fact().id(), row, row.noted(row.fact()));
    }

    private void replace(String server, @Nullable ServerRow before, @Nullable ServerRow now) {
        ledger.change(
                pool -> pool.counted(before == null ? null : before.condition(), now == null ? null : now.condition()));
        var was = before != null && before.adopted();
        var is = now != null && now.adopted();
        if (was != is) {
            ledger.change(pool -> is ? pool.taken(ONE_SERVER) : pool.released(ONE_SERVER));
        }
        if (now == null) {
            ledger.delete(PoolMachine.SERVERS, ledger.key(server));
        } else {
            ledger.put(PoolMachine.SERVERS, ledger.key(server), now);
        }
        if (before != null && before.free()) {
            ledger.delete(PoolMachine.FREE, place(before.fact()));
        }
        if (now != null && now.free()) {
            ledger.store(PoolMachine.FREE)
                    .put(
                            place(now.fact()),
                            String.join(COMMA, now.fact().traits()).getBytes(UTF_8));
        }
    }

    private String place(ServerFact fact) {
        return ledger.key(fact.tenant() == null ? "" : fact.tenant(), fact.rack(), fact.id());
    }

    private void tell(Holder holder, String component, int index, String server, long fence, Kind kind) {
        reservations.accept(new Reservation(
                server, fence, new Reservation.Holder(holder.resource(), holder.sequence(), component, index), kind));
    }
}
