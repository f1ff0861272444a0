package io.groundwork.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A whole stack as {@code groundwork up} runs it, on ports and data of its own. */
final class Stack implements AutoCloseable {
    /** Where the logs of a run are kept after it. */
    static final Path KEPT_LOGS = Path.of("target", "stack-logs").toAbsolutePath();

    private static final Duration START_PATIENCE = Duration.ofMinutes(5);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);
    private static final int[] DEFAULT_PORTS = IntStream.concat(
                    IntStream.of(9092, 5433, 1025, 8025, 4566, 8443), IntStream.rangeClosed(8080, 8086))
            .toArray();

    private Path home;
    private final Path data;
    private final int offset;
    private final Thread atExit = new Thread(this::stopLauncher, "stop the stack");
    private Process launcher;

    private Stack(Path home, Path data, int offset) {
        this.home = home;
        this.data = data;
        this.offset = offset;
    }

    /**
     * Starts a stack and returns when it is ready.
     *
     * @param environment what the launcher passes on to all programs
     */
    static Stack start(Map<String, String> environment) throws IOException, InterruptedException {
        return start(home(), environment);
    }

    /** Starts the stack that was built in {@code home}. */
    static Stack start(Path home, Map<String, String> environment) throws IOException, InterruptedException {
        Files.createDirectories(KEPT_LOGS);
        var stack = new Stack(home, Files.createTempDirectory("groundwork-e2e"), freeOffset());
        Runtime.getRuntime().addShutdownHook(stack.atExit);
        try {
            stack.launch(environment);
        } catch (IOException | InterruptedException | RuntimeException | AssertionError failed) {
            stack.close();
            throw failed;
        }
        return stack;
    }

    /** Stops everything in order and starts it again on the same data and ports. */
    void restart(Map<String, String> environment) throws IOException, InterruptedException {
        stopLauncher();
        launch(environment);
    }

    /** Stops everything in order and starts what was built in {@code other} on the same data and ports. */
    void replace(Path other) throws IOException, InterruptedException {
        stopLauncher();
        home = other;
        launch(Map.of());
    }

    Path data() {
        return data;
    }

    Path logs() {
        return data.resolve("logs");
    }

    /** What {@code endpoints.json} says now. */
    JsonNode endpoints() {
        try {
            return Json.parse(Files.readAllBytes(data.resolve("endpoints.json")));
        } catch (IOException e) {
            throw new AssertionError("the stack is not up: " + e, e);
        }
    }

    /** The base URL of a service, or host and port of {@code kafka}. */
    String at(String name) {
        var value = endpoints().path(name).asText();
        if (value.isEmpty()) {
            throw new AssertionError("endpoints.json does not name " + name);
        }
        return value;
    }

    /** Starts the jar of a module under {@code deploy}, as {@code ./groundwork} does. */
    private ProcessBuilder program(String module, List<String> arguments, Path output) {
        var jar = home.resolve("deploy/" + module + "/target/groundwork-" + module + ".jar");
        if (!Files.exists(jar)) {
            throw new AssertionError(jar + " is not built");
        }
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar.toString()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    }

    /** Starts {@code groundwork demo} on this stack. */
    Process demo(List<String> options, Path output) throws IOException {
        var arguments = new ArrayList<>(List.of("--data", data.toString()));
        arguments.addAll(options);
        return program("cli", arguments, output).start();
    }

    private void launch(Map<String, String> environment) throws IOException, InterruptedException {
        var output = KEPT_LOGS.resolve("up.log");
        var builder =
                program("local", List.of("--data", data.toString(), "--offset", Integer.toString(offset)), output);
        builder.environment().put("GROUNDWORK_HOME", home.toString());
        builder.environment().putAll(environment);
        launcher = builder.start();
        var ready = data.resolve("endpoints.json");
        var deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (!Files.exists(ready)) {
            if (launcher.waitFor(100, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the stack did not start:\n" + Files.readString(output));
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the stack was not ready in time:\n" + Files.readString(output));
            }
        }
    }

    private synchronized void stopLauncher() {
        if (launcher == null || !launcher.isAlive()) {
            return;
        }
        try {
            launcher.destroy();
            if (!launcher.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                launcher.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        stopLauncher();
        if (Files.isDirectory(logs())) {
            try (var logs = Files.list(logs())) {
                for (var log : logs.toList()) {
                    Files.copy(log, KEPT_LOGS.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        try (var files = Files.walk(data)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The repository that the tests run in. */
    static Path home() {
        for (var directory = Path.of("").toAbsolutePath(); directory != null; directory = directory.getParent()) {
            if (Files.exists(directory.resolve("mvnw"))) {
                return directory;
            }
        }
        throw new IllegalStateException("not inside the repository");
    }

    /** Below the ports that the system hands out by itself, as one of those could be taken while a program restarts. */
    private static int freeOffset() {
        while (true) {
            var offset = ThreadLocalRandom.current().nextInt(11_000, 22_000);
            if (IntStream.of(DEFAULT_PORTS).allMatch(port -> isFree(port + offset))) {
                return offset;
            }
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress("localhost", port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
