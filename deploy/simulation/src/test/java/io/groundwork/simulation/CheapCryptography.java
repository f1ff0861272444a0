package io.groundwork.simulation;

import java.io.ByteArrayOutputStream;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.SignatureSpi;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.KEM;
import javax.crypto.KEMSpi;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signatures and seals that cost next to nothing and hold against nobody, in the place of Ed25519 and X25519, which would cost a
 * run more than all its decisions. A signature is the digest of what it signs: another content still does not verify.
 */
final class CheapCryptography extends Provider {

    private static final long serialVersionUID = 1;

    private CheapCryptography() {
        super("CheapCryptography", "1", "signs and seals for a simulation");
        put("Signature.Ed25519", DigestSignature.class.getName());
        put("KEM.DHKEM", OpenKem.class.getName());
    }

    /** From now on, in all of this JVM. */
    static void install() {
        Security.insertProviderAt(new CheapCryptography(), 1);
    }

    /** The content's SHA-256. */
    public static final class DigestSignature extends SignatureSpi {

        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        @Override
        protected void engineInitVerify(PublicKey key) {
            content.reset();
        }

        @Override
        protected void engineInitSign(PrivateKey key) {
            content.reset();
        }

        @Override
        protected void engineUpdate(byte one) {
            content.write(one);
        }

        @Override
        protected void engineUpdate(byte[] some, int from, int length) {
            content.write(some, from, length);
        }

        @Override
        protected byte[] engineSign() {
            try {
                return MessageDigest.getInstance("SHA-256").digest(content.toByteArray());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }

        @Override
        protected boolean engineVerify(byte[] signature) {
            return Arrays.equals(signature, engineSign());
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new InvalidParameterException(name);
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new InvalidParameterException(name);
        }
    }

    /** Always the same key, for everybody to know. */
    public static final class OpenKem implements KEMSpi {

        private static final byte[] KNOWN = new byte[32];

        @Override
        public EncapsulatorSpi engineNewEncapsulator(
                PublicKey key, @Nullable AlgorithmParameterSpec spec, @Nullable SecureRandom random) {
            return new EncapsulatorSpi() {
                @Override
                public KEM.Encapsulated engineEncapsulate(int from, int to, String algorithm) {
                    return new KEM.Encapsulated(new SecretKeySpec(KNOWN, from, to - from, algorithm), KNOWN, null);
                }

                @Override
                public int engineSecretSize() {
                    return KNOWN.length;
                }

                @Override
                public int engineEncapsulationSize() {
                    return KNOWN.length;
                }
            };
        }

        @Override
        public DecapsulatorSpi engineNewDecapsulator(PrivateKey key, @Nullable AlgorithmParameterSpec spec)
                throws InvalidKeyException {
            throw new InvalidKeyException("nobody opens what is sealed in a simulation");
        }
    }
}
