package io.groundwork.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** The stack's processes, as the system sees them. */
final class Processes {
    private static final Duration RESTART_PATIENCE = Duration.ofMinutes(2);
    /** Of {@code /proc/<pid>/stat}; the same on every Linux. */
    private static final int TICKS_PER_SECOND = 100;

    private final Stack stack;

    Processes(Stack stack) {
        this.stack = stack;
    }

    long pid(String name) {
        var pid = stack.endpoints().path("pids").path(name).asLong();
        if (pid == 0) {
            throw new AssertionError("endpoints.json has no pid of " + name);
        }
        return pid;
    }

    /** Ends a program without warning and returns when its successor can be used. */
    void kill(String name) {
        awaitSuccessor(name, signalKill(name));
    }

    /** Ends a program without warning; the process id that it had. */
    long signalKill(String name) {
        var pid = pid(name);
        signal("KILL", pid);
        return pid;
    }

    void awaitSuccessor(String name, long predecessor) {
        // while it is down there is none at all
        await("a successor of " + name)
                .atMost(RESTART_PATIENCE)
                .until(() -> stack.endpoints().path("pids").path(name).asLong(), pid -> pid != 0 && pid != predecessor);
        var url = stack.endpoints().path(name).asText();
        if (url.startsWith("http") && !Set.of("ec2", "redfish", "inbox").contains(name)) {
            awaitReady(url);
        }
    }

    /** Returns when the service at {@code url} says that it is ready. */
    static void awaitReady(String url) {
        await(url + " ready")
                .atMost(RESTART_PATIENCE)
                .ignoreExceptions()
                .until(() -> Http.get(url + "/q/health/ready").status() == 200);
    }

    /** Stops a program from running until the answer is closed. */
    Frozen freeze(String name) {
        var pid = pid(name);
        signal("STOP", pid);
        return new Frozen(pid);
    }

    /** A process that does not run, for a while. */
    record Frozen(long pid) implements AutoCloseable {

        /** Ends it instead. */
        void kill() {
            signal("KILL", pid);
        }

        /** Lets it go on; harmless if it does already, or is gone. */
        @Override
        public void close() {
            if (ProcessHandle.of(pid).isPresent()) {
                signal("CONT", pid);
            }
        }
    }

    /** Starts the same program with the same environment a second time, but for what is named. */
    Process twin(String name, Path directory, Path output, Map<String, String> changed) throws IOException {
        return twin(name, UnaryOperator.identity(), directory, output, changed);
    }

    /**
     * As {@link #twin(String, Path, Path, Map)}, with other words on its command line.
     *
     * @param word what stands for a word of it
     */
    Process twin(String name, UnaryOperator<String> word, Path directory, Path output, Map<String, String> changed)
            throws IOException {
        var pid = Long.toString(pid(name));
        var command = words(Path.of("/proc", pid, "cmdline")).stream().map(word).toList();
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment(Path.of("/proc", pid, "environ")));
        builder.environment().putAll(changed);
        return builder.start();
    }

    /**
     * A second instance of a service, with a folder and a port of its own.
     *
     * @param process what nobody starts again
     */
    record Second(Process process) implements AutoCloseable {

        /** Ends it without warning. */
        void kill() {
            process.destroyForcibly();
        }

        /** Ends it as an operator would; harmless if it has ended. */
        @Override
        public void close() throws InterruptedException {
            stop(process);
        }
    }

    /** Starts a second instance of {@code service}. */
    Second second(String service) throws IOException {
        var directory = Files.createDirectories(stack.data().resolve("second-" + service));
        var port = Integer.toString(freePort());
        return new Second(twin(
                service,
                directory,
                stack.logs().resolve(service + "-second.log"),
                Map.of("QUARKUS_HTTP_PORT", port, "GROUNDWORK_DATA_DIR", directory.toString())));
    }

    static void stop(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The CPU time that a program has used so far. */
    Duration cpu(String name) {
        var stat = read(Path.of("/proc", Long.toString(pid(name)), "stat"));
        // The second field is the program's name in parentheses and may hold blanks.
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        var ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        return Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
    }

    int threads(String name) {
        return status(name, "Threads:");
    }

    /** The memory that a program has, in MiB. */
    int memory(String name) {
        return status(name, "VmRSS:") / 1024;
    }

    private int status(String name, String field) {
        return read(Path.of("/proc", Long.toString(pid(name)), "status"))
                .lines()
                .filter(line -> line.startsWith(field))
                .mapToInt(line -> Integer.parseInt(
                        line.substring(field.length()).replace("kB", "").strip()))
                .findFirst()
                .orElseThrow();
    }

    /** The programs of ours, but not the broker and the database. */
    List<String> services() {
        var names = new ArrayList<String>();
        stack.endpoints().path("pids").fieldNames().forEachRemaining(names::add);
        names.removeIf(name -> !name.endsWith("-service") && !name.endsWith("-provisioner"));
        return names;
    }

    static void signal(String signal, long pid) {
        try {
            var exit = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new AssertionError("kill -" + signal + " " + pid + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Map<String, String> environment(Path file) {
        var environment = new LinkedHashMap<String, String>();
        for (var entry : words(file)) {
            var equals = entry.indexOf('=');
            environment.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return environment;
    }

    private static List<String> words(Path file) {
        return List.of(read(file).split("\0"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
