package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Servers beside virtual machines, from the design to the metal and back; each test has servers of its own, so they wait
 * at the same time. First, as it takes longest.
 */
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class MetalIT extends StackTest {
    private Metal metal;

    @BeforeEach
    void find() {
        metal = new Metal(stack);
    }

    @Test
    void shouldInstallAServerThatNeedsAMachineAndGiveItBackClean() {
        // its BMC takes no virtual media and erases no disks: it boots over the network what does
        metal.add("edge-1", "minimal");
        metal.awaits("edge-1", "available");
        var resource = Ask.newResource("metal");
        var id = deployed(Ask.deploy(resource).machines(1).serverBehind("web", "edge-1"));

        var address = cloud.machines(resource).getFirst().privateIp();
        assertThat(client.timeline(id).toString()).contains("${web.instances[0].privateIp} is " + address);
        metal.awaits("edge-1", "active");
        assertThat(metal.said("edge-1").at("/consumer/resource").asText()).isEqualTo(resource);
        assertThat(pools(resource)).contains("pool/ams1/m1.large", "quota/" + Ask.PROJECT, "subnet/ams1-default");
        var real = metal.real("edge-1");
        assertThat(real.path("powerState").asText()).isEqualTo("On");
        assertThat(metal.owners("edge-1")).containsExactly(resource + "/db/0");
        assertThat(real.at("/journal").toString()).contains("/v1/netboot/").doesNotContain("phoneHomeFailed");
        assertThat(Json.texts(real.path("ports"), "enabled").stream()
                        .filter("true"::equals)
                        .count())
                .as("open ports, one for its network")
                .isEqualTo(1);

        metal.configure("edge-1", "ignoresGracefulShutdown", true);
        var removal = client.submit(Ask.decommission(resource));
        approver.approve(removal);
        client.awaits(removal, "NEEDS_ATTENTION");
        assertThat(client.get(removal).toString()).contains("its power must not be cut");
        assertThat(metal.real("edge-1").path("powerState").asText()).isEqualTo("On");

        metal.configure("edge-1", "ignoresGracefulShutdown", false);
        client.intervene(removal, "deprovision:db", "retry").expect(202);
        client.awaits(removal, "COMPLETED");
        metal.awaitClean("edge-1");
        client.awaitNothingLeft(cloud, resource);
    }

    @Test
    void shouldPutAnInstanceOnAnotherServerThatStaysTheSameInstance() {
        metal.awaits("srv-6", "available");
        metal.awaits("srv-7", "available");
        var resource = Ask.newResource("moved");
        var first = deployed(Ask.deploy(resource).servers("srv-6").label("team", "payments"));
        var before = client.instance(resource, "db", 0);
        assertThat(before.path("providerId").asText()).isEqualTo("srv-6");
        var address = before.at("/addresses/0").asText();
        assertThat(address).isNotEmpty();
        var claimed = quota(resource);

        var wrong = client.post(Ask.replace(resource, "db", 7, "its fans fail", "srv-7"))
                .expect(400);
        assertThat(wrong.json().at("/errors/0/pointer").asText()).isEqualTo("/replace/index");
        var second = deployed(Ask.replace(resource, "db", 0, "its fans fail", "srv-7"));

        metal.awaits("srv-7", "active");
        assertThat(metal.owners("srv-7")).containsExactly(resource + "/db/0");
        metal.awaitClean("srv-6");
        assertThat(client.get(second).at("/outputs/db/instances/0/providerId").asText())
                .isEqualTo("srv-7");
        var after = client.instance(resource, "db", 0);
        assertThat(after.path("providerId").asText()).isEqualTo("srv-7");
        assertThat(List.of(after.path("name"), after.path("addresses"), after.path("labels")))
                .as("what names the instance")
                .isEqualTo(List.of(before.path("name"), before.path("addresses"), before.path("labels")));
        assertThat(after.at("/labels/team").asText()).isEqualTo("payments");
        assertThat(after.at("/history/0/request").asText()).isEqualTo(second);
        assertThat(after.at("/history/0").hasNonNull("until")).isFalse();
        assertThat(after.at("/history/1/providerId").asText()).isEqualTo("srv-6");
        assertThat(after.at("/history/1/request").asText()).isEqualTo(first);
        assertThat(after.at("/history/1/endedBy").asText()).isEqualTo(second);
        assertThat(after.at("/history/1/reason").asText()).isEqualTo("its fans fail");
        assertThat(client.resource(resource).at("/instances/0/addresses/0").asText())
                .isEqualTo(address);
        assertThat(quota(resource)).containsExactlyInAnyOrderElementsOf(claimed);
        await("the old server is given back")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(pools(resource)).containsOnlyOnce("pool/ams1/m1.large"));

        deployed(Ask.decommission(resource));
        metal.awaitClean("srv-7");
        client.awaitNothingLeft(cloud, resource);
        assertThat(client.instance(resource, "db", 0).path("history")).hasSize(2);
    }

    /** What is claimed of the quota and of addresses, whatever servers there are. */
    private List<String> quota(String resource) {
        return client.claims(resource).stream()
                .filter(claim -> !claim.path("pool").asText().startsWith("pool/"))
                .map(claim -> claim.path("pool") + " " + claim.path("amounts"))
                .toList();
    }

    @Test
    void shouldTakeDownAllServersWhenOneNeverCallsHome() {
        metal.awaits("srv-1", "available");
        metal.awaits("srv-2", "available");
        metal.configure("srv-2", "failingInstalls", 1);
        var resource = Ask.newResource("silent");
        var id = client.submit(Ask.deploy(resource).servers("srv-1", "srv-2"));
        approver.approve(id);
        metal.awaits("srv-1", "active");
        metal.awaits("srv-2", "deploying");

        metal.perform("srv-2", "abort");

        assertThat(client.awaitEnd(id).path("state").asText()).isEqualTo("FAILED");
        metal.awaitClean("srv-1");
        metal.awaitClean("srv-2");
        client.awaitNothingLeft(cloud, resource);
    }

    private List<String> pools(String resource) {
        return client.claims(resource).stream()
                .map(claim -> claim.path("pool").asText())
                .toList();
    }
}
