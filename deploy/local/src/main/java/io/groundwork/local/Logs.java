package io.groundwork.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** One file for what each program prints; a large one is set aside once and begun anew. */
final class Logs {
    static final long LIMIT_BYTES = 10_000_000;

    private final Path directory;

    Logs(Path directory) {
        this.directory = directory;
    }

    Path of(String program) {
        return directory.resolve(program + ".log");
    }

    /** The last line of a program's log that says something, empty if there is none. */
    String lastLine(String program) {
        try (Stream<String> lines = Files.lines(of(program))) {
            return lines.filter(line -> !line.isBlank())
                    .reduce("", (before, line) -> line)
                    .strip();
        } catch (IOException | RuntimeException unreadable) {
            return "";
        }
    }

    /**
     * Copies a log that grew beyond the limit aside, over the one before, and empties it. The program goes on writing to
     * the same file, as it appends; lines written between the two steps are lost.
     */
    void rotate(String program) {
        rotate(program, LIMIT_BYTES);
    }

    void rotate(String program, long limitBytes) {
        var log = of(program);
        try {
            if (Files.exists(log) && Files.size(log) > limitBytes) {
                Files.copy(log, log.resolveSibling(program + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
                FileChannel.open(log, StandardOpenOption.WRITE).truncate(0).close();
            }
        } catch (IOException full) {
            // Tried again at the next turn; a log is not worth stopping anything for.
        }
    }
}
