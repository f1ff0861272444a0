package io.groundwork.allocation.domain;

import io.groundwork.events.Grant;
import io.groundwork.events.Grant.AllocatedServer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Some of the servers of a grant, where one goes back and others are kept. */
final class Part {

    /** The part of {@code grant} that is of these servers. */
    static Grant of(Grant grant, Collection<String> servers) {
        return of(grant, one -> servers.contains(one.server()));
    }

    /** What is left of {@code grant} when the servers of {@code gone} are. */
    static Grant without(Grant grant, Grant gone) {
        return new Grant(
                grant.pool(),
                grant.fence(),
                grant.servers().stream()
                        .filter(one -> !names(gone).contains(one.server()))
                        .toList(),
                grant.addresses(),
                grant.unmet());
    }

    static Grant of(Grant grant, Predicate<AllocatedServer> wanted) {
        return new Grant(
                grant.pool(),
                grant.fence(),
                grant.servers().stream().filter(wanted).toList(),
                List.of(),
                List.of());
    }

    static List<String> names(Grant grant) {
        return grant.servers().stream().map(AllocatedServer::server).toList();
    }

    /** {@code amounts} without {@code gone}; a measure of which nothing is left is none. */
    static Map<String, Long> less(Map<String, Long> amounts, Map<String, Long> gone) {
        var rest = new TreeMap<>(amounts);
        gone.forEach(
                (measure, amount) -> rest.computeIfPresent(measure, (any, now) -> now > amount ? now - amount : null));
        return rest;
    }

    private Part() {}
}
