package io.groundwork.simulators.redfish;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is on a disk, and what was on it before.
 *
 * @param id of the drive, as Redfish has it
 * @param content null on an empty disk
 * @param history what was there before, oldest first, at most {@value #REMEMBERED}
 */
public record Disk(String id, @Nullable Content content, List<Past> history) {
    static final int REMEMBERED = 20;

    /**
     * Something that was written.
     *
     * @param id changes with every writing
     * @param image what was installed; {@code data} for what a running system wrote to its other disks
     * @param owner whose data it is, as the boot image said
     * @param complete false where the installation was cut off
     * @param phoneHome whom the system is still to call when it runs for the first time
     */
    public record Content(
            String id,
            String image,
            @Nullable String owner,
            boolean complete,
            Instant writtenAt,
            @Nullable BootImage phoneHome) {
        Content atHome() {
            return new Content(id, image, owner, complete, writtenAt, null);
        }
    }

    /** @param how it ended: {@code SecureErase}, {@code erase} by a boot image, or {@code overwritten} without an erasure */
    public record Past(Content content, Instant endedAt, String how) {}

    static Disk empty(String id) {
        return new Disk(id, null, List.of());
    }

    Disk write(Content next, Instant now) {
        return new Disk(id, next, ended(now, "overwritten"));
    }

    Disk erase(Instant now, String how) {
        return new Disk(id, null, ended(now, how));
    }

    boolean isBootable() {
        return content != null && content.complete() && !content.image().equals("data");
    }

    private List<Past> ended(Instant now, String how) {
        if (content == null) {
            return history;
        }
        var longer = new ArrayList<>(history);
        longer.add(new Past(content, now, how));
        return List.copyOf(longer.subList(Math.max(0, longer.size() - REMEMBERED), longer.size()));
    }
}
