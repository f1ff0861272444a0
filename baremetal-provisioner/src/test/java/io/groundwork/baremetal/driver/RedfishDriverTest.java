package io.groundwork.baremetal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.baremetal.domain.Hardware;
import io.groundwork.baremetal.domain.Registration.Bmc;
import io.groundwork.baremetal.domain.ServerTask;
import io.groundwork.events.Catalogue.Boot;
import io.groundwork.events.Component.Shutdown;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.runtime.WorkResult;
import io.groundwork.runtime.WorkResult.Kind;
import io.groundwork.simulators.Fault;
import io.groundwork.simulators.redfish.Port;
import io.groundwork.simulators.redfish.Profile;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real driver against simulated servers of three makes, whole and under faults. */
class RedfishDriverTest {

    private static final String LARGE = "srv-1";
    private static final String INSTANCE = "acme/payments/web-prod/db/0";

    @ParameterizedTest
    @EnumSource(Profile.class)
    void shouldVerifyInspectDeployTakeDownAndClean(Profile make) {
        try (var site = Site.of(make)) {
            assertThat(site.run("srv-1/1", new ServerTask.Verify(LARGE, site.bmc(LARGE)))
                            .kind())
                    .isEqualTo(Kind.DONE);
            var inspected = site.run("srv-1/2", new ServerTask.Inspect(LARGE, site.bmc(LARGE), "m1.large"));
            var hardware = Json.MAPPER.convertValue(inspected.outputs(), Hardware.class);
            assertThat(hardware.cpus()).isEqualTo(128);
            assertThat(hardware.memoryGiB()).isEqualTo(256);
            assertThat(hardware.macs()).hasSize(4).doesNotHaveDuplicates();
            assertThat(hardware.disksGiB()).hasSize(make == Profile.MINIMAL ? 0 : 4);

            var cleaned = site.run("srv-1/3", site.clean(LARGE, false));
            assertThat(cleaned.kind()).as("%s", cleaned.failure()).isEqualTo(Kind.DONE);
            assertThat(Json.MAPPER
                            .convertValue(cleaned.outputs(), ServerTask.Erased.class)
                            .how())
                    .isEqualTo(make == Profile.MINIMAL ? "boot-image" : "secure-erase");

            var deployed = site.run("srv-1/4", site.deploy(LARGE, Boot.VIRTUAL_MEDIA, false, false));
            assertThat(deployed.kind()).as("%s", deployed.failure()).isEqualTo(Kind.DONE);
            assertThat(Json.MAPPER.convertValue(deployed.outputs(), ComponentOutputs.Instance.class))
                    .isEqualTo(new ComponentOutputs.Instance(0, LARGE, "10.20.0.11", "ams1"));
            var running = site.view(LARGE);
            assertThat(running.owners()).containsExactly(INSTANCE);
            assertThat(running.media()).isNull();
            assertThat(running.installs()).isEqualTo(1);
            assertThat(running.ports()).extracting(Port::enabled).containsExactly(true, false, false, false);

            assertThat(site.run("srv-1/5", site.undeploy(LARGE)).kind()).isEqualTo(Kind.DONE);
            assertThat(site.view(LARGE).powerState()).isEqualTo("Off");
            assertThat(site.view(LARGE).ports()).noneMatch(Port::enabled);
            assertThat(site.run("srv-1/6", site.clean(LARGE, true)).kind()).isEqualTo(Kind.DONE);
            assertThat(site.view(LARGE).owners()).isEmpty();
            assertThat(site.view(LARGE).powerState()).isEqualTo("Off");
            assertThat(site.view(LARGE).sessions()).isZero();
            assertThat(site.simulator.overlaps()).isEmpty();
            assertThat(site.boots).isEmpty();
        }
    }

    @Test
    void shouldLeaveNoTraceOnDisksOfAServerThatBootsOverTheNetwork() {
        try (var site = Site.of(Profile.STANDARD)) {
            var deployed = site.run("srv-1/1", site.deploy(LARGE, Boot.NETWORK, true, false));

            assertThat(deployed.kind()).isEqualTo(Kind.DONE);
            assertThat(site.view(LARGE).bootedFrom()).isEqualTo("UefiHttp");
            assertThat(site.view(LARGE).disks()).allMatch(disk -> disk.content() == null);
        }
    }

