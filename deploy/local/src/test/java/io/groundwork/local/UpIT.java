package io.groundwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.groundwork.events.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command itself as a process, with the real infrastructure and stand-ins for the services. */
class UpIT {
    private static final List<String> SERVICES = List.of(
            "request-service",
            "approval-service",
            "allocation-service",
            "cloud-provisioner",
            "baremetal-provisioner",
            "iam-service",
            "notification-service");
    private static final List<String> INFRASTRUCTURE = List.of("kafka", "postgres", "smtp", "inbox", "ec2", "redfish");
    private static final Duration START = Duration.ofSeconds(90);

    @TempDir
    private Path home;

    private Path data;
    private int runs;

    @BeforeEach
    void buildStandIns() throws IOException {
        data = home.resolve("data");
        for (var service : SERVICES) {
            var app = Files.createDirectories(home.resolve(service).resolve("target/quarkus-app"));
            jar(app.resolve("quarkus-run.jar"));
        }
    }

    @AfterEach
    void leaveNothingRunning() throws IOException {
        new Orphans(data.resolve("running")).stopAll();
    }

    @Test
    void shouldRunUntilToldToStopAndGoOnAfterBeingKilled() throws Exception {
        var first = up();
        var endpoints = awaitEndpoints(first);
        assertThat(endpoints.fieldNames())
                .toIterable()
                .contains(SERVICES.toArray(String[]::new))
                .contains("inbox", "ec2", "redfish", "kafka", "smtp", "postgres", "credentials", "pids");
        assertThat(endpoints.get("postgres").asText()).matches("jdbc:postgresql://localhost:\\d+/groundwork");
        assertThat(endpoints.get("pids").fieldNames())
                .toIterable()
                .contains(SERVICES.toArray(String[]::new))
                .contains("kafka", "postgres", "inbox", "ec2", "redfish");
        assertThat(get(endpoints.get("inbox").asText() + "/api/messages")).isEqualTo("[]");
        assertThat(topics(endpoints))
                .contains(Topics.catalogue(1).stream().map(Topics.Topic::name).toArray(String[]::new));
        shouldGiveEachServiceItsSecretsAlone(endpoints);

        var second = up();
        assertThat(exitCode(second)).isEqualTo(1);
        assertThat(output()).contains("another 'groundwork up' works on " + data);

        var broker = endpoints.get("pids").get("kafka").asLong();
        ProcessHandle.of(broker).orElseThrow().destroyForcibly();
        Awaitility.await()
                .atMost(START)
                .until(() -> endpoints().get("pids").get("kafka").asLong() != broker);
        assertThat(topics(endpoints())).isNotEmpty();

        first.destroyForcibly();
        assertThat(first.waitFor(10, TimeUnit.SECONDS)).isTrue();
        var orphans = pids(endpoints());
        assertThat(orphans).allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isPresent());

