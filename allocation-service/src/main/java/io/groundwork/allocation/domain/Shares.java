package io.groundwork.allocation.domain;

import io.groundwork.allocation.domain.Allocation.Hold;
import io.groundwork.events.Claim;
import io.groundwork.events.Claim.ServerNeed;
import io.groundwork.events.Claim.Share;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The parts of a claim that follow a component's servers. */
final class Shares {

    /** {@code claim} for as many instances as the pools of servers gave. */
    static Claim fitted(Claim claim, List<Hold> granted) {
        var given = given(granted);
        var amounts = new TreeMap<>(claim.amounts());
        var shares = claim.shares().stream()
                .map(share -> {
                    var count = Math.min(share.count(), given.getOrDefault(share.component(), share.count()));
                    share.each()
                            .forEach((measure, each) ->
                                    amounts.merge(measure, (count - share.count()) * each, Math::addExact));
                    return new Share(share.component(), share.network(), count, share.each());
                })
                .toList();
        return new Claim(claim.pool(), amounts, claim.servers(), shares);
    }

    /** What a claim of servers came to: {@code claim} with the amount that was given. */
    static Claim taken(Claim claim, int servers) {
        return claim.servers().isEmpty()
                ? claim
                : new Claim(
                        claim.pool(),
                        Map.of(PoolMachine.SERVERS_MEASURE, (long) servers),
                        claim.servers(),
                        claim.shares());
    }

    private static Map<String, Integer> given(List<Hold> granted) {
        var given = new HashMap<String, Integer>();
        for (var hold : granted) {
            for (ServerNeed need : hold.claim().servers()) {
                given.put(need.component(), 0);
            }
            if (hold.grant() != null) {
                hold.grant().servers().forEach(server -> given.merge(server.component(), 1, Integer::sum));
            }
        }
        return given;
    }

    private Shares() {}
}
