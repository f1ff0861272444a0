package io.groundwork.simulators.redfish;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The switch port that a server's network interface is wired to. Shut until it is enabled.
 *
 * @param nic the interface's id in Redfish
 * @param vlan 1 to 4094; null for the untagged one
 * @param history every change, oldest first, at most {@value #REMEMBERED}
 */
public record Port(
        String server,
        String nic,
        String mac,
        boolean enabled,
        @Nullable Integer vlan,
        List<Change> history) {
    static final int REMEMBERED = 100;

    /** One change of the port. */
    public record Change(
            Instant at, boolean enabled, @Nullable Integer vlan) {}

    static Port shut(String server, String nic, String mac) {
        return new Port(server, nic, mac, false, null, List.of());
    }

    /** The same, if it is so already. */
    Port set(boolean on, @Nullable Integer tag, Instant now) {
        var change = new Change(now, on, tag);
        if (change.equals(new Change(now, enabled, vlan))) {
            return this;
        }
        var longer = new ArrayList<>(history);
        longer.add(change);
        return new Port(
                server,
                nic,
                mac,
                on,
                tag,
                List.copyOf(longer.subList(Math.max(0, longer.size() - REMEMBERED), longer.size())));
    }
}
