package io.groundwork.request.domain;

import io.groundwork.events.Catalogue.Ipam;
import io.groundwork.events.Claim;
import io.groundwork.events.Claim.ServerNeed;
import io.groundwork.events.Claim.Share;
import io.groundwork.events.Component;
import io.groundwork.events.Component.CloudVm;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.RequestEvent.Catalogued;
import io.groundwork.events.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a deployment takes: of the project's quota, of pools of servers, of subnets. One claim of each, sorted. */
public final class Claims {

    private static final String SERVERS = "servers";
    private static final String ADDRESSES = "addresses";

    private final Map<String, Map<String, Long>> amounts = new TreeMap<>();
    private final Map<String, List<ServerNeed>> servers = new TreeMap<>();
    private final Map<String, List<Share>> shares = new TreeMap<>();

    private Claims() {}

    /** @param catalogued by component */
    public static List<Claim> of(ResourceId resource, List<Component> components, Map<String, Catalogued> catalogued) {
        var claims = new Claims();
        var quota = "quota/" + resource.tenant() + "/" + resource.project();
        for (var component : components) {
            var entry = Planner.catalogued(component, catalogued);
            if (component instanceof CloudVm vm && entry instanceof Catalogued.Vm found) {
                claims.machines(quota, vm, found);
            } else if (component instanceof MetalServer server && entry instanceof Catalogued.Server found) {
                claims.servers(quota, server, found);
            } else {
                throw new IllegalArgumentException(
                        "the catalogue entry of " + component.name() + " is of another type");
            }
        }
        return claims.amounts.entrySet().stream()
                .map(pool -> new Claim(
                        pool.getKey(),
                        pool.getValue(),
                        claims.servers.getOrDefault(pool.getKey(), List.of()),
                        claims.shares.getOrDefault(pool.getKey(), List.of())))
                .toList();
    }

    private void machines(String quota, CloudVm vm, Catalogued.Vm found) {
        long count = vm.count();
        add(quota, "instances", count);
        add(quota, "vcpus", count * found.flavor().vcpus());
        add(quota, "memoryGiB", count * found.flavor().memoryGiB());
    }

    private void servers(String quota, MetalServer server, Catalogued.Server found) {
        long count = server.count();
        var pool = "pool/" + server.site() + "/" + server.serverType();
        add(pool, SERVERS, count);
        servers.computeIfAbsent(pool, any -> new ArrayList<>()).add(need(server, found));
        share(quota, new Share(server.name(), null, server.count(), Map.of("instances", 1L, SERVERS, 1L)));
        if (found.ipam() == Ipam.DHCP) {
            return;
        }
        for (var network : server.networks()) {
            var subnet = found.subnets().get(network);
            if (subnet == null) {
                throw new IllegalArgumentException("no subnet of " + network + " for " + server.name());
            }
            share("subnet/" + subnet, new Share(server.name(), network, server.count(), Map.of(ADDRESSES, 1L)));
        }
    }

    /** What all servers of the type have need not be looked for in each. */
    private static ServerNeed need(MetalServer server, Catalogued.Server found) {
        return new ServerNeed(
                server.name(),
                server.count(),
                server.enough(),
                server.preferredServers(),
                server.requiredTraits().stream()
                        .filter(trait -> !found.serverType().traits().contains(trait))
                        .toList(),
                server.forbiddenTraits(),
                server.spread(),
                server.antiAffinity());
    }

    private void share(String pool, Share share) {
        share.each().forEach((measure, each) -> add(pool, measure, share.count() * each));
        shares.computeIfAbsent(pool, any -> new ArrayList<>()).add(share);
    }

    private void add(String pool, String measure, long amount) {
        amounts.computeIfAbsent(pool, any -> new TreeMap<>()).merge(measure, amount, Math::addExact);
    }
}
