package io.groundwork.approval.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.groundwork.events.StepId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The links in approvers' mails. A token is base64url of what it is for, followed by its HMAC-SHA256: whoever holds it is the
 * approver it names, for one step of one request with one plan, until it expires. It is made when it is needed and kept nowhere.
 */
public final class Links {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC = 32;
    private static final int LEAST_SECRET = 32;
    private static final String DIGEST = "sha256:";

    private final String base;
    private final SecretKeySpec key;

    /**
     * @param base approval-service's URL as approvers reach it
     * @param secret at least 32 characters, known to approval-service alone
     * @throws IllegalArgumentException if the secret is too short to be one
     */
    public Links(String base, String secret) {
        if (secret.length() < LEAST_SECRET) {
            throw new IllegalArgumentException("the link secret needs at least " + LEAST_SECRET + " characters");
        }
        this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        this.key = new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM);
    }

    /** What a token is for. */
    public record Grant(
            RequestId request, ResourceId resource, StepId step, String approver, String digest, Instant expiry) {

        public boolean expired(Instant now) {
            return now.isAfter(expiry);
        }
    }

    /** The address of the page on which {@code grant}'s approver decides. */
    public String url(Grant grant) {
        return base + "/approvals/" + token(grant);
    }

    /** {@code grant} as a token: letters, digits, {@code -} and {@code _} only. */
    public String token(Grant grant) {
        var body = body(grant);
        var signed = Arrays.copyOf(body, body.length + MAC);
        System.arraycopy(mac(body), 0, signed, body.length, MAC);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
    }

    /** What {@code token} is for; empty if it is not exactly one that this service made. Expired ones are read too. */
    public Optional<Grant> read(String token) {
        byte[] signed;
        try {
            signed = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        // the decoder tolerates padding and spare bits: only the one spelling that token() writes is the token
        if (signed.length <= MAC
                || !Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(signed)
                        .equals(token)) {
            return Optional.empty();
        }
        var body = Arrays.copyOf(signed, signed.length - MAC);
        var mac = Arrays.copyOfRange(signed, body.length, signed.length);
        return MessageDigest.isEqual(mac, mac(body)) ? Optional.of(grant(body)) : Optional.empty();
    }

    private byte[] mac(byte[] body) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    private static byte[] body(Grant grant) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeLong(grant.request().value().getMostSignificantBits());
            out.writeLong(grant.request().value().getLeastSignificantBits());
            out.writeLong(grant.expiry().toEpochMilli());
            out.write(HexFormat.of()
                    .parseHex(grant.digest(), DIGEST.length(), grant.digest().length()));
            out.writeUTF(grant.resource().toString());
            out.writeUTF(grant.step().value());
            out.writeUTF(grant.approver());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Grant grant(byte[] body) {
        try (var in = new DataInputStream(new ByteArrayInputStream(body))) {
            var request = new RequestId(new UUID(in.readLong(), in.readLong()));
            var expiry = Instant.ofEpochMilli(in.readLong());
            var digest = DIGEST + HexFormat.of().formatHex(in.readNBytes(MAC));
            return new Grant(
                    request, ResourceId.parse(in.readUTF()), new StepId(in.readUTF()), in.readUTF(), digest, expiry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
