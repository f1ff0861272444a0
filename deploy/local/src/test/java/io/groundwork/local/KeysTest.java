package io.groundwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {
    private static final Keys KEYS =
            new Keys("proof-private=", "proof-public=", "seal-private=", "seal-public=", "link=");

    @Test
    void shouldTellEachServiceItsOwnKeysAlone() {
        assertThat(KEYS.environment("approval-service"))
                .containsOnly(
                        Map.entry("GROUNDWORK_PROOF_PUBLIC_KEY", "proof-public="),
                        Map.entry("GROUNDWORK_PROOF_PRIVATE_KEY", "proof-private="),
                        Map.entry("GROUNDWORK_LINK_SECRET", "link="),
                        Map.entry("GROUNDWORK_SEAL_PUBLIC_KEY", "seal-public="));
        assertThat(KEYS.environment("request-service"))
                .containsOnly(
                        Map.entry("GROUNDWORK_PROOF_PUBLIC_KEY", "proof-public="),
                        Map.entry("GROUNDWORK_SEAL_PUBLIC_KEY", "seal-public="));
        assertThat(KEYS.environment("notification-service"))
                .containsOnly(
                        Map.entry("GROUNDWORK_PROOF_PUBLIC_KEY", "proof-public="),
                        Map.entry("GROUNDWORK_SEAL_PRIVATE_KEY", "seal-private="));
        assertThat(KEYS.environment("iam-service"))
                .containsOnly(Map.entry("GROUNDWORK_PROOF_PUBLIC_KEY", "proof-public="));
    }

    @Test
    void shouldHandThemOutAsFilesThatTheServicesRead(@TempDir Path directory) throws IOException {
        var approval = Files.createDirectory(directory.resolve("approval-service"));
        var others = Files.createDirectory(directory.resolve("others"));

        Prepare.handOut(KEYS, directory);
        Prepare.handOut(KEYS, directory);

        assertThat(read(approval)).isEqualTo(KEYS.environment("approval-service"));
        assertThat(read(others)).isEqualTo(KEYS.environment("iam-service"));
        assertThat(Files.getPosixFilePermissions(approval.resolve(Prepare.FILE)))
                .hasSize(2);
        try (var files = Files.list(approval)) {
            assertThat(files).containsExactly(approval.resolve(Prepare.FILE));
        }
    }

    private static Map<?, ?> read(Path service) throws IOException {
        var properties = new Properties();
        try (var file = new FileInputStream(service.resolve(Prepare.FILE).toFile())) {
            properties.load(file);
        }
        return properties;
    }
}
