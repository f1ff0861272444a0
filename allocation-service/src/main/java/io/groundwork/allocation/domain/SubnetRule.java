package io.groundwork.allocation.domain;

import io.groundwork.events.Catalogue.Ipam;
import io.groundwork.events.Catalogue.Network;
import io.groundwork.events.Catalogue.Site;
import io.groundwork.events.Catalogue.Subnet;
import io.groundwork.runtime.EntryKind;
import io.groundwork.runtime.Objection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What must hold of a subnet: its own arithmetic, and that no address belongs to two subnets. */
final class SubnetRule {

    /** Leaves room for the longest name of an address in front of it. */
    private static final Pattern DOMAIN =
            Pattern.compile("(?=.{1,230}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    /** A site that leaves its addresses to DHCP has no subnets. */
    static List<Objection> objections(String name, Site site, EntryKind.Table table) {
        if (site.addressing() == Ipam.SUBNETS) {
            return List.of();
        }
        var standing = new TreeSet<String>();
        table.entries(CatalogueKinds.SUBNETS.word(), Subnet.class).forEach((subnet, entry) -> {
            if (entry.site().equals(name)) {
                standing.add(subnet);
            }
        });
        return standing.isEmpty()
                ? List.of()
                : List.of(new Objection(
                        "/ipam", "has subnets here, take them out first: " + String.join(", ", standing)));
    }

    static List<Objection> objections(String name, Subnet subnet, EntryKind.Table table) {
        var objections = new ArrayList<Objection>();
        if (table.entry(CatalogueKinds.NETWORKS.key(subnet.network()), Network.class)
                .isEmpty()) {
            objections.add(new Objection("/network", "there is no network " + subnet.network()));
        }
        var site = table.entry(CatalogueKinds.SITES.key(subnet.site()), Site.class);
        if (site.isEmpty()) {
            objections.add(new Objection("/site", "there is no site " + subnet.site()));
        } else if (site.get().addressing() != Ipam.SUBNETS) {
            objections.add(new Objection(
                    "/site",
                    subnet.site() + " has its addresses by DHCP; change its ipam to subnets, or leave this one out"));
        }
        if (subnet.domain() != null && !DOMAIN.matcher(subnet.domain()).matches()) {
            objections.add(new Objection("/domain", "must be a DNS name in lower case, such as ams1.example.com"));
        }
        if (subnet.coolDown().isNegative()) {
            objections.add(new Objection("/coolDown", "must not be negative"));
        }
        var cidr = Cidr.of(subnet.cidr());
        if (cidr.isEmpty()) {
            objections.add(
                    new Objection("/cidr", "must be an IPv4 network with a prefix of 8 to 30, such as 10.20.0.0/24"));
        } else {
            within(objections, "/gateway", Optional.ofNullable(subnet.gateway()), cidr.get());
            for (var i = 0; i < subnet.reserved().size(); i++) {
                within(
                        objections,
                        "/reserved/" + i,
                        Optional.of(subnet.reserved().get(i)),
                        cidr.get());
            }
        }
        for (var i = 0; i < subnet.nameservers().size(); i++) {
            if (Cidr.address(subnet.nameservers().get(i)).isEmpty()) {
                objections.add(new Objection("/nameservers/" + i, "must be an IPv4 address"));
            }
        }
        table.entries(CatalogueKinds.SUBNETS.word(), Subnet.class).forEach((other, standing) -> {
            if (other.equals(name)) {
                return;
            }
            if (standing.network().equals(subnet.network()) && standing.site().equals(subnet.site())) {
                objections.add(new Objection(
                        "/network", "has a subnet at " + subnet.site() + " already: " + other + "; there can be one"));
            }
            if (cidr.isPresent()
                    && Cidr.of(standing.cidr()).filter(cidr.get()::overlaps).isPresent()) {
                objections.add(new Objection("/cidr", "overlaps that of subnet " + other + ", " + standing.cidr()));
            }
        });
        return objections;
    }

    private static void within(List<Objection> objections, String pointer, Optional<String> text, Cidr cidr) {
        text.filter(one -> Cidr.Range.of(one)
                        .filter(range -> cidr.contains(range.from()) && cidr.contains(range.to()))
                        .isEmpty())
                .ifPresent(one -> objections.add(
                        new Objection(pointer, "must be an address of the subnet, or of two with a dash between")));
    }

    private SubnetRule() {}
}
