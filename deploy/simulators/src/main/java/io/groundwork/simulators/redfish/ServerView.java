package io.groundwork.simulators.redfish;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A server as it really is, whatever its BMC says: what an independent observer checks. Lists are oldest first and keep
 * the last 200.
 *
 * @param powerState as Redfish names it
 * @param activity what it does: {@code off}, {@code post}, {@code installing}, {@code running}, {@code halted} …
 * @param bootedFrom {@code Hdd}, {@code Cd}, {@code Pxe} or {@code UefiHttp}; null while nothing is booted
 * @param disks what is on each disk and was before
 * @param media the address of the inserted medium
 * @param sessions how many are open
 * @param powerOns how often power came on; restarts without loss of power do not count
 * @param journal what happened to it
 * @param mutations what was changed through its BMC, and by which session ({@code basic} without one)
 * @param overlaps changes of two sessions that were interleaved; there should be none
 */
public record ServerView(
        ServerSpec spec,
        String powerState,
        String activity,
        @Nullable String bootedFrom,
        List<Disk> disks,
        List<Port> ports,
        @Nullable String media,
        @Nullable BootImage netboot,
        int sessions,
        int powerOns,
        int powerOffs,
        int boots,
        int installs,
        List<Event> journal,
        List<MediaChange> mediaHistory,
        List<Mutation> mutations,
        List<Overlap> overlaps) {
    /**
     * Something that happened.
     *
     * @param what {@code reset}, {@code boot}, {@code skipped}, {@code loading}, {@code installing}, {@code installed},
     *     {@code installFailed}, {@code erased}, {@code eraseFailed}, {@code running}, {@code halted}, {@code ignored},
     *     {@code phonedHome}, {@code phoneHomeFailed}, {@code phoneHomeGivenUp}, {@code off}
     */
    public record Event(Instant at, String what, @Nullable String detail) {}

    /** @param what {@code insert} or {@code eject} */
    public record MediaChange(
            Instant at, String what, @Nullable String image) {}

    /** A call that changed something. */
    public record Mutation(Instant at, String session, String action) {}

    /**
     * A change that came between, or too late.
     *
     * @param other the session that changed something meanwhile
     */
    public record Overlap(Instant at, String server, String action, String session, String other, String otherAction) {}

    static ServerView of(Machine machine, Instant now, RedfishSettings settings) {
        return new ServerView(
                machine.spec,
                machine.powerState(),
                machine.phase.name().toLowerCase(Locale.ROOT),
                machine.source == null ? null : machine.source.wireName(),
                List.copyOf(machine.disks),
                List.copyOf(machine.ports),
                machine.media == null ? null : machine.media.image(),
                machine.netboot,
                machine.sessions.list(now, settings).size(),
                machine.powerOns,
                machine.powerOffs,
                machine.boots,
                machine.installs,
                List.copyOf(machine.journal),
                List.copyOf(machine.mediaHistory),
                List.copyOf(machine.mutations),
                List.copyOf(machine.overlaps));
    }

    /** The owners whose data is on its disks, without repetition. */
    public List<String> owners() {
        return disks.stream()
                .map(Disk::content)
                .filter(content -> content != null)
                .map(content -> content.owner() == null ? "" : content.owner())
                .distinct()
                .toList();
    }
}
