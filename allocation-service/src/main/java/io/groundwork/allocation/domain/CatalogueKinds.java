package io.groundwork.allocation.domain;

import io.groundwork.events.Catalogue.Boot;
import io.groundwork.events.Catalogue.Cordon;
import io.groundwork.events.Catalogue.Flavor;
import io.groundwork.events.Catalogue.Image;
import io.groundwork.events.Catalogue.Network;
import io.groundwork.events.Catalogue.OsTemplate;
import io.groundwork.events.Catalogue.Profile;
import io.groundwork.events.Catalogue.Quota;
import io.groundwork.events.Catalogue.Region;
import io.groundwork.events.Catalogue.ServerType;
import io.groundwork.events.Catalogue.Site;
import io.groundwork.events.Catalogue.Subnet;
import io.groundwork.events.Catalogue.Units;
import io.groundwork.runtime.EntryKind;
import io.groundwork.runtime.Objection;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the catalogue may hold. */
public final class CatalogueKinds {

    /** The measures of which a quota may limit how much a project holds. */
    public static final Set<String> MEASURES = Set.of("instances", "vcpus", "memoryGiB", "servers");

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
    private static final Pattern PROJECT =
            Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?/[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    /** A server, a rack of a site, or a site. */
    private static final Pattern PLACE = Pattern.compile(
            "server/[A-Za-z0-9._-]{1,63}|rack/[a-z0-9-]{1,63}/[A-Za-z0-9._-]{1,63}|site/[a-z0-9-]{1,63}");

    private static final Pattern TRAIT = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._:-]{0,61}[A-Za-z0-9])?");
    private static final Set<String> DISKS = Set.of("hdd", "ssd", "nvme");
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

    public static final EntryKind<Flavor> FLAVORS =
            new EntryKind<>("flavors", NAME, Flavor.class, CatalogueKinds::flavor);
    public static final EntryKind<Image> IMAGES = new EntryKind<>(
            "images", NAME, Image.class, (name, image, table) -> present("/providerName", image.providerName()));
    public static final EntryKind<Network> NETWORKS =
            new EntryKind<>("networks", NAME, Network.class, (name, network, table) -> List.of());
    public static final EntryKind<Region> REGIONS =
            new EntryKind<>("regions", NAME, Region.class, (name, region, table) -> List.of());
    public static final EntryKind<Profile> PROFILES =
            new EntryKind<>("profiles", NAME, Profile.class, (name, profile, table) -> List.of());
    public static final EntryKind<Quota> QUOTAS =
            new EntryKind<>("quotas", PROJECT, Quota.class, CatalogueKinds::quota);

    public static final EntryKind<Site> SITES = new EntryKind<>("sites", LABEL, Site.class, SubnetRule::objections);
    public static final EntryKind<ServerType> SERVER_TYPES =
            new EntryKind<>("server-types", NAME, ServerType.class, CatalogueKinds::serverType);
    public static final EntryKind<OsTemplate> OS_TEMPLATES =
            new EntryKind<>("os-templates", NAME, OsTemplate.class, CatalogueKinds::osTemplate);
    public static final EntryKind<Subnet> SUBNETS =
            new EntryKind<>("subnets", NAME, Subnet.class, SubnetRule::objections);
    public static final EntryKind<Cordon> CORDONS = new EntryKind<>(
            "cordons", PLACE, Cordon.class, (name, cordon, table) -> present("/reason", cordon.reason()));

    public static final List<EntryKind<?>> ALL = List.of(
            FLAVORS, IMAGES, NETWORKS, REGIONS, PROFILES, QUOTAS, SITES, SERVER_TYPES, OS_TEMPLATES, SUBNETS, CORDONS);

    private static List<Objection> flavor(String name, Flavor flavor, EntryKind.Table table) {
        var objections = new ArrayList<Objection>();
        positive(objections, "/vcpus", flavor.vcpus());
        positive(objections, "/memoryGiB", flavor.memoryGiB());
        priced(objections, flavor.pricePerMonth(), flavor.currency());
        objections.addAll(present("/instanceType", flavor.instanceType()));
        return objections;
    }

    private static List<Objection> serverType(String name, ServerType type, EntryKind.Table table) {
        var objections = new ArrayList<Objection>();
        positive(objections, "/cpus", type.cpus());
        positive(objections, "/memoryGiB", type.memoryGiB());
        positive(objections, "/nics", type.nics());
        priced(objections, type.pricePerMonth(), type.currency());
        for (var i = 0; i < type.disks().size(); i++) {
            positive(objections, "/disks/" + i + "/sizeGiB", type.disks().get(i).sizeGiB());
            if (!DISKS.contains(type.disks().get(i).kind())) {
                objections.add(new Objection("/disks/" + i + "/kind", "must be hdd, ssd or nvme"));
            }
        }
        for (var i = 0; i < type.traits().size(); i++) {
            if (!TRAIT.matcher(type.traits().get(i)).matches()) {
                objections.add(new Objection("/traits/" + i, "must match " + TRAIT.pattern()));
            }
        }
        return objections;
    }

    private static List<Objection> osTemplate(String name, OsTemplate template, EntryKind.Table table) {
        var objections = new ArrayList<Objection>();
        url(objections, "/image", template.image());
        url(objections, "/kernel", template.kernel());
        url(objections, "/initrd", template.initrd());
        if (template.diskless() && template.boot() == Boot.DISK) {
            objections.add(new Objection("/diskless", "must be false of a template that boots from disk"));
        }
        return objections;
    }

    private static void positive(List<Objection> objections, String pointer, int value) {
        if (value < 1) {
            objections.add(new Objection(pointer, "must be 1 or more"));
        }
    }

    private static void priced(List<Objection> objections, BigDecimal price, String currency) {
        if (price.signum() < 0) {
            objections.add(new Objection("/pricePerMonth", "must be 0 or more"));
        }
        if (!CURRENCY.matcher(currency).matches()) {
            objections.add(new Objection("/currency", "must be three capital letters (ISO 4217)"));
        }
    }

    private static void url(List<Objection> objections, String pointer, @Nullable String url) {
        if (url != null && !url.matches("https?://[^\\s/]+/\\S*")) {
            objections.add(new Objection(pointer, "must be an http or https URL"));
        }
    }

    private static List<Objection> quota(String name, Quota quota, EntryKind.Table table) {
        var objections = new ArrayList<Objection>();
        quota.limits().forEach((measure, limit) -> {
            if (!MEASURES.contains(measure)) {
                objections.add(measure("/limits/", measure));
            } else if (limit < 0) {
                objections.add(new Objection("/limits/" + measure, "must be 0 or more"));
            }
        });
        if (quota.units() != null) {
            quota.units().forEach((measure, units) -> units(objections, measure, units));
        }
        return objections;
    }

    private static void units(List<Objection> objections, String measure, Units units) {
        if (!MEASURES.contains(measure)) {
            objections.add(measure("/units/", measure));
            return;
        }
        var at = "/units/" + measure;
        least(objections, at + "/reserved", units.reserved(), 0);
        least(objections, at + "/minUnit", units.minUnit(), 1);
        least(objections, at + "/maxUnit", units.maxUnit(), units.minUnit() == null ? 1 : units.minUnit());
        least(objections, at + "/stepSize", units.stepSize(), 1);
        if (units.allocationRatio() != null && units.allocationRatio().signum() <= 0) {
            objections.add(new Objection(at + "/allocationRatio", "must be more than 0"));
        }
    }

    private static void least(List<Objection> objections, String pointer, @Nullable Long value, long least) {
        if (value != null && value < least) {
            objections.add(new Objection(pointer, "must be " + least + " or more"));
        }
    }

    private static Objection measure(String under, String measure) {
        return new Objection(
                under + measure.replace("~", "~0").replace("/", "~1"),
                "is no measure; there are instances, vcpus, memoryGiB, servers");
    }

    private static List<Objection> present(String pointer, String value) {
        return value.isBlank() ? List.of(new Objection(pointer, "must not be blank")) : List.of();
    }

    private CatalogueKinds() {}
}
