package io.groundwork.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** What the supervisor needs of the operating system, beyond {@link ProcessHandle}. */
final class Processes {
    private static final Optional<String> SETSID = Stream.of("/usr/bin/setsid", "/bin/setsid")
            .filter(path -> Files.isExecutable(Path.of(path)))
            .findFirst();

    /**
     * The command, made deaf to the terminal: a Ctrl-C there reaches the launcher alone, which stops all in order. The
     * process id stays that of the program itself.
     */
    static List<String> detached(List<String> command) {
        var detached = new ArrayList<String>();
        if (SETSID.isPresent()) {
            detached.add(SETSID.get());
        } else {
            // Ignored signals stay ignored by what is executed.
            detached.addAll(List.of("sh", "-c", "trap '' INT HUP; exec \"$0\" \"$@\""));
        }
        detached.addAll(command);
        return detached;
    }

    /** Asks the process to end, and ends it by force if it does not within {@code patienceMs}. */
    static void stop(ProcessHandle process, Child.StopSignal signal, long patienceMs) {
        try {
            signal(process, signal);
            process.onExit().get(patienceMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException stubborn) {
            process.destroyForcibly();
            awaitExit(process);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException hurried) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What tells this process from a later one that got the same process id: on Linux the boot and the clock tick of its
     * start, which no change of the clock moves, elsewhere the time of its start. Empty if there is no such process.
     */
    static String identity(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // The second field is the program's name in parentheses and may contain anything.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            var ticksAtStart = fields[19];
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + "/" + ticksAtStart;
        } catch (IOException noSuchProcessOrNotLinux) {
            return ProcessHandle.of(pid)
                    .flatMap(process -> process.info().startInstant())
                    .map(Instant::toString)
                    .orElse("");
        }
    }

    private static void signal(ProcessHandle process, Child.StopSignal signal) throws InterruptedException {
        switch (signal) {
            case TERM -> process.destroy();
            case INT -> {
                try {
                    new ProcessBuilder("sh", "-c", "kill -INT " + process.pid())
                            .start()
                            .waitFor();
                } catch (IOException noShell) {
                    process.destroy();
                }
            }
        }
    }

    private static void awaitExit(ProcessHandle process) {
        try {
            process.onExit().get(5, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException beyondHelp) {
            // Killed and still there: the kernel holds it, nothing more can be done from here.
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private Processes() {}
}
