package io.groundwork.simulators;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.simulators.ec2.Ec2Settings;
import io.groundwork.simulators.ec2.Ec2Simulator;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The control API, as a script uses it. */
class ControlApiTest {
    private Ec2Simulator simulator;

    private record Answer(int status, String contentType, JsonNode body) {}

    @BeforeEach
    void start() throws Exception {
        simulator = Ec2Simulator.start(Ec2Simulator.Config.defaults());
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void shouldSetListAndClearFaults() throws Exception {
        var set = send("POST", "faults", """
                {"action": "RunInstances", "kind": "delay", "times": 2, "after": 1, "delay": "PT0.5S"}""");
        var open = send("POST", "faults", """
                {"action": "*", "kind": "loseResponse"}""");

        assertThat(set.status).isEqualTo(201);
        assertThat(open.status).isEqualTo(201);
        var items = send("GET", "faults", "").body.get("items");
        assertThat(items).hasSize(2);
        assertThat(items.get(0).toString()).isEqualTo("""
                        {"id":1,"action":"RunInstances","kind":"delay","times":2,"after":1,"delay":"PT0.5S","passed":0,"hits":0}""");
        assertThat(items.get(1).get("kind").textValue()).isEqualTo("loseResponse");
        assertThat(items.get(1).has("times")).isFalse();
        assertThat(simulator.faults().list()).extracting("fault").contains(Fault.loseResponse("*"));

        assertThat(send("DELETE", "faults", "").status).isEqualTo(204);
        assertThat(send("GET", "faults", "").body.get("items")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"kind": "fail"}                                                       | /action
                    {"action": "*"}                                                        | /kind
                    {"action": "RunRockets", "kind": "fail"}                               | /action
                    {"action": 5, "kind": "fail"}                                          | /action
                    {"action": "*", "kind": "explode"}                                     | /kind
                    {"action": "*", "kind": "fail", "times": 0}                            | /times
                    {"action": "*", "kind": "fail", "times": "two"}                        | /times
                    {"action": "*", "kind": "fail", "times": 1.5}                          | /times
                    {"action": "*", "kind": "fail", "after": -1}                           | /after
                    {"action": "*", "kind": "delay"}                                       | /delay
                    {"action": "*", "kind": "delay", "delay": "5s"}                        | /delay
                    {"action": "*", "kind": "delay", "delay": "PT-1S"}                     | /delay
                    {"action": "*", "kind": "throttle", "delay": "PT1S"}                   | /delay
                    {"action": "*", "kind": "throttle", "code": "X"}                       | /code
                    {"action": "DescribeInstances", "kind": "noCapacity"}                  | /kind
                    {"action": "*", "kind": "fail", "tims": 3}                             | /tims
                    """)
    void shouldNameTheWrongField(String body, String pointer) throws Exception {
        var answer = send("POST", "faults", body);

        assertThat(answer.status).isEqualTo(400);
        assertThat(answer.contentType).isEqualTo("application/problem+json");
        assertThat(answer.body.at("/errors/0/pointer").textValue()).isEqualTo(pointer);
        assertThat(answer.body.at("/errors/0/detail").textValue()).isNotBlank();
        assertThat(simulator.faults().list()).isEmpty();
    }

    @Test
    void shouldNameAllWrongFieldsAtOnce() throws Exception {
        var answer = send("POST", "faults", """
                {"action": "?", "kind": "?", "times": -1, "other": 1}""");

        assertThat(answer.body.get("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/action", "/kind", "/times", "/other");
    }

    @ParameterizedTest
    @CsvSource({"'', 400", "[], 400", "{, 400", "5, 400"})
    void shouldRefuseWhatIsNotAnObject(String body, int status) throws Exception {
        assertThat(send("POST", "faults", body).status).isEqualTo(status);
        assertThat(send("POST", "settings", body).status).isEqualTo(status);
    }

    @Test
    void shouldChangeOnlyTheSettingsThatAreNamed() throws Exception {
        var changed = send("POST", "settings", """
                {"launchDelay": "PT2S", "capacity": 7}""");

        assertThat(changed.status).isEqualTo(200);
        assertThat(changed.body.get("launchDelay").textValue()).isEqualTo("PT2S");
        assertThat(simulator.settings())
                .isEqualTo(Ec2Settings.DEFAULT
                        .withLaunchDelay(Duration.ofSeconds(2))
                        .withCapacity(7));
        send("POST", "settings", """
                {"capacity": null}""");
        assertThat(simulator.settings().capacity()).isNull();

        var refused = send("POST", "settings", """
                {"launchDelay": "PT9S", "shutdownDelay": 3, "delay": "PT1S"}""");
        assertThat(refused.status).isEqualTo(400);
        assertThat(refused.body.get("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/shutdownDelay", "/delay");
        assertThat(simulator.settings().launchDelay()).isEqualTo(Duration.ofSeconds(2));
        assertThat(send("GET", "settings", "").body.get("launchDelay").textValue())
                .isEqualTo("PT2S");
    }

    @Test
    void shouldCountCalls() throws Exception {
        var http = HttpClient.newHttpClient();
        for (var action : new String[] {"RunInstances", "RunInstances", "Nonsense"}) {
            http.send(
                    HttpRequest.newBuilder(simulator.baseUrl().resolve("/?Action=" + action))
                            .build(),
                    BodyHandlers.discarding());
        }
        http.close();

        var calls = send("GET", "calls?last=1", "").body;
        assertThat(calls.get("counts").toString()).isEqualTo("{\"RunInstances\":2,\"unknown\":1}");
        assertThat(calls.get("recent")).hasSize(1);
        assertThat(calls.at("/recent/0/outcome").textValue()).isEqualTo("InvalidAction");
        assertThat(send("GET", "calls", "").body.get("recent")).isEmpty();
        assertThat(send("GET", "calls?last=x", "").status).isEqualTo(400);

        assertThat(send("DELETE", "calls", "").status).isEqualTo(204);
        assertThat(send("GET", "calls", "").body.get("counts")).isEmpty();
    }

    @Test
    void shouldSayWhatThereIs() throws Exception {
        assertThat(send("GET", "nothing", "").status).isEqualTo(404);
        assertThat(send("GET", "nothing", "").body.get("detail").textValue())
                .contains("calls", "faults", "instances", "settings");
        assertThat(send("PUT", "faults", "{}").status).isEqualTo(405);
        assertThat(send("POST", "instances", "{}").status).isEqualTo(405);
        assertThat(send("GET", "instances", "").body.get("items")).isEmpty();
    }

    private Answer send(String method, String path, String body) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(simulator.baseUrl() + "/_groundwork/" + path))
                            .method(method, BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            return new Answer(
                    answer.statusCode(),
                    answer.headers().firstValue("Content-Type").orElse(""),
                    Json.MAPPER.readTree(answer.body()));
        }
    }
}
