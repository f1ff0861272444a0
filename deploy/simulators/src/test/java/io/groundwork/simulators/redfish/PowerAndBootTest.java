package io.groundwork.simulators.redfish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server does when it is switched, and what it leaves on its disks. */
class PowerAndBootTest extends RedfishTest {
    private static final String INSERT = MEDIA + "/Actions/VirtualMedia.InsertMedia";
    private static final String EJECT = MEDIA + "/Actions/VirtualMedia.EjectMedia";

    @BeforeEach
    void openPort() {
        simulator.setPort(SERVER, "nic-1", true, 7);
    }

    private void after(Duration time) {
        clock.advance(time);
    }

    private void awaitActivity(String activity) {
        await().atMost(Duration.ofSeconds(10)).until(() -> server().activity(), activity::equals);
    }

    private void bootFromMedium(String image) throws Exception {
        assertThat(bmc.post(INSERT, "{\"Image\": \"" + image + "\"}").status()).isEqualTo(204);
        override("Cd", "Once");
        assertThat(bmc.reset(SYSTEM, "On").status()).isEqualTo(204);
        after(PACE.multipliedBy(2)); // power, then firmware
    }

    private void install(String owner) throws Exception {
        bootFromMedium(page("/image", "{\"image\": \"debian-12\", \"owner\": \"" + owner + "\"}"));
        awaitActivity("installing");
        after(PACE.multipliedBy(3)); // install, firmware, system
        assertThat(server().activity()).isEqualTo("running");
    }

    @Test
    void shouldTakeTimeToSwitch() throws Exception {
        assertThat(powerState()).isEqualTo("Off");
        bmc.reset(SYSTEM, "On");
        assertThat(powerState()).isEqualTo("PoweringOn");
        after(PACE);
        assertThat(powerState()).isEqualTo("On");
        bmc.reset(SYSTEM, "On");
        assertThat(powerState()).as("no second time").isEqualTo("On");
        bmc.reset(SYSTEM, "ForceOff");
        assertThat(powerState()).isEqualTo("PoweringOff");
        after(PACE);
        assertThat(powerState()).isEqualTo("Off");
        assertThat(server().powerOns()).isEqualTo(1);
        assertThat(server().powerOffs()).isEqualTo(1);
    }

    @Test
    void shouldHaltWithNothingToBootAndHearNoPowerButton() throws Exception {
        bmc.reset(SYSTEM, "On");
        after(PACE.multipliedBy(2));
        assertThat(server().activity()).isEqualTo("halted");

        bmc.reset(SYSTEM, "GracefulShutdown");
        after(PACE.multipliedBy(2));
        assertThat(powerState()).isEqualTo("On");
        assertThat(journal()).endsWith("ignored");
    }

    @Test
    void shouldInstallFromAMediumOnceAndThenBootFromTheDisk() throws Exception {
        assertThat(server().owners()).isEmpty();
        install("acme/web/0");

        assertThat(server().bootedFrom()).isEqualTo("Hdd");
        assertThat(server().installs()).isEqualTo(1);
        assertThat(server().boots()).isEqualTo(2);
        assertThat(system().at("/Boot/BootSourceOverrideEnabled").textValue()).isEqualTo("Disabled");
        assertThat(server().disks().get(0).content()).satisfies(content -> {
            assertThat(content.image()).isEqualTo("debian-12");
            assertThat(content.complete()).isTrue();
        });
        assertThat(server().owners()).as("on all disks").containsExactly("acme/web/0");
        assertThat(server().disks()).allMatch(disk -> disk.content() != null);

        assertThat(bmc.post(EJECT, "{}").status()).isEqualTo(204);
        assertThat(bmc.get(MEDIA).body().get("Inserted").booleanValue()).isFalse();
        assertThat(server().mediaHistory()).extracting("what").containsExactly("insert", "eject");
        bmc.reset(SYSTEM, "GracefulShutdown");
        after(PACE);
        assertThat(powerState()).isEqualTo("Off");
    }

    @Test
    void shouldInstallAgainAndAgainWhenToldToDoSoContinuously() throws Exception {
        bmc.post(INSERT, "{\"Image\": \"" + page("/image", "{}") + "\"}");
        override("Cd", "Continuous");
        bmc.reset(SYSTEM, "On");
        for (var round = 1; round <= 2; round++) {
            after(PACE.multipliedBy(2));
            awaitActivity("installing");
            assertThat(server().installs()).isEqualTo(round - 1);
            var before = server().installs();
            after(PACE);
            await().until(() -> server().installs(), count -> count == before + 1);
        }
    }

