package io.groundwork.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where a running stack is, as its {@code endpoints.json} says. */
final class Endpoints {

    private final JsonNode file;

    private Endpoints(JsonNode file) {
        this.file = file;
    }

    /** The stack whose data are in {@code dataDirectory}; empty if none is ready there. */
    static Optional<Endpoints> of(Path dataDirectory) throws IOException {
        var path = dataDirectory.resolve("endpoints.json");
        return Files.exists(path)
                ? Optional.of(new Endpoints(new ObjectMapper().readTree(path.toFile())))
                : Optional.empty();
    }

    /** Whether every process that the file names runs. A stack that was killed leaves its file behind. */
    boolean alive() {
        var pids = file.path("pids");
        return !pids.isEmpty()
                && pids.valueStream()
                        .allMatch(pid -> ProcessHandle.of(pid.asLong())
                                .filter(ProcessHandle::isAlive)
                                .isPresent());
    }

    /** The base URL, or host and port, of {@code name}. */
    String of(String name) {
        var value = file.path(name).asText();
        if (value.isEmpty()) {
            throw new IllegalStateException("endpoints.json does not name " + name);
        }
        return value;
    }
}
