package io.groundwork.runtime;

import io.groundwork.events.Digests;
import io.groundwork.events.Owner;
import io.groundwork.events.Proof;
import io.groundwork.events.ResourceId;
import io.groundwork.events.StepKind;
import io.groundwork.saga.Active;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Signs and verifies approvals: what is applied is what was approved. */
public final class Proofs {

    private static final String ALGORITHM = "Ed25519";

    private final Map<String, PublicKey> keys;

    /** @param keys the approval-service's public keys by id, each base64 of its X.509 encoding */
    public Proofs(Map<String, String> keys) {
        this.keys = keys.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, key -> publicKey(key.getValue())));
    }

    /**
     * Why {@code proof} does not approve exactly the plan of {@code active}; empty if it does.
     *
     * @param active of a participant's own fold
     * @param proof null if none was read
     */
    public Optional<String> objection(ResourceId resource, Active active, @Nullable Proof proof) {
        var approve = active.plan().steps().stream()
                .filter(step -> step.kind() == StepKind.APPROVE && step.owner() == Owner.APPROVAL)
                .findFirst();
        if (approve.isEmpty()) {
            return Optional.of("the plan has no approval");
        }
        if (proof == null) {
            return Optional.of("no approval was read");
        }
        var content = proof.content();
        if (!content.resource().equals(resource)
                || !content.request().equals(active.request())
                || content.sequence() != active.sequence()
                || !content.step().equals(approve.get().id())) {
            return Optional.of("the approval is of another request");
        }
        // of the plan as it was read, not as its digest was told
        if (!content.digest().equals(active.digest())) {
            return Optional.of("the approval is of another plan");
        }
        if (content.approvers().contains(active.requester())) {
            return Optional.of("the requester is among the approvers");
        }
        var key = keys.get(proof.keyId());
        if (key == null) {
            return Optional.of("the approval is signed with an unknown key " + proof.keyId());
        }
        return verifies(key, proof) ? Optional.empty() : Optional.of("the approval's signature is not valid");
    }

    /**
     * A proof of {@code content}.
     *
     * @param privateKey base64 of its PKCS#8 encoding
     */
    public static Proof sign(Proof.Content content, String keyId, String privateKey) {
        try {
            var signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey(privateKey));
            signature.update(Digests.canonical(content));
            return new Proof(content, keyId, Base64.getEncoder().encodeToString(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the approval's signing key does not work", e);
        }
    }

    private static boolean verifies(PublicKey key, Proof proof) {
        try {
            var signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(Digests.canonical(proof.content()));
            return signature.verify(Base64.getDecoder().decode(proof.signature()));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static PublicKey publicKey(String base64) {
        try {
            return KeyFactory.getInstance(ALGORITHM)
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("not a base64 X.509 Ed25519 public key", e);
        }
    }

    private static PrivateKey privateKey(String base64) throws GeneralSecurityException {
        return KeyFactory.getInstance(ALGORITHM)
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }
}
