package io.groundwork.approval.domain;

/**
 * What approval-service signs and seals with.
 *
 * @param links makes the links in approvers' mails
 * @param sealKey notification-service's public key: base64 of its X.509 encoding (X25519)
 * @param proofKeyId names the key that proofs are signed with
 * @param proofKey base64 of its PKCS#8 encoding (Ed25519)
 */
public record Secrets(Links links, String sealKey, String proofKeyId, String proofKey) {

    @Override
    public String toString() {
        return "Secrets[proofKeyId=" + proofKeyId + "]";
    }
}
