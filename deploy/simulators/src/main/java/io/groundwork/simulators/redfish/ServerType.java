package io.groundwork.simulators.redfish;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The hardware that servers of one type have.
 *
 * @param drives the first is the one that is booted from and installed to
 * @param nics how many network interfaces for data, each with a switch port of its own
 */
public record ServerType(
        String name, int processors, int coresPerProcessor, int memoryGiB, List<DriveType> drives, int nics) {
    /**
     * A drive.
     *
     * @param capacityGB in units of 10^9 bytes
     * @param protocol as Redfish names it: {@code SATA}, {@code NVMe}
     */
    public record DriveType(int capacityGB, String protocol, String mediaType) {}

    public static final ServerType SMALL = new ServerType("m1.small", 1, 16, 64, drives(2, 480, "SATA"), 2);

    public static final ServerType LARGE = new ServerType(
            "m1.large",
            2,
            32,
            256,
            Stream.concat(drives(2, 480, "SATA").stream(), drives(2, 3_840, "NVMe").stream())
                    .toList(),
            4);

    /** The types that can be named. */
    static final Map<String, ServerType> BY_NAME =
            Stream.of(SMALL, LARGE).collect(Collectors.toUnmodifiableMap(ServerType::name, type -> type));

    private static List<DriveType> drives(int count, int capacityGB, String protocol) {
        return Collections.nCopies(count, new DriveType(capacityGB, protocol, "SSD"));
    }
}
