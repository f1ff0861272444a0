package io.groundwork.simulators.redfish;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Who may call: one user, with one password unless a server's BMC has another. */
record Credentials(String user, String password) {
    boolean fit(@Nullable Server bmc, String name, String secret) {
        var own = bmc == null ? null : bmc.<@Nullable String>alone(machine -> machine.spec.password());
        return user.equals(name) && MessageDigest.isEqual(bytes(own == null ? password : own), bytes(secret));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
