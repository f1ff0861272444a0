package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