    @Test
    void shouldLeaveAServerOnlyWhenNoWorkCanBeUnderWayAnyMore() {
        try (var site = Site.of(Profile.STANDARD)) {
            var soon = Instant.now().plusSeconds(60);

            assertThat(site.leave(LARGE, soon, false).kind()).isEqualTo(Kind.PENDING);
            assertThat(site.leave(LARGE, soon, false).pollAfter())
                    .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
            assertThat(site.leave(LARGE, Instant.now(), false).kind()).isEqualTo(Kind.DONE);
            // what only read has nothing that could still come
            assertThat(site.leave(LARGE, soon, true).kind()).isEqualTo(Kind.DONE);
        }
    }

    @Test
    void shouldSayWhatIsWrongWithTheBmcOrItsAccount() throws IOException {
        try (var site = Site.of(Profile.STANDARD)) {
            var right = site.bmc(LARGE);
            assertThat(verify(site, new Bmc(right.address(), "nobody", right.fingerprint())))
                    .isEqualTo(FailureCategory.AUTH);
            assertThat(verify(site, new Bmc(right.address(), "lab", "00".repeat(32))))
                    .isEqualTo(FailureCategory.AUTH);
            assertThat(verify(site, new Bmc(right.address(), "lab", null))).isEqualTo(FailureCategory.AUTH);
            site.simulator.configure(LARGE, spec -> spec.withPassword("changed"));
            assertThat(verify(site, right)).isEqualTo(FailureCategory.AUTH);
        }
    }

    @Test
    void shouldTrustABmcByItsAuthority() throws IOException {
        try (var site = Site.of(Profile.STANDARD)) {
            var authorities = Files.createTempFile("authorities", ".pem");
            Files.writeString(authorities, String.valueOf(site.simulator.certificate()));
            var bmcs = new Bmcs(authorities, Duration.ofSeconds(2)).with("lab", "groundwork", "groundwork-local");
            var bmc = new Bmc(site.simulator.bmc(LARGE), "lab", null);

            assertThat(bmcs.apply(bmc).observe().power()).isEqualTo("Off");
        }
    }

    private static FailureCategory verify(Site site, Bmc bmc) {
        var found = site.work("srv-1/1", new ServerTask.Verify(LARGE, bmc), null, 1, 0);
        assertThat(found.kind()).isEqualTo(Kind.FAILED);
        assertThat(found.failure()).isNotNull();
        assertThat(found.failure().retryable()).isFalse();
        return found.failure().category();
    }

    @Test
    void shouldNameWhatAServerLacksOfItsType() {
        try (var site = Site.of(Profile.STANDARD)) {
            site.simulator.configure(LARGE, spec -> spec.withMemoryGiB(128));

            var found = site.work("srv-1/1", new ServerTask.Inspect(LARGE, site.bmc(LARGE), "m1.large"), null, 1, 0);

            assertThat(found.failure()).isNotNull();
            assertThat(found.failure().detail()).isEqualTo("128 GiB of memory instead of 256");
        }
    }

    @Test
    void shouldNotWipeWhatIsInUse() {
        try (var site = Site.of(Profile.STANDARD)) {
            site.run("srv-1/1", site.deploy(LARGE, Boot.VIRTUAL_MEDIA, false, false));

            var refused = site.work("srv-1/2", site.clean(LARGE, false), null, 1, 0);
            assertThat(refused.failure()).isNotNull();
            assertThat(refused.failure().category()).isEqualTo(FailureCategory.POLICY);

            // another's data, on a server that nobody cleaned
            site.run("srv-1/3", site.undeploy(LARGE));
            var other = other(site.deploy(LARGE, Boot.VIRTUAL_MEDIA, false, false));
            var also = site.work("srv-1/4", other, null, 1, 0);
            assertThat(also.failure()).isNotNull();
            assertThat(also.failure().category()).isEqualTo(FailureCategory.POLICY);
            assertThat(site.view(LARGE).owners()).containsExactly(INSTANCE);
        }
    }

    @Test
    void shouldNotWipeWhatItIsToldIsInUseAlthoughItIsOff() {
        try (var site = Site.of(Profile.STANDARD)) {
            var refused = site.work("srv-1/1", site.clean(LARGE, false, "on when its BMC was verified"), null, 1, 0);

            assertThat(refused.failure()).isNotNull();
            assertThat(refused.failure().category()).isEqualTo(FailureCategory.POLICY);
            assertThat(refused.failure().detail()).isEqualTo("on when its BMC was verified");
            assertThat(site.run("srv-1/2", site.clean(LARGE, true, "on when its BMC was verified"))
                            .kind())
                    .isEqualTo(Kind.DONE);
        }
    }

