package io.groundwork.runtime.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.Json;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import io.groundwork.runtime.EntryKind;
import io.groundwork.runtime.Objection;
import io.groundwork.runtime.TableMachine;
import io.groundwork.runtime.streams.CommandGateway;
import io.groundwork.runtime.streams.Tables;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Changes and reads a table that a {@link TableMachine} of this service keeps. A change is decided on in the topology; it is
 * answered when this instance sees it too, so that a caller reads what it wrote.
 */
@ApplicationScoped
public class Administration {

    private static final Logger LOG = Logger.getLogger(Administration.class);
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final Tables tables;
    private final CommandGateway gateway;

    @Inject
    public Administration(Tables tables, CommandGateway gateway) {
        this.tables = tables;
        this.gateway = gateway;
    }

    /**
     * Whose table.
     *
     * @param topic the compacted one
     */
    public record Table(Owner owner, String topic) {}

    /** The entry, if it stands. */
    public <T extends Record> Optional<T> find(Table table, EntryKind<T> kind, String name) {
        return tables.get(table.topic(), kind.key(name), kind.type());
    }

    /** All entries of a kind by name. */
    public <T extends Record> Map<String, T> list(Table table, EntryKind<T> kind) {
        return tables.list(table.topic(), kind.key(""), kind.type());
    }

    /**
     * Reads the entry in a body.
     *
     * @throws Problem 400 naming everything that is wrong with its shape
     */
    public <T extends Record> T read(EntryKind<T> kind, byte[] body) {
        var read = kind.read(body);
        var entry = read.entry();
        if (entry == null) {
            throw invalid(read.objections());
        }
        return entry;
    }

    /**
     * Puts an entry and returns it.
     *
     * @throws Problem 400 naming everything that is wrong
     */
    public <T extends Record> T put(Table table, EntryKind<T> kind, String name, T entry) {
        var answer = ask(table, kind, name, TableMachine.PUT, entry);
        if (answer.result() == TableMachine.Result.REFUSED) {
            throw invalid(answer.objections());
        }
        await(() -> find(table, kind, name).filter(entry::equals).isPresent());
        return entry;
    }

    /** @throws Problem 404 if there is nothing to delete */
    public void delete(Table table, EntryKind<?> kind, String name) {
        if (ask(table, kind, name, TableMachine.DELETE, Map.of()).result() == TableMachine.Result.NOT_FOUND) {
            throw Problem.notFound("There is no " + kind.key(name) + ".");
        }
        await(() -> find(table, kind, name).isEmpty());
    }

    /**
     * Adds, in the background, the entries that never were there; asks again until the broker has them all.
     *
     * @param source a resource on the class path or a file: a JSON object of entries by key, such as {@code "flavors/m.small"}
     */
    public void seed(Table table, String source) {
        var entries = seeds(source);
        LOG.infof("seeding %s from %s", table.topic(), source);
        Thread.ofVirtual()
                .name("seed")
                .start(() -> entries.forEach((key, entry) -> {
                    while (!seeded(table, key, entry)) {
                        LOG.warnf("%s could not be seeded; trying again", key);
                        pause(AGAIN);
                    }
                }));
    }

    private boolean seeded(Table table, String key, JsonNode entry) {
        try {
            var id = Uuids.named("seed", table.topic(), key).toString();
            gateway.send(Topics.administration(table.owner()), key, id, TableMachine.SEED, entry);
            return true;
        } catch (CommandGateway.Unavailable unavailable) {
            return Thread.currentThread().isInterrupted();
        }
    }

    private static Map<String, JsonNode> seeds(String source) {
        try (var resource = Thread.currentThread().getContextClassLoader().getResourceAsStream(source)) {
            var bytes = resource == null ? Files.readAllBytes(Path.of(source)) : resource.readAllBytes();
            return Json.MAPPER.readValue(bytes, new TypeReference<LinkedHashMap<String, JsonNode>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException("seeds " + source + " cannot be read", e);
        }
    }

    private TableMachine.Answer ask(Table table, EntryKind<?> kind, String name, String type, Object payload) {
        return gateway.ask(Topics.administration(table.owner()), kind.key(name), type, payload)
                .as(TableMachine.Answer.class);
    }

    private static Problem invalid(List<Objection> objections) {
        return Problem.invalid(objections.stream()
                .map(objection -> new Problem.FieldError(objection.pointer(), objection.detail()))
                .toList());
    }

    /** What is decided is decided: seeing it late is no failure. */
    private static void await(BooleanSupplier seen) {
        var deadline = Instant.now().plus(SEEN_WITHIN);
        while (!seen.getAsBoolean() && Instant.now().isBefore(deadline)) {
            pause(Duration.ofMillis(10));
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
