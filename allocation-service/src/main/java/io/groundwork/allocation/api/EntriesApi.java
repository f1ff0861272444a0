package io.groundwork.allocation.api;

import io.groundwork.runtime.EntryKind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Entries of one kind at an address of their own. A PUT answers as one of the {@link CatalogueApi} does. */
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public abstract class EntriesApi {

    private final Entries entries;
    private final EntryKind<?> kind;

    EntriesApi(Entries entries, EntryKind<?> kind) {
        this.entries = entries;
        this.kind = kind;
    }

    @GET
    @Operation(summary = "All by name")
    public Entries.Items list() {
        return entries.list(kind);
    }

    @GET
    @Path("/{name}")
    @Operation(summary = "One, as a PUT takes it")
    public Object get(@PathParam("name") String name) {
        return entries.get(kind, name);
    }

    @PUT
    @Path("/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Adds or changes one; what is held of it stays")
    public Object put(@PathParam("name") String name, byte[] body) {
        return entries.put(kind, name, body);
    }

    @DELETE
    @Path("/{name}")
    @Operation(summary = "Withdraws one: nothing new can be had of it; what is held stays")
    public void delete(@PathParam("name") String name) {
        entries.delete(kind, name);
    }
}
