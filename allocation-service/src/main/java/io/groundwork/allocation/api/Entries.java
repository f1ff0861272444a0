package io.groundwork.allocation.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.events.Json;
import io.groundwork.runtime.EntryKind;
import io.groundwork.runtime.rest.Administration;
import io.groundwork.runtime.rest.Caller;
import io.groundwork.runtime.rest.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;

/** Entries of the catalogue as callers read and change them: reading is everybody's, changing needs the role {@code admin}. */
@ApplicationScoped
public class Entries {

    private final Administration administration;
    private final Caller caller;

    @Inject
    public Entries(Administration administration, Caller caller) {
        this.administration = administration;
        this.caller = caller;
    }

    /** What a list answers: entries by name, each as a PUT takes it and with its {@code name}. */
    public record Items(List<ObjectNode> items) {}

    <T extends Record> Items list(EntryKind<T> kind) {
        caller.who();
        var items = new ArrayList<ObjectNode>();
        administration.list(CatalogueApi.TABLE, kind).forEach((name, entry) -> {
            ObjectNode item = Json.MAPPER.createObjectNode().put("name", name);
            item.setAll((ObjectNode) Json.MAPPER.valueToTree(entry));
            items.add(item);
        });
        return new Items(items);
    }

    /** @throws Problem 404 if there is none of that name */
    <T extends Record> T get(EntryKind<T> kind, String name) {
        caller.who();
        return administration
                .find(CatalogueApi.TABLE, kind, name)
                .orElseThrow(() -> Problem.notFound("There is no " + kind.key(name) + "."));
    }

    /** @throws Problem 400 naming everything that is wrong */
    <T extends Record> T put(EntryKind<T> kind, String name, byte[] body) {
        caller.with(Caller.ADMIN);
        return administration.put(CatalogueApi.TABLE, kind, name, administration.read(kind, body));
    }

    /** @throws Problem 404 if there is nothing to delete */
    void delete(EntryKind<?> kind, String name) {
        caller.with(Caller.ADMIN);
        administration.delete(CatalogueApi.TABLE, kind, name);
    }
}
