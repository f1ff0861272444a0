package io.groundwork.baremetal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.baremetal.BaremetalConfig.Media;
import io.groundwork.baremetal.domain.InstanceOrder.Installation;
import io.groundwork.baremetal.domain.Tokens;
import io.groundwork.events.Catalogue.Boot;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class RenderingTest {

    private final Tokens tokens = new Tokens("a secret that only this test ever knows");
    private final BootUrls urls = new BootUrls(URI.create("http://baremetal.example:8084"), tokens, Media.IPXE);

    @Test
    void shouldRenderWhatCloudInitReads() {
        try (var site = Site.of(io.groundwork.simulators.redfish.Profile.STANDARD)) {
            var order = site.deploy("srv-1", Boot.NETWORK, false, false).instance();
            var installation = order.installation();
            assertThat(installation).isNotNull();
            var boot = new Rendering(
                            "srv-1",
                            "srv-1/4",
                            order,
                            installation,
                            List.of(new Redfish.Nic("nic-1", "02:aa:00:00:00:01")))
                    .bootData();

            assertThat(boot.toString()).doesNotContain(tokens.token("srv-1/4"));
            assertThat(urls.file(boot, "network-config"))
                    .hasValueSatisfying(text -> assertThat(text)
                            .contains("macaddress: \"02:aa:00:00:00:01\"")
                            .contains("\"10.20.0.11/24\"")
                            .contains("via: \"10.20.0.1\"")
                            .contains("\"10.20.0.2\""));
            assertThat(urls.file(boot, "user-data"))
                    .hasValueSatisfying(text -> assertThat(text)
                            .contains("hostname: db-0\nfqdn: ip-10-20-0-11.ams1.example\n")
                            .contains("\"ssh-ed25519 AAAA\"")
                            .contains("packages: [postgresql]")
                            .contains("#!/bin/sh\necho hello")
                            .contains("http://baremetal.example:8084/v1/phone-home/srv-1/" + tokens.token("srv-1/4")));
            assertThat(urls.file(boot, "meta-data"))
                    .contains("instance-id: acme/payments/web-prod/db/0\nlocal-hostname: db-0\n");
            assertThat(urls.fits(boot, tokens.token("srv-1/4"))).isTrue();
            assertThat(urls.fits(boot, tokens.token("srv-1/3"))).isFalse();
        }
    }

    @Test
    void shouldLeaveToDhcpWhatHasNoAddress() {
        try (var site = Site.of(io.groundwork.simulators.redfish.Profile.STANDARD)) {
            var order = site.deploy("srv-1", Boot.NETWORK, false, false).instance();
            var given = order.installation();
            assertThat(given).isNotNull();
            var installation = new Installation(
                    given.osTemplate(), List.of("storage", "default"), given.addresses(), null, null, false);
            var boot = new Rendering(
                            "srv-1",
                            "srv-1/4",
                            order,
                            installation,
                            List.of(
                                    new Redfish.Nic("nic-1", "02:aa:00:00:00:01"),
                                    new Redfish.Nic("nic-2", "02:aa:00:00:00:02")))
                    .bootData();

            assertThat(urls.file(boot, "network-config")).contains("""
                    version: 2
                    ethernets:
                      nic0:
                        match: {macaddress: "02:aa:00:00:00:01"}
                        dhcp4: true
                      nic1:
                        match: {macaddress: "02:aa:00:00:00:02"}
                        addresses: ["10.20.0.11/24"]
                        nameservers: {addresses: ["10.20.0.2"]}
                    """);
            assertThat(installation.primary()).isEmpty();
        }
    }
}
