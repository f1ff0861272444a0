package io.groundwork.simulators.redfish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.groundwork.simulators.TestClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A simulator that ends, or is killed, comes back with all its servers as they were. */
class RedfishPersistenceTest {
    private static final Duration PACE = Duration.ofSeconds(10);
    private static final String SYSTEM = "/redfish/v1/Systems/1";

    @TempDir
    Path data;

    private final TestClock clock = new TestClock();

    private RedfishSimulator start() throws IOException {
        return RedfishSimulator.start(RedfishSimulator.Config.defaults()
                .withData(data.resolve("redfish"))
                .withClock(clock)
                .withSettings(RedfishSettings.DEFAULT.withPace(PACE)));
    }

    @Test
    void shouldGoOnWhereItWas() throws Exception {
        String token;
        String fingerprint;
        ServerView before;
        try (var simulator = start()) {
            var bmc = Bmc.of(simulator, "srv-1");
            simulator.netboot("srv-1", new BootImage(BootImage.Kind.INSTALL, "debian-12", "acme/web/0", null, null));
            simulator.setPort("srv-1", "nic-1", true, 7);
            simulator.configure("srv-2", spec -> spec.withProfile(Profile.MINIMAL));
            token = bmc.login("groundwork", "groundwork-local").header("X-Auth-Token");
            bmc.reset(SYSTEM, "On");
            clock.advance(PACE.multipliedBy(2));
            fingerprint = simulator.fingerprint();
            before = simulator.server("srv-1");
            assertThat(before.activity()).isEqualTo("installing");
        }
        clock.advance(PACE.multipliedBy(3));
        try (var simulator = start()) {
            assertThat(simulator.fingerprint()).isEqualTo(fingerprint);
            var after = simulator.server("srv-1");
            assertThat(after.activity()).as("time went on").isEqualTo("running");
            assertThat(after.owners()).containsExactly("acme/web/0");
            assertThat(after.ports()).isEqualTo(before.ports());
            assertThat(after.mutations()).isEqualTo(before.mutations());
            assertThat(after.journal()).startsWith(before.journal().toArray(ServerView.Event[]::new));
            assertThat(simulator.server("srv-2").spec().profile()).isEqualTo(Profile.MINIMAL);
            var caller = Bmc.of(simulator, "srv-1").anonymous().with("X-Auth-Token", token);
            assertThat(caller.get(SYSTEM).status()).isEqualTo(200);
            assertThat(simulator.servers()).hasSize(20);
        }
    }

    /** The certificate that a client pins is the one that is shown, and another's is refused. */
    @Test
    void shouldShowTheCertificateThatItPrints() throws Exception {
        try (var simulator = start();
                var other = RedfishSimulator.start(RedfishSimulator.Config.defaults())) {
            assertThat(simulator.fingerprint()).matches("[0-9a-f]{64}").isNotEqualTo(other.fingerprint());
            assertThat(Bmc.of(simulator, "srv-1").get(SYSTEM).status()).isEqualTo(200);
            var wrong = HttpClient.newBuilder()
                    .sslContext(Bmc.trusting(String.valueOf(other.certificate())))
                    .build();
            assertThatThrownBy(() -> new Bmc(wrong, simulator.bmc("srv-1")).get("/redfish/v1/"))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    /** Killed while it is being called: every power-on that was answered has happened. */
    @Test
    void shouldKeepWhatItAnsweredWhenItIsKilled() throws Exception {
        var answered = new ArrayList<String>();
        for (var round = 0; round < 2; round++) {
            var process = process();
            try {
                var base = readyOn(process);
                var http = HttpClient.newHttpClient();
                for (var n = 1; n <= 10; n++) {
                    var id = "srv-" + (n + 10 * round);
                    var bmc = new Bmc(http, URI.create(base + "/bmc/" + id)).basic("groundwork", "groundwork-local");
                    assertThat(bmc.reset(SYSTEM, "On").status()).isEqualTo(204);
                    answered.add(id);
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
        try (var simulator = RedfishSimulator.start(
                RedfishSimulator.Config.defaults().withTls(false).withData(data.resolve("killed")))) {
            await().untilAsserted(() -> assertThat(answered).allSatisfy(id -> {
                assertThat(simulator.server(id).powerOns()).isEqualTo(1);
                assertThat(simulator.server(id).activity()).isEqualTo("halted");
            }));
        }
    }

    /** Five thousand servers that were all switched on, in the 64 MiB that {@link #process} has. */
    @Test
    void shouldHoldThousandsOfServers() throws Exception {
        var process = process("--scheme", "http", "--servers", "5000");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var base = readyOn(process);
            var http = HttpClient.newHttpClient();
            var calls = new ArrayList<Future<Integer>>();
            var atOnce = new Semaphore(32);
            for (var n = 1; n <= 5_000; n++) {
                var bmc = new Bmc(http, URI.create(base + "/bmc/srv-" + n)).basic("groundwork", "groundwork-local");
                calls.add(threads.submit(() -> {
                    atOnce.acquire();
                    try {
                        return bmc.reset(SYSTEM, "On").status();
                    } finally {
                        atOnce.release();
                    }
                }));
            }
            for (var call : calls) {
                assertThat(call.get()).isEqualTo(204);
            }
            var last = new Bmc(http, URI.create(base + "/_groundwork/servers/srv-5000"));
            await().until(() -> last.get("").body().get("activity").textValue(), "halted"::equals);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldSayInOneLineWhyItCannotStart() throws Exception {
        var process = process("--scheme", "gopher");
        assertThat(process.errorReader().lines().toList())
                .singleElement()
                .asString()
                .startsWith("Redfish simulator: a scheme is http or https, not gopher; usage:");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    private static String readyOn(Process process) throws IOException {
        var line = process.inputReader(StandardCharsets.UTF_8).readLine();
        assertThat(line).startsWith("Redfish simulator ready on http://127.0.0.1:");
        return line.replaceAll(".* ready on ([^,]*),.*", "$1");
    }

    private Process process(String... more) throws IOException {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RedfishSimulator.class.getName(),
                "--port",
                "0",
                "--data",
                data.resolve("killed").toString()));
        command.addAll(
                more.length > 0 ? List.of(more) : Stream.of("--scheme", "http").toList());
        return new ProcessBuilder(command).start();
    }
}
