package io.groundwork.runtime;

import io.groundwork.events.Digests;
import io.groundwork.events.Owner;
import io.groundwork.events.Proof;
import io.groundwork.events.ResourceId;
import io.groundwork.events.StepKind;
import io.groundwork.saga.Active;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.jspecify.annotations.Nullable;

/**
 * Signs and verifies approvals with Ed25519: what is applied is what was approved. By Bouncy Castle, which takes a tenth of the time
 * that the JDK's own implementation does.
 */
public final class Proofs {

    /** By id, and checked by the JDK: a start need not load Bouncy Castle. */
    private final Map<String, byte[]> points;

    private final Map<String, Ed25519PublicKeyParameters> keys = new ConcurrentHashMap<>();

    /** @param keys the approval-service's public keys by id, each base64 of its X.509 encoding */
    public Proofs(Map<String, String> keys) {
        this.points = keys.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, key -> point(key.getValue())));
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
        var point = points.get(proof.keyId());
        if (point == null) {
            return Optional.of("the approval is signed with an unknown key " + proof.keyId());
        }
        var key = keys.computeIfAbsent(proof.keyId(), unused -> new Ed25519PublicKeyParameters(point));
        return verifies(key, proof) ? Optional.empty() : Optional.of("the approval's signature is not valid");
    }

    /**
     * A proof of {@code content}.
     *
     * @param privateKey base64 of its PKCS#8 encoding
     */
    public static Proof sign(Proof.Content content, String keyId, String privateKey) {
        try {
            var signer = new Ed25519Signer();
            signer.init(true, PrivateKeyFactory.createKey(Base64.getDecoder().decode(privateKey)));
            update(signer, content);
            return new Proof(content, keyId, Base64.getEncoder().encodeToString(signer.generateSignature()));
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException("the approval's signing key does not work", e);
        }
    }

    private static boolean verifies(Ed25519PublicKeyParameters key, Proof proof) {
        try {
            var verifier = new Ed25519Signer();
            verifier.init(false, key);
            update(verifier, proof.content());
            return verifier.verifySignature(Base64.getDecoder().decode(proof.signature()));
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static void update(Ed25519Signer signer, Proof.Content content) {
        var bytes = Digests.canonical(content);
        signer.update(bytes, 0, bytes.length);
    }

    /** The key itself: the last 32 bytes of its encoding (RFC 8410). */
    private static byte[] point(String base64) {
        try {
            var encoded = KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)))
                    .getEncoded();
            return Arrays.copyOfRange(encoded, encoded.length - Ed25519PublicKeyParameters.KEY_SIZE, encoded.length);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("not a base64 X.509 Ed25519 public key", e);
        }
    }
}
