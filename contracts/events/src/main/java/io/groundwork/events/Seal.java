package io.groundwork.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KEM;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Text that only one reader can open: DHKEM(X25519, HKDF-SHA256) of RFC 9180 for the key, AES-256-GCM for the text. Each text is
 * sealed with a key of its own, so that the nonce can be constant.
 */
public final class Seal {

    private static final int ENCAPSULATION = 32;
    private static final GCMParameterSpec NONCE = new GCMParameterSpec(128, new byte[12]);

    /**
     * Seals {@code text}.
     *
     * @param publicKey the reader's X25519 key, base64 of its X.509 encoding
     * @return base64
     */
    public static String seal(String text, String publicKey) {
        try {
            var key = KeyFactory.getInstance("X25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey)));
            var encapsulated = KEM.getInstance("DHKEM").newEncapsulator(key).encapsulate(0, ENCAPSULATION, "AES");
            var box = cipher(Cipher.ENCRYPT_MODE, encapsulated.key()).doFinal(text.getBytes(UTF_8));
            var head = encapsulated.encapsulation();
            return Base64.getEncoder()
                    .encodeToString(ByteBuffer.allocate(head.length + box.length)
                            .put(head)
                            .put(box)
                            .array());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
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
            var key = KeyFactory.getInstance("X25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(privateKey)));
            var bytes = Base64.getDecoder().decode(sealed);
            var head = Arrays.copyOf(bytes, ENCAPSULATION);
            var secret = KEM.getInstance("DHKEM").newDecapsulator(key).decapsulate(head, 0, ENCAPSULATION, "AES");
            var text = cipher(Cipher.DECRYPT_MODE, secret).doFinal(bytes, ENCAPSULATION, bytes.length - ENCAPSULATION);
            return new String(text, UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("not sealed for this key", e);
        }
    }

    private static Cipher cipher(int mode, SecretKey key) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, NONCE);
        return cipher;
    }

    private Seal() {}
}
