package io.groundwork.baremetal;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.Catalogue.Disk;
import io.groundwork.events.Catalogue.ServerType;
import io.groundwork.events.Catalogue.Site;
import io.groundwork.events.Json;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.runtime.WorkResult;
import io.groundwork.runtime.testing.BrokerAndDatabase;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes of the packaged service, each with the queue of one site, as where BMCs are reached from their own site alone. */
class SiteQueuesIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final BrokerAndDatabase backends = new BrokerAndDatabase();
    private final SimulatedServers servers = new SimulatedServers();
    private final Map<String, String> config = new HashMap<>();
    private final List<Process> processes = new ArrayList<>();
    private String brokers;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws Exception {
        config.putAll(backends.start());
        config.putAll(servers.start());
        config.put("quarkus.profile", "local");
        config.put("baremetal.seeds", "");
        config.put("baremetal.looks.every", "PT0S");
        brokers = config.get("kafka.bootstrap.servers");
        var type = new ServerType(1, 1, List.of(new Disk(1, "ssd")), 1, List.of(), new BigDecimal("1.00"), "EUR");
        entries(Map.of(
                "sites/ams1", new Site("Amsterdam"), "sites/fra1", new Site("Frankfurt"), "server-types/any", type));
    }

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        servers.stop();
        backends.stop();
    }

    @Test
    void shouldDoTheWorkOfASiteOnlyWhereItsQueueIsDeclared() throws Exception {
        var amsterdam = new Instance("ams1");
        var frankfurt = new Instance("fra1");
        amsterdam.ready();
        frankfurt.ready();

        amsterdam.enrol("srv-1", "ams1");
        amsterdam.enrol("srv-2", "fra1");
        amsterdam.state("srv-1", "manageable");
        amsterdam.state("srv-2", "manageable");

        assertThat(workers("srv-1")).isNotEmpty().allMatch(amsterdam::is);
        assertThat(workers("srv-2")).isNotEmpty().allMatch(frankfurt::is);

        amsterdam.idle("srv-1");
        amsterdam.idle("srv-2");

        // a site that nobody reaches: its work stands in its queue, and no other process takes it
        frankfurt.kill();
        var before = workers("srv-2").size();
        var seen = works("fra1", "srv-2");
        amsterdam.perform("srv-2", "verify");
        await().atMost(PATIENCE).until(() -> works("fra1", "srv-2") > seen);
        var done = workers("srv-1").size();
        amsterdam.perform("srv-1", "verify");
        await().atMost(PATIENCE).until(() -> workers("srv-1").size() > done);
        amsterdam.state("srv-1", "manageable");
        assertThat(workers("srv-2")).hasSize(before);
        amsterdam.state("srv-2", "verifying");

        var again = new Instance("fra1");
        amsterdam.state("srv-2", "manageable");
        // the killed one's last works may be done once more
        assertThat(workers("srv-2")).anyMatch(again::is).allMatch(worker -> frankfurt.is(worker) || again.is(worker));
    }

    /** One process, which does the work of one site. */
    private final class Instance {

        private final Process process;
        private final String base;

        Instance(String site) throws IOException {
            var port = freePort();
            base = "http://127.0.0.1:" + port;
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.add("-Xmx256m");
            config.forEach((name, value) -> command.add("-D" + name + "=" + value));
            command.add("-Dquarkus.http.port=" + port);
            command.add("-Dgroundwork.data-dir="
                    + Files.createTempDirectory(directory, site).toAbsolutePath());
            command.add("-jar");
            command.add(Path.of("target/quarkus-app/quarkus-run.jar")
                    .toAbsolutePath()
                    .toString());
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Path.of("target", "site-queues-" + site + "-" + port + ".log")
                            .toFile());
            builder.environment().put("GROUNDWORK_BAREMETAL_QUEUES", "baremetal\\.work\\.site-" + site + "\\.v1");
            process = builder.start();
            processes.add(process);
        }

        boolean is(String worker) {
            return worker.endsWith(":" + process.pid());
        }

        void kill() throws InterruptedException {
            process.destroyForcibly();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }

        private RequestSpecification http() {
            return given().baseUri(base).contentType("application/json");
        }

        void ready() {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> http().get("/q/health/ready").then().statusCode(200));
        }

        void enrol(String id, String site) {
            var simulator = SimulatedServers.simulator();
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> http().body(Map.of(
                                    "id",
                                    id,
                                    "site",
                                    site,
                                    "serverType",
                                    "any",
                                    "rack",
                                    "rack-1",
                                    "target",
                                    "manageable",
                                    "bmc",
                                    Map.of(
                                            "address", simulator.bmc(id).toString(),
                                            "credential", "lab",
                                            "fingerprint", String.valueOf(simulator.fingerprint()))))
                            .post("/v1/servers")
                            .then()
                            .statusCode(201));
        }

        void perform(String id, String verb) {
            // what a killed process had moves here within seconds
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> http().body("{}")
                            .post("/v1/servers/" + id + "/" + verb)
                            .then()
                            // begun, although the answer to a try before was lost
                            .statusCode(oneOf(202, 409)));
        }

        void idle(String id) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> http().get("/v1/servers/" + id)
                            .then()
                            .statusCode(200)
                            .body("operation", nullValue()));
        }

        void state(String id, String state) {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> http().get("/v1/servers/" + id)
                            .then()
                            .statusCode(200)
                            .body("state", equalTo(state)));
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** By whom the works of a server were done. */
    private List<String> workers(String server) {
        var done = new ArrayList<String>();
        read(Topics.results(Owner.BAREMETAL), record -> {
            var result = Json.read(record.value(), WorkResult.class);
            if (result.operation().startsWith(server + "/")) {
                done.add(result.worker());
            }
        });
        return done;
    }

    /** How many works for a server stand, or stood, in the queue of a site. */
    private int works(String site, String server) {
        var works = new ArrayList<JsonNode>();
        read(Topics.work(Owner.BAREMETAL, "site-" + site), record -> {
            if (record.key().startsWith(server + "/")) {
                works.add(Json.read(record.value(), JsonNode.class));
            }
        });
        return works.size();
    }

    private void read(String topic, Consumer<ConsumerRecord<String, byte[]>> each) {
        var read = Map.<String, Object>of("bootstrap.servers", brokers, "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(read, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(each);
            }
        }
    }

    private void entries(Map<String, Object> entries) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", brokers),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (var entry : entries.entrySet()) {
                producer.send(new ProducerRecord<>(Topics.CATALOGUE, entry.getKey(), Json.write(entry.getValue())))
                        .get();
            }
        }
    }
}
