package io.groundwork.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * The record of running programs that outlives the launcher. A launcher that was killed leaves its programs running; the
 * next one stops them before it starts its own, and touches no process that merely got the same process id since.
 */
final class Orphans {
    private static final long PATIENCE_MS = 10_000;

    private final Path file;

    Orphans(Path file) {
        this.file = file;
    }

    /** A program that runs. */
    record Running(String name, long pid, String identity, Child.StopSignal stopSignal) {
        static Running of(Child child, long pid) {
            return new Running(child.name(), pid, Processes.identity(pid), child.stopSignal());
        }

        private String line() {
            return String.join("\t", name, Long.toString(pid), identity, stopSignal.name());
        }

        private static Optional<Running> parse(String line) {
            var fields = line.split("\t", -1);
            // A line of another shape was not written by this version; its programs cannot be known.
            return fields.length == 4
                    ? Optional.of(new Running(
                            fields[0], Long.parseLong(fields[1]), fields[2], Child.StopSignal.valueOf(fields[3])))
                    : Optional.empty();
        }

        private Optional<ProcessHandle> process() {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(process ->
                            !identity.isEmpty() && Processes.identity(pid).equals(identity));
        }
    }

    /** Replaces the record: these run now. */
    void record(Collection<Running> running) {
        try {
            var making = file.resolveSibling(file.getFileName() + ".making");
            Files.write(making, running.stream().map(Running::line).toList());
            Files.move(making, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException full) {
            // A full disk must not stop what runs; only a later search for orphans would miss this program.
        }
    }

    /** Stops what is left of a killed run, the last started first. Returns the names of what was stopped. */
    List<String> stopAll() throws IOException {
        var stopped = new ArrayList<String>();
        try (var stoppers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var running : read().reversed()) {
                running.process().ifPresent(process -> {
                    stopped.add(running.name());
                    stoppers.execute(() -> Processes.stop(process, running.stopSignal(), PATIENCE_MS));
                });
            }
        }
        Files.deleteIfExists(file);
        return stopped;
    }

    private List<Running> read() throws IOException {
        try {
            return Files.readAllLines(file).stream()
                    .flatMap(line -> Running.parse(line).stream())
                    .toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }
}
