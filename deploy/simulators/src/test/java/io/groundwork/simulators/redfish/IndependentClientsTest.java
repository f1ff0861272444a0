package io.groundwork.simulators.redfish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.groundwork.simulators.Fault;
import io.groundwork.simulators.Json;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Redfish clients as they are installed, unchanged. */
class IndependentClientsTest {
    private static final String USER = RedfishSimulator.Config.DEFAULT_USER;
    private static final String PASSWORD = RedfishSimulator.Config.DEFAULT_PASSWORD;

    @TempDir
    Path directory;

    private RedfishSimulator simulator;
    private HttpServer web;

    @BeforeEach
    void start() throws Exception {
        simulator = RedfishSimulator.start(RedfishSimulator.Config.defaults()
                .withSettings(RedfishSettings.DEFAULT.withPace(Duration.ofMillis(50))));
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, -1);
            }
        });
        web.start();
    }

    @AfterEach
    void stop() {
        simulator.close();
        web.stop(0);
    }

    /** Over TLS, the certificate checked: session, boot override, virtual media, installation, shutdown. */
    @Test
    @EnabledIf("io.groundwork.simulators.Commands#hasSushy")
    void shouldServeSushy() throws Exception {
        simulator.faults().add(Fault.throttle("GET Manager").times(1)); // its retries are its own

        var output = sushy("srv-7");

        assertThat(output)
                .containsExactly(
                        "system srv-7 Off",
                        "memory 256",
                        "processors 128 x86",
                        "nics 4",
                        "drives 4",
                        "resets 9",
                        "boot devices ['Cd', 'Hdd', 'None', 'Pxe', 'UefiHttp']",
                        "inserted True True",
                        "power On",
                        "inserted False",
                        "refused InvalidParameterValueError",
                        "power Off");
        var server = simulator.server("srv-7");
        assertThat(server.installs()).isEqualTo(1);
        assertThat(server.sessions()).as("it logged out").isZero();
        assertThat(server.mediaHistory()).extracting("what").containsExactly("insert", "eject");
    }

    @Test
    @EnabledIf("io.groundwork.simulators.Commands#hasSushy")
    void shouldServeSushyAsVendorXDoes() throws Exception {
        simulator.configure("srv-7", spec -> spec.withProfile(Profile.VENDOR_X));

        assertThat(sushy("srv-7")).contains("resets 7", "inserted True True", "power On", "power Off");
        assertThat(simulator.server("srv-7").installs()).isEqualTo(1);
    }

    private List<String> sushy(String server) throws Exception {
        var certificate = Files.writeString(directory.resolve("ca.pem"), String.valueOf(simulator.certificate()));
        return run(
                "python3",
                script("sushy_client.py"),
                "https://localhost:" + simulator.port(),
                certificate.toString(),
                "/bmc/" + server + "/redfish/v1/",
                USER,
                PASSWORD,
                "http://127.0.0.1:" + web.getAddress().getPort() + "/image.iso");
    }

    @Test
    @EnabledIf("io.groundwork.simulators.Commands#hasRedfishtool")
    void shouldServeRedfishtool() throws Exception {
        assertThat(redfishtool("Systems", "list").get("Members")).hasSize(20);
        redfishtool("Systems", "-I", "srv-3", "setBootOverride", "Once", "Pxe");
        redfishtool("Systems", "-I", "srv-3", "reset", "On");
        assertThat(redfishtool("Systems", "-I", "srv-3", "get").get("Name").textValue())
                .isEqualTo("srv-3");
        assertThat(redfishtool("Managers", "-I", "srv-3", "get")
                        .get("ManagerType")
                        .textValue())
                .isEqualTo("BMC");

        assertThat(simulator.server("srv-3").powerOns()).isEqualTo(1);
        assertThat(simulator.server("srv-3").mutations())
                .extracting(ServerView.Mutation::action)
                .containsExactly("PATCH ComputerSystem", "ComputerSystem.Reset");
    }

    private JsonNode redfishtool(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("redfishtool", "-r", "localhost:" + simulator.port(), "-S", "Always"));
        command.addAll(List.of("-u", USER, "-p", PASSWORD));
        command.addAll(Arrays.asList(arguments));
        var output = String.join("\n", run(command.toArray(String[]::new)));
        return Json.MAPPER.readTree(output.isBlank() ? "{}" : output);
    }

    private static String script(String name) throws URISyntaxException {
        var resource = IndependentClientsTest.class.getResource(name);
        assertThat(resource).isNotNull();
        return Path.of(resource.toURI()).toString();
    }

    private List<String> run(String... command) throws Exception {
        var errors = directory.resolve("errors");
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        var output = process.inputReader().lines().toList();
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        return output;
    }
}
