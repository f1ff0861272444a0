package io.groundwork.request.domain;

import io.groundwork.events.Catalogue;
import io.groundwork.events.Component;
import io.groundwork.events.Component.CloudVm;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.Design;
import io.groundwork.events.Design.AccessGrant;
import io.groundwork.events.Digests;
import io.groundwork.events.Replacement;
import io.groundwork.events.RequestEvent.Ask;
import io.groundwork.events.RequestEvent.Catalogued;
import io.groundwork.events.RequestEvent.OnConflict;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What tests ask for. */
public final class Asks {

    public static final ResourceId RESOURCE = ResourceId.parse("acme/payments/web-prod");
    public static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

    public static final Catalogued.Vm SMALL = new Catalogued.Vm(
            new Catalogue.Flavor(2, 4, new BigDecimal("14.50"), "EUR", "t3.medium"),
            new Catalogue.Image("debian-12-amd64", "Debian 12"));

    public static final Catalogued.Server LARGE = new Catalogued.Server(
            new Catalogue.ServerType(32, 256, List.of(), 2, List.of("nvme"), new BigDecimal("410.00"), "EUR"),
            new Catalogue.OsTemplate(
                    Catalogue.Boot.NETWORK,
                    "http://images/debian-12",
                    null,
                    null,
                    null,
                    null,
                    null,
                    false,
                    "Debian 12"),
            Map.of("default", "ams1-default"),
            null);

    /** Three machines, and one that needs them. */
    public static final Design DESIGN = new Design(
            List.of(vm("db", 1, "web"), vm("web", 3)), List.of(new AccessGrant("payments-devs", "operator")), Map.of());

    public static Component vm(String name, int count, String... dependsOn) {
        return new CloudVm(
                name, count, List.of(dependsOn), "m.small", "debian-12", 20, List.of("default"), List.of(), null, null);
    }

    public static MetalServer servers(String name, int count, @Nullable Integer minCount, String... dependsOn) {
        return new MetalServer(
                name,
                count,
                minCount,
                List.of(dependsOn),
                "ams1",
                "m1.large",
                List.of("srv-5"),
                List.of("gpu", "nvme"),
                List.of(),
                null,
                null,
                "debian-12",
                List.of("default"),
                null,
                null,
                false,
                null);
    }

    public static Ask deploy(Design design) {
        return ask(RequestKind.DEPLOY, design, OnConflict.QUEUE);
    }

    public static Ask decommission() {
        return ask(RequestKind.DECOMMISSION, Design.EMPTY, OnConflict.QUEUE);
    }

    public static Ask replace(String component, int index) {
        return new Ask(
                RequestKind.REPLACE,
                "dev@acme.example",
                List.of("lead@acme.example"),
                1,
                Duration.ofMinutes(2),
                OnConflict.QUEUE,
                Design.EMPTY,
                Digests.of(Design.EMPTY),
                List.of(),
                START,
                null,
                new Replacement(component, index, "its fans are failing", List.of()));
    }

    /** The same servers, with user data. */
    public static MetalServer telling(MetalServer of, String userData) {
        return new MetalServer(
                of.name(),
                of.count(),
                of.minCount(),
                of.dependsOn(),
                of.site(),
                of.serverType(),
                of.preferredServers(),
                of.requiredTraits(),
                of.forbiddenTraits(),
                of.spread(),
                of.antiAffinity(),
                of.osTemplate(),
                of.networks(),
                of.sshKey(),
                userData,
                of.allowDataLoss(),
                of.shutdown());
    }

    public static Ask ask(RequestKind operation, Design design, OnConflict onConflict) {
        return new Ask(
                operation,
                "dev@acme.example",
                List.of("lead@acme.example"),
                1,
                Duration.ofMinutes(2),
                onConflict,
                design,
                Digests.of(design),
                List.of(),
                START);
    }

    public static Map<String, Catalogued> catalogued(Design design) {
        var entries = new TreeMap<String, Catalogued>();
        design.components()
                .forEach(component -> entries.put(component.name(), component instanceof CloudVm ? SMALL : LARGE));
        return entries;
    }

    private Asks() {}
}
