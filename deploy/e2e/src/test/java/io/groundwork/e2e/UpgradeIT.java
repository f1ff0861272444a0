package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A rolling upgrade: requests begin under the services of another commit ({@code -De2e.previous}, by default the one before this),
 * go on while those and the ones of this tree run side by side, and end when only these are left.
 */
@Order(40)
@Isolated("builds another version and runs a stack of its own")
class UpgradeIT {
    private static final String PREVIOUS = System.getProperty("e2e.previous", "HEAD~1");
    private static final Path THIS = Stack.home();
    private static final Path BEFORE = THIS.resolve("deploy/e2e/target/previous");
    private static final Path OUTPUT = Stack.KEPT_LOGS.resolve("previous.log");

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void shouldLoseNothingWhileTwoVersionsRunSideBySide() throws IOException, InterruptedException {
        Files.createDirectories(Stack.KEPT_LOGS);
        build();
        var twins = new TreeMap<String, Process>();
        try (var stack = Stack.start(BEFORE, Map.of())) {
            var client = new Client(stack);
            var approver = new Approver(stack, client, Ask.REGION);
            var cloud = new Cloud(stack, Ask.REGION);

            var standing = Ask.newResource("stands");
            var first = client.submit(Ask.deploy(standing).machines(2).access("operator"));
            approver.approve(first);
            client.awaits(first, "COMPLETED");
            var patient = client.submit(
                    Ask.deploy(Ask.newResource("patient")).machines(1).with("approvalTimeout", "PT30M"));
            var asked = client.submit(
                    Ask.deploy(Ask.newResource("asked")).machines(2).with("approvalTimeout", "PT10M"));
            var busy = Ask.newResource("busy");
            cloud.delay("RunInstances", Duration.ofSeconds(2)).set();
            var running = client.submit(Ask.deploy(busy).machines(3));
            var queued = client.submit(Ask.decommission(busy));
            client.awaitsPerson(patient);
            client.awaitsPerson(asked);
            approver.approve(running);
            client.awaits(running, "PROVISIONING");

            prepare(stack);
            var addresses = besides(stack, twins);
            cloud.behave();

            assertThat(client.awaitEnd(running).path("state").asText()).isEqualTo("COMPLETED");
            approver.approve(queued);
            approver.approve(asked);
            var removal = client.submit(Ask.decommission(standing));
            approver.approve(removal);
            var mixed = new ArrayList<String>();
            for (var one = 0; one < 12; one++) {
                var ask = Ask.deploy(Ask.newResource("mixed")).machines(1).access("operator");
                mixed.add(
                        one % 2 == 0
                                ? client.submit(ask)
                                : Http.post(
                                                addresses.get("request-service") + "/v1/requests",
                                                ask.json().toString())
                                        .expect(202)
                                        .json()
                                        .path("id")
                                        .asText());
            }
            mixed.forEach(approver::approve);
            for (var id : List.of(queued, asked, removal)) {
                assertThat(client.awaitEnd(id).path("state").asText()).as(id).isEqualTo("COMPLETED");
            }
            for (var id : mixed) {
                assertThat(client.awaitEnd(id).path("state").asText()).as(id).isEqualTo("COMPLETED");
            }
            client.awaitNothingLeft(cloud, standing);
            client.awaitNothingLeft(cloud, busy);

            stack.replace(THIS);
            for (var twin : twins.values()) {
                Processes.stop(twin);
            }
            approver.approveByLink(patient);
            assertThat(client.awaitEnd(patient).path("state").asText()).isEqualTo("COMPLETED");
            for (var id : mixed) {
                var resource = client.get(id).path("resource").asText();
                assertThat(cloud.machines(resource)).as(resource).hasSize(1);
                assertThat(client.grants(resource)).as(resource).hasSize(1);
            }
            var ended = new ArrayList<>(mixed);
            ended.addAll(List.of(first, patient, asked, running, queued, removal));
            assertThat(Topic.of(stack, "request.completions.v1").read().stream()
                            .map(record ->
                                    Json.parse(record.value()).path("requestId").asText()))
                    .containsExactlyInAnyOrderElementsOf(ended);
            for (var service : new Processes(stack).services()) {
                assertThat(Topic.of(stack, service + ".dead-letters.v1").read())
                        .as("what %s could not read", service)
                        .isEmpty();
            }
        } finally {
            for (var twin : twins.values()) {
                Processes.stop(twin);
            }
            run(THIS, "git", "worktree", "remove", "--force", BEFORE.toString());
        }
    }

    /** Creates the topics that this tree has and the other had not; the keys that it makes are nobody's. */
    private static void prepare(Stack stack) throws IOException, InterruptedException {
        run(
                THIS,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                THIS.resolve("deploy/local/target/groundwork-local.jar").toString(),
                "io.groundwork.local.Prepare",
                stack.at("kafka"),
                stack.data().resolve("unused-keys").toString(),
                Files.createDirectories(stack.data().resolve("unused")).toString());
    }

    /** Starts this tree's services beside those of the stack, as contracts/CHANGELOG.md says; their addresses by name, when all of them are ready. */
    private static Map<String, String> besides(Stack stack, Map<String, Process> twins) throws IOException {
        var processes = new Processes(stack);
        var addresses = new TreeMap<String, String>();
        for (var service : processes.services()) {
            var directory =
                    Files.createDirectories(stack.data().resolve("beside").resolve(service));
            var port = Integer.toString(Processes.freePort());
            addresses.put(service, "http://localhost:" + port);
            twins.put(
                    service,
                    processes.twin(
                            service,
                            word -> word.replace(BEFORE.toString(), THIS.toString()),
                            directory,
                            stack.logs().resolve(service + "-beside.log"),
                            Map.of(
                                    "QUARKUS_HTTP_PORT",
                                    port,
                                    "GROUNDWORK_DATA_DIR",
                                    directory.toString(),
                                    "GROUNDWORK_ROWS_PACKED",
                                    "false")));
        }
        addresses.values().forEach(Processes::awaitReady);
        return addresses;
    }

    /** Checks {@link #PREVIOUS} out beside this tree, and builds what a stack needs of it. */
    private static void build() throws IOException, InterruptedException {
        if (Files.exists(BEFORE)) {
            run(THIS, "git", "worktree", "remove", "--force", BEFORE.toString());
        }
        run(THIS, "git", "worktree", "prune");
        run(THIS, "git", "worktree", "add", "--detach", BEFORE.toString(), PREVIOUS);
        run(BEFORE, "./mvnw", "-q", "-B", "-DskipTests", "-pl", "deploy/local," + services(), "-am", "package");
    }

    private static String services() {
        return "request-service,approval-service,allocation-service,cloud-provisioner,baremetal-provisioner,iam-service,"
                + "notification-service";
    }

    private static void run(Path directory, String... command) throws IOException, InterruptedException {
        var exit = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(OUTPUT.toFile()))
                .start()
                .waitFor();
        if (exit != 0) {
            throw new AssertionError(
                    String.join(" ", command) + " ended with " + exit + ":\n" + Files.readString(OUTPUT));
        }
    }
}
