package io.groundwork.e2e;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The simulated EC2: what it really holds, and how it misbehaves in one region. */
final class Cloud {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String control;
    private final String region;

    /** @param region where its faults hit */
    Cloud(Stack stack, String region) {
        this.control = stack.at("ec2") + "/_groundwork/";
        this.region = region;
    }

    /** One machine that is not terminated. */
    record Machine(String id, String region, String state, String privateIp, Map<String, String> tags) {

        private static Machine of(JsonNode json) {
            return new Machine(
                    json.path("id").asText(),
                    json.path("region").asText(),
                    json.path("state").asText(),
                    json.path("privateIp").asText(),
                    json.path("tags").properties().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey, tag -> tag.getValue().asText())));
        }
    }

    /** The machines tagged with {@code resource}, but not those that are terminated. */
    List<Machine> machines(String resource) {
        return Json.items(Http.get(control + "instances").expect(200).json()).stream()
                .map(Machine::of)
                .filter(machine -> !machine.state().equals("terminated"))
                .filter(machine -> resource.equals(machine.tags().get("groundwork:resource")))
                .toList();
    }

    /** A fault that hits every call of {@code action} until it is cleared. */
    Fault on(String action, String kind) {
        return new Fault(Json.object().put("action", action).put("kind", kind).put("scope", region));
    }

    Fault fail(String action) {
        return on(action, "fail");
    }

    /** Calls of {@code action} are carried out only after {@code delay}. */
    Fault delay(String action, Duration delay) {
        var fault = on(action, "delay");
        fault.body.put("delay", delay.toString());
        return fault;
    }

    /** Clears all faults of the region. */
    void behave() {
        Http.delete(control + "faults?scope=" + region).expect(204);
    }

    /** Returns when it answers. */
    void awaitReady() {
        await("EC2 answers").atMost(PATIENCE).ignoreExceptions().until(() -> hits() >= 0);
    }

    /** Returns when faults have hit {@code count} calls or more. */
    void awaitHits(int count) {
        await(count + " calls hit by a fault")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> hits() >= count);
    }

    /** How many calls the faults that are set have hit. */
    int hits() {
        return Json.items(Http.get(control + "faults").expect(200).json()).stream()
                .filter(fault -> region.equals(fault.path("scope").asText()))
                .mapToInt(fault -> fault.path("hits").asInt())
                .sum();
    }

    /** A fault that is being described. */
    final class Fault {
        private final ObjectNode body;

        private Fault(ObjectNode body) {
            this.body = body;
        }

        Fault times(int count) {
            body.put("times", count);
            return this;
        }

        /** From the call after so many have passed. */
        Fault after(int count) {
            body.put("after", count);
            return this;
        }

        /** Lets it be. */
        void set() {
            Http.postJson(control + "faults", body).expect(201);
        }
    }
}