    private static ServerTask.Deploy other(ServerTask.Deploy deploy) {
        var order = deploy.instance();
        return new ServerTask.Deploy(
                deploy.server(),
                deploy.bmc(),
                new io.groundwork.baremetal.domain.InstanceOrder(
                        order.server(), 8, order.site(), order.resource(), "cache", 0, order.installation(), null),
                false,
                false);
    }

    @Test
    void shouldBootAServerAgainThatCameUpWhileNobodyAnswered() {
        try (var site =
                Site.of(Profile.STANDARD).bootTime(Duration.ofMillis(500)).unanswered(2)) {
            var deployed = site.run("srv-1/1", site.deploy(LARGE, Boot.VIRTUAL_MEDIA, false, false));

            assertThat(deployed.kind()).as("%s", deployed.failure()).isEqualTo(Kind.DONE);
            assertThat(site.view(LARGE).journal()).extracting("what").containsOnlyOnce("halted");
            assertThat(site.view(LARGE).installs()).isEqualTo(1);
            assertThat(site.view(LARGE).owners()).containsExactly(INSTANCE);
            assertThat(site.simulator.overlaps()).isEmpty();
        }
    }

    @Test
    void shouldBootWhatErasesDisksAgainWhereNobodyAnswered() {
        try (var site =
                Site.of(Profile.MINIMAL).bootTime(Duration.ofMillis(500)).unanswered(2)) {
            var cleaned = site.run("srv-1/1", site.clean(LARGE, false));

            assertThat(cleaned.kind()).as("%s", cleaned.failure()).isEqualTo(Kind.DONE);
            assertThat(site.view(LARGE).journal()).extracting("what").contains("halted");
            assertThat(site.view(LARGE).powerState()).isEqualTo("Off");
        }
    }

    /** It is not restarted in the middle of its installation, however long that takes. */
    @Test
    void shouldLeaveAServerAloneThatHasAskedForWhatItBoots() {
        try (var site = Site.of(Profile.STANDARD).bootTime(Duration.ofMillis(500))) {
            site.simulator.change(site.simulator.settings().with("{\"installDelay\": \"PT2S\"}"));
            assertThat(site.run("srv-1/1", site.deploy(LARGE, Boot.VIRTUAL_MEDIA, false, false))
                            .kind())
                    .isEqualTo(Kind.DONE);
            assertThat(site.view(LARGE).installs()).isEqualTo(1);
        }
    }

    /** Its BMC loads an image that is kept elsewhere, and it may ask for nothing before it calls home. */
    @Test
    void shouldLeaveAServerAloneThatNeedNotAskForWhatItBoots() {
        try (var site =
                Site.of(Profile.STANDARD).bootTime(Duration.ofMillis(300)).mediaElsewhere()) {
            site.simulator.change(site.simulator.settings().with("{\"installDelay\": \"PT2S\"}"));

            assertThat(site.run("srv-1/1", site.deploy(LARGE, Boot.VIRTUAL_MEDIA, false, false))
                            .kind())
                    .isEqualTo(Kind.DONE);
            assertThat(site.view(LARGE).installs()).isEqualTo(1);
            assertThat(site.view(LARGE).journal())
                    .extracting("detail")
                    .noneMatch(detail -> String.valueOf(detail).contains("ForceRestart"));
        }
    }

    @Test
    void shouldCutThePowerOfASystemThatDoesNotShutDown() {
        try (var site = Site.of(Profile.STANDARD).softPowerOff(Duration.ofMillis(300))) {
            site.run("srv-1/1", site.deploy(LARGE, Boot.VIRTUAL_MEDIA, false, false));
            site.simulator.configure(LARGE, spec -> spec.withIgnoresGracefulShutdown(true));

            assertThat(site.run("srv-1/2", site.undeploy(LARGE)).kind()).isEqualTo(Kind.DONE);

            assertThat(site.view(LARGE).journal()).extracting("what").contains("ignored");
            assertThat(site.view(LARGE).powerState()).isEqualTo("Off");
        }
    }

