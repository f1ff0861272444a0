package io.groundwork.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code groundwork up}: the whole stack on this machine, until Ctrl-C.
 *
 * <p>Exit codes: 0 after SIGINT or SIGTERM, 1 when it cannot start, 2 for a wrong command line.
 */
@Command(
        name = "groundwork up",
        description = "Starts everything on this machine and keeps it running until Ctrl-C.",
        sortOptions = false)
public final class Up implements Callable<Integer> {
    private static final int CANNOT_START = 1;

    @Option(names = "--data", paramLabel = "DIR", description = "Where all data is kept (default: .groundwork).")
    private @Nullable Path directory;

    @Option(names = "--offset", paramLabel = "N", description = "Added to every default port.")
    private int offset;

    @Option(
            names = "--port",
            paramLabel = "name=N",
            description = "Moves one port; 0 takes a free one. May be repeated. The names are those of endpoints.json.")
    private Map<String, Integer> moved = Map.of();

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Of every topic of new data, which keeps them for life (default: 6).")
    private @Nullable Integer partitions;

    @SuppressWarnings("UnusedVariable") // picocli shows the help when it is set
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    public static void main(String... args) {
        // Kafka's clients would tell all their settings in between.
        Logger.getLogger("").setLevel(Level.WARNING);
        var exitCode = new CommandLine(new Up()).execute(args);
        System.exit(exitCode);
    }

    @Override
    public Integer call() {
        Ports ports;
        try {
            ports = Ports.of(offset, moved);
            if (partitions != null && partitions < 1) {
                throw new IllegalArgumentException("--partitions must be 1 or more, not " + partitions);
            }
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), String.valueOf(wrong.getMessage()));
        }
        var home = Path.of(Optional.ofNullable(System.getenv("GROUNDWORK_HOME")).orElse("."));
        var wanted = directory == null ? home.resolve(".groundwork") : directory;
        var console = new Console(System.out, Ansi.AUTO);
        var launch = new AtomicReference<@Nullable Launch>();
        // Who ends this run, the signal or the failure; the other of the two stands back.
        var ending = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(ending, launch.get(), console), "stop"));
        String failure;
        try (var data = DataDirectory.open(wanted)) {
            try {
                start(home.toAbsolutePath().normalize(), data, ports, TopicSetup.of(partitions), console, launch);
                awaitSignal();
            } finally {
                // Only a failed start comes here. Its programs are stopped while the directory is still locked.
                giveUp(ending, launch.get());
            }
            throw new IllegalStateException("unreachable: a signal ends the process");
        } catch (CannotStartException reason) {
            failure = String.valueOf(reason.getMessage());
        } catch (IOException failed) {
            failure = "cannot work in " + wanted + ": " + failed;
        }
        giveUp(ending, null);
        System.err.println("groundwork: cannot start: " + failure);
        return CANNOT_START;
    }

    private static void start(
            Path home,
            DataDirectory data,
            Ports ports,
            TopicSetup topics,
            Console console,
            AtomicReference<@Nullable Launch> launch)
            throws CannotStartException, IOException {
        var began = System.nanoTime();
        console.starting(data.root());
        var orphans = new Orphans(data.root().resolve("running"));
        var left = orphans.stopAll();
        if (!left.isEmpty()) {
            console.stoppedOrphans(left);
        }
        ports.checkFree();
        var stack = new LocalStack(
                home,
                data,
                ports,
                Keys.loadOrMake(data.root().resolve("keys")),
                JavaCommand.using(home.resolve(LocalStack.CLASS_DATA)));
        var endpoints = new Endpoints(data.root().resolve("endpoints.json"), stack.endpoints());
        endpoints.remove();
        var prepared = new Launch(
                stack.children(),
                topics,
                ports.address("kafka"),
                endpoints,
                new Logs(data.of("logs")),
                orphans,
                console,
                Launch.STOP_PATIENCE);
        launch.set(prepared);
        prepared.start();
        console.allReady(ports, data.root(), Duration.ofNanos(System.nanoTime() - began));
    }

    /** Runs when a signal arrives, and ends the process. */
    private static void stop(AtomicBoolean ending, @Nullable Launch launch, Console console) {
        if (!ending.compareAndSet(false, true)) {
            return;
        }
        if (launch != null) {
            console.stopping();
            launch.close();
            console.stopped();
        }
        // The JVM would report the signal; but a stack that was asked to stop, and did, has not failed.
        Runtime.getRuntime().halt(0);
    }

    private static void giveUp(AtomicBoolean ending, @Nullable Launch launch) {
        if (launch != null) {
            if (!ending.compareAndSet(false, true)) {
                // What looks like a failure is the stop that somebody asked for during the start.
                awaitSignal();
            }
            launch.close();
        }
        ending.set(true);
    }

    private static void awaitSignal() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException impossible) {
            throw new IllegalStateException("nobody interrupts the main thread", impossible);
        }
    }
}
