package io.groundwork.allocation.domain;

import io.groundwork.allocation.domain.ServerBooks.Chosen;
import io.groundwork.allocation.domain.ServerBooks.Free;
import io.groundwork.allocation.domain.ServerBooks.Picked;
import io.groundwork.events.Claim.ServerNeed;
import io.groundwork.events.Component.FailureDomain;
import io.groundwork.events.Grant.AllocatedServer;
import io.groundwork.events.Grant.Unmet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Chooses servers among the free ones. Preferred ones first, then those reserved to the tenant, then everybody's. Where it does
 * not matter, the search starts behind the server that was given last, so that servers wear evenly and a store need not skip
 * what was just deleted. Needs that ask for more are served first, and none takes what another one asks for
 * while others will do.
 */
final class Picker {

    private static final int PAGE = 64;

    private final ServerBooks books;
    private final Ledger ledger;
    private final Rules rules;
    private final String tenant;
    private final Aside aside;
    private final List<AllocatedServer> standing;
    private final Set<String> taken = new HashSet<>();

    Picker(ServerBooks books, Ledger ledger, Rules rules, String tenant, Aside aside, List<AllocatedServer> standing) {
        this.books = books;
        this.ledger = ledger;
        this.rules = rules;
        this.tenant = tenant;
        this.aside = aside;
        this.standing = standing;
    }

    Picked pick(List<ServerNeed> needs) {
        var chosen = new HashMap<String, Chosen>();
        var unserved = new ArrayList<ServerNeed>();
        var hungriest = needs.stream()
                .sorted(Comparator.comparingInt(need -> -need.requiredTraits().size()
                        - need.forbiddenTraits().size()
                        - (need.antiAffinity() == null ? 0 : 1)))
                .toList();
        // first what each cannot do without, then what each would like beyond it
        for (var need : hungriest) {
            var found = new Search(need, wantedByOthers(needs, need)).run(need.minCount());
            chosen.put(need.component(), found);
            if (found.servers().size() < need.minCount()) {
                unserved.add(need);
            }
        }
        if (unserved.isEmpty()) {
            for (var need : hungriest) {
                if (need.count() > need.minCount()) {
                    var had = chosen.remove(need.component());
                    if (had != null) {
                        had.servers().forEach(one -> taken.remove(one.server()));
                    }
                    chosen.put(need.component(), new Search(need, wantedByOthers(needs, need)).run(need.count()));
                }
            }
        }
        return new Picked(
                needs.stream()
                        .map(need -> chosen.getOrDefault(need.component(), new Chosen(need, List.of(), List.of())))
                        .toList(),
                unserved);
    }

    private static Set<String> wantedByOthers(List<ServerNeed> needs, ServerNeed mine) {
        var wanted = new HashSet<String>();
        for (var need : needs) {
            if (!need.equals(mine)) {
                wanted.addAll(need.requiredTraits());
            }
        }
        wanted.removeAll(mine.requiredTraits());
        return wanted;
    }

    /** The way through the index for one need. */
    private final class Search {

        private final ServerNeed need;
        private final Set<String> spare;
        private final List<Free> found = new ArrayList<>();
        private final List<Unmet> unmet = new ArrayList<>();
        private final Map<String, Integer> racks = new TreeMap<>();
        private final List<String> beside;

        Search(ServerNeed need, Set<String> spare) {
            this.need = need;
            this.spare = spare;
            this.beside = ServerBooks.racksBeside(need, standing);
            beside.forEach(rack -> racks.merge(rack, 1, Integer::sum));
        }

        Chosen run(int count) {
            preferred(count);
            for (var sparing : spare.isEmpty() ? List.of(false) : List.of(true, false)) {
                for (var owner : List.of(tenant, "")) {
                    search(ledger.key(owner, ""), sparing, count);
                }
            }
            if (need.spread() == FailureDomain.RACK
                    && racks.size() - Set.copyOf(beside).size() < found.size()) {
                unmet.add(new Unmet(
                        need.component(),
                        "spread",
                        null,
                        found.size() + beside.size() + " servers over " + racks.size()
                                + " racks: no other rack had one free"));
            }
            if (found.size() >= need.minCount() && found.size() < need.count() && count == need.count()) {
                unmet.add(new Unmet(
                        need.component(),
                        "count",
                        null,
                        found.size() + " of " + need.count() + " servers could be had, " + need.minCount()
                                + " are enough"));
            }
            return new Chosen(need, found, unmet);
        }

