package io.groundwork.simulators;

import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A simulator as a process of its own: {@code --port N --host ADDRESS --data DIRECTORY}. It prints one line when it is ready
 * and ends with 0 on SIGTERM or SIGINT, with 1 and one line on the error stream when it cannot start, with 2 when it was
 * called in a wrong way.
 */
public final class SimulatorMain {
    private SimulatorMain() {}

    /**
     * What the command line says.
     *
     * @param data null for a simulator that forgets
     * @param own the values of the options that only this simulator has, by name without dashes
     */
    public record Options(String host, int port, @Nullable Path data, Map<String, String> own) {}

    /** A simulator that runs. */
    public interface Running extends AutoCloseable {
        URI baseUrl();

        /** Its address, and what else one has to know to call it. */
        default String where() {
            return baseUrl().toString();
        }

        @Override
        void close();
    }

    /** Starts a simulator. */
    public interface Starter {
        /** @throws IllegalArgumentException if an option of its own has a wrong value */
        Running start(Options options) throws IOException;
    }

    /** A variable of the environment, or what holds where it is not set. */
    public static String environment(String name, String otherwise) {
        var value = System.getenv(name);
        return value == null || value.isBlank() ? otherwise : value;
    }

    /** Does not return if the simulator cannot start. */
    public static void run(String name, int defaultPort, String[] arguments, Starter starter) {
        run(name, defaultPort, Set.of(), arguments, starter);
    }

    /**
     * The same with options of its own.
     *
     * @param own their names, without dashes
     */
    public static void run(String name, int defaultPort, Set<String> own, String[] arguments, Starter starter) {
        try {
            var options = parse(arguments, defaultPort, own);
            var running = start(options, starter);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                running.close();
                Runtime.getRuntime().halt(0); // a signal would make it 143
            }));
            System.out.println(name + " ready on " + running.where()
                    + (options.data() == null ? ", keeping nothing" : ", data in " + options.data()));
        } catch (UsageException e) {
            var more = own.stream()
                    .sorted()
                    .map(option -> " [--" + option + " VALUE]")
                    .collect(Collectors.joining());
            exit(2, name + ": " + e.getMessage() + "; usage: [--port N] [--host ADDRESS] [--data DIRECTORY]" + more);
        } catch (IOException | RuntimeException e) {
            exit(1, name + ": " + reason(e));
        }
    }

    private static Running start(Options options, Starter starter) throws IOException, UsageException {
        try {
            return starter.start(options);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        } catch (BindException e) {
            var message = String.valueOf(e.getMessage());
            throw new IOException(
                    message.toLowerCase(Locale.ROOT).contains("in use")
                            ? "port " + options.port() + " is in use"
                            : "cannot listen on " + options.host() + ":" + options.port() + ": " + message,
                    e);
        }
    }

    /** The message of a file system's exception is often only the path. */
    private static String reason(Exception e) {
        return switch (e) {
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case FileSystemException failed
            when failed.getReason() == null ->
                failed.getFile() + ": " + failed.getClass().getSimpleName();
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }

    private static Options parse(String[] arguments, int defaultPort, Set<String> names) throws UsageException {
        var host = "127.0.0.1";
        var port = defaultPort;
        Path data = null;
        var own = new HashMap<String, String>();
        for (var i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new UsageException("a value is missing after " + arguments[i]);
            }
            var value = arguments[i + 1];
            switch (arguments[i]) {
                case "--host" -> host = value;
                case "--port" -> port = port(value);
                case "--data" -> data = Path.of(value);
                default -> {
                    var name = arguments[i].replaceFirst("^--", "");
                    if (!names.contains(name)) {
                        throw new UsageException("unknown option " + arguments[i]);
                    }
                    own.put(name, value);
                }
            }
        }
        return new Options(host, port, data, own);
    }

    private static int port(String value) throws UsageException {
        if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65_535) {
            throw new UsageException("a port is a number from 0 to 65535, not " + value);
        }
        return Integer.parseInt(value);
    }

    private static void exit(int status, String line) {
        System.err.println(line.lines().findFirst().orElse(line));
        System.exit(status);
    }

    private static final class UsageException extends Exception {
        UsageException(String message) {
            super(message);
        }
    }
}