        var third = up();
        Awaitility.await().atMost(START).until(() -> output().contains("Ready in"));
        assertThat(output()).contains("stopped what it left running");
        assertThat(orphans).allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isEmpty());
        var running = pids(endpoints());

        third.destroy();
        assertThat(exitCode(third)).isZero();
        assertThat(data.resolve("endpoints.json")).doesNotExist();
        assertThat(running).allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isEmpty());
    }

    @Test
    void shouldEndWithZeroWhenInterruptedDuringStart() throws Exception {
        var up = up();
        Awaitility.await().atMost(START).until(() -> output().contains("✓"));
        var signal = ignoresInterrupt(up) ? "TERM" : "INT";
        new ProcessBuilder("sh", "-c", "kill -" + signal + " " + up.pid())
                .start()
                .waitFor();

        assertThat(exitCode(up)).isZero();
        assertThat(output()).contains("Stopped").doesNotContain("cannot start");
    }

    @Test
    void shouldSayInOneLineWhyItCannotStart() throws Exception {
        try (var taken = new ServerSocket(0)) {
            var port = taken.getLocalPort();
            assertThat(exitCode(up("--port", "approval-service=" + port))).isEqualTo(1);
            assertThat(output())
                    .contains("cannot start: port " + port + " (approval-service) is in use")
                    .contains("--port approval-service=N");
        }
        Files.delete(home.resolve("iam-service/target/quarkus-app/quarkus-run.jar"));
        assertThat(exitCode(up())).isEqualTo(1);
        assertThat(output()).contains("cannot start: iam-service is not built");
        assertThat(exitCode(up("--data", "/proc/groundwork"))).isEqualTo(1);
        assertThat(output()).contains("cannot start: cannot write to /proc/groundwork");
    }

    @Test
    void shouldRefuseWrongCommandLine() throws Exception {
        assertThat(exitCode(up("--port", "nobody=1"))).isEqualTo(2);
        assertThat(output()).contains("nothing is called 'nobody'").contains("Usage: groundwork up");
        assertThat(exitCode(up("--ofset", "1"))).isEqualTo(2);
    }

    private static void shouldGiveEachServiceItsSecretsAlone(JsonNode endpoints) {
        for (var service : SERVICES) {
            var environment = get(endpoints.get(service).asText() + "/environment");
            assertThat(environment)
                    .contains("QUARKUS_PROFILE=local")
                    .contains(
                            "KAFKA_BOOTSTRAP_SERVERS=" + endpoints.get("kafka").asText())
                    .contains("GROUNDWORK_POSTGRES_URL="
                            + endpoints.get("postgres").asText())
                    .contains("GROUNDWORK_EC2_ENDPOINT=" + endpoints.get("ec2").asText())
                    .contains("GROUNDWORK_PROOF_PUBLIC_KEY=")
                    .contains("/data/services/" + service);
            var approves = service.equals("approval-service");
            assertThat(environment.contains("GROUNDWORK_PROOF_PRIVATE_KEY=")).isEqualTo(approves);
            assertThat(environment.contains("GROUNDWORK_LINK_SECRET=")).isEqualTo(approves);
            assertThat(environment.contains("GROUNDWORK_SEAL_PUBLIC_KEY="))
                    .isEqualTo(approves || service.equals("request-service"));
            assertThat(environment.contains("GROUNDWORK_SEAL_PRIVATE_KEY="))
                    .isEqualTo(service.equals("notification-service"));
        }
    }

    /** Starts the command with every port free, on the test's own data unless told otherwise. */
    private Process up(String... options) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Up.class.getName()));
        var given = List.of(options);
        var names = new ArrayList<>(SERVICES);
        names.addAll(INFRASTRUCTURE);
        for (var name : names) {
            if (given.stream().noneMatch(option -> option.startsWith(name + "="))) {
                command.addAll(List.of("--port", name + "=0"));
            }
        }
        if (!given.contains("--data")) {
            command.addAll(List.of("--data", data.toString()));
        }
        command.addAll(given);
        runs++;
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log().toFile());
        builder.environment().put("GROUNDWORK_HOME", home.toString());
        return builder.start();
    }

    private Path log() {
        return home.resolve("up-" + runs + ".log");
    }

    /** What the command started last has said. */
    private String output() {
        try {
            return Files.readString(log());
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /** A build that a shell runs in the background hands down an ignored SIGINT, which a JVM leaves alone. */
    private static boolean ignoresInterrupt(Process process) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
        }
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private JsonNode awaitEndpoints(Process up) throws IOException {
        Awaitility.await().atMost(START).until(() -> Files.exists(data.resolve("endpoints.json")) || !up.isAlive());
        assertThat(up.isAlive()).as(output()).isTrue();
        return endpoints();
    }

    private JsonNode endpoints() throws IOException {
        return new ObjectMapper().readTree(data.resolve("endpoints.json").toFile());
    }

    private static Set<Long> pids(JsonNode endpoints) {
        var pids = new HashSet<Long>();
        endpoints.get("pids").forEach(pid -> pids.add(pid.asLong()));
        return pids;
    }

    private static Set<String> topics(JsonNode endpoints) throws Exception {
        try (var admin =
                Admin.create(Map.of("bootstrap.servers", endpoints.get("kafka").asText()))) {
            return admin.listTopics().names().get(30, TimeUnit.SECONDS);
        }
    }

    private static String get(String url) {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static void jar(Path file) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeService.class.getName());
        var path = FakeService.class.getName().replace('.', '/') + ".class";
        try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest);
                var program = FakeService.class.getResourceAsStream("/" + path)) {
            jar.putNextEntry(new JarEntry(path));
            assertThat(program).isNotNull();
            jar.write(program.readAllBytes());
        }
    }
}
