package io.groundwork.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KEM;
import javax.crypto.spec.GCMParameterSpec;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/**
 * Text that only one reader can open: HPKE of RFC 9180 in its base mode, with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and
 * AES-256-GCM, its encapsulated key before its text.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9180">RFC 9180</a>
 */
public final class Seal {

    /** Stands before what is sealed so, and tells it from what was sealed before. */
    private static final String HPKE_BASE = "hpke:";

    private static final int ENCAPSULATION = 32;
    private static final byte[] NONE = {};

    /**
     * Seals {@code text}.
     *
     * @param publicKey the reader's X25519 key, base64 of its X.509 encoding
     * @return {@code hpke:} and base64
     * @throws IllegalArgumentException if the key is none
     */
    public static String seal(String text, String publicKey) {
        try {
            if (!(PublicKeyFactory.createKey(decoded(publicKey)) instanceof X25519PublicKeyParameters key)) {
                throw new IllegalArgumentException("not a key of X25519");
            }
            var sealed = hpke().seal(key, NONE, NONE, text.getBytes(UTF_8), null, null, null);
            return HPKE_BASE
                    + Base64.getEncoder()
                            .encodeToString(ByteBuffer.allocate(sealed[1].length + sealed[0].length)
                                    .put(sealed[1])
                                    .put(sealed[0])
                                    .array());
        } catch (IOException | InvalidCipherTextException | RuntimeException e) {
            throw new IllegalArgumentException("the sealing key does not work", e);
        }
    }

    /**
     * Opens what {@link #seal} made.
     *
     * @param privateKey the reader's X25519 key, base64 of its PKCS#8 encoding
     * @throws IllegalArgumentException if it was sealed for another key, or changed
     */
    public static String open(String sealed, String privateKey) {
        try {
            if (!(PrivateKeyFactory.createKey(decoded(privateKey)) instanceof X25519PrivateKeyParameters key)) {
                throw new IllegalArgumentException("not a key of X25519");
            }
            var ours = sealed.startsWith(HPKE_BASE);
            var bytes = decoded(ours ? sealed.substring(HPKE_BASE.length()) : sealed);
            var encapsulated = Arrays.copyOf(bytes, ENCAPSULATION);
            var box = Arrays.copyOfRange(bytes, ENCAPSULATION, bytes.length);
            return new String(
                    ours ? opened(encapsulated, box, key) : openedOfBefore(encapsulated, box, privateKey), UTF_8);
        } catch (IOException | InvalidCipherTextException | GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException("not sealed for this key", e);
        }
    }

    private static byte[] opened(byte[] encapsulated, byte[] box, X25519PrivateKeyParameters key)
            throws InvalidCipherTextException {
        return hpke().open(
                        encapsulated,
                        new AsymmetricCipherKeyPair(key.generatePublicKey(), key),
                        NONE,
                        NONE,
                        box,
                        null,
                        null,
                        null);
    }

    /** What stands in events from before: the same key encapsulation, whose secret is the key of AES-GCM, without HPKE's schedule. */
    private static byte[] openedOfBefore(byte[] encapsulated, byte[] box, String privateKey)
            throws GeneralSecurityException {
        var key = KeyFactory.getInstance("X25519").generatePrivate(new PKCS8EncodedKeySpec(decoded(privateKey)));
        var secret = KEM.getInstance("DHKEM").newDecapsulator(key).decapsulate(encapsulated, 0, 32, "AES");
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, secret, new GCMParameterSpec(128, new byte[12]));
        return cipher.doFinal(box);
    }

    private static HPKE hpke() {
        return new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    }

    private static byte[] decoded(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private Seal() {}
}
