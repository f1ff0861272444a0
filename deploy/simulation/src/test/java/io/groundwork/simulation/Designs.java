package io.groundwork.simulation;

import io.groundwork.events.Catalogue;
import io.groundwork.events.Catalogue.Ipam;
import io.groundwork.events.Component;
import io.groundwork.events.Component.CloudVm;
import io.groundwork.events.Component.FailureDomain;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.Component.Shutdown;
import io.groundwork.events.Design;
import io.groundwork.events.RequestEvent.Catalogued;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What teams want: machines, servers and access, such as can be had or not; and what the catalogue says of it. */
final class Designs {

    private static final List<String> NAMES = List.of("web", "db");

    private final Groundwork groundwork;
    private final Landscape landscape;
    private final Chance chance;

    Designs(Groundwork groundwork) {
        this.groundwork = groundwork;
        this.landscape = groundwork.landscape;
        this.chance = groundwork.simulation.chance();
    }

    /** @param healthy whether it can be made as far as it depends on the design */
    Design any(boolean healthy) {
        var components = new ArrayList<Component>();
        for (var number = 0; number < chance.below(3); number++) {
            var dependsOn = number > 0 && chance.oneIn(2) ? List.of(NAMES.getFirst()) : List.<String>of();
            components.add(
                    landscape.metal() && chance.percent(60)
                            ? servers(NAMES.get(number), dependsOn)
                            : machines(NAMES.get(number), dependsOn));
        }
        if (!healthy && !components.isEmpty()) {
            components.add(
                    switch (components.removeLast()) {
                        case CloudVm vm -> broken(vm);
                        case MetalServer metal -> broken(metal);
                    });
        }
        return new Design(components, groundwork.access(chance, healthy), Map.of());
    }

    private Component machines(String name, List<String> dependsOn) {
        var groups = chance.oneIn(3)
                ? List.of(new Component.SecurityGroup(name, List.of(new Component.Ingress("tcp", 443, "0.0.0.0/0"))))
                : List.<Component.SecurityGroup>of();
        return new CloudVm(
                name,
                1 + chance.below(3),
                dependsOn,
                "m.small",
                "debian-12",
                null,
                List.of("default"),
                groups,
                key(),
                userData(dependsOn));
    }

    private Component.@Nullable SshKey key() {
        return chance.oneIn(4) ? new Component.SshKey("ops", "ssh-ed25519 AAAA ops") : null;
    }

    private @Nullable String userData(List<String> dependsOn) {
        return dependsOn.isEmpty() || chance.oneIn(2)
                ? null
                : "upstream: ${" + dependsOn.getFirst() + ".instances[0].providerId}";
    }

    private Component servers(String name, List<String> dependsOn) {
        var pool = chance.any(landscape.pools());
        var site = pool.substring(0, pool.indexOf('/'));
        var wishes = !landscape.gentle();
        // six servers are plenty for three resources with two components
        var count = wishes ? 1 + chance.below(2) : 1;
        return new MetalServer(
                name,
                count,
                wishes && chance.oneIn(3) ? Integer.valueOf(1) : null,
                dependsOn,
                site,
                pool.substring(pool.indexOf('/') + 1),
                chance.oneIn(3)
                        ? List.of(chance.any(List.copyOf(landscape.servers().keySet())))
                        : List.of(),
                wishes && chance.oneIn(6) ? List.of(Landscape.GPU) : List.of(),
                wishes && chance.oneIn(12) ? List.of(Landscape.GPU) : List.of(),
                chance.oneIn(4) ? FailureDomain.RACK : null,
                wishes && chance.oneIn(8) ? FailureDomain.RACK : null,
                "debian-12",
                networks(site),
                key(),
                userData(dependsOn),
                false,
                chance.oneIn(4) ? new Shutdown(Duration.ofSeconds(chance.below(3) * 20L), true) : null);
    }

    private List<String> networks(String site) {
        var all = landscape.ipam(site) == Ipam.DHCP
                ? List.of("default", "storage")
                : List.copyOf(landscape.subnetsOf(site).keySet());
        return chance.oneIn(6) ? List.of() : chance.oneIn(2) ? all : List.of("default");
    }

    private Component broken(CloudVm vm) {
        return new CloudVm(
                vm.name(),
                vm.count(),
                vm.dependsOn(),
                chance.any(List.of("m.broken", "m.scarce")),
                chance.oneIn(3) ? SimulatedCloud.NO_IMAGE : vm.image(),
                null,
                vm.networks(),
                vm.securityGroups(),
                vm.sshKey(),
                vm.userData());
    }

    /** Asks for what no server has. */
    private static Component broken(MetalServer metal) {
        return new MetalServer(
                metal.name(),
                metal.count(),
                metal.minCount(),
                metal.dependsOn(),
                metal.site(),
                metal.serverType(),
                metal.preferredServers(),
                List.of("unobtainable"),
                metal.forbiddenTraits(),
                metal.spread(),
                metal.antiAffinity(),
                metal.osTemplate(),
                metal.networks(),
                metal.sshKey(),
                metal.userData(),
                false,
                metal.shutdown());
    }

    /** What the catalogue says of each component. */
    Map<String, Catalogued> catalogued(Design design) {
        var found = new TreeMap<String, Catalogued>();
        for (var component : design.components()) {
            found.put(
                    component.name(),
                    switch (component) {
                        case CloudVm vm ->
                            new Catalogued.Vm(
                                    new Catalogue.Flavor(
                                            2,
                                            4,
                                            new BigDecimal("12.00"),
                                            "EUR",
                                            vm.flavor().replace("m.", "t3.")),
                                    new Catalogue.Image(vm.image(), "an image"));
                        case MetalServer metal ->
                            new Catalogued.Server(
                                    Landscape.type(),
                                    Landscape.template(chance.oneIn(2), chance.oneIn(4)),
                                    landscape.subnetsOf(metal.site()),
                                    landscape.ipam(metal.site()));
                    });
        }
        return found;
    }
}
