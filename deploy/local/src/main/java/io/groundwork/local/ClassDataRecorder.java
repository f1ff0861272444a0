package io.groundwork.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Help.Ansi;

/**
 * Starts the whole stack once, on free ports and on data of its own, and stops it again, so that every JVM records the
 * classes that it loads; see {@link JavaCommand}. Run after a build; the stack works as well without, only slower to start.
 *
 * <p>Arguments: the root of the repository, and a directory to work in that may be deleted. Exit code 1 and one line when
 * the stack does not start.
 */
final class ClassDataRecorder {
    /** Writing what was loaded takes seconds for each of the JVMs, and they do it at the same time. */
    private static final Duration STOP_PATIENCE = Duration.ofMinutes(3);

    public static void main(String... arguments) throws IOException {
        Logger.getLogger("").setLevel(Level.WARNING);
        var home = Path.of(arguments[0]);
        var work = Path.of(arguments[1]);
        try (var data = DataDirectory.open(work)) {
            record(home, data);
        } catch (CannotStartException failed) {
            System.err.println("groundwork: class data is not recorded: " + failed.getMessage());
            System.exit(1);
        }
    }

    private static void record(Path home, DataDirectory data) throws CannotStartException, IOException {
        var classData = Files.createDirectories(home.resolve(LocalStack.CLASS_DATA));
        var free = new HashMap<String, Integer>();
        Ports.names().forEach(name -> free.put(name, 0));
        var ports = Ports.of(0, free);
        var stack = new LocalStack(
                home, data, ports, Keys.loadOrMake(data.root().resolve("keys")), JavaCommand.recording(classData));
        var console = new Console(System.out, Ansi.OFF);
        try (var launch = new Launch(
                stack.children(),
                TopicSetup.of(null),
                ports.address("kafka"),
                new Endpoints(data.root().resolve("endpoints.json"), Map.of()),
                new Logs(data.of("logs")),
                new Orphans(data.root().resolve("running")),
                console,
                STOP_PATIENCE)) {
            launch.start();
        }
    }

    private ClassDataRecorder() {}
}
