package io.groundwork.simulators.redfish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What DSP0266 asks of every service: sessions, ETags, errors, paging. */
class ServiceTest extends RedfishTest {
    private static final String SESSIONS = "/redfish/v1/SessionService/Sessions";
    private static final String USER = RedfishSimulator.Config.DEFAULT_USER;
    private static final String PASSWORD = RedfishSimulator.Config.DEFAULT_PASSWORD;

    @Test
    void shouldShowVersionsAndRootWithoutCredentialsAndNothingElse() throws Exception {
        var nobody = bmc.anonymous();

        assertThat(nobody.get("/redfish").body().get("v1").textValue()).isEqualTo("/bmc/srv-1/redfish/v1/");
        assertThat(nobody.get("/redfish/v1/").body().at("/Systems/@odata.id").textValue())
                .isEqualTo("/bmc/srv-1/redfish/v1/Systems");
        var refused = nobody.get(SYSTEM);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("WWW-Authenticate")).startsWith("Basic");
        assertThat(refused.header("OData-Version")).isEqualTo("4.0");
        assertThat(nobody.basic(USER, "wrong").get(SYSTEM).status()).isEqualTo(401);
        assertThat(nobody.with("X-Auth-Token", "made-up").get(SYSTEM).status()).isEqualTo(401);
    }

    @Test
    void shouldEndASessionWhenItIsDeletedOrUnused() throws Exception {
        var login = bmc.login(USER, PASSWORD);
        assertThat(login.status()).isEqualTo(201);
        assertThat(login.body().get("UserName").textValue()).isEqualTo(USER);
        assertThat(login.body().get("Password").isNull()).isTrue();
        var caller = bmc.anonymous().with("X-Auth-Token", login.header("X-Auth-Token"));
        assertThat(caller.get(SYSTEM).status()).isEqualTo(200);
        assertThat(caller.get(SESSIONS).body().at("/Members/0/@odata.id").textValue())
                .isEqualTo(login.header("Location"));

        clock.advance(Duration.ofMinutes(29));
        assertThat(caller.get(SYSTEM).status()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(29));
        assertThat(caller.get(SYSTEM).status()).as("used in between").isEqualTo(200);
        clock.advance(Duration.ofMinutes(30));
        assertThat(caller.get(SYSTEM).status()).isEqualTo(401);

        var second = bmc.session();
        var path = second.get(SESSIONS).body().at("/Members/0/@odata.id").textValue();
        assertThat(bmc.delete(path).status()).isEqualTo(204);
        assertThat(second.get(SYSTEM).status()).isEqualTo(401);
        assertThat(bmc.delete(path).status()).isEqualTo(404);
    }

    @Test
    void shouldHaveSessionsOfItsOwnAndOnlySoMany() throws Exception {
        simulator.change(simulator.settings().with("{\"maxSessions\": 2}"));
        var caller = bmc.session();
        bmc.session();

        var third = bmc.login(USER, PASSWORD);
        assertThat(third.status()).isEqualTo(503);
        assertThat(third.error()).isEqualTo("Base.1.18.SessionLimitExceeded");
        assertThat(bmc.login(USER, "wrong").status()).isEqualTo(401);
        assertThat(Bmc.of(simulator, "srv-2").login(USER, PASSWORD).status()).isEqualTo(201);
        var elsewhere = caller.get("/bmc/srv-2" + SYSTEM);
        assertThat(elsewhere.status()).as("another BMC's token").isEqualTo(401);
    }

    @Test
    void shouldTakeTheServersOwnPassword() throws Exception {
        simulator.configure(SERVER, spec -> spec.withPassword("other"));

        assertThat(bmc.get(SYSTEM).status()).isEqualTo(401);
        assertThat(bmc.anonymous().basic(USER, "other").get(SYSTEM).status()).isEqualTo(200);
        assertThat(bmc.login(USER, PASSWORD).status()).isEqualTo(401);
        var account = "/redfish/v1/AccountService/Accounts/1";
        assertThat(bmc.anonymous()
                        .basic(USER, "other")
                        .patch(account, "{\"Password\": \"third\"}")
                        .status())
                .isEqualTo(204);
        assertThat(bmc.anonymous().basic(USER, "third").get(SYSTEM).status()).isEqualTo(200);
        assertThat(Bmc.of(simulator, "srv-2").get(SYSTEM).status()).isEqualTo(200);
    }

    @Test
    void shouldRefuseAChangeOfWhatIsNotThereAnyMore() throws Exception {
        var etag = bmc.get(SYSTEM).header("ETag");
        assertThat(bmc.with("If-None-Match", etag).get(SYSTEM).status()).isEqualTo(304);

        var changed = bmc.with("If-Match", etag).patch(SYSTEM, "{\"AssetTag\": \"a\"}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("ETag"))
                .isNotEqualTo(etag)
                .isEqualTo(bmc.get(SYSTEM).header("ETag"));
        var stale = bmc.with("If-Match", etag).patch(SYSTEM, "{\"AssetTag\": \"b\"}");
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.error()).isEqualTo("Base.1.18.PreconditionFailed");
        assertThat(system().get("AssetTag").textValue()).isEqualTo("a");
        assertThat(bmc.with("If-Match", "*")
                        .patch(SYSTEM, "{\"AssetTag\": \"c\"}")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        GET    | /redfish/v1/Systems/2                      |                             | 404 | ResourceMissingAtURI
        GET    | /redfish/v1/Nothing                        |                             | 404 | ResourceMissingAtURI
        GET    | /redfish/v1/Systems/1/Memory/99            |                             | 404 | ResourceMissingAtURI
        DELETE | /redfish/v1/Systems/1                      |                             | 405 | OperationNotAllowed
        GET    | /redfish/v1/Systems?$filter=x              |                             | 501 | QueryParameterUnsupported
        GET    | /redfish/v1/Systems?$top=x                 |                             | 400 | QueryParameterValueFormatError
        PATCH  | /redfish/v1/Systems/1                      | {"PowerState": "On"}        | 400 | PropertyNotWritable
        PATCH  | /redfish/v1/Systems/1                      | {"Colour": "red"}           | 400 | PropertyUnknown
        PATCH  | /redfish/v1/Systems/1                      | {"AssetTag": 5}             | 400 | PropertyValueTypeError
        PATCH  | /redfish/v1/Systems/1                      | {"Boot": 5}                 | 400 | PropertyValueTypeError
        PATCH  | /redfish/v1/Systems/1                      | {"Boot": {"BootSourceOverrideTarget": "Moon"}} | 400 | PropertyValueNotInList
        PATCH  | /redfish/v1/Systems/1                      | [1]                         | 400 | MalformedJSON
        PATCH  | /redfish/v1/Systems/1                      | {"AssetTag":                | 400 | MalformedJSON
        POST   | /redfish/v1/Systems/1/Actions/ComputerSystem.Reset | {"ResetType": "Jump"} | 400 | ActionParameterValueNotInList
        POST   | /redfish/v1/Systems/1/Actions/ComputerSystem.Reset | {"ResetType": 1}    | 400 | ActionParameterValueTypeError
        POST   | /redfish/v1/Systems/1/Actions/ComputerSystem.Reset | {}                  | 400 | ActionParameterMissing
        POST   | /redfish/v1/Systems/1/Actions/ComputerSystem.Reset | {"Force": "On"}     | 400 | ActionParameterUnknown
        POST   | /redfish/v1/Managers/BMC/VirtualMedia/Cd/Actions/VirtualMedia.InsertMedia | {"Image": "x"} | 400 | ActionParameterValueNotInList
        """)
    void shouldSayWhatIsWrong(String method, String path, String body, int status, String message) throws Exception {
        var answer = bmc.send(method, path.replace("$", "%24"), body == null ? "" : body);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.error()).isEqualTo("Base.1.18." + message);
        assertThat(answer.body().at("/error/code").textValue()).isEqualTo("Base.1.18." + message);
        assertThat(answer.body().at("/error/@Message.ExtendedInfo/0/Message").textValue())
                .isNotBlank()
                .doesNotContain("%");
        assertThat(server().mutations()).isEmpty();
        assertThat(server().journal()).isEmpty();
    }

    @Test
    void shouldShowTheWholeFleetInPages() throws Exception {
        simulator.change(simulator.settings().with("{\"pageSize\": 8}"));
        var fleet = new Bmc(Bmc.client(simulator), simulator.baseUrl()).basic(USER, PASSWORD);

        var paths = new ArrayList<String>();
        for (var next = "/redfish/v1/Systems"; next != null; ) {
            var page = fleet.get(next).body();
            assertThat(page.get("Members@odata.count").intValue()).isEqualTo(20);
            page.get("Members")
                    .forEach(member -> paths.add(member.get("@odata.id").textValue()));
            next = page.path("Members@odata.nextLink").textValue();
        }
        assertThat(paths).hasSize(20).doesNotHaveDuplicates();
        assertThat(paths.get(1)).isEqualTo("/redfish/v1/Systems/srv-2");
        assertThat(fleet.get("/redfish/v1/Systems?%24skip=2&%24top=2").body().toString())
                .contains("srv-3", "srv-4")
                .doesNotContain("srv-5", "nextLink");
        for (var path : paths) {
            var system = fleet.get(path).body();
            assertThat(system.get("@odata.id").textValue()).isEqualTo(path);
            assertThat(fleet.get(system.at("/Links/ManagedBy/0/@odata.id").textValue())
                            .status())
                    .isEqualTo(200);
        }
    }

    /** Every link leads somewhere, whoever made the BMC. */
    @ParameterizedTest
    @EnumSource(Profile.class)
    void shouldHaveNoDeadLinks(Profile profile) throws Exception {
        simulator.configure(SERVER, spec -> spec.withProfile(profile));
        var seen = new ArrayList<String>();
        seen.add("/bmc/srv-1/redfish/v1/");
        for (var i = 0; i < seen.size(); i++) {
            var answer = bmc.get(seen.get(i));
            assertThat(answer.status()).as(seen.get(i)).isEqualTo(200);
            assertThat(answer.body().get("@odata.id").textValue()).isEqualTo(seen.get(i));
            answer.body().findValuesAsText("@odata.id").stream()
                    .filter(path -> !path.contains("#") && !seen.contains(path))
                    .distinct()
                    .forEach(seen::add);
        }
        var expected = profile == Profile.MINIMAL ? 18 : 40;
        assertThat(seen.size()).isGreaterThan(expected);
    }
}
