package io.groundwork.simulators.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;

/** The simulator as a process. */
class Ec2SimulatorMainTest {
    @TempDir
    Path data;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void shouldSayWhenItIsReadyAndEndWithZeroOnTerm() throws Exception {
        var process = start("--port", "0");

        var line = process.inputReader().readLine();
        assertThat(line).startsWith("EC2 simulator ready on http://127.0.0.1:").endsWith(", keeping nothing");
        process.toHandle().destroy(); // Process.destroy would close the streams too

        assertThat(process.waitFor()).isZero();
        assertThat(process.inputReader().readLine()).isNull();
        assertThat(process.errorReader().readLine()).isNull();
    }

    @Test
    void shouldSayInOneLineThatThePortIsInUse() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertEndsWith(
                    1,
                    "EC2 simulator: port " + taken.getLocalPort() + " is in use",
                    "--port",
                    "" + taken.getLocalPort());
        }
    }

    @Test
    void shouldSayInOneLineWhyItCannotStart() throws Exception {
        var file = Files.createFile(data.resolve("file"));
        assertEndsWith(1, "EC2 simulator: " + file + " is not a directory", "--port", "0", "--data", file.toString());
        assertEndsWith(2, "EC2 simulator: unknown option --prot", "--prot", "0");
        assertEndsWith(2, "EC2 simulator: a port is a number from 0 to 65535, not x", "--port", "x");
        assertEndsWith(2, "EC2 simulator: a value is missing after --data", "--data");
    }

    /** Killed while it is being called: what was answered is there, and what is there is whole. */
    @Test
    void shouldKeepWhatItAnsweredWhenItIsKilled() throws Exception {
        Set<String> answered = ConcurrentHashMap.newKeySet();
        for (var round = 0; round < 3; round++) {
            var process = start("--port", "0", "--data", data.resolve("ec2").toString());
            try (var ec2 = Clients.ec2(baseUrl(process), Region.EU_CENTRAL_1);
                    var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var image = image(ec2);
                var enough = answered.size() + 60;
                for (var caller = 0; caller < 4; caller++) {
                    threads.execute(() -> launchUntilItFails(ec2, image, answered));
                }
                await().pollInterval(Duration.ofMillis(5)).until(() -> answered.size() >= enough);
                process.destroyForcibly().waitFor();
            }
        }

        var process = start("--port", "0", "--data", data.resolve("ec2").toString());
        try (var ec2 = Clients.ec2(baseUrl(process), Region.EU_CENTRAL_1)) {
            var found = new HashSet<String>();
            var reservations = ec2.describeInstancesPaginator(request -> request.maxResults(1_000))
                    .reservations();
            reservations.forEach(reservation -> {
                assertThat(reservation.instances()).as("a launch is whole").hasSize(3);
                reservation.instances().stream().map(Instance::instanceId).forEach(found::add);
            });
            assertThat(found).containsAll(answered);
            assertThat(ec2.describeVolumes().volumes()).hasSameSizeAs(found);
        }
    }

    private static void launchUntilItFails(Ec2Client ec2, String image, Set<String> answered) {
        try {
            while (true) {
                ec2.runInstances(RunInstancesRequest.builder()
                                .imageId(image)
                                .minCount(3)
                                .maxCount(3)
                                .build())
                        .instances()
                        .forEach(instance -> answered.add(instance.instanceId()));
            }
        } catch (SdkException e) {
            // The simulator was killed.
        }
    }

    private static String image(Ec2Client ec2) {
        var byName = Filter.builder().name("name").values("debian-12").build();
        return ec2.describeImages(request -> request.filters(byName))
                .images()
                .get(0)
                .imageId();
    }

    private void assertEndsWith(int status, String start, String... arguments) throws Exception {
        var process = start(arguments);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        var lines = process.errorReader().lines().toList();
        assertThat(lines).singleElement().asString().startsWith(start);
        assertThat(process.exitValue()).isEqualTo(status);
    }

    private static URI baseUrl(Process process) throws IOException {
        var line = process.inputReader(StandardCharsets.UTF_8).readLine();
        return URI.create(line.replaceAll(".* ready on ([^,]*),.*", "$1"));
    }

    private Process start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Ec2Simulator.class.getName()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).start();
        started.add(process);
        return process;
    }
}