    @Test
    void shouldLeaveHalfASystemWhenItIsSwitchedOffWhileInstalling() throws Exception {
        bootFromMedium(page("/image", "{\"owner\": \"acme/web/0\"}"));
        awaitActivity("installing");
        bmc.reset(SYSTEM, "ForceOff");
        after(PACE);

        assertThat(server().disks().get(0).content().complete()).isFalse();
        assertThat(server().owners()).containsExactly("acme/web/0");
        bmc.post(EJECT, "{}");
        bmc.reset(SYSTEM, "On");
        after(PACE.multipliedBy(2));
        assertThat(server().activity()).as("half a system does not boot").isEqualTo("halted");
    }

    @Test
    void shouldIgnoreTheShutdownIfItsSystemDoes() throws Exception {
        install("acme/web/0");
        simulator.configure(SERVER, spec -> spec.withIgnoresGracefulShutdown(true));

        assertThat(bmc.reset(SYSTEM, "GracefulShutdown").status()).isEqualTo(204);
        after(PACE.multipliedBy(10));
        assertThat(powerState()).isEqualTo("On");
        bmc.reset(SYSTEM, "ForceOff");
        after(PACE);
        assertThat(powerState()).isEqualTo("Off");
    }

    @Test
    void shouldFailToInstall() throws Exception {
        simulator.configure(SERVER, spec -> spec.withFailingInstalls(1));
        bootFromMedium(page("/image", "{}"));
        awaitActivity("installing");
        after(PACE);

        assertThat(server().activity()).isEqualTo("halted");
        assertThat(journal()).endsWith("installFailed");
        assertThat(server().installs()).isZero();
        override("Cd", "Once");
        bmc.reset(SYSTEM, "ForceRestart");
        after(PACE);
        awaitActivity("installing");
        after(PACE);
        assertThat(server().installs()).isEqualTo(1);
    }

    @Test
    void shouldSkipAnImageThatCannotBeRead() throws Exception {
        bootFromMedium(address("/none"));

        awaitActivity("halted");
        assertThat(server().journal()).anySatisfy(event -> {
            assertThat(event.what()).isEqualTo("skipped");
            assertThat(event.detail()).contains("status 404");
        });
        assertThat(server().owners()).isEmpty();
    }

    @Test
    void shouldPhoneHomeOnceWithItsToken() throws Exception {
        bootFromMedium(page("/image", """
                {"owner": "acme/web/0", "phoneHomeUrl": "%s", "phoneHomeToken": "t-1"}""".formatted(address("/home"))));
        awaitActivity("installing");
        assertThat(phoneCalls).isEmpty();
        after(PACE.multipliedBy(3));

        await().until(() -> journal().contains("phonedHome"));
        assertThat(phoneCalls).containsExactly("/home Bearer t-1 instance_id=acme%2Fweb%2F0&hostname=srv-1&fqdn=srv-1");
        bmc.reset(SYSTEM, "ForceRestart");
        after(PACE.multipliedBy(2));
        assertThat(server().activity()).isEqualTo("running");
        after(PACE.multipliedBy(100));
        assertThat(server().activity()).isEqualTo("running");
        assertThat(phoneCalls).as("only the first boot does").hasSize(1);
    }

    @Test
    void shouldReadCloudInitsPhoneHomeAndTryAgain() throws Exception {
        bootFromMedium(page(
                "/seed.iso",
                "\0CD001\0instance-id: i-7\n\0#cloud-config\nphone_home:\n  tries: 3\n  url: \""
                        + address("/refuse?t=1") + "\"\n  post: all\n"));
        awaitActivity("installing");
        after(PACE.multipliedBy(3));

        await().until(() -> phoneCalls.size() == 1);
        await().until(() -> journal().contains("phoneHomeFailed"));
        after(PACE);
        await().until(() -> phoneCalls.size() == 2);
        assertThat(phoneCalls.get(1)).startsWith("/refuse?t=1 null instance_id=i-7&");
        assertThat(server().owners()).containsExactly("i-7");
    }

