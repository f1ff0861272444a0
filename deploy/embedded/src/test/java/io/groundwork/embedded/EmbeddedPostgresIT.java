package io.groundwork.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {

    @Test
    void shouldKeepDataAcrossRestart(@TempDir Path parent) throws SQLException {
        var data = parent.resolve("postgres");
        try (var postgres = EmbeddedPostgres.start(data)) {
            write(postgres, "kept");
        }
        try (var postgres = EmbeddedPostgres.start(data)) {
            assertThat(read(postgres)).isEqualTo("kept");
        }
    }

    @Test
    void shouldStopServerOfKilledStarterAndContinueOnItsData(@TempDir Path parent) throws Exception {
        var data = parent.resolve("postgres");
        var starter = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Starter.class.getName(),
                        data.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        var pidFile = data.resolve("postmaster.pid");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(pidFile)
                        && Files.readString(pidFile).strip().endsWith("ready"));
        starter.destroyForcibly();
        assertThat(starter.waitFor(10, TimeUnit.SECONDS)).isTrue();
        var orphan = ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).getFirst()))
                .orElseThrow();
        assertThat(orphan.isAlive()).isTrue();

        try (var postgres = EmbeddedPostgres.start(data)) {
            assertThat(orphan.isAlive()).isFalse();
            write(postgres, "after the kill");
            assertThat(read(postgres)).isEqualTo("after the kill");
        }
    }

    @Test
    void shouldRecoverWhenServerItselfWasKilled(@TempDir Path parent) throws Exception {
        var data = parent.resolve("postgres");
        var killed = EmbeddedPostgres.start(data);
        write(killed, "committed");
        var server = ProcessHandle.of(killed.pid()).orElseThrow();
        server.destroyForcibly();
        server.onExit().get(10, TimeUnit.SECONDS);

        Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> {
            try (var postgres = EmbeddedPostgres.start(data)) {
                assertThat(read(postgres)).isEqualTo("committed");
            }
        });
    }

    @Test
    void shouldNotKillProcessThatOnlyInheritedThePid(@TempDir Path parent) throws Exception {
        var data = parent.resolve("postgres");
        EmbeddedPostgres.start(data).close();
        var innocent = new ProcessBuilder("sleep", "60").start();
        try {
            Files.write(
                    data.resolve("postmaster.pid"),
                    List.of(
                            Long.toString(innocent.pid()),
                            data.toString(),
                            Long.toString(Instant.now().getEpochSecond()),
                            "5433"));
            try (var postgres = EmbeddedPostgres.start(data)) {
                assertThat(innocent.isAlive()).isTrue();
                assertThat(postgres.pid()).isNotEqualTo(innocent.pid());
            }
        } finally {
            innocent.destroyForcibly();
        }
    }

    @Test
    void shouldNamePortThatIsInUse(@TempDir Path parent) {
        try (var postgres = EmbeddedPostgres.start(parent.resolve("first"))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> EmbeddedPostgres.start(parent.resolve("second"), postgres.port()))
                    .withMessageContaining("port " + postgres.port() + " is in use");
        }
    }

    /** Starts a server and waits to be killed. */
    static final class Starter {
        public static void main(String... args) throws InterruptedException {
            EmbeddedPostgres.start(Path.of(args[0]));
            Thread.currentThread().join();
        }
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD);
    }

    private static void write(EmbeddedPostgres postgres, String value) throws SQLException {
        try (var connection = connect(postgres);
                var statement = connection.createStatement()) {
            statement.execute("create table note (text varchar)");
            statement.execute("insert into note values ('" + value + "')");
        }
    }

    private static String read(EmbeddedPostgres postgres) throws SQLException {
        try (var connection = connect(postgres);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select text from note")) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
