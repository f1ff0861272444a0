package io.groundwork.baremetal.domain;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server was enrolled as.
 *
 * @param tenant the only tenant that may have it; everybody's when absent
 * @param traits its own, beside those of its type
 * @param allowDataLoss whether its first cleaning may wipe disks that may be in use
 */
public record Registration(
        String site,
        String serverType,
        @Nullable String tenant,
        String rack,
        List<String> traits,
        Bmc bmc,
        boolean allowDataLoss) {

    public Registration {
        traits = traits == null ? List.of() : List.copyOf(traits);
    }

    /**
     * How its management controller is reached.
     *
     * @param address base URL; the Redfish service root is {@code /redfish/v1/} below it
     * @param credential a reference: the name under which the workers' configuration has account and password
     * @param fingerprint SHA-256 of the BMC's TLS certificate in lower-case hexadecimal; its CA is trusted when absent
     */
    public record Bmc(
            URI address, String credential, @Nullable String fingerprint) {}
}
