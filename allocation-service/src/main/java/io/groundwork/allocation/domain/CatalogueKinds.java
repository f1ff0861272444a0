package io.groundwork.allocation.domain;

import io.groundwork.events.Catalogue.Flavor;
import io.groundwork.events.Catalogue.Image;
import io.groundwork.events.Catalogue.Network;
import io.groundwork.events.Catalogue.Profile;
import io.groundwork.events.Catalogue.Quota;
import io.groundwork.events.Catalogue.Region;
import io.groundwork.runtime.EntryKind;
import io.groundwork.runtime.Objection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What the catalogue may hold. */
public final class CatalogueKinds {

    /** The measures of which a quota may limit how much a project holds. */
    public static final Set<String> MEASURES = Set.of("instances", "vcpus", "memoryGiB");

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
    private static final Pattern PROJECT =
            Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?/[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
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

    public static final List<EntryKind<?>> ALL = List.of(FLAVORS, IMAGES, NETWORKS, REGIONS, PROFILES, QUOTAS);

    private static List<Objection> flavor(String name, Flavor flavor, EntryKind.Table table) {
        var objections = new ArrayList<Objection>();
        if (flavor.vcpus() < 1) {
            objections.add(new Objection("/vcpus", "must be 1 or more"));
        }
        if (flavor.memoryGiB() < 1) {
            objections.add(new Objection("/memoryGiB", "must be 1 or more"));
        }
        if (flavor.pricePerMonth().signum() < 0) {
            objections.add(new Objection("/pricePerMonth", "must be 0 or more"));
        }
        if (!CURRENCY.matcher(flavor.currency()).matches()) {
            objections.add(new Objection("/currency", "must be three capital letters (ISO 4217)"));
        }
        objections.addAll(present("/instanceType", flavor.instanceType()));
        return objections;
    }

    private static List<Objection> quota(String name, Quota quota, EntryKind.Table table) {
        var objections = new ArrayList<Objection>();
        quota.limits().forEach((measure, limit) -> {
            if (!MEASURES.contains(measure)) {
                objections.add(new Objection(
                        "/limits/" + measure.replace("~", "~0").replace("/", "~1"),
                        "is no measure; there are instances, vcpus, memoryGiB"));
            } else if (limit < 0) {
                objections.add(new Objection("/limits/" + measure, "must be 0 or more"));
            }
        });
        return objections;
    }

    private static List<Objection> present(String pointer, String value) {
        return value.isBlank() ? List.of(new Objection(pointer, "must not be blank")) : List.of();
    }

    private CatalogueKinds() {}
}
