package io.groundwork.baremetal.domain;

import io.groundwork.events.Catalogue.ServerType;
import java.util.ArrayList;
import java.util.List;

/**
 * What an inspection found.
 *
 * @param cpus logical processors; 0 if the BMC does not say
 * @param memoryGiB in GiB; 0 if the BMC does not say
 * @param disksGiB the size of each disk in GiB, largest first; empty if the BMC does not say
 * @param macs of its network interfaces, in the order of their names
 */
public record Hardware(int cpus, int memoryGiB, List<Integer> disksGiB, List<String> macs) {

    public Hardware {
        disksGiB = disksGiB.stream().sorted((one, other) -> other - one).toList();
        macs = List.copyOf(macs);
    }

    /** What it lacks of {@code type}, in words. What the BMC does not say is not held against the server, more is welcome. */
    public List<String> lacks(ServerType type) {
        var lacks = new ArrayList<String>();
        compare(lacks, "CPUs", cpus, type.cpus());
        compare(lacks, "GiB of memory", memoryGiB, type.memoryGiB());
        compare(lacks, "network interfaces", macs.size(), type.nics());
        if (!disksGiB.isEmpty()) {
            compare(lacks, "disks", disksGiB.size(), type.disks().size());
            var wanted = type.disks().stream()
                    .map(disk -> disk.sizeGiB())
                    .sorted((one, other) -> other - one)
                    .toList();
            for (var i = 0; i < Math.min(wanted.size(), disksGiB.size()); i++) {
                compare(lacks, "GiB on disk " + (i + 1), disksGiB.get(i), wanted.get(i));
            }
        }
        return lacks;
    }

    private static void compare(List<String> lacks, String what, int has, int wanted) {
        if (has != 0 && has < wanted) {
            lacks.add(has + " " + what + " instead of " + wanted);
        }
    }
}
