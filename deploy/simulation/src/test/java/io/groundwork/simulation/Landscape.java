package io.groundwork.simulation;

import io.groundwork.allocation.domain.Rules;
import io.groundwork.baremetal.domain.Registration;
import io.groundwork.baremetal.domain.Registration.Bmc;
import io.groundwork.events.Catalogue.Boot;
import io.groundwork.events.Catalogue.Disk;
import io.groundwork.events.Catalogue.Ipam;
import io.groundwork.events.Catalogue.OsTemplate;
import io.groundwork.events.Catalogue.ServerType;
import io.groundwork.events.Catalogue.Subnet;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a seed has beside clouds: servers at sites, subnets, quotas, and what operators say of places. */
final class Landscape implements Rules {

    static final String PAYMENTS = "quota/acme/payments";
    static final String BILLING = "quota/acme/billing";

    /** Tight enough that requests get in each other's way. */
    static final Map<String, Map<String, Long>> LIMITS =
            Map.of(PAYMENTS, Map.of("instances", 6L), BILLING, Map.of("instances", 40L, "vcpus", 80L));

    /** A trait that some servers have. */
    static final String GPU = "gpu";

    private static final List<String> POOLS = List.of("ams1/m1.large", "ams1/m1.small", "fra1/m1.small");
    private static final int MOST_SERVERS = 4;

    /** Enough for whatever is asked in one seed. */
    private static final int PLENTY = 6;

    private final boolean gentle;
    private final Map<String, Registration> servers = new TreeMap<>();
    private final Map<String, Subnet> subnets = new TreeMap<>();
    private final Set<String> cordons = new HashSet<>();
    private final Map<String, String> places = new HashMap<>();

    private Landscape(boolean gentle) {
        this.gentle = gentle;
    }

    /** No servers at all: baremetal-provisioner does not run. */
    static Landscape bare() {
        return new Landscape(true);
    }

    /** Few servers for many requests, and whatever can go wrong with them; or enough of them that only lose answers. */
    static Landscape of(Chance chance) {
        var gentle = chance.oneIn(3);
        var landscape = new Landscape(gentle);
        var first = chance.below(2);
        for (var pool : gentle ? List.of(POOLS.getFirst()) : POOLS.subList(first, first + 1 + chance.below(2))) {
            var count = gentle ? PLENTY : 1 + chance.below(MOST_SERVERS);
            for (var number = 1; number <= count; number++) {
                landscape.enrol(
                        pool,
                        number,
                        !gentle && chance.oneIn(12) ? "globex" : null,
                        chance.oneIn(3) ? List.of(GPU) : List.of());
            }
        }
        var coolDown = chance.any(List.of(Duration.ZERO, Duration.ofMinutes(1), Duration.ofMinutes(10)));
        landscape.subnet("ams1-default", "default", "ams1", gentle ? "10.20.0.0/24" : "10.20.0.0/29", coolDown);
        landscape.subnet("ams1-storage", "storage", "ams1", "10.30.0.0/28", coolDown);
        if (chance.oneIn(2)) {
            landscape.subnet("fra1-default", "default", "fra1", "10.21.0.0/29", coolDown);
        }
        return landscape;
    }

    /** One pool of {@code count} servers in which nothing goes wrong for good. */
    static Landscape of(int count) {
        var landscape = new Landscape(true);
        for (var number = 1; number <= count; number++) {
            landscape.enrol(POOLS.getFirst(), number, null, List.of());
        }
        landscape.subnet("ams1-default", "default", "ams1", "10.20.0.0/24", Duration.ofMinutes(1));
        return landscape;
    }

    private void enrol(String pool, int number, @Nullable String tenant, List<String> traits) {
        var site = pool.substring(0, pool.indexOf('/'));
        var id = pool.replace("m1.", "").replace('/', '-') + "-" + number;
        servers.put(
                id,
                new Registration(
                        site,
                        pool.substring(pool.indexOf('/') + 1),
                        tenant,
                        "rack-" + number % 2,
                        traits,
                        new Bmc(URI.create("https://" + id + ".bmc.example"), "lab", null),
                        false));
    }

    private void subnet(String name, String network, String site, String cidr, Duration coolDown) {
        subnets.put(
                name,
                new Subnet(
                        network,
                        site,
                        cidr,
                        cidr.substring(0, cidr.lastIndexOf('.')) + ".1",
                        List.of(),
                        List.of(),
                        coolDown,
                        null));
    }

    /** Whether there are servers. */
    boolean metal() {
        return !servers.isEmpty();
    }

    /** Whether there are enough servers for all, and nothing goes wrong with them for good. */
    boolean gentle() {
        return gentle;
    }

    /** The servers, by name. */
    Map<String, Registration> servers() {
        return servers;
    }

    /** Pools of servers, as {@code site/type}. */
    List<String> pools() {
        return servers.values().stream()
                .map(server -> server.site() + "/" + server.serverType())
                .distinct()
                .toList();
    }

    /** The names of all pools that a request may claim of. */
    List<String> claimable() {
        var all = new ArrayList<>(LIMITS.keySet());
        pools().forEach(pool -> all.add("pool/" + pool));
        subnets.keySet().forEach(subnet -> all.add("subnet/" + subnet));
        return all;
    }

    /** The subnets of a site, by network. */
    Map<String, String> subnetsOf(String site) {
        var found = new TreeMap<String, String>();
        subnets.forEach((name, subnet) -> {
            if (subnet.site().equals(site)) {
                found.put(subnet.network(), name);
            }
        });
        return found;
    }

    /** Who gives servers of a site their addresses: where there is no subnet, DHCP does. */
    Ipam ipam(String site) {
        return subnetsOf(site).isEmpty() ? Ipam.DHCP : Ipam.SUBNETS;
    }

    void cordon(String place, boolean on) {
        if (on) {
            cordons.add(place);
        } else {
            cordons.remove(place);
        }
    }

    /** As the inventory's machine says. */
    void place(String server, @Nullable String pool) {
        if (pool == null) {
            places.remove(server);
        } else {
            places.put(server, pool);
        }
    }

    static ServerType type() {
        return new ServerType(
                32,
                256,
                List.of(new Disk(960, "nvme"), new Disk(960, "nvme")),
                2,
                List.of(),
                new BigDecimal("410.00"),
                "EUR");
    }

    /** By virtual media or the network, onto disks or into memory. */
    static OsTemplate template(boolean media, boolean diskless) {
        return new OsTemplate(
                media ? Boot.VIRTUAL_MEDIA : Boot.NETWORK,
                "http://images.example/debian-12.iso",
                null,
                null,
                null,
                null,
                null,
                diskless,
                "Debian 12");
    }

    @Override
    public Map<String, Long> limits(String pool) {
        return LIMITS.getOrDefault(pool, Map.of());
    }

    @Override
    public Optional<Subnet> subnet(String name) {
        return Optional.ofNullable(subnets.get(name));
    }

    @Override
    public boolean cordoned(String place) {
        return cordons.contains(place);
    }

    @Override
    public Optional<String> poolOf(String server) {
        return Optional.ofNullable(places.get(server));
    }
}
