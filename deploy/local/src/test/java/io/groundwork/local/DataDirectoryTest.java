package io.groundwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @Test
    void shouldBelongToOneLauncherAtATime(@TempDir Path parent) throws CannotStartException {
        var directory = parent.resolve("data");
        try (var first = DataDirectory.open(directory)) {
            assertThatThrownBy(() -> DataDirectory.open(directory))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("another 'groundwork up' works on " + first.root())
                    .hasMessageContaining("--data");
        }
        DataDirectory.open(directory).close();
    }

    @Test
    void shouldRefuseDirectoryItCannotWriteTo(@TempDir Path parent) throws IOException {
        var file = Files.createFile(parent.resolve("file"));

        assertThatThrownBy(() -> DataDirectory.open(file))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("cannot write to " + file)
                .hasMessageContaining("a file is in the way");
        assertThatThrownBy(() -> DataDirectory.open(file.resolve("below")))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("Not a directory");
    }

    @Test
    void shouldRefuseFullDisk(@TempDir Path parent) throws CannotStartException {
        assertThatThrownBy(() -> DataDirectory.open(parent, Long.MAX_VALUE))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("MB free");
        // It lets go of the lock.
        DataDirectory.open(parent).close();
    }

    @Test
    void shouldMakeKeysOnceReadableByOwnerAlone(@TempDir Path parent) throws IOException {
        var directory = parent.resolve("keys");

        var keys = Keys.loadOrMake(directory);

        assertThat(Keys.loadOrMake(directory)).isEqualTo(keys);
        assertThat(Files.getPosixFilePermissions(directory)).hasSize(3);
        try (var files = Files.list(directory)) {
            assertThat(files)
                    .hasSize(5)
                    .allSatisfy(file ->
                            assertThat(Files.getPosixFilePermissions(file)).hasSize(2));
        }
        assertThat(java.util.Base64.getDecoder().decode(keys.linkSecret())).hasSize(32);
    }
}