    @Test
    void shouldCutThePowerAtOnceWhereNobodyIsToBeAsked() {
        try (var site = Site.of(Profile.STANDARD).softPowerOff(Duration.ofMinutes(1))) {
            site.run("srv-1/1", site.deploy(LARGE, Boot.VIRTUAL_MEDIA, false, false));
            site.simulator.configure(LARGE, spec -> spec.withIgnoresGracefulShutdown(true));

            var ended = site.run("srv-1/2", site.undeploy(LARGE, new Shutdown(Duration.ZERO, true)));

            assertThat(ended.kind()).isEqualTo(Kind.DONE);
            assertThat(site.view(LARGE).journal()).extracting("what").doesNotContain("ignored");
            assertThat(site.view(LARGE).powerState()).isEqualTo("Off");
        }
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void shouldLeaveASystemOnThatMustNotBeCut(Profile make) {
        var gentle = new Shutdown(Duration.ofMillis(300), false);
        try (var site = Site.of(make)) {
            site.run("srv-1/1", site.deploy(LARGE, Boot.VIRTUAL_MEDIA, false, false));
            site.simulator.configure(LARGE, spec -> spec.withIgnoresGracefulShutdown(true));

            var stuck = site.run("srv-1/2", site.undeploy(LARGE, gentle));

            assertThat(stuck.kind()).isEqualTo(Kind.FAILED);
            assertThat(stuck.failure()).isNotNull();
            assertThat(stuck.failure().category()).isEqualTo(FailureCategory.TIMEOUT);
            assertThat(stuck.failure().message()).contains("srv-1", "must not be cut");
            assertThat(site.view(LARGE).powerState()).isEqualTo("On");

            site.simulator.configure(LARGE, spec -> spec.withIgnoresGracefulShutdown(false));
            assertThat(site.run("srv-1/3", site.undeploy(LARGE, gentle)).kind()).isEqualTo(Kind.DONE);
            assertThat(site.view(LARGE).powerState()).isEqualTo("Off");
        }
    }

    @Test
    void shouldKeepAServerOutWhoseDisksCannotBeErased() {
        try (var site = Site.of(Profile.STANDARD)) {
            site.simulator.configure(LARGE, spec -> spec.withFailingErases(1));

            var failed = site.run("srv-1/1", site.clean(LARGE, false));

            assertThat(failed.kind()).isEqualTo(Kind.FAILED);
            assertThat(failed.failure()).isNotNull();
            assertThat(failed.failure().detail()).contains("could not be erased");
        }
        try (var site = Site.of(Profile.MINIMAL).without("image")) {
            var failed = site.run("srv-1/1", site.clean(LARGE, false));

            assertThat(failed.failure()).isNotNull();
            assertThat(failed.failure().category()).isEqualTo(FailureCategory.PROVIDER);
        }
    }

    @Test
    void shouldBootNothingToCleanAServerWhileItsPortMayStillBeShut() {
        try (var site = Site.of(Profile.MINIMAL)) {
            var task = site.clean(LARGE, false);

            assertThat(site.unsettled("srv-1/1", task).kind()).isEqualTo(Kind.PENDING);
            assertThat(site.view(LARGE).powerOns()).isZero();

            assertThat(site.run("srv-1/1", task).kind()).isEqualTo(Kind.DONE);
        }
    }

    @Test
    void shouldSwitchThePower() {
        try (var site = Site.of(Profile.VENDOR_X)) {
            var bmc = site.bmc(LARGE);
            site.run("srv-1/1", new ServerTask.Switch(LARGE, bmc, ServerTask.Power.ON));
            assertThat(site.view(LARGE).powerState()).isEqualTo("On");
            site.run("srv-1/2", new ServerTask.Switch(LARGE, bmc, ServerTask.Power.RESET));
            assertThat(site.view(LARGE).powerState()).isEqualTo("On");
            site.run("srv-1/3", site.undeploy(LARGE));
            assertThat(site.view(LARGE).powerState()).isEqualTo("Off");
        }
    }

    @Test
    void shouldAdoptWhatRunsWithoutTouchingIt() {
        for (var make : Profile.values()) {
            try (var site = Site.of(make)) {
                site.run("srv-1/1", site.deploy(LARGE, Boot.VIRTUAL_MEDIA, false, false));
                var before = site.view(LARGE);

                var seen = site.run("srv-1/2", new ServerTask.Adopt(LARGE, site.bmc(LARGE)));

                assertThat(seen.outputs()).isEqualTo(Json.MAPPER.valueToTree(new ServerTask.Seen("On")));
                var after = site.view(LARGE);
                assertThat(after.mutations())
                        .as("no call that changes anything")
                        .isEqualTo(before.mutations());
                assertThat(after.powerState()).isEqualTo("On");
                assertThat(after.owners()).isEqualTo(before.owners()).isNotEmpty();
            }
        }
    }

    /** Of every kind of call the second and third go wrong. */
    @ParameterizedTest
    @ValueSource(strings = {"throttle", "reset", "loseResponse", "fail"})
    void shouldEndWellWhateverHappensToCalls(String kind) {
        for (var make : Profile.values()) {
            try (var site = Site.of(make)) {
                for (var action : new String[] {
                    "GET ComputerSystem",
                    "POST Session",
                    "PATCH ComputerSystem",
                    "ComputerSystem.Reset",
                    "VirtualMedia.InsertMedia",
                    "VirtualMedia.EjectMedia",
                    "Drive.SecureErase",
                    "DELETE Session"
                }) {
                    site.simulator.faults().add(fault(kind, action).after(1).times(2));
                }
                assertThat(site.run("srv-1/1", site.clean(LARGE, false)).kind()).isEqualTo(Kind.DONE);
                var deployed = site.run("srv-1/2", site.deploy(LARGE, Boot.VIRTUAL_MEDIA, false, false));
                assertThat(deployed.kind())
                        .as("%s: %s", make, deployed.failure())
                        .isEqualTo(Kind.DONE);
                assertThat(site.view(LARGE).owners()).containsExactly(INSTANCE);
                assertThat(site.run("srv-1/3", site.undeploy(LARGE)).kind()).isEqualTo(Kind.DONE);
                assertThat(site.run("srv-1/4", site.clean(LARGE, true)).kind()).isEqualTo(Kind.DONE);

                assertThat(site.view(LARGE).owners()).isEmpty();
                assertThat(site.simulator.overlaps()).isEmpty();
            }
        }
    }

    private static Fault fault(String kind, String action) {
        return switch (kind) {
            case "throttle" -> Fault.throttle(action);
            case "reset" -> Fault.reset(action);
            case "loseResponse" -> Fault.loseResponse(action);
            default -> Fault.fail(action, "500");
        };
    }

    /** The records of the first works are lost, each once: what they did is found, and not done again. */
    @ParameterizedTest
    @EnumSource(Profile.class)
    void shouldGoOnAfterWorkersThatDiedBeforeTheyCouldTell(Profile make) {
        try (var site = Site.of(make)) {
            var task = site.deploy(LARGE, Boot.VIRTUAL_MEDIA, false, false);
            JsonNode checkpoint = null;
            var fence = 0L;
            for (var move = 0; move < 3; move++) {
                // done twice from the same record
                site.work("srv-1/1", task, checkpoint, ++fence, 0);
                checkpoint = site.work("srv-1/1", task, checkpoint, ++fence, 0).checkpoint();
            }
            var deployed = site.run("srv-1/1", task, checkpoint, fence);

            assertThat(deployed.kind()).isEqualTo(Kind.DONE);
            assertThat(site.view(LARGE).installs()).isEqualTo(1);
            assertThat(site.view(LARGE).powerOns()).isEqualTo(1);
            assertThat(site.simulator.overlaps()).isEmpty();
        }
    }

    /** A worker stops before its call, its work is given to another, then it goes on. */
    @ParameterizedTest
    @ValueSource(strings = {"login", "reset", "prepare", "insert", "endOthers"})
    void shouldLetNoWorkerChangeAServerThatAnotherHas(String call) throws Exception {
        try (var site = Site.of(Profile.STANDARD)) {
            var frozen = new CountDownLatch(1);
            var thaw = new CountDownLatch(1);
            var task = site.deploy(LARGE, Boot.VIRTUAL_MEDIA, false, false);
            site.between(freezing(call, frozen, thaw));
            var zombie = CompletableFuture.supplyAsync(() -> site.work("srv-1/1", task, null, 1, 0));
            frozen.await();
            site.between(UnaryOperator.identity());

            var deployed = site.run("srv-1/1", task, null, 1);
            thaw.countDown();

            assertThat(deployed.kind()).isEqualTo(Kind.DONE);
            assertThat(zombie.get()).extracting(WorkResult::kind).isNotEqualTo(Kind.DONE);
            assertThat(site.view(LARGE).installs()).isEqualTo(1);
            assertThat(site.view(LARGE).activity()).isEqualTo("running");
            assertThat(site.view(LARGE).media()).isNull();
            assertThat(site.simulator.overlaps()).isEmpty();
        }
    }

    private static UnaryOperator<Redfish> freezing(String call, CountDownLatch frozen, CountDownLatch thaw) {
        return redfish -> (Redfish) Proxy.newProxyInstance(
                Redfish.class.getClassLoader(), new Class<?>[] {Redfish.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals(call)) {
                        frozen.countDown();
                        thaw.await();
                    }
                    try {
                        return method.invoke(redfish, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
