package io.groundwork.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The secrets of one stack, made at its first start and kept, readable by their owner alone. All values are base64.
 *
 * @param proofPrivate Ed25519, PKCS #8: signs what was approved
 * @param proofPublic Ed25519, X.509: lets everybody check it
 * @param sealPrivate X25519, PKCS #8: opens the links of mails and the URLs of webhooks
 * @param sealPublic X25519, X.509: seals them
 * @param linkSecret 32 random bytes: signs the tokens in links
 */
record Keys(String proofPrivate, String proofPublic, String sealPrivate, String sealPublic, String linkSecret) {
    private static final int SECRET_BYTES = 32;

    /** The keys kept in {@code directory}, or new ones if there is no such directory. */
    static Keys loadOrMake(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            make(directory);
        }
        return new Keys(
                read(directory, "proof.private"),
                read(directory, "proof.public"),
                read(directory, "seal.private"),
                read(directory, "seal.public"),
                read(directory, "link.secret"));
    }

    /** What a service is told, by the names of variables: what signs and opens is known to the one service that does it. */
    Map<String, String> environment(String service) {
        var environment = new LinkedHashMap<String, String>();
        environment.put("GROUNDWORK_PROOF_PUBLIC_KEY", proofPublic);
        switch (service) {
            case "approval-service" -> {
                environment.put("GROUNDWORK_PROOF_PRIVATE_KEY", proofPrivate);
                environment.put("GROUNDWORK_LINK_SECRET", linkSecret);
                environment.put("GROUNDWORK_SEAL_PUBLIC_KEY", sealPublic);
            }
            case "request-service" -> environment.put("GROUNDWORK_SEAL_PUBLIC_KEY", sealPublic);
            case "notification-service" -> environment.put("GROUNDWORK_SEAL_PRIVATE_KEY", sealPrivate);
            default -> {}
        }
        return environment;
    }

    private static void make(Path directory) throws IOException {
        // Made aside and renamed when complete: half a key pair would be worse than none.
        var making = directory.resolveSibling(directory.getFileName() + ".making");
        delete(making);
        Files.createDirectories(
                making, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (var key : generate().entrySet()) {
            var file = Files.createFile(
                    making.resolve(key.getKey()),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, Base64.getEncoder().encodeToString(key.getValue()) + "\n");
        }
        Files.move(making, directory);
    }

    private static Map<String, byte[]> generate() {
        try {
            var keys = new LinkedHashMap<String, byte[]>();
            var proof = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            keys.put("proof.private", proof.getPrivate().getEncoded());
            keys.put("proof.public", proof.getPublic().getEncoded());
            var seal = KeyPairGenerator.getInstance("X25519").generateKeyPair();
            keys.put("seal.private", seal.getPrivate().getEncoded());
            keys.put("seal.public", seal.getPublic().getEncoded());
            var secret = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(secret);
            keys.put("link.secret", secret);
            return keys;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK since 15 has Ed25519 and X25519", missing);
        }
    }

    private static String read(Path directory, String name) throws IOException {
        return Files.readString(directory.resolve(name)).strip();
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (var paths = Files.walk(tree)) {
                for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
