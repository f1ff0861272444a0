package io.groundwork.allocation.domain;

import io.groundwork.allocation.domain.ServerBooks.Free;
import io.groundwork.events.Candidates;
import io.groundwork.events.Candidates.Closest;
import io.groundwork.events.Claim.ServerNeed;
import io.groundwork.events.Grant.AllocatedServer;
import io.groundwork.events.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Why the servers of a pool do not do. Those that are not free are counted by the totals; the free ones are looked at. */
final class Rejections {

    /** Of servers that are not free, this many are looked at for the closest. */
    private static final int LOOKED_AT = 256;

    private static final int PAGE = 256;

    private final ServerBooks books;
    private final Ledger ledger;
    private final String tenant;
    private final Aside aside;
    private final List<AllocatedServer> standing;

    Rejections(ServerBooks books, Ledger ledger, String tenant, Aside aside, List<AllocatedServer> standing) {
        this.books = books;
        this.ledger = ledger;
        this.tenant = tenant;
        this.aside = aside;
        this.standing = standing;
    }

    Candidates of(ServerNeed need) {
        var rejected = new TreeMap<>(ledger.pool().servers());
        rejected.remove(ServerRow.FREE);
        var racks = new HashSet<>(ServerBooks.racksBeside(need, standing));
        var suitable = 0;
        Closest closest = null;
        for (var one : free()) {
            var objections = new ArrayList<String>();
            if (!one.owner().isEmpty() && !one.owner().equals(tenant)) {
                objections.add("reserved");
            }
            objections.addAll(books.objections(
                    one.free(), need, aside.servers.contains(one.free().server())));
            if (objections.isEmpty()
                    && need.antiAffinity() != null
                    && !racks.add(one.free().rack())) {
                objections.add("rack-taken");
            }
            if (objections.isEmpty()) {
                suitable++;
            } else {
                rejected.merge(objections.getFirst(), 1L, Long::sum);
                closest = closer(closest, one.free().server(), objections);
            }
        }
        return new Candidates(
                ledger.id(), need.component(), need.minCount(), suitable, rejected, occupied(need, closest));
    }

    private record Owned(String owner, Free free) {}

    private List<Owned> free() {
        var all = new ArrayList<Owned>();
        var prefix = ledger.key("");
        var after = "";
        while (true) {
            var page = ledger.page(PoolMachine.FREE, prefix, after, PAGE);
            for (var entry : page) {
                var owner = entry.key().substring(prefix.length(), entry.key().indexOf('|', prefix.length()));
                all.add(new Owned(owner, ServerBooks.free(ledger.key(owner, ""), entry.key(), entry.value())));
            }
            if (page.size() < PAGE) {
                return all;
            }
            after = page.getLast().key();
        }
    }

    private @Nullable Closest occupied(ServerNeed need, @Nullable Closest best) {
        var closest = best;
        for (var entry : ledger.page(PoolMachine.SERVERS, ledger.key(""), "", LOOKED_AT)) {
            var row = Json.read(entry.value(), ServerRow.class);
            if (!row.free()) {
                var objections = new ArrayList<>(List.of(row.condition()));
                var owner = row.fact().tenant();
                if (owner != null && !owner.equals(tenant)) {
                    objections.add("reserved");
                }
                var one = new Free(
                        row.fact().id(),
                        row.fact().rack(),
                        new HashSet<>(row.fact().traits()));
                objections.addAll(books.objections(one, need, false));
                closest = closer(closest, row.fact().id(), objections);
            }
        }
        return closest;
    }

    private static Closest closer(@Nullable Closest best, String server, List<String> objections) {
        return best == null || objections.size() < best.reasons().size() ? new Closest(server, objections) : best;
    }
}
