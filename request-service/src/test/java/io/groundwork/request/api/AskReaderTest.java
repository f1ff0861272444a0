package io.groundwork.request.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.groundwork.events.Catalogue.Ipam;
import io.groundwork.events.Component.CloudVm;
import io.groundwork.events.Component.FailureDomain;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.Component.Shutdown;
import io.groundwork.events.Design;
import io.groundwork.events.Json;
import io.groundwork.events.Replacement;
import io.groundwork.events.RequestEvent.Catalogued;
import io.groundwork.events.RequestEvent.OnConflict;
import io.groundwork.events.RequestEvent.Recipient;
import io.groundwork.events.RequestKind;
import io.groundwork.events.Seal;
import io.groundwork.events.SealedUrl;
import io.groundwork.request.domain.Asks;
import io.groundwork.request.domain.Planner;
import io.groundwork.request.domain.StepTimeouts;
import io.groundwork.request.domain.World;
import io.groundwork.request.view.RequestView;
import io.groundwork.runtime.rest.Caller.Who;
import io.groundwork.runtime.rest.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AskReaderTest {

    private static final KeyPair READER = pair();
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGnl0cXt0cXt0cXt0cXt0cXt0cXt0cXt0cXt0cXt0cXt ops@acme";

    @Test
    void shouldReadAllThatCanBeAsked() throws IOException {
        var read = read("""
                {"operation": "deploy", "resource": "acme/payments/web-prod", "onConflict": "reject",
                 "approvers": ["lead@acme.example", "second@acme.example"], "approvalTimeout": "PT10M", "quorum": 2,
                 "notify": [{"email": "team@acme.example"}, {"webhook": "http://localhost:9999/hook"}],
                 "components": [
                   {"name": "web", "type": "cloud.vm", "count": 3, "flavor": "m.small", "image": "debian-12",
                    "bootVolumeGiB": 20, "networks": ["default"],
                    "securityGroups": [{"name": "web", "ingress": [
                      {"protocol": "tcp", "port": 443, "cidr": "0.0.0.0/0"},
                      {"protocol": "icmp", "cidr": "2001:db8::/32"}]}],
                    "sshKey": {"name": "ops", "publicKey": "KEY"}, "userData": "#cloud-config\\n"},
                   {"name": "db", "type": "cloud.vm", "count": 1, "flavor": "m.large", "image": "debian-12",
                    "dependsOn": ["web"]}],
                 "access": [{"group": "payments-devs", "role": "operator"}],
                 "labels": {"team": "payments"}}""".replace("KEY", KEY));

        assertThat(read.resource()).isEqualTo(Asks.RESOURCE);
        assertThat(read.ask().operation()).isEqualTo(RequestKind.DEPLOY);
        assertThat(read.ask().quorum()).isEqualTo(2);
        assertThat(read.ask().approvalTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(read.ask().onConflict()).isEqualTo(OnConflict.REJECT);
        assertThat(read.ask().recipients()).hasSize(2);
        assertThat(read.ask().design().components()).hasSize(2);
        assertThat(read.ask().design().components().getFirst()).isInstanceOfSatisfying(CloudVm.class, vm -> {
            assertThat(vm.count()).isEqualTo(3);
            assertThat(vm.securityGroups().getFirst().ingress()).hasSize(2);
        });
        assertThat(read.catalogued()).containsOnlyKeys("db", "web");
    }

    @Test
    void shouldFillInWhatIsNotSaid() throws IOException {
        var read = read("""
                {"operation": "decommission", "resource": "acme/payments/web-prod", "approvers": ["lead@acme.example"]}""");
        assertThat(read.ask().quorum()).isEqualTo(1);
        assertThat(read.ask().approvalTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(read.ask().onConflict()).isEqualTo(OnConflict.QUEUE);
        assertThat(read.ask().design().components()).isEmpty();
    }

    @Test
    void shouldSayEverythingThatIsWrongAtOnce() {
        var errors = errors("""
                {"operation": "update", "resource": "acme/nowhere/web", "approvers": ["dev@acme.example", "nobody"],
                 "approvalTimeout": "PT1S", "quorum": 5, "hurry": true, "onConflict": "wait",
                 "notify": [{"email": "x"}, {}, {"webhook": "ftp://acme.example"}],
                 "components": [
                   {"name": "Web", "type": "cloud.vm", "count": 0, "flavor": "m.huge", "image": "beos",
                    "bootVolumeGiB": 99999, "networks": ["lan"], "cores": 3, "dependsOn": ["ghost"],
                    "securityGroups": [{"name": "web", "ingress": [{"protocol": "tcp", "port": 0, "cidr": "10.0.0.0/99"}]}],
                    "sshKey": {"name": "ops", "publicKey": "ssh-ed25519 AAAA..."}},
                   {"name": "m", "type": "metal.shed", "count": 1, "site": "ams1", "serverType": "m1.large"},
                   {"name": "m", "type": "cloud.vm", "count": 1, "flavor": "m.small", "image": "debian-12"}],
                 "access": [{"group": "ghosts", "role": "operator"}],
                 "labels": {"team": 7}}""");

        assertThat(errors)
                .containsOnlyKeys(
                        "/operation",
                        "/resource",
                        "/approvers/0",
                        "/approvers/1",
                        "/approvalTimeout",
                        "/hurry",
                        "/onConflict",
                        "/notify/0/email",
                        "/notify/1",
                        "/notify/2/webhook",
                        "/quorum",
                        "/components/0/name",
                        "/components/0/count",
                        "/components/0/flavor",
                        "/components/0/image",
                        "/components/0/bootVolumeGiB",
                        "/components/0/networks/0",
                        "/components/0/cores",
                        "/components/0/dependsOn/0",
                        "/components/0/securityGroups/0/ingress/0/port",
                        "/components/0/securityGroups/0/ingress/0/cidr",
                        "/components/0/sshKey/publicKey",
                        "/components/1/type",
                        "/components/2/name",
                        "/access/0/group",
                        "/labels/team");
        assertThat(errors.get("/components/0/flavor")).contains("m.huge", "m.large, m.small");
        assertThat(errors.get("/components/1/type")).contains("cloud.vm, metal.server");
        assertThat(errors.get("/operation")).contains("update is not available");
        assertThat(errors.get("/approvers/0")).contains("their own request");
        assertThat(errors.get("/hurry")).contains("the fields are");
    }

    @Test
    void shouldReadServersAndWhatTheyWaitFor() throws IOException {
        var read = read("""
                {"operation": "deploy", "resource": "acme/payments/web-prod", "approvers": ["lead@acme.example"],
                 "onNoCapacity": "wait", "capacityTimeout": "PT10M",
                 "components": [
                   {"name": "web", "type": "cloud.vm", "count": 2, "flavor": "m.small", "image": "debian-12"},
                   {"name": "db", "type": "metal.server", "count": 5, "minCount": 3, "dependsOn": ["web"],
                    "site": "ams1", "serverType": "m1.large", "preferredServers": ["srv-5"], "requiredTraits": ["gpu"],
                    "spread": "rack", "osTemplate": "debian-12", "networks": ["default"], "allowDataLoss": true, "shutdown": {"timeout": "PT5M"},
                    "userData": "first ${web.instances[1].privateIp} and ${HOME}"}]}""");

        assertThat(read.ask().capacityTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(read.ask().design().components().getLast()).isInstanceOfSatisfying(MetalServer.class, server -> {
            assertThat(server.enough()).isEqualTo(3);
            assertThat(server.spread()).isEqualTo(FailureDomain.RACK);
            assertThat(server.allowDataLoss()).isTrue();
            assertThat(server.shutdown()).isEqualTo(new Shutdown(Duration.ofMinutes(5), true));
        });
        assertThat(read.catalogued().get("db")).isEqualTo(Asks.LARGE);
        assertThat(read.catalogued().get("web")).isEqualTo(Asks.SMALL);
    }

    @Test
    void shouldTakeAnyNetworkWhereDhcpGivesAddresses() throws IOException {
        var read = read("""
                {"operation": "deploy", "resource": "acme/payments/web-prod", "approvers": ["lead@acme.example"],
                 "components": [
                   {"name": "db", "type": "metal.server", "count": 1, "site": "lab", "serverType": "m1.large",
                    "osTemplate": "debian-12", "networks": ["default"]}]}""");

        assertThat(read.catalogued().get("db"))
                .isInstanceOfSatisfying(
                        Catalogued.Server.class,
                        server -> assertThat(server.ipam()).isEqualTo(Ipam.DHCP));
    }

    @Test
    void shouldRefuseToFillInAnAddressThatNobodyWillKnow() {
        var errors = errors("""
                {"operation": "deploy", "resource": "acme/payments/web-prod", "approvers": ["lead@acme.example"],
                 "components": [
                   {"name": "db", "type": "metal.server", "count": 1, "site": "lab", "serverType": "m1.large",
                    "osTemplate": "debian-12", "networks": ["default"]},
                   {"name": "web", "type": "cloud.vm", "count": 1, "flavor": "m.small", "image": "debian-12", "dependsOn": ["db"],
                    "userData": "${db.instances[0].providerId} ${db.instances[0].privateIp}"}]}""");

        assertThat(errors).containsOnlyKeys("/components/1/userData");
        assertThat(errors.get("/components/1/userData")).contains("DHCP");
    }

    @Test
    void shouldTakeWhatItsDescriptionShows() throws IOException {
        assertThat(read(Examples.DEPLOY).ask().design().components()).hasSize(1);
        assertThat(read(Examples.DEPLOY_SERVERS).ask().design().components()).hasSize(2);
    }

    @Test
    void shouldSayEverythingThatIsWrongWithServers() {
        var errors = errors("""
                {"operation": "deploy", "resource": "acme/payments/web-prod", "approvers": ["lead@acme.example"],
                 "capacityTimeout": "PT10M",
                 "components": [
                   {"name": "web", "type": "cloud.vm", "count": 2, "flavor": "m.small", "image": "debian-12"},
                   {"name": "db", "type": "metal.server", "count": 2, "minCount": 3, "dependsOn": ["web"],
                    "site": "mars", "serverType": "m9", "osTemplate": "beos", "flavor": "m.small",
                    "preferredServers": ["srv 5"], "spread": "row", "antiAffinity": 1, "networks": ["lan"], "allowDataLoss": "yes",
                    "shutdown": {"timeout": "PT21M", "force": 1, "soft": true}},
                   {"name": "far", "type": "metal.server", "count": 1, "site": "fra1", "serverType": "m1.large",
                    "osTemplate": "debian-12", "requiredTraits": ["gpu", "warp"], "forbiddenTraits": ["nvme", "gpu"],
                    "networks": ["default"],
                    "userData": "${web.instances[0].privateIp} ${ghost.instances[0].privateIp}"},
                   {"name": "near", "type": "metal.server", "count": 1, "site": "ams1", "serverType": "m1.large",
                    "dependsOn": ["web"], "osTemplate": "debian-12", "shutdown": {"timeout": "PT0S", "force": false}, "userData": "${web.instances[2].fqdn}"}]}""");

        assertThat(errors)
                .containsOnlyKeys(
                        "/capacityTimeout",
                        "/components/1/minCount",
                        "/components/1/site",
                        "/components/1/serverType",
                        "/components/1/osTemplate",
                        "/components/1/flavor",
                        "/components/1/preferredServers/0",
                        "/components/1/spread",
                        "/components/1/antiAffinity",
                        "/components/1/networks/0",
                        "/components/1/allowDataLoss",
                        "/components/1/shutdown/timeout",
                        "/components/1/shutdown/force",
                        "/components/1/shutdown/soft",
                        "/components/2/requiredTraits/0",
                        "/components/2/requiredTraits/1",
                        "/components/2/forbiddenTraits/0",
                        "/components/2/networks/0",
                        "/components/2/userData",
                        "/components/3/shutdown/force",
                        "/components/3/userData");
        assertThat(errors.get("/components/1/site")).contains("mars", "ams1, fra1");
        assertThat(errors.get("/components/1/shutdown/timeout")).contains("from PT0S to PT20M");
        assertThat(errors.get("/components/2/requiredTraits/1")).contains("warp", "gpu, nvme");
        assertThat(errors.get("/components/2/networks/0")).contains("no subnet at fra1");
        assertThat(errors.get("/components/3/userData")).contains("fqdn");
    }

    @Test
    void shouldSayWhatIsWrongWithAReference() {
        var metal = """
                {"name": "db", "type": "metal.server", "count": 1, "site": "ams1", "serverType": "m1.large",
                 "osTemplate": "debian-12", "userData": "${web.instances[0].privateIp}"}""";
        var web = """
                {"name": "web", "type": "cloud.vm", "count": 2, "flavor": "m.small", "image": "debian-12"},""";
        assertThat(errors(deploy(web + metal)))
                .hasEntrySatisfying(
                        "/components/1/userData", said -> assertThat(said).contains("dependsOn"));
        assertThat(errors(deploy(metal)))
                .hasEntrySatisfying(
                        "/components/0/userData", said -> assertThat(said).contains("no component web"));
    }

    @Test
    void shouldSayWhatIsMissing() {
        assertThat(errors("{}")).containsOnlyKeys("/resource", "/operation", "/approvers", "/components");
        assertThat(errors("[]")).containsOnlyKeys("");
        assertThat(errors("{\"operation\": \"deploy\", \"resource\": \"web\", \"approvers\": [], \"components\": []}"))
                .containsOnlyKeys("/resource", "/approvers");
    }

    @Test
    void shouldRefuseWhatNoDatabaseTakes() {
        var errors = errors("""
                {"operation": "deploy", "resource": "acme/payments/web-prod", "approvers": ["lead@acme.ex\\u0000ample"],
                 "notify": [{"webhook": "http://acme.example/\\u0007"}],
                 "components": [{"name": "a", "type": "cloud.vm", "count": 1, "flavor": "m.small", "image": "debian-12",
                                 "userData": "#!/bin/sh\\n\\u0000"}],
                 "labels": {"nul": "a\\u0000b", "half": "\\ud83d", "line": "a\\nb", "whole": "\\ud83d\\ude80"}}""");
        assertThat(errors)
                .containsOnlyKeys(
                        "/approvers/0",
                        "/notify/0/webhook",
                        "/components/0/userData",
                        "/labels/nul",
                        "/labels/half",
                        "/labels/line");
    }

    @Test
    void shouldTakeLinesWhereTheyBelong() throws IOException {
        var vm = (CloudVm) read(deploy("""
                {"name": "a", "type": "cloud.vm", "count": 1, "flavor": "m.small", "image": "debian-12",
                 "sshKey": {"name": "ops", "publicKey": "KEY\\n"}, "userData": "#!/bin/sh\\r\\n\\techo"}""".replace("KEY", KEY)))
                .ask()
                .design()
                .components()
                .getFirst();
        assertThat(vm.userData()).isEqualTo("#!/bin/sh\r\n\techo");
        var reason =
                Bodies.read("{\"reason\": \"one\\ntwo\"}".getBytes(StandardCharsets.UTF_8), form -> form.reason("why"));
        assertThat(reason).isEqualTo("one\ntwo");
        assertThat(catchThrowableOfType(
                        Problem.class,
                        () -> Bodies.read(
                                "{\"reason\": \"\\u0000\"}".getBytes(StandardCharsets.UTF_8),
                                form -> form.reason("why"))))
                .isNotNull();
    }

    @Test
    void shouldReadWhichServerIsReplaced() throws IOException {
        var read = read(stands(false), replace("""
                {"component": "db", "index": 1, "reason": "its fans\\nare failing", "preferredServers": ["srv-7"]}"""));

        assertThat(read.ask().operation()).isEqualTo(RequestKind.REPLACE);
        assertThat(read.ask().replace()).isEqualTo(new Replacement("db", 1, "its fans\nare failing", List.of("srv-7")));
        assertThat(read.ask().design()).isEqualTo(Design.EMPTY);
        assertThat(read.replaced()).isEqualTo(SERVERS);
    }

    @Test
    void shouldNameEverythingThatIsWrongWithAReplacement() {
        assertThat(errors(stands(false), replace("""
                {"component": "db", "index": 2, "preferredServers": ["a b"], "reason": " ", "server": "srv-1"}""")))
                .containsOnlyKeys(
                        "/replace/index", "/replace/preferredServers/0", "/replace/reason", "/replace/server");
        assertThat(errors(stands(false), replace("{\"component\": \"web\", \"index\": 0}"))
                        .get("/replace/component"))
                .contains("not of type metal.server");
        assertThat(errors(stands(false), replace("{\"component\": \"cache\"}")))
                .containsOnlyKeys("/replace/component", "/replace/index");
        assertThat(errors(stands(false), replace("{\"component\": \"db\", \"index\": -1}")))
                .containsOnlyKeys("/replace/index");
        assertThat(errors(new FixedStandings(), replace("{\"component\": \"db\", \"index\": 0}")))
                .containsOnlyKeys("/resource");
        assertThat(errors(stands(false), """
                {"operation": "replace", "resource": "acme/payments/web-prod", "approvers": ["lead@acme.example"],
                 "labels": {"a": "b"}, "components": [{}]}""")).containsOnlyKeys("/components", "/labels", "/replace");
        assertThat(errors("""
                {"operation": "decommission", "resource": "acme/payments/web-prod", "approvers": ["lead@acme.example"],
                 "replace": {"component": "db", "index": 0}}""")).containsOnlyKeys("/replace");
    }

    @Test
    void shouldLookLaterAtWhatIsNotThereYet() throws IOException {
        var read = read(stands(true), replace("{\"component\": \"db\", \"index\": 0}"));
        assertThat(read.ask().replace()).isNotNull();
        assertThat(read.replaced()).isNull();
    }

    private static final MetalServer SERVERS = Asks.servers("db", 2, null);

    /** Two servers and a machine stand; or nothing yet, but a request is under way. */
    private static FixedStandings stands(boolean yet) {
        if (yet) {
            return new FixedStandings(Resources.Stands.NOTHING, true);
        }
        var world = new World();
        var design = new Design(List.of(SERVERS, Asks.vm("web", 1)), List.of(), Map.of());
        var request = world.submit(Asks.deploy(design));
        world.settle();
        var view = RequestView.of(request, Asks.RESOURCE);
        for (var one : world.events()) {
            view = view.apply(one.fact(), one.event());
        }
        return new FixedStandings(new Resources.Stands(Documents.Standing.DEPLOYED, design, Map.of(), view), false);
    }

    private static String replace(String what) {
        return """
                {"operation": "replace", "resource": "acme/payments/web-prod", "approvers": ["lead@acme.example"],
                 "replace": %s}""".formatted(what);
    }

    @Test
    void shouldRefuseMoreThanTheRecordsOfOneRequestHold() {
        var problem = problem("{\"operation\": \"" + "x".repeat(128 * 1024) + "\"}");
        assertThat(problem.body().status()).isEqualTo(413);
        assertThat(problem.body().detail()).contains("131072");
        var five = IntStream.range(0, 5).mapToObj(i -> """
                        {"name": "c%d", "type": "cloud.vm", "count": 500, "flavor": "m.small", "image": "debian-12"}""".formatted(i)).collect(Collectors.joining(","));
        assertThat(errors(deploy(five))).containsOnlyKeys("/components");
        var many = "\"x@acme.example\",".repeat(100) + "\"y@acme.example\"";
        assertThat(errors("""
                {"operation": "decommission", "resource": "acme/payments/web-prod", "approvers": [%s]}""".formatted(many))).containsOnlyKeys("/approvers");
        var reason = "{\"reason\": \"" + "x".repeat(2_001) + "\"}";
        assertThat(catchThrowableOfType(
                                Problem.class,
                                () -> Bodies.read(reason.getBytes(StandardCharsets.UTF_8), form -> form.reason("why")))
                        .body()
                        .detail())
                .contains("2000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"operator\\nPlease sign in at http://evil.example", "a|b", "Operator", "http://evil.example"})
    void shouldRefuseARoleThatNoDirectoryHas(String role) {
        var errors = errors("""
                {"operation": "deploy", "resource": "acme/payments/web-prod", "approvers": ["lead@acme.example"],
                 "components": [], "access": [{"group": "payments-devs", "role": "%s"}]}""".formatted(role));
        assertThat(errors).containsOnlyKeys("/access/0/role");
    }

    @Test
    void shouldRefuseACircleOfComponents() {
        var errors = errors(deploy("""
                {"name": "a", "type": "cloud.vm", "count": 1, "flavor": "m.small", "image": "debian-12", "dependsOn": ["b"]},
                {"name": "b", "type": "cloud.vm", "count": 1, "flavor": "m.small", "image": "debian-12", "dependsOn": ["a"]},
                {"name": "c", "type": "cloud.vm", "count": 1, "flavor": "m.small", "image": "debian-12"}"""));
        assertThat(errors).containsOnlyKeys("/components");
        assertThat(errors.get("/components")).contains("a, b");
    }

    @Test
    void shouldNotTellOfAnotherTenant() {
        var problem = problem(
                "{\"operation\": \"deploy\", \"resource\": \"globex/payments/web\", \"bogus\": 1, \"components\": []}");
        assertThat(problem.body().status()).isEqualTo(404);
    }

    @Test
    void shouldRefuseComponentsOfADecommission() {
        var errors = errors("""
                {"operation": "decommission", "resource": "acme/payments/web", "approvers": ["lead@acme.example"],
                 "components": [{"name": "web"}], "access": []}""");
        assertThat(errors).containsOnlyKeys("/components");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": 1, \"a\": 2}", "{} {}", "{\"a\": }", "nonsense", "{"})
    void shouldRefuseWhatIsNotJson(String body) {
        assertThat(catchThrowableOfType(JsonProcessingException.class, () -> read(body)))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,true",
        "0.0.0.0/0,true",
        "2001:db8::/32,true",
        "10.0.0.0/33,false",
        "10.0.0/8,false",
        "256.0.0.0/8,false",
        "10.0.0.0,false",
        "acme.example/8,false",
        "::1/129,false"
    })
    void shouldKnowACidr(String text, boolean valid) {
        assertThat(ComponentReader.isCidr(text)).isEqualTo(valid);
    }

    @Test
    void shouldKnowAnSshKey() {
        assertThat(ComponentReader.isSshKey(KEY)).isTrue();
        assertThat(ComponentReader.isSshKey(KEY.replace("ssh-ed25519", "ssh-rsa")))
                .isFalse();
        assertThat(ComponentReader.isSshKey("ssh-ed25519 AAAA...")).isFalse();
        assertThat(ComponentReader.isSshKey("-----BEGIN OPENSSH PRIVATE KEY-----"))
                .isFalse();
    }

    private static String deploy(String components) {
        return """
                {"operation": "deploy", "resource": "acme/payments/web-prod", "approvers": ["lead@acme.example"],
                 "components": [%s]}""".formatted(components);
    }

    @Test
    void shouldLetOnlyMembersAskForAProjectThatHasGroups() throws IOException {
        var body = """
                {"operation": "decommission", "resource": "acme/vault/web", "approvers": ["lead@acme.example"]}""";

        assertThat(read(body).resource().project()).isEqualTo("vault");

        var stranger = catchThrowableOfType(Problem.class, () -> read("second@acme.example", body));
        assertThat(stranger.body().status()).isEqualTo(403);
        assertThat(stranger.body().detail())
                .isEqualTo("Only members of payments-devs may ask for anything in project vault;"
                        + " second@acme.example is in none of them.");
    }

    @Test
    void shouldSealTheUrlsOfWebhooksAndNameTheDesignAllTheSame() throws IOException {
        var body = """
                {"operation": "decommission", "resource": "acme/payments/web-prod", "approvers": ["lead@acme.example"],
                 "notify": [{"webhook": "https://hooks.example/T1/one-token"},
                            {"webhook": "https://hooks.example/T1/other-token"},
                            {"webhook": "https://hooks.example/T1/one-token"}]}""";
        var first = read(body).ask();

        assertThat(new String(Json.write(first), StandardCharsets.UTF_8))
                .contains("https://hooks.example\"")
                .doesNotContain("token", "T1");
        var hooks = first.recipients().stream().map(Recipient::sealedWebhook).toList();
        assertThat(hooks)
                .extracting(hook -> Seal.open(
                        hook.box(),
                        Base64.getEncoder().encodeToString(READER.getPrivate().getEncoded())))
                .containsExactly("https://hooks.example/T1/one-token", "https://hooks.example/T1/other-token");

        var second = read(body).ask();
        assertThat(second.recipients()).isNotEqualTo(first.recipients());
        assertThat(second.designDigest()).isEqualTo(first.designDigest());
        var planner = new Planner(StepTimeouts.DEFAULT);
        var stands = new Design(List.of(), List.of(), Map.of());
        assertThat(planner.decommission(second, stands, Planner.Price.NONE).digest())
                .isEqualTo(
                        planner.decommission(first, stands, Planner.Price.NONE).digest());
    }

    @Test
    void shouldRefuseCredentialsInAWebhookWithoutRepeatingThem() {
        var refused = problem("""
                {"operation": "decommission", "resource": "acme/payments/web-prod", "approvers": ["lead@acme.example"],
                 "notify": [{"webhook": "https://bot:hidden@hooks.example/x"}, {"webhook": "https://ho oks.example/hidden"}]}""");
        assertThat(refused.body().errors()).hasSize(2);
        assertThat(refused.body().errors().getFirst().detail()).contains("no user or password");
        assertThat(refused.body().toString()).doesNotContain("hidden");
    }

    @Test
    void shouldNotStartWithAKeyThatSealsNothing() {
        for (var useless : List.of("", "AAAA", "no base64")) {
            assertThatThrownBy(() -> new Sealing(useless))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("GROUNDWORK_SEAL_PUBLIC_KEY");
        }
        assertThat(new Sealing(publicKey(READER)).seal("http://a.example/x").origin())
                .isEqualTo("http://a.example");
    }

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("X25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String publicKey(KeyPair keys) {
        return Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
    }

    private static Submission read(String body) throws IOException {
        return read("dev@acme.example", body);
    }

    private static Submission read(FixedStandings standings, String body) throws IOException {
        return read("dev@acme.example", standings, body);
    }

    private static Submission read(String name, String body) throws IOException {
        return read(name, new FixedStandings(), body);
    }

    private static Submission read(String name, FixedStandings standings, String body) throws IOException {
        var who = new Who(name, "acme", Set.of(), Set.of("requester"));
        return new AskReader(new FixedLookup(), who, Asks.START, url -> SealedUrl.of(url, publicKey(READER)), standings)
                .read(Bodies.json(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static Problem problem(String body) {
        return catchThrowableOfType(Problem.class, () -> read(body));
    }

    private static Map<String, String> errors(String body) {
        return errors(new FixedStandings(), body);
    }

    private static Map<String, String> errors(FixedStandings standings, String body) {
        var errors = new TreeMap<String, String>();
        catchThrowableOfType(Problem.class, () -> read(standings, body))
                .body()
                .errors()
                .forEach(error -> errors.put(error.pointer(), error.detail()));
        return errors;
    }
}
