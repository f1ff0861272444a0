package io.groundwork.simulators.redfish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.groundwork.simulators.Fault;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Faults, the ways of makers, and what an independent observer sees. */
class ObserverTest extends RedfishTest {
    private static final String RESET = "ComputerSystem.Reset";

    @Test
    void shouldFailAndThrottleWithoutActing() throws Exception {
        simulator.faults().add(Fault.fail(RESET).times(1));
        simulator.faults().add(Fault.throttle("*").in(SERVER).times(1));

        assertThat(bmc.reset(SYSTEM, "On").status()).isEqualTo(500);
        var throttled = bmc.reset(SYSTEM, "On");
        assertThat(throttled.status()).isEqualTo(503);
        assertThat(throttled.header("Retry-After")).isEqualTo("1");
        assertThat(powerState()).isEqualTo("Off");
        assertThat(bmc.reset(SYSTEM, "On").status()).isEqualTo(204);
        assertThat(simulator.calls().count(RESET)).isEqualTo(3);
    }

    @Test
    void shouldHitOneServerOnlyWhereToldSo() throws Exception {
        simulator.faults().add(Fault.fail("*", "502").in("srv-2"));

        assertThat(bmc.get(SYSTEM).status()).isEqualTo(200);
        assertThat(Bmc.of(simulator, "srv-2").get(SYSTEM).status()).isEqualTo(502);
        simulator.faults().clear("srv-2");
        assertThat(Bmc.of(simulator, "srv-2").get(SYSTEM).status()).isEqualTo(200);
    }

    @Test
    void shouldActAndLoseTheAnswerOrCloseTheConnectionBefore() throws Exception {
        simulator.faults().add(Fault.loseResponse(RESET).times(1));
        assertThatThrownBy(() -> bmc.reset(SYSTEM, "On")).isInstanceOf(IOException.class);
        assertThat(powerState()).isEqualTo("PoweringOn");

        var hang = new Fault(RESET, Fault.Kind.HANG, 1, 0, Duration.ofMillis(100), null, null);
        simulator.faults().add(hang);
        assertThatThrownBy(() -> bmc.reset(SYSTEM, "ForceOff")).isInstanceOf(IOException.class);
        assertThat(powerState()).isEqualTo("PoweringOn");

        simulator.faults().add(Fault.reset(RESET).times(1));
        assertThatThrownBy(() -> bmc.reset(SYSTEM, "ForceOff")).isInstanceOf(IOException.class);
        assertThat(powerState()).isEqualTo("PoweringOn");
    }

    @Test
    void shouldBeGoneWhileTheBmcRestarts() throws Exception {
        var caller = bmc.session();
        assertThat(caller.post("/redfish/v1/Managers/BMC/Actions/Manager.Reset", "{\"ResetType\": \"ForceRestart\"}")
                        .status())
                .isEqualTo(204);
        assertThatThrownBy(() -> bmc.get(SYSTEM)).isInstanceOf(IOException.class);
        clock.advance(PACE);
        assertThat(bmc.get(SYSTEM).status()).isEqualTo(200);
        assertThat(caller.get(SYSTEM).status()).as("its sessions ended").isEqualTo(401);
    }

