package io.groundwork.simulators.ec2;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What EC2 offers and nobody makes: regions, instance types and public images. */
final class Catalogue {
    static final List<String> REGIONS = List.of(
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-southeast-1",
            "ap-southeast-2",
            "ca-central-1",
            "eu-central-1",
            "eu-north-1",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "sa-east-1",
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2");

    /** What EC2 launches when no type is asked for. */
    static final String DEFAULT_INSTANCE_TYPE = "m1.small";

    private static final Set<String> INSTANCE_TYPES = readInstanceTypes();

    private Catalogue() {}

    /**
     * A public image. Its name is the same in every region and its id is not, as with EC2.
     *
     * @param owner the account that publishes it: Debian's and Canonical's
     */
    record Image(String id, String name, String description, String owner, String rootDevice, int rootGiB) {}

    static List<Image> images(String region) {
        return List.of(
                image(region, "debian-12", "Debian 12 (bookworm)", "136693071363", "/dev/xvda"),
                image(region, "ubuntu-24", "Ubuntu 24.04 LTS (noble)", "099720109477", "/dev/sda1"));
    }

    private static Image image(String region, String name, String description, String owner, String rootDevice) {
        return new Image(Ids.derived("ami", region + "/" + name), name, description, owner, rootDevice, 8);
    }

    static boolean hasInstanceType(String type) {
        return INSTANCE_TYPES.contains(type);
    }

    private static Set<String> readInstanceTypes() {
        var types = new HashSet<String>();
        var resource = Objects.requireNonNull(Catalogue.class.getResourceAsStream("instance-types.txt"));
        try (var lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                var colon = line.indexOf(':');
                Arrays.stream(line.substring(colon + 1).trim().split(" "))
                        .forEach(size -> types.add(line.substring(0, colon) + "." + size));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Set.copyOf(types);
    }
}
