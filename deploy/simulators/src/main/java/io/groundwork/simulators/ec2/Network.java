package io.groundwork.simulators.ec2;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The default VPC of a region with a subnet in each of its three availability zones. Its addresses are 10.0.0.0/8 rather
 * than EC2's 172.31.0.0/16, so that a test can have a hundred thousand machines.
 */
record Network(String region, String vpcId, List<Subnet> subnets) {
    static final String CIDR = "10.0.0.0/8";

    /** @param base the first address, as a number */
    record Subnet(String id, String zone, String zoneId, int base) {
        private static final int PREFIX = 10;

        /** EC2 keeps the first four addresses and the last of every subnet for itself. */
        private static final int RESERVED = 4;

        static final int CAPACITY = (1 << (32 - PREFIX)) - RESERVED - 1;

        String cidr() {
            return dotted(base) + "/" + PREFIX;
        }

        /** The next address that is free, going round from {@code start}. */
        Optional<String> address(int start, Predicate<String> taken) {
            for (var i = 0; i < CAPACITY; i++) {
                var address = dotted(base + RESERVED + Math.floorMod(start + i, CAPACITY));
                if (!taken.test(address)) {
                    return Optional.of(address);
                }
            }
            return Optional.empty();
        }

        private static String dotted(int address) {
            return (address >>> 24) + "." + ((address >>> 16) & 255) + "." + ((address >>> 8) & 255) + "."
                    + (address & 255);
        }
    }

    static Network of(String region) {
        var subnets = List.of("a", "b", "c").stream()
                .map(letter -> new Subnet(
                        Ids.derived("subnet", region + letter),
                        region + letter,
                        zonePrefix(region) + "-az" + (letter.charAt(0) - 'a' + 1),
                        (10 << 24) | ((letter.charAt(0) - 'a') << 22)))
                .toList();
        return new Network(region, Ids.derived("vpc", region), subnets);
    }

    /** {@code euc1} for {@code eu-central-1}, {@code apne1} for {@code ap-northeast-1}. */
    private static String zonePrefix(String region) {
        return region.replace("north", "n")
                .replace("south", "s")
                .replace("east", "e")
                .replace("west", "w")
                .replace("central", "c")
                .replace("-", "");
    }

    Optional<Subnet> subnet(String id) {
        return subnets.stream().filter(subnet -> subnet.id.equals(id)).findFirst();
    }

    Optional<Subnet> inZone(String zone) {
        return subnets.stream().filter(subnet -> subnet.zone.equals(zone)).findFirst();
    }

    /** The name of an address in the private DNS of the region. */
    String dnsName(String address) {
        var domain = region.equals("us-east-1") ? "ec2.internal" : region + ".compute.internal";
        return "ip-" + address.replace('.', '-') + "." + domain;
    }
}