    @Test
    void shouldBootFromTheNetworkThroughAnOpenPortOnlyAndLeaveNoTrace() throws Exception {
        simulator.netboot(SERVER, new BootImage(BootImage.Kind.DISKLESS, "live", "acme/web/0", address("/home"), null));
        simulator.setPort(SERVER, "nic-1", false, null);
        override("Pxe", "Once");
        bmc.reset(SYSTEM, "On");
        after(PACE.multipliedBy(2));
        assertThat(server().activity()).isEqualTo("halted");

        simulator.setPort(SERVER, "nic-1", true, 9);
        override("Pxe", "Once");
        bmc.reset(SYSTEM, "ForceRestart");
        after(PACE.multipliedBy(2));
        assertThat(server().activity()).isEqualTo("running");
        assertThat(server().bootedFrom()).isEqualTo("Pxe");
        await().until(() -> !phoneCalls.isEmpty());
        assertThat(server().owners()).isEmpty();
        assertThat(server().disks())
                .allMatch(disk -> disk.content() == null && disk.history().isEmpty());
    }

    @Test
    void shouldFindWhatToBootOnTheNetworkByItsAddress() throws Exception {
        var mac = server().ports().get(0).mac();
        var template = page("/boot/" + mac, "{\"kind\": \"install\", \"image\": \"by-mac\"}")
                .replace(mac, "{mac}");
        simulator.change(simulator.settings().with("{\"netbootUrl\": \"" + template + "\"}"));

        bmc.reset(SYSTEM, "On"); // no override: an empty machine tries the network last
        after(PACE.multipliedBy(2));
        awaitActivity("installing");
        assertThat(server().disks().get(0).content().image()).isEqualTo("by-mac");
    }

    @Test
    void shouldEraseADriveInATask() throws Exception {
        install("acme/web/0");
        var drives = SYSTEM + "/Storage/1/Drives/";
        for (var disk : server().disks()) {
            var answer = bmc.post(drives + disk.id() + "/Actions/Drive.SecureErase", "{}");
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.body().get("TaskState").textValue()).isEqualTo("Running");
            var monitor = answer.header("Location");
            assertThat(bmc.get(monitor).status()).isEqualTo(202);
            assertThat(bmc.post(drives + disk.id() + "/Actions/Drive.SecureErase", "{}")
                            .status())
                    .isEqualTo(409);
            after(PACE);
            assertThat(bmc.get(monitor).status()).isEqualTo(204);
            assertThat(bmc.get(answer.body().get("@odata.id").textValue())
                            .body()
                            .get("TaskState")
                            .textValue())
                    .isEqualTo("Completed");
        }
        assertThat(server().owners()).isEmpty();
        assertThat(server().disks())
                .allSatisfy(disk -> assertThat(disk.history())
                        .singleElement()
                        .satisfies(past -> assertThat(past.how()).isEqualTo("SecureErase")));
    }

    @Test
    void shouldReportAnEraseThatFails() throws Exception {
        install("acme/web/0");
        simulator.configure(SERVER, spec -> spec.withFailingErases(1));
        var answer = bmc.post(SYSTEM + "/Storage/1/Drives/disk-0/Actions/Drive.SecureErase", "{}");
        after(PACE);

        assertThat(bmc.get(answer.header("Location")).status()).isEqualTo(500);
        assertThat(bmc.get(answer.body().get("@odata.id").textValue())
                        .body()
                        .get("TaskState")
                        .textValue())
                .isEqualTo("Exception");
        assertThat(server().disks().get(0).content()).isNotNull();
    }

    @Test
    void shouldEraseAllDisksByABootImageAndTellFromOverwriting() throws Exception {
        install("acme/web/0");
        bootFromMedium(page("/image", "{\"owner\": \"acme/db/0\"}"));
        override("Cd", "Once");
        bmc.reset(SYSTEM, "ForceRestart");
        after(PACE);
        awaitActivity("installing");
        assertThat(server().disks().get(0).history()).extracting("how").containsExactly("overwritten");
        assertThat(server().owners()).as("the other disks still have it").contains("acme/web/0");

        simulator.netboot(SERVER, new BootImage(BootImage.Kind.ERASE, "cleaner", null, null, null));
        override("Pxe", "Once");
        bmc.reset(SYSTEM, "ForceRestart");
        after(PACE.multipliedBy(2));
        assertThat(server().activity()).isEqualTo("running");
        assertThat(server().owners()).isEmpty();
        assertThat(server().disks().get(0).history()).extracting("how").containsExactly("overwritten", "erase");
    }
}
