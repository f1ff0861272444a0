package io.groundwork.baremetal.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One-time tokens by which servers call home. A token is derived from the operation that boots the server and a secret that
 * neither topics nor stores hold; what is kept of it is its hash.
 */
public final class Tokens {

    private static final String ALGORITHM = "HmacSHA256";

    /** Of a secret's text. */
    public static final int LEAST_SECRET = 32;

    private final SecretKeySpec key;

    /** @throws IllegalArgumentException if the secret is too short to be one */
    public Tokens(String secret) {
        if (secret.length() < LEAST_SECRET) {
            throw new IllegalArgumentException("the phone-home secret needs at least " + LEAST_SECRET + " characters");
        }
        this.key = new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM);
    }

    /** What the server is given that {@code operation} boots; fit for an URL. */
    public String token(String operation) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(operation.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What may be kept of the token of {@code operation}. */
    public String hashFor(String operation) {
        return hash(token(operation));
    }

    /** What may be kept of {@code token}. */
    public static String hash(String token) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