        private void preferred(int count) {
            for (var server : need.preferredServers()) {
                if (found.size() == count) {
                    return;
                }
                var reason = objection(server);
                if (reason != null) {
                    unmet.add(new Unmet(need.component(), "preferredServers", server, reason));
                }
            }
        }

        /** Takes the preferred server, or says why not. */
        private @Nullable String objection(String server) {
            var row = books.row(server);
            if (row == null || row.gone()) {
                return rules.poolOf(server)
                        .filter(pool -> !pool.equals(ledger.id()))
                        .map(pool -> "other-type")
                        .orElse("unknown");
            }
            if (!row.free()) {
                return row.condition();
            }
            var fact = row.fact();
            if (fact.tenant() != null && !fact.tenant().equals(tenant)) {
                return "reserved";
            }
            var one = new Free(server, fact.rack(), Set.copyOf(fact.traits()));
            var objections = books.objections(one, need, aside.servers.contains(server) || taken.contains(server));
            if (!objections.isEmpty()) {
                return objections.getFirst();
            }
            if (rackTaken(fact.rack())) {
                return "rack-taken";
            }
            take(one);
            return null;
        }

        private void search(String prefix, boolean sparing, int count) {
            if (found.size() >= count) {
                return;
            }
            if (need.spread() == null && need.antiAffinity() == null) {
                var start = prefix + ledger.pool().cursor();
                scan(prefix, start, prefix + Ledger.END, sparing, count);
                scan(prefix, prefix, start, sparing, count);
                return;
            }
            // one of each rack, those first that have the fewest of ours
            var open = racksBelow(prefix);
            while (found.size() < count && !open.isEmpty()) {
                open.sort(Comparator.comparingInt(rack -> racks.getOrDefault(rack, 0)));
                open.removeIf(this::rackTaken);
                var rack = open.isEmpty() ? null : open.getFirst();
                if (rack != null
                        && !scan(
                                prefix,
                                prefix + rack + '|',
                                prefix + rack + '|' + Ledger.END,
                                sparing,
                                found.size() + 1)) {
                    open.remove(rack);
                }
            }
        }

        private List<String> racksBelow(String prefix) {
            var below = new ArrayList<String>();
            var from = prefix;
            while (true) {
                var next = ledger.store(PoolMachine.FREE).range(from, prefix + Ledger.END, 1);
                if (next.isEmpty()) {
                    return below;
                }
                var rack = ServerBooks.free(
                                prefix, next.getFirst().key(), next.getFirst().value())
                        .rack();
                below.add(rack);
                from = prefix + rack + '|' + Ledger.END;
            }
        }

        /** Takes servers between two keys until there are {@code count}; says whether any was taken. */
        private boolean scan(String prefix, String from, String to, boolean sparing, int count) {
            var before = found.size();
            var at = from;
            // few more than are needed: most that are free will do
            var limit = Math.min(PAGE, count - found.size() + taken.size() + 1);
            while (found.size() < count) {
                var page = ledger.store(PoolMachine.FREE).range(at, to, limit);
                for (var entry : page) {
                    var one = ServerBooks.free(prefix, entry.key(), entry.value());
                    if (found.size() < count && fits(one, sparing)) {
                        take(one);
                    }
                }
                if (page.size() < limit) {
                    break;
                }
                at = page.getLast().key() + '\0';
                limit = PAGE;
            }
            return found.size() > before;
        }

        private boolean fits(Free one, boolean sparing) {
            return !taken.contains(one.server())
                    && !aside.servers.contains(one.server())
                    && !rackTaken(one.rack())
                    && (!sparing || one.traits().stream().noneMatch(spare::contains))
                    && books.objections(one, need, false).isEmpty();
        }

        private boolean rackTaken(String rack) {
            return need.antiAffinity() == FailureDomain.RACK && racks.containsKey(rack);
        }

        private void take(Free one) {
            found.add(one);
            taken.add(one.server());
            racks.merge(one.rack(), 1, Integer::sum);
        }
    }
}
