package io.groundwork.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** A stack of its own as {@code groundwork up} runs it, on free ports and fresh data, prepared for load. */
final class Target implements AutoCloseable {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int[] DEFAULT_PORTS = IntStream.concat(
                    IntStream.of(9092, 5433, 1025, 8025, 4566, 8443), IntStream.rangeClosed(8080, 8086))
            .toArray();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path data;
    /** Null for a stack that somebody else started. */
    private final @Nullable Process launcher;

    private final JsonNode endpoints;

    private Target(Path data, @Nullable Process launcher, JsonNode endpoints) {
        this.data = data;
        this.launcher = launcher;
        this.endpoints = endpoints;
    }

    /**
     * @param up the command that starts a stack
     * @param jvm options of every JVM of it, after its own
     */
    static Target start(List<String> up, String jvm) throws IOException, InterruptedException {
        var data = Files.createTempDirectory("groundwork-bench");
        var command = new ArrayList<>(up);
        command.addAll(List.of("--offset", String.valueOf(freeOffset()), "--data", data.toString()));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("up.log").toFile());
        if (!jvm.isEmpty()) {
            // unlike JAVA_TOOL_OPTIONS this comes after what the command line says
            builder.environment().put("_JAVA_OPTIONS", jvm);
        }
        var launcher = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(launcher::destroy));
        var ready = data.resolve("endpoints.json");
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(ready)) {
            if (launcher.waitFor(200, TimeUnit.MILLISECONDS) || System.nanoTime() - deadline > 0) {
                launcher.destroy();
                throw new IOException("the stack did not start:\n" + Files.readString(data.resolve("up.log")));
            }
        }
        return new Target(data, launcher, JSON.readTree(ready.toFile()));
    }

    /** One that runs already and goes on running afterwards. */
    static Target running(Path data) throws IOException {
        return new Target(
                data, null, JSON.readTree(data.resolve("endpoints.json").toFile()));
    }

    /** Quotas that nothing here reaches, and back ends that answer at once. */
    Target prepared() throws IOException, InterruptedException {
        expect(200, send("PUT", at("allocation-service") + "/v1/quotas/acme/payments", """
                        {"limits": {"instances": 100000000, "vcpus": 100000000, "memoryGiB": 100000000}}""", ""));
        expect(200, send("POST", at("ec2") + "/_groundwork/settings", """
                        {"launchDelay": "PT0S", "shutdownDelay": "PT0S", "terminatedVisible": "PT30S"}""", ""));
        return this;
    }

    String at(String name) {
        return endpoints.path(name).asText();
    }

    /** A consumer of all that is committed to {@code topics} from now on. */
    KafkaConsumer<String, byte[]> fromNowOn(String... topics) {
        var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", at("kafka"), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        var partitions = Stream.of(topics)
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        return consumer;
    }

    Path data() {
        return data;
    }

    /** The same stack as it runs now: a restarted program has another process id. Closing it stops nothing. */
    Target now() throws IOException {
        return running(data);
    }

    /** Process ids by name. */
    Map<String, Long> pids() {
        var pids = new TreeMap<String, Long>();
        endpoints
                .path("pids")
                .properties()
                .forEach(pid -> pids.put(pid.getKey(), pid.getValue().asLong()));
        return pids;
    }

    /**
     * Asks for one machine.
     *
     * @param more members of the request, each behind a comma
     * @return the answer
     * @throws IOException if it was not accepted
     */
    JsonNode submit(String name, String more) throws IOException, InterruptedException {
        var body = """
                {"operation": "deploy", "resource": "acme/payments/%s", "approvers": ["lead@acme.example"],
                 "components": [{"name": "web", "type": "cloud.vm", "count": 1, "flavor": "m.small",
                                 "image": "debian-12", "networks": ["default"]}]%s}""".formatted(name, more);
        return expect(202, send("POST", at("request-service") + "/v1/requests", body, "dev@acme.example"));
    }

    /** @param user whose name stands in for an identity; empty for the default one */
    HttpResponse<String> send(String method, String url, String body, String user)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body));
        if (!user.isEmpty()) {
            request.header("X-Groundwork-User", user);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    static JsonNode expect(int status, HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() != status) {
            throw new IOException(answer.uri() + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (launcher == null) {
            return;
        }
        launcher.destroy();
        if (!launcher.waitFor(90, TimeUnit.SECONDS)) {
            launcher.destroyForcibly().waitFor();
        }
        try (var files = Files.walk(data)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static int freeOffset() {
        for (var tries = 0; tries < 100; tries++) {
            var offset = ThreadLocalRandom.current().nextInt(100, 200) * 100;
            if (IntStream.of(DEFAULT_PORTS).allMatch(port -> free(port + offset))) {
                return offset;
            }
        }
        throw new IllegalStateException("no free ports");
    }

    private static boolean free(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress("localhost", port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
