package io.groundwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

/** The launcher with a table of small shell programs instead of the real ones. */
class LaunchIT {
    /** Says in a file that it runs, and in another one, shared by all, when it was told to stop. */
    private static final String PROGRAM = """
            trap 'echo "$NAME" >> ../stopped; exit 0' TERM INT
            echo $$ > "ready-$NAME"
            echo "hello from $NAME"
            while :; do sleep 0.05; done
            """;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Path work;

    @BeforeEach
    void prepare() throws IOException {
        work = Files.createDirectories(directory.resolve("work"));
        Files.createDirectories(directory.resolve("logs"));
    }

    @AfterEach
    void leaveNothingRunning() throws IOException {
        new Orphans(directory.resolve("running")).stopAll();
    }

    @Test
    void shouldTellWhereEverythingIsOnlyWhileItIsThere() throws Exception {
        var endpoints = directory.resolve("endpoints.json");
        try (var launch = launch(List.of(infrastructure("broker"), service("one")))) {
            assertThat(endpoints).doesNotExist();
            launch.start();

            var json = read(endpoints);
            assertThat(json.get("one").asText()).isEqualTo("http://localhost:1");
            assertThat(json.get("pids").fieldNames()).toIterable().containsExactly("broker", "one");
            assertThat(json.get("pids").get("one").asLong()).isEqualTo(pid("one"));
            assertThat(Files.readString(directory.resolve("logs/one.log"))).contains("hello from one");
        }
        assertThat(endpoints).doesNotExist();
    }

    @Test
    void shouldStopServicesFirstAndTheGroundTheyStandOnInReverse() throws Exception {
        try (var launch =
                launch(List.of(infrastructure("database"), infrastructure("broker"), service("one"), service("two")))) {
            launch.start();
        }
        var stopped = Files.readAllLines(directory.resolve("stopped"));
        assertThat(stopped.subList(0, 2)).containsExactlyInAnyOrder("one", "two");
        assertThat(stopped.subList(2, 4)).containsExactly("broker", "database");
    }

    @Test
    void shouldStartDeadProgramAgainAndSaySo() throws Exception {
        try (var launch = launch(List.of(infrastructure("broker"), service("one")))) {
            launch.start();
            var first = pid("one");
            kill(first);

            Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                var pids = read(directory.resolve("endpoints.json")).get("pids");
                assertThat(pids.get("one").asLong()).isNotEqualTo(first).isEqualTo(pid("one"));
            });
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(said())
                            .contains("one ended with exit code 137, starting it again")
                            .contains("one again"));
        }
    }

    @Test
    void shouldLeaveNothingRunningWhenOneProgramFailsToStart() throws Exception {
        var broken = child("broken", Child.Stage.SERVICE, "echo; echo 'no memory left'; exit 3");
        try (var launch = launch(List.of(infrastructure("broker"), service("one"), broken))) {
            assertThatThrownBy(launch::start)
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("broken ended with exit code 3 before it was ready: no memory left")
                    .hasMessageContaining("broken.log");
        }
        assertThat(directory.resolve("endpoints.json")).doesNotExist();
        assertThat(ProcessHandle.of(pid("broker"))).isEmpty();
    }

    @Test
    void shouldKillProgramThatDoesNotStop() throws Exception {
        var stubborn = child(
                "stubborn", Child.Stage.SERVICE, "trap '' TERM; " + PROGRAM.substring(PROGRAM.indexOf("echo $$")));
        var orphans = new Orphans(directory.resolve("running"));
        var listener =
                new Launch(List.of(), topics(), "", endpoints(), logs(), orphans, console(), Launch.STOP_PATIENCE)
                .new Reporter();
        var supervisor = new Supervisor(List.of(stubborn), logs(), orphans, listener, Duration.ofMillis(300));
        supervisor.start(Child.Stage.SERVICE, 1, Duration.ofSeconds(20));
        var process = ProcessHandle.of(pid("stubborn")).orElseThrow();

        supervisor.close();

        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void shouldStopWhatKilledLauncherLeftAndNothingElse() throws Exception {
        var launch = launch(List.of(infrastructure("broker"), service("one")));
        launch.start();
        var record = Files.readString(directory.resolve("running"));
        var broker = ProcessHandle.of(pid("broker")).orElseThrow();
        var one = ProcessHandle.of(pid("one")).orElseThrow();
        var innocent = new ProcessBuilder("sleep", "60").start();
        try {
            // As if a launcher had been killed: its record stands, and one of its process ids is somebody else's now.
            var recycled = "two\t" + innocent.pid() + "\t" + Processes.identity(broker.pid()) + "\tTERM\n";
            var file = directory.resolve("left");
            Files.writeString(file, record + recycled + "a line of another version\n");

            assertThat(new Orphans(file).stopAll()).containsExactly("one", "broker");

            assertThat(broker.onExit()).succeedsWithin(5, TimeUnit.SECONDS);
            assertThat(one.onExit()).succeedsWithin(5, TimeUnit.SECONDS);
            assertThat(innocent.isAlive()).isTrue();
            assertThat(file).doesNotExist();
        } finally {
            innocent.destroyForcibly();
            launch.close();
        }
    }

    @Test
    void shouldSetAsideLogThatGrewTooLarge() throws Exception {
        Files.writeString(directory.resolve("logs/one.log"), "x".repeat(2_000));
        logs().rotate("one", 1_000);

        assertThat(directory.resolve("logs/one.log")).isEmptyFile();
        assertThat(directory.resolve("logs/one.log.1")).hasSize(2_000);
    }

    private Child infrastructure(String name) {
        return child(name, Child.Stage.INFRASTRUCTURE, PROGRAM);
    }

    private Child service(String name) {
        return child(name, Child.Stage.SERVICE, PROGRAM);
    }

    private Child child(String name, Child.Stage stage, String script) {
        return new Child(
                name,
                stage,
                Child.Preparation.NONE,
                List.of("sh", "-c", script),
                Map.of("NAME", name),
                work,
                pid -> readyPid(name) == pid,
                Child.StopSignal.TERM);
    }

    private Launch launch(List<Child> children) {
        return new Launch(
                children,
                topics(),
                "",
                endpoints(),
                logs(),
                new Orphans(directory.resolve("running")),
                console(),
                Launch.STOP_PATIENCE);
    }

    private static TopicSetup topics() {
        return bootstrapServers -> {};
    }

    private Endpoints endpoints() {
        return new Endpoints(directory.resolve("endpoints.json"), Map.of("one", "http://localhost:1"));
    }

    private Logs logs() {
        return new Logs(directory.resolve("logs"));
    }

    private Console console() {
        return new Console(new PrintStream(said, true, StandardCharsets.UTF_8), Ansi.OFF);
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private long pid(String name) {
        return readyPid(name);
    }

    /** What the program wrote about itself, -1 when it did not yet. */
    private long readyPid(String name) {
        try {
            var written = Files.readString(work.resolve("ready-" + name)).strip();
            return written.isEmpty() ? -1 : Long.parseLong(written);
        } catch (IOException notYet) {
            return -1;
        }
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    private static JsonNode read(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }
}