    /** A client gives up, its call lands all the same; its successor was faster. */
    @Test
    void shouldSeeACallThatLandsAfterAnotherSessionsChange() throws Exception {
        var zombie = bmc.session();
        var successor = bmc.session();
        simulator.faults().add(Fault.delay(RESET, Duration.ofSeconds(1)).times(1));

        var late = CompletableFuture.runAsync(() -> {
            try {
                zombie.reset(SYSTEM, "ForceOff");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        await().until(() -> simulator.faults().list().get(0).hits() == 1);
        clock.advance(Duration.ofMillis(1));
        successor.reset(SYSTEM, "On");
        late.join();

        assertThat(simulator.overlaps()).singleElement().satisfies(overlap -> {
            assertThat(overlap.server()).isEqualTo(SERVER);
            assertThat(overlap.session()).isEqualTo("1");
            assertThat(overlap.other()).isEqualTo("2");
        });
    }

    @Test
    void shouldSeeSessionsThatTakeTurnsButNotSuccessors() throws Exception {
        var first = bmc.session();
        var second = bmc.session();
        first.reset(SYSTEM, "On");
        first.reset(SYSTEM, "ForceOff");
        clock.advance(Duration.ofMillis(1));
        second.reset(SYSTEM, "On");
        second.get(SYSTEM);
        first.get(SYSTEM);
        assertThat(simulator.overlaps()).isEmpty();

        first.reset(SYSTEM, "ForceOff");
        assertThat(simulator.overlaps()).hasSize(1);
        assertThat(server().mutations())
                .extracting(ServerView.Mutation::session)
                .containsExactly("1", "1", "2", "1");
    }

    @Test
    void shouldBeAsVendorXHasIt() throws Exception {
        simulator.configure(SERVER, spec -> spec.withProfile(Profile.VENDOR_X));
        var system = "/redfish/v1/Systems/System.Embedded.1";

        assertThat(bmc.get(SYSTEM).status()).isEqualTo(404);
        var blind = bmc.patch(system, "{\"AssetTag\": \"a\"}");
        assertThat(blind.status()).isEqualTo(428);
        var etag = bmc.get(system).header("ETag");
        assertThat(bmc.with("If-Match", etag)
                        .patch(system, "{\"AssetTag\": \"a\"}")
                        .status())
                .isEqualTo(200);
        var reset = bmc.reset(system, "On");
        assertThat(reset.status()).isEqualTo(202);
        assertThat(bmc.reset(system, "On").status()).as("it is on").isEqualTo(409);
        assertThat(bmc.reset(system, "ForceOn").status()).isEqualTo(400);
        clock.advance(PACE);
        var end = bmc.get(reset.header("Location"));
        assertThat(end.status()).isEqualTo(200);
        assertThat(end.error()).isEqualTo("Base.1.18.Success");
        assertThat(bmc.get(system).body().at("/VirtualMedia/@odata.id").textValue())
                .endsWith(system + "/VirtualMedia");
    }

    @Test
    void shouldHaveLittleWithTheMinimalProfile() throws Exception {
        simulator.configure(SERVER, spec -> spec.withProfile(Profile.MINIMAL).withMemoryGiB(128));
        var system = bmc.get("/redfish/v1/Systems/Self");

        assertThat(system.header("ETag")).isEmpty();
        assertThat(system.body().has("Storage")).isFalse();
        assertThat(system.body().at("/MemorySummary/TotalSystemMemoryGiB").intValue())
                .isEqualTo(128);
        assertThat(bmc.get("/redfish/v1/").body().has("Tasks")).isFalse();
        assertThat(bmc.get("/redfish/v1/Managers/Self").body().has("VirtualMedia"))
                .isFalse();
        assertThat(bmc.get("/redfish/v1/Managers/Self/VirtualMedia/Cd").status())
                .isEqualTo(404);
        assertThat(bmc.get("/redfish/v1/TaskService").status()).isEqualTo(404);
    }

    @Test
    void shouldBeSteeredThroughTheControlApi() throws Exception {
        var control = new Bmc(Bmc.client(simulator), URI.create(simulator.baseUrl() + "/_groundwork/"));

        assertThat(control.post("servers", "{\"id\": \"edge-1\", \"type\": \"m1.small\", \"profile\": \"minimal\"}")
                        .status())
                .isEqualTo(201);
        assertThat(control.post("servers", "{\"id\": \"edge-1\", \"type\": \"m1.small\"}")
                        .status())
                .isEqualTo(400);
        assertThat(control.post("servers", "{\"id\": \"a/b\", \"type\": \"m9\", \"x\": 1}")
                        .body()
                        .get("errors")
                        .findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/id", "/type", "/x");
        assertThat(control.get("servers").body().get("items")).hasSize(21);
        assertThat(control.get("servers/edge-1").body().get("bmc").textValue())
                .isEqualTo(simulator.bmc("edge-1").toString());
        assertThat(control.post("servers/edge-1", "{\"memoryGiB\": 32, \"failingInstalls\": 2}")
                        .body()
                        .at("/spec/memoryGiB")
                        .intValue())
                .isEqualTo(32);
        assertThat(control.get("servers/none").status()).isEqualTo(404);
        assertThat(control.get("tls").status()).isEqualTo(404);
        assertThat(control.get("overlaps").body().get("items")).isEmpty();
        assertThat(control.send("PUT", "servers/edge-1/netboot", "{\"kind\": \"diskless\", \"image\": \"live\"}")
                        .status())
                .isEqualTo(204);
        assertThat(simulator.server("edge-1").netboot().kind()).isEqualTo(BootImage.Kind.DISKLESS);
        assertThat(control.post(
                                "faults",
                                "{\"action\": \"Drive.SecureErase\", \"kind\": \"hang\", \"scope\": \"srv-3\"}")
                        .status())
                .isEqualTo(201);
        assertThat(control.post("faults", "{\"action\": \"Nonsense\", \"kind\": \"fail\"}")
                        .status())
                .isEqualTo(400);
        assertThat(control.delete("faults?scope=srv-3").status()).isEqualTo(204);
        assertThat(simulator.faults().list()).isEmpty();
    }

    @Test
    void shouldKeepSwitchPortsShutUntilTheyAreEnabled() throws Exception {
        var control = new Bmc(Bmc.client(simulator), URI.create(simulator.baseUrl() + "/_groundwork/switch/"));
        var nic = SYSTEM + "/EthernetInterfaces/nic-2";
        assertThat(control.get("ports?enabled=true").body().get("items")).isEmpty();
        assertThat(bmc.get(nic).body().get("LinkStatus").textValue()).isEqualTo("LinkDown");

        assertThat(control.send("PUT", "ports/srv-1/nic-2", "{\"enabled\": true, \"vlan\": 42}")
                        .status())
                .isEqualTo(200);
        assertThat(control.send("PUT", "ports/srv-1/nic-2", "{\"enabled\": true, \"vlan\": 42}")
                        .body()
                        .get("history"))
                .as("no change")
                .hasSize(1);
        assertThat(bmc.get(nic).body().get("LinkStatus").textValue()).isEqualTo("LinkUp");
        assertThat(control.get("ports?enabled=true").body().at("/items/0/mac").textValue())
                .isEqualToIgnoringCase(bmc.get(nic).body().get("MACAddress").textValue());
        control.send("PUT", "ports/srv-1/nic-2", "{\"enabled\": false}");
        assertThat(simulator.port(SERVER, "nic-2").history())
                .extracting(Port.Change::enabled)
                .containsExactly(true, false);
        assertThat(control.send("PUT", "ports/srv-1/nic-9", "{\"enabled\": true}")
                        .status())
                .isEqualTo(404);
        assertThat(control.send("PUT", "ports/srv-1/nic-2", "{\"vlan\": 5000}")
                        .body()
                        .get("errors"))
                .hasSize(2);
    }
}
