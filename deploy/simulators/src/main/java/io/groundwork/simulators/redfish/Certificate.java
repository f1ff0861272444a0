package io.groundwork.simulators.redfish;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The self-signed certificate for this machine that a simulator shows, made by the JDK's {@code keytool} when it is first
 * needed. A client pins its fingerprint, or takes the certificate as its authority.
 */
final class Certificate {
    private static final String ALIAS = "redfish";
    /** Guards nothing: whoever reads the key store can read this too. */
    private static final String PASSWORD = "simulator";

    private static final String STORE = "tls.p12";

    private final KeyStore store;

    private Certificate(KeyStore store) {
        this.store = store;
    }

    /** For simulators that keep nothing: one for all of this process. */
    private static final class Passing {
        static final Certificate INSTANCE = make();

        private static Certificate make() {
            try {
                var directory = Files.createTempDirectory("redfish-tls");
                try {
                    return in(directory);
                } finally {
                    try (var files = Files.walk(directory)) {
                        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                            Files.delete(file);
                        }
                    }
                }
            } catch (IOException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }
    }

    static Certificate passing() {
        return Passing.INSTANCE;
    }

    /** That of the directory, made if there is none; also written there as {@code certificate.pem}. */
    static Certificate in(Path directory) throws IOException {
        Files.createDirectories(directory);
        var file = directory.resolve(STORE);
        if (!Files.exists(file)) {
            make(file);
        }
        try (var in = Files.newInputStream(file)) {
            var certificate = new Certificate(load(in));
            Files.writeString(directory.resolve("certificate.pem"), certificate.pem());
            return certificate;
        }
    }

    private static void make(Path file) throws IOException {
        var making = file.resolveSibling(STORE + ".making");
        Files.deleteIfExists(making);
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        making.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-validity",
                        "3650",
                        "-dname",
                        "CN=Groundwork Redfish simulator",
                        "-ext",
                        "bc:critical=ca:true",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1,ip:::1")
                .redirectErrorStream(true)
                .start();
        try (var output = process.getInputStream()) {
            var said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException("keytool made no certificate: " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool made a certificate", e);
        }
        Files.move(making, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static KeyStore load(InputStream in) throws IOException {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            return store;
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate cannot be read: " + e.getMessage(), e);
        }
    }

    SSLContext context() {
        try {
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD.toCharArray());
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
