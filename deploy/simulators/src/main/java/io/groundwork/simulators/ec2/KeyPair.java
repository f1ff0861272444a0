package io.groundwork.simulators.ec2;

import java.time.Instant;
import java.util.Map;

/**
 * A public SSH key under a name.
 *
 * @param type {@code rsa}, {@code ed25519} or {@code ecdsa}
 * @param publicKey in OpenSSH's form
 */
record KeyPair(
        String id,
        String name,
        String type,
        String fingerprint,
        String publicKey,
        Instant createTime,
        Map<String, String> tags)
        implements Resource.Tagged {

    @Override
    public KeyPair withTags(Map<String, String> changed) {
        return new KeyPair(id, name, type, fingerprint, publicKey, createTime, changed);
    }

    @Override
    public String resourceType() {
        return "key-pair";
    }
}
