package io.groundwork.baremetal.api;

import io.groundwork.baremetal.domain.Registration;
import io.groundwork.baremetal.domain.Registration.Bmc;
import io.groundwork.baremetal.domain.Server.Aim;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server to be made known.
 *
 * @param tenant the only tenant that may have it; everybody's when absent
 * @param bmc address, and the name of its credentials: never the credentials themselves
 * @param target how far it goes by itself: {@code enrolled}, {@code manageable} (verified and inspected) or, when absent,
 *     {@code available} (cleaned, too)
 * @param allowDataLoss whether its first cleaning may wipe disks that seem to be in use; false when absent
 */
public record Enrolment(
        String id,
        String site,
        String serverType,
        @Nullable String tenant,
        String rack,
        @Nullable List<String> traits,
        Bmc bmc,
        @Nullable String target,
        @Nullable Boolean allowDataLoss) {

    /** What is kept of it. */
    public Registration registration() {
        return new Registration(
                site,
                serverType,
                tenant,
                rack,
                traits == null ? List.of() : traits,
                bmc,
                Boolean.TRUE.equals(allowDataLoss));
    }

    /** Where it goes by itself. */
    public @Nullable Aim aim() {
        return switch (target) {
            case "enrolled" -> null;
            case "manageable" -> Aim.MANAGEABLE;
            case null, default -> Aim.AVAILABLE;
        };
    }

    /** The same, reached another way. */
    public Enrolment reachedBy(Bmc other) {
        return new Enrolment(id, site, serverType, tenant, rack, traits, other, target, allowDataLoss);
    }
}
