package io.groundwork.simulators.redfish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The self-signed certificate for this machine that a simulator shows. A client pins its fingerprint, or takes the
 * certificate as its authority.
 */
final class Certificate {
    private static final String ALIAS = "redfish";
    /** Guards nothing: whoever reads the key store can read this too. */
    private static final char[] PASSWORD = "simulator".toCharArray();

    private static final String STORE = "tls.p12";

    private final KeyStore store;

    private Certificate(KeyStore store) {
        this.store = store;
    }

    /**
     * That of the directory, made if there is none and also written there as {@code certificate.pem}; a passing one
     * without a directory.
     */
    static Certificate in(@Nullable Path directory) throws IOException {
        try {
            var store = KeyStore.getInstance("PKCS12");
            if (directory == null) {
                store.load(null, null);
                return make(store);
            }
            var file = directory.resolve(STORE);
            if (Files.exists(file)) {
                try (var in = Files.newInputStream(file)) {
                    store.load(in, PASSWORD);
                }
                return new Certificate(store);
            }
            store.load(null, null);
            var certificate = make(store);
            Files.writeString(directory.resolve("certificate.pem"), certificate.pem());
            var making = directory.resolve(STORE + ".making");
            try (var out = Files.newOutputStream(making)) {
                store.store(out, PASSWORD);
            }
            Files.move(making, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return certificate;
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate in " + directory + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static Certificate make(KeyStore store) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var keys = generator.generateKeyPair();
        var certificate = SelfSigned.certificate(keys, "Groundwork Redfish simulator", Instant.now());
        store.setKeyEntry(ALIAS, keys.getPrivate(), PASSWORD, new java.security.cert.Certificate[] {certificate});
        return new Certificate(store);
    }

    SSLContext context() {
        try {
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK can do this", e);
        }
    }

    /** SHA-256 over the certificate, in lower-case hexadecimal. */
    String fingerprint() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(encoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    String pem() {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded());
        return "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n";
    }

    private byte[] encoded() {
        try {
            return store.getCertificate(ALIAS).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("it is in the store", e);
        }
    }
}
