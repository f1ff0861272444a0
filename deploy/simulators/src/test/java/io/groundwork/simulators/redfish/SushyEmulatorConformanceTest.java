package io.groundwork.simulators.redfish;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The same against {@code sushy-emulator} with its fake driver, which nobody here wrote, where it is installed. */
@EnabledIf("io.groundwork.simulators.Commands#hasSushyEmulator")
class SushyEmulatorConformanceTest extends RedfishConformance {
    @TempDir
    static Path state;

    private static Process emulator;
    private static Bmc service;

    @BeforeAll
    static void start() throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var builder = new ProcessBuilder(
                        "sushy-emulator", "--fake", "--interface", "127.0.0.1", "--port", Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(new File("target/sushy-emulator.log")));
        // Its state outlives it, in the directory for temporary files.
        builder.environment().put("TMPDIR", state.toString());
        emulator = builder.start();
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
        service = new Bmc(
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
                URI.create("http://127.0.0.1:" + port));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (emulator != null) {
            emulator.descendants().forEach(ProcessHandle::destroy);
            emulator.destroy();
            emulator.waitFor();
        }
    }

    @Override
    Bmc service() {
        return service;
    }
}
