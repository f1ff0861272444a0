package io.groundwork.simulators.redfish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What any Redfish service does, found by following its links: identity of resources, collections, power, boot override,
 * virtual media, errors. It runs against our simulator and against an emulator that nobody here wrote.
 */
abstract class RedfishConformance {
    private static final String ROOT = "/redfish/v1/";
    private static HttpServer web;

    /** A caller with credentials, whose paths begin at the host's root. */
    abstract Bmc service();

    @BeforeAll
    static void serveAnImage() throws IOException {
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", exchange -> {
            try (exchange) {
                var image = "no real image".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, image.length);
                exchange.getResponseBody().write(image);
            }
        });
        web.start();
    }

    @AfterAll
    static void stopServing() {
        web.stop(0);
    }

    private JsonNode get(String path) throws Exception {
        var answer = service().get(path);
        assertThat(answer.status()).as(path).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        return answer.body();
    }

    private static String link(JsonNode in, String pointer) {
        var path = in.at(pointer + "/@odata.id").textValue();
        assertThat(path).as(pointer).startsWith("/redfish/v1");
        return path;
    }

    private String systemPath() throws Exception {
        return link(get(link(get(ROOT), "/Systems")), "/Members/0");
    }

    private JsonNode system() throws Exception {
        return get(systemPath());
    }

    private void reset(String type) throws Exception {
        var target = system().at("/Actions/#ComputerSystem.Reset/target").textValue();
        assertThat(service().post(target, "{\"ResetType\": \"" + type + "\"}").status())
                .isBetween(200, 204);
    }

    private void awaitPower(String state) {
        await(state)
                .atMost(Duration.ofSeconds(30))
                .until(() -> system().get("PowerState").textValue(), state::equals);
    }

    @Test
    void shouldShowItsRootWithoutCredentials() throws Exception {
        var root = service().anonymous().get(ROOT);

        assertThat(root.status()).isEqualTo(200);
        assertThat(root.body().get("RedfishVersion").textValue()).matches("1\\.\\d+\\.\\d+");
        assertThat(root.body().get("@odata.type").textValue()).startsWith("#ServiceRoot.v1_");
        assertThat(root.body().get("Id").textValue()).isNotBlank();
    }

    @Test
    void shouldNameEachResourceByItsPath() throws Exception {
        for (var collection : new String[] {"/Systems", "/Chassis", "/Managers"}) {
            var path = link(get(ROOT), collection);
            var members = get(path);
            assertThat(members.get("@odata.id").textValue()).isEqualTo(path);
            assertThat(members.get("Members@odata.count").intValue())
                    .isEqualTo(members.get("Members").size())
                    .isPositive();
            for (var member : members.get("Members")) {
                var resource = get(member.get("@odata.id").textValue());
                assertThat(resource.get("@odata.id")).isEqualTo(member.get("@odata.id"));
                assertThat(resource.get("@odata.type").textValue()).startsWith("#");
                assertThat(resource.get("Id").textValue()).isNotBlank();
                assertThat(resource.get("Name").textValue()).isNotBlank();
            }
        }
    }

    @Test
    void shouldDescribeASystemAndWhatManagesIt() throws Exception {
        var system = system();

        assertThat(system.get("PowerState").textValue()).isIn("On", "Off");
        assertThat(system.at("/Boot/BootSourceOverrideTarget@Redfish.AllowableValues"))
                .extracting(JsonNode::textValue)
                .contains("Pxe", "Cd", "Hdd");
        assertThat(system.at("/Actions/#ComputerSystem.Reset/ResetType@Redfish.AllowableValues"))
                .extracting(JsonNode::textValue)
                .contains("On", "ForceOff", "GracefulShutdown", "ForceRestart", "Nmi");
        var manager = get(link(system, "/Links/ManagedBy/0"));
        assertThat(link(manager, "/Links/ManagerForServers/0")).isEqualTo(systemPath());
        assertThat(get(link(system, "/Links/Chassis/0")).get("@odata.type").textValue())
                .startsWith("#Chassis.");
    }

    @Test
    void shouldShowNetworkInterfaces() throws Exception {
        var interfaces = get(link(system(), "/EthernetInterfaces"));

        assertThat(interfaces.get("Members")).isNotEmpty();
        assertThat(get(link(interfaces, "/Members/0")).get("MACAddress").textValue())
                .matches("(?i)([0-9a-f]{2}:){5}[0-9a-f]{2}");
    }

    @Test
    void shouldSwitchPower() throws Exception {
        reset("ForceOff");
        awaitPower("Off");
        reset("On");
        awaitPower("On");
        reset("ForceOff");
        awaitPower("Off");
    }

    @Test
    void shouldTakeABootOverride() throws Exception {
        for (var target : new String[] {"Pxe", "Cd", "Hdd"}) {
            var answer = service().patch(systemPath(), """
                    {"Boot": {"BootSourceOverrideTarget": "%s", "BootSourceOverrideEnabled": "Continuous"}}""".formatted(target));
            assertThat(answer.status()).isBetween(200, 204);
            assertThat(system().at("/Boot/BootSourceOverrideTarget").textValue())
                    .isEqualTo(target);
            assertThat(system().at("/Boot/BootSourceOverrideEnabled").textValue())
                    .isEqualTo("Continuous");
        }
    }

    @Test
    void shouldInsertAndEjectAMedium() throws Exception {
        var manager = get(link(system(), "/Links/ManagedBy/0"));
        var media = get(link(manager, "/VirtualMedia"));
        String path = null;
        for (var member : media.get("Members")) {
            if (get(member.get("@odata.id").textValue())
                    .get("MediaTypes")
                    .toString()
                    .contains("CD")) {
                path = member.get("@odata.id").textValue();
            }
        }
        assertThat(path).as("a drive for CDs").isNotNull();
        var image = "http://127.0.0.1:" + web.getAddress().getPort() + "/image.iso";
        var drive = get(path);
        assertThat(drive.get("Inserted").booleanValue()).isFalse();

        var insert = drive.at("/Actions/#VirtualMedia.InsertMedia/target").textValue();
        assertThat(service()
                        .post(insert, "{\"Image\": \"" + image + "\", \"Inserted\": true}")
                        .status())
                .isBetween(200, 204);
        assertThat(get(path).get("Inserted").booleanValue()).isTrue();
        assertThat(get(path).get("Image").textValue()).contains("image.iso");
        var eject = drive.at("/Actions/#VirtualMedia.EjectMedia/target").textValue();
        assertThat(service().post(eject, "{}").status()).isBetween(200, 204);
        assertThat(get(path).get("Inserted").booleanValue()).isFalse();
    }

    @Test
    void shouldRefuseInTermsOfRedfish() throws Exception {
        var unknown = service().get(link(get(ROOT), "/Systems") + "/no-such-system");

        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.body().at("/error/code").textValue()).startsWith("Base.1.");
        assertThat(unknown.body().at("/error/message").textValue()).isNotBlank();
        assertThat(unknown.body().at("/error/@Message.ExtendedInfo/0/MessageId").textValue())
                .startsWith("Base.1.");
    }

    /** Of an emulator without sessions nothing can be said. */
    @Test
    void shouldLogInAndOut() throws Exception {
        var root = get(ROOT);
        assumeThat(root.has("SessionService")).as("the service has sessions").isTrue();
        var sessions = link(root, "/Links/Sessions");

        var login = service().anonymous().post(sessions, """
                {"UserName": "%s", "Password": "%s"}""".formatted(
                        RedfishSimulator.Config.DEFAULT_USER, RedfishSimulator.Config.DEFAULT_PASSWORD));
        assertThat(login.status()).isEqualTo(201);
        var caller = service().anonymous().with("X-Auth-Token", login.header("X-Auth-Token"));
        assertThat(caller.get(systemPath()).status()).isEqualTo(200);
        assertThat(caller.delete(login.header("Location")).status()).isBetween(200, 204);
        assertThat(caller.get(systemPath()).status()).isEqualTo(401);
    }
}
