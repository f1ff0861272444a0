package io.groundwork.simulators;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a simulator holds, as a log of changes: a kill at any moment leaves all of a change or nothing of it.
 *
 * <p>The file {@code state.log} has one line per value: a flag, then {@code {"key": ..., "value": ...}}, without a value
 * where the key was removed. The flag is {@code .} on the last line of a change and {@code +} on those before it; lines at
 * the end that no {@code .} follows are of a change that was cut off, and are dropped at the next opening. Nothing is
 * forced to the disk: the process may die, the machine may not. The file is rewritten when most of it is outdated.
 */
public final class Journal implements AutoCloseable {
    private static final byte MORE = '+';
    private static final byte LAST = '.';
    private static final long REWRITE_FROM = 4 * 1024 * 1024;
    private static final int REWRITE_FACTOR = 4;

    private record Entry(String key, @Nullable Object value) {}

    private record Line(String key, boolean removed, Position position) {}

    private record Position(long offset, int length) {}

    private final @Nullable Path file;
    private final @Nullable FileChannel lock;
    private @Nullable FileChannel channel;
    private final Map<String, Position> positions = new LinkedHashMap<>();
    private long size;
    private long live;
    private boolean cutOff;
    private boolean closed;

    private Journal(@Nullable Path file, @Nullable FileChannel lock) {
        this.file = file;
        this.lock = lock;
    }

    /** A journal that forgets. */
    public static Journal inMemory() {
        return new Journal(null, null);
    }

    /**
     * Opens the journal of a directory, which is created where it is missing.
     *
     * @throws IOException if the directory cannot be written, another process uses it, or a line is unreadable
     */
    public static Journal open(Path directory) throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new IOException(directory + " is not a directory");
        }
        Files.createDirectories(directory);
        var lock = lock(directory.resolve("lock"));
        try {
            var journal = new Journal(directory.resolve("state.log"), lock);
            journal.locate();
            return journal;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        var channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process; the same answer as for another.
        }
        channel.close();
        throw new IOException(path.getParent() + " is in use by another process");
    }

    /**
     * Writes one change: the new value of each key, null for a key that is gone. When it returns, the change outlives the
     * process; when it throws, nothing was changed.
     */
    public synchronized void append(Map<String, ? extends @Nullable Object> change) {
        if (closed) {
            throw new IllegalStateException("the journal is closed");
        }
        if (channel == null || change.isEmpty()) {
            return;
        }
        var bytes = new ByteArrayOutputStream();
        var written = new LinkedHashMap<String, @Nullable Position>();
        try {
            var left = change.size();
            for (var entry : change.entrySet()) {
                var value = entry.getValue();
                var start = bytes.size();
                bytes.write(--left == 0 ? LAST : MORE);
                bytes.write(Json.MAPPER.writeValueAsBytes(new Entry(entry.getKey(), value)));
                bytes.write('\n');
                var position = new Position(size + start, bytes.size() - start);
                written.put(entry.getKey(), value == null ? null : position);
            }
            if (cutOff) {
                channel.truncate(size); // what a failed write left, which a shorter one would not cover
            }
            cutOff = true;
            write(channel, size, bytes.toByteArray());
            cutOff = false;
        } catch (IOException e) {
            throw new UncheckedIOException("the journal cannot be written: " + e.getMessage(), e);
        }
        size += bytes.size();
        written.forEach(this::place);
        if (size > REWRITE_FROM && size > REWRITE_FACTOR * live) {
            rewrite();
        }
    }

    private static void write(FileChannel channel, long offset, byte[] bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer, offset + buffer.position());
        }
    }

    private static byte[] read(FileChannel channel, Position position) throws IOException {
        var buffer = ByteBuffer.allocate(position.length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position.offset + buffer.position()) < 0) {
                throw new IOException("the journal ends before byte " + (position.offset + position.length));
            }
        }
        return buffer.array();
    }

    private void place(String key, @Nullable Position position) {
        var before = position == null ? positions.remove(key) : positions.put(key, position);
        live += (position == null ? 0 : position.length) - (before == null ? 0 : before.length);
    }

    /**
     * Hands over what the journal holds, in the order in which the keys were first written, and one by one: it may be more
     * than fits into memory as text.
     */
    public synchronized void forEach(BiConsumer<String, JsonNode> consumer) throws IOException {
        if (channel == null) {
            return;
        }
        for (var place : positions.entrySet()) {
            var offset = place.getValue().offset;
            consumer.accept(place.getKey(), value(read(channel, place.getValue()), offset));
        }
    }

    /** What the journal holds for a key; null if nothing. */
    public synchronized @Nullable JsonNode get(String key) throws IOException {
        var position = positions.get(key);
        return channel == null || position == null ? null : value(read(channel, position), position.offset);
    }

    /** Finds where the values are, and drops what was cut off. */
    private void locate() throws IOException {
        var path = path();
        channel = openFile(path);
        var change = new ArrayList<Line>();
        var line = new ByteArrayOutputStream();
        var offset = 0L;
        try (var in = new BufferedInputStream(Files.newInputStream(path))) {
            for (int next; (next = in.read()) >= 0; ) {
                line.write(next);
                if (next == '\n') {
                    var bytes = line.toByteArray();
                    line.reset();
                    change.add(line(bytes, offset));
                    offset += bytes.length;
                    if (bytes[0] == LAST) {
                        change.forEach(each -> place(each.key, each.removed ? null : each.position));
                        change.clear();
                        size = offset;
                    }
                }
            }
        }
        channel.truncate(size);
    }

    /** Looks no further than whether there is a value. */
    private Line line(byte[] line, long offset) throws IOException {
        try (var parser = Json.MAPPER.createParser(line, 1, line.length - 1)) {
            if ((line[0] == LAST || line[0] == MORE)
                    && parser.nextToken() == JsonToken.START_OBJECT
                    && "key".equals(parser.nextFieldName())) {
                var key = parser.nextTextValue();
                if (key != null) {
                    return new Line(key, parser.nextFieldName() == null, new Position(offset, line.length));
                }
            }
        } catch (JsonProcessingException e) {
            // Told below, with the place.
        }
        throw damaged(offset);
    }

    private JsonNode value(byte[] line, long offset) throws IOException {
        try {
            var value = Json.MAPPER.readTree(line, 1, line.length - 1).get("value");
            if (value != null) {
                return value;
            }
        } catch (JsonProcessingException e) {
            // Told below, with the place.
        }
        throw damaged(offset);
    }

    private IOException damaged(long offset) {
        return new IOException(path() + " is damaged at byte " + offset + "; move it away to start anew");
    }

    private void rewrite() {
        var current = channel;
        if (current == null) {
            return;
        }
        var path = path();
        var temporary = path.resolveSibling("state.log.new");
        FileChannel next = null;
        try {
            Files.deleteIfExists(temporary);
            next = openFile(temporary);
            var moved = new LinkedHashMap<String, Position>();
            var end = 0L;
            for (var entry : positions.entrySet()) {
                var line = read(current, entry.getValue());
                line[0] = LAST;
                write(next, end, line);
                moved.put(entry.getKey(), new Position(end, line.length));
                end += line.length;
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            channel = next;
            positions.putAll(moved);
            size = end;
            close(current);
        } catch (IOException e) {
            // The old file still holds all, so this is only tried again later.
            close(next);
        }
    }

    private static FileChannel openFile(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Nothing is lost: what was acknowledged is written.
        }
    }

    private Path path() {
        if (file == null) {
            throw new IllegalStateException("in memory only");
        }
        return file;
    }

    @Override
    public synchronized void close() {
        closed = true;
        close(channel);
        close(lock);
    }
}
