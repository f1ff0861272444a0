package io.groundwork.local;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code endpoints.json}: tells other programs where everything is, while everything is there. Its readers never see half
 * a file.
 */
final class Endpoints {
    private final Path file;
    private final Map<String, Object> fixed;

    /** @param fixed everything but the process ids */
    Endpoints(Path file, Map<String, ?> fixed) {
        this.file = file;
        this.fixed = new LinkedHashMap<>(fixed);
    }

    void write(Map<String, Long> pids) throws IOException {
        var all = new LinkedHashMap<>(fixed);
        all.put("pids", pids);
        var making = file.resolveSibling(file.getFileName() + ".making");
        var lines = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        new ObjectMapper().writer(lines).writeValue(making.toFile(), all);
        Files.move(making, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void remove() throws IOException {
        Files.deleteIfExists(file);
    }
}
