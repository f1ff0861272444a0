package io.groundwork.local.inbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The mails received, one JSON file each, so that a restart finds them; in memory there are only the lines of the list.
 *
 * <p>Holds {@value #LIMIT} mails and then forgets the oldest.
 */
final class Mailbox {
    static final int LIMIT = 20_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUFFIX = ".json";

    /** A line of the list. */
    record Summary(String id, String to, String subject, String receivedAt) {}

    private final Path directory;
    private final Clock clock;
    private final NavigableMap<Long, Summary> summaries = new TreeMap<>();
    private long lastId;

    /** Opens the mailbox kept in {@code directory}, which is made if missing. */
    Mailbox(Path directory, Clock clock) throws IOException {
        this.directory = directory;
        this.clock = clock;
        Files.createDirectories(directory);
        try (var files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (var file : files) {
                remember(JSON.readValue(file.toFile(), Message.class));
            }
        }
    }

    /** Keeps a mail for one of its recipients; on disk when this returns. */
    synchronized Message add(String to, MimeMessage mail) {
        var now = clock.instant();
        // The time makes ids grow across restarts and deletions without a counter to keep.
        var id = Long.toString(Math.max(lastId + 1, now.toEpochMilli()));
        var message = Message.of(id, to, mail, now.toString());
        try {
            var making = directory.resolve(id + ".making");
            JSON.writeValue(making.toFile(), message);
            Files.move(making, file(id), StandardCopyOption.ATOMIC_MOVE);
            remember(message);
            while (summaries.size() > LIMIT) {
                Files.deleteIfExists(file(summaries.pollFirstEntry().getValue().id()));
            }
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
        return message;
    }

    /** Newest first. */
    synchronized List<Summary> list() {
        return List.copyOf(summaries.descendingMap().values());
    }

    synchronized Optional<Message> find(String id) throws IOException {
        var known = id.matches("\\d{1,18}") && summaries.containsKey(Long.parseLong(id));
        return known ? Optional.of(JSON.readValue(file(id).toFile(), Message.class)) : Optional.empty();
    }

    /** Writes all messages as a JSON array, newest last. */
    synchronized void writeTo(OutputStream out) throws IOException {
        var separator = "[";
        for (var summary : summaries.values()) {
            out.write(separator.getBytes(StandardCharsets.UTF_8));
            Files.copy(file(summary.id()), out);
            separator = ",\n";
        }
        out.write((summaries.isEmpty() ? "[]" : "]").getBytes(StandardCharsets.UTF_8));
    }

    synchronized void clear() throws IOException {
        for (var summary : summaries.values()) {
            Files.deleteIfExists(file(summary.id()));
        }
        summaries.clear();
    }

    private void remember(Message message) {
        lastId = Math.max(lastId, Long.parseLong(message.id()));
        summaries.put(
                Long.parseLong(message.id()),
                new Summary(message.id(), message.to(), message.subject(), message.receivedAt()));
    }

    private Path file(String id) {
        return directory.resolve(id + SUFFIX);
    }
}
