package io.groundwork.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * One Postgres server with its data in a directory and one database, {@code groundwork}, for the services' schemas.
 *
 * <p>The server is a process of its own, so it outlives a killed starter. The next start on the same directory finds it
 * by its pid file and stops it first. It listens on the loopback interface only.
 *
 * <p>As root, which Postgres refuses to run as, it runs in a user namespace of its own ({@code unshare}).
 */
public final class EmbeddedPostgres implements AutoCloseable {
    public static final String DATABASE = "groundwork";
    public static final String USER = "groundwork";
    public static final String PASSWORD = "groundwork";

    private static final String HOST = "localhost";
    private static final int TRIES = 5;
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    /** Lines of the pid file: pid, data directory, start in epoch seconds, port, …, status as the eighth. */
    private static final int PID_LINE = 0;

    private static final int START_LINE = 2;
    private static final int STATUS_LINE = 7;

    private final Path dataDirectory;
    private final Process process;
    private final int port;

    private EmbeddedPostgres(Path dataDirectory, Process process, int port) {
        this.dataDirectory = dataDirectory;
        this.process = process;
        this.port = port;
    }

    /** Starts a server on a free port. */
    public static EmbeddedPostgres start(Path dataDirectory) {
        return start(dataDirectory, 0);
    }

    /**
     * Starts a server and returns when it takes connections.
     *
     * @param dataDirectory made if missing, continued if it has data; its parent must exist or be makeable
     * @param port of the loopback interface; 0 takes a free one, which {@link #port()} tells
     * @throws IllegalStateException if it cannot start, with what the server said
     */
    public static EmbeddedPostgres start(Path dataDirectory, int port) {
        prepare(dataDirectory);
        if (port != 0 && !FreePort.isFree(port)) {
            throw new IllegalStateException("port " + port + " is in use, Postgres cannot start on it");
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return serve(dataDirectory, port == 0 ? FreePort.find() : port);
            } catch (IllegalStateException failed) {
                // Between finding a port and listening on it anybody may have taken it.
                if (port != 0
                        || attempt == TRIES
                        || !String.valueOf(failed.getMessage()).contains("could not bind")) {
                    throw failed;
                }
            }
        }
    }

    private static EmbeddedPostgres serve(Path dataDirectory, int port) {
        var log = dataDirectory.resolve("server.log");
        try {
            var process = new ProcessBuilder(command(dataDirectory, port))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            var server = new EmbeddedPostgres(dataDirectory, process, port);
            // A test run that forgets to close, or is interrupted, leaves no server behind.
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop-postgres"));
            server.awaitReady(log);
            return server;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * Makes the data directory ready to be served: unpacks the binaries, makes the database if there is none, and stops
     * a server that still runs on it. May be called again at any time.
     *
     * @throws IllegalStateException if that is impossible here, with the reason
     */
    public static void prepare(Path dataDirectory) {
        stopOrphan(dataDirectory);
        if (!Files.exists(dataDirectory.resolve("PG_VERSION"))) {
            create(dataDirectory);
        }
    }

    /**
     * The command that serves a prepared directory in the foreground, for those who supervise the process themselves.
     * SIGINT stops it and its clients at once and cleanly; SIGTERM waits for its clients.
     */
    public static List<String> command(Path dataDirectory, int port) {
        var command = postgres("postgres", "-D", dataDirectory.toAbsolutePath().toString());
        for (var setting : List.of(
                "port=" + port,
                "listen_addresses=" + HOST,
                // Socket paths have a length limit that a deep data directory exceeds.
                "unix_socket_directories=",
                "max_connections=100",
                "shared_buffers=32MB",
                "max_wal_size=256MB",
                "timezone=UTC",
                "log_timezone=UTC")) {
            command.add("-c");
            command.add(setting);
        }
        return command;
    }

    /** Whether the server of this directory that runs as process {@code pid} takes connections. */
    public static boolean isReady(Path dataDirectory, long pid) {
        var lines = readPidFile(dataDirectory);
        // A killed server leaves its file behind, with the last status it had.
        return lines.size() > STATUS_LINE
                && lines.get(PID_LINE).strip().equals(Long.toString(pid))
                && lines.get(STATUS_LINE).strip().equals("ready");
    }

    /** URL of the {@link #DATABASE} on a port of this machine. */
    public static String jdbcUrl(int port) {
        return "jdbc:postgresql://" + HOST + ":" + port + "/" + DATABASE;
    }

    public String jdbcUrl() {
        return jdbcUrl(port);
    }

    public int port() {
        return port;
    }

    /** The process id of the server. */
    public long pid() {
        return process.pid();
    }

    /** Stops the server and keeps its data; a second call does nothing. */
    @Override
    public void close() {
        stop(process.toHandle());
    }

    private void awaitReady(Path log) throws IOException {
        var deadline = Instant.now().plus(START_TIMEOUT);
        while (!isReady(dataDirectory, pid())) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                close();
                throw new IllegalStateException("Postgres did not start on " + dataDirectory + ":\n"
                        + Files.readString(log).strip());
            }
            pause();
        }
    }

    private static void create(Path dataDirectory) {
        try {
            // Made aside and renamed when complete, so that a kill half-way leaves nothing that looks like a database.
            var making = dataDirectory.toAbsolutePath().resolveSibling(dataDirectory.getFileName() + ".making");
            delete(making);
            Files.createDirectories(making.resolveSibling("."));
            var passwordFile = Files.createTempFile(
                    "postgres", "", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.writeString(passwordFile, PASSWORD);
                run(
                        "",
                        postgres(
                                "initdb",
                                "--pgdata=" + making,
                                "--username=" + USER,
                                "--pwfile=" + passwordFile,
                                "--auth=scram-sha-256",
                                "--encoding=UTF8",
                                "--locale=C",
                                "--locale-provider=builtin",
                                "--builtin-locale=C.UTF-8",
                                "--no-sync"));
            } finally {
                Files.delete(passwordFile);
            }
            run("CREATE DATABASE " + DATABASE + ";\n", postgres("postgres", "--single", "-D", making + "", "postgres"));
            // An empty directory that a caller made before is in the way of the rename.
            Files.deleteIfExists(dataDirectory);
            Files.move(making, dataDirectory);
        } catch (IOException failed) {
            throw new IllegalStateException("cannot make a database in " + dataDirectory + ": " + failed, failed);
        }
    }

    /**
     * Stops the server that a killed starter left on this directory. A pid file whose pid now belongs to another program
     * is removed, as Postgres would otherwise refuse to start; one whose pid is dead is left for Postgres to judge.
     */
    private static void stopOrphan(Path dataDirectory) {
        var lines = readPidFile(dataDirectory);
        if (lines.size() <= START_LINE) {
            return;
        }
        var handle = ProcessHandle.of(Long.parseLong(lines.get(PID_LINE).strip()));
        if (handle.isEmpty() || !handle.get().isAlive()) {
            return;
        }
        var startedAt =
                Instant.ofEpochSecond(Long.parseLong(lines.get(START_LINE).strip()));
        if (isPostgres(handle.get(), startedAt)) {
            stop(handle.get());
        } else {
            try {
                Files.deleteIfExists(dataDirectory.resolve("postmaster.pid"));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** The name alone could be another server's under a recycled pid, the start time alone anything's. */
    private static boolean isPostgres(ProcessHandle process, Instant startedAt) {
        var named = process.info()
                .command()
                .map(command -> command.endsWith("/postgres"))
                .orElse(true);
        var started = process.info().startInstant();
        return named
                && (started.isEmpty()
                        || Duration.between(started.get(), startedAt).abs().compareTo(Duration.ofMinutes(1)) < 0);
    }

    /** Fast shutdown, then immediate shutdown (recovers at the next start), then the axe. */
    private static void stop(ProcessHandle server) {
        for (var signal : List.of("INT", "QUIT", "KILL")) {
            if (!server.isAlive()) {
                return;
            }
            try {
                new ProcessBuilder("sh", "-c", "kill -" + signal + " " + server.pid())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
                server.onExit().get(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (java.util.concurrent.TimeoutException stillThere) {
                // The next signal is stronger.
            } catch (IOException | java.util.concurrent.ExecutionException failed) {
                throw new IllegalStateException("cannot stop Postgres, process " + server.pid(), failed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static List<String> readPidFile(Path dataDirectory) {
        try {
            return Files.readAllLines(dataDirectory.resolve("postmaster.pid"));
        } catch (IOException none) {
            return List.of();
        }
    }

    /** A program of the distribution with its arguments, run so that Postgres accepts to run at all. */
    private static List<String> postgres(String program, String... arguments) {
        var command = new ArrayList<String>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(Binaries.directory().resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static void run(String input, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        var process = builder.start();
        // it writes into a directory that the next start makes anew, so it must not outlive this one
        var atExit = new Thread(() -> kill(process), "end " + command.getFirst());
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            run(input, command, process);
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException exiting) {
                kill(process);
            }
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }

    private static void run(String input, List<String> command, Process process) throws IOException {
        try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
            stdin.write(input);
        }
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed:\n" + output.strip());
            }
        } catch (InterruptedException interrupted) {
            kill(process);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_INTERVAL);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for Postgres", interrupted);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (var paths = Files.walk(tree)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** The server's programs, unpacked once for this user and kept. */
    private static final class Binaries {
        private static @Nullable Path unpacked;

        static synchronized Path directory() {
            if (unpacked == null) {
                try {
                    unpacked = unpack();
                } catch (IOException failed) {
                    throw new IllegalStateException("cannot unpack the Postgres binaries: " + failed, failed);
                }
            }
            return unpacked;
        }

        private static Path unpack() throws IOException {
            var archive = archive();
            var cache = cache();
            var target = cache.resolve("postgres-" + identity(archive));
            if (Files.isExecutable(target.resolve("bin/postgres"))) {
                return target;
            }
            Files.createDirectories(cache);
            var making = Files.createTempDirectory(cache, "postgres");
            try (var tar = new XZInputStream(new BufferedInputStream(archive.openStream()))) {
                extract(tar, making);
                Files.move(making, target);
            } catch (FileSystemException raced) {
                // Another process was faster; its copy is as good.
                delete(making);
                if (!Files.isExecutable(target.resolve("bin/postgres"))) {
                    throw raced;
                }
            }
            return target;
        }

        private static void extract(InputStream tar, Path directory) throws IOException {
            var process = new ProcessBuilder("tar", "-x", "-C", directory.toString())
                    .redirectErrorStream(true)
                    .start();
            try (var stdin = process.getOutputStream()) {
                tar.transferTo(stdin);
            }
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.onExit().join().exitValue() != 0) {
                throw new IOException("tar: " + output.strip());
            }
        }

        private static URL archive() {
            var system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
            var architecture = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
            var name = "/postgres-" + system + "-" + architecture + ".txz";
            return Optional.ofNullable(EmbeddedPostgres.class.getResource(name))
                    .orElseThrow(() -> new IllegalStateException(
                            "no Postgres for this kind of machine: " + name + " is not on the class path"));
        }

        /** Changes when the archive changes: its checksum in the jar that brings it. */
        private static String identity(URL archive) throws IOException {
            if (archive.openConnection() instanceof JarURLConnection jar) {
                return Long.toHexString(jar.getJarEntry().getCrc());
            }
            return Long.toString(archive.openConnection().getContentLengthLong());
        }

        private static Path cache() {
            var configured =
                    Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).filter(dir -> !dir.isBlank());
            return configured
                    .map(Path::of)
                    .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                    .resolve("groundwork");
        }
    }
}
