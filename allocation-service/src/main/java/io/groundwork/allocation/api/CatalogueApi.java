package io.groundwork.allocation.api;

import io.groundwork.allocation.domain.CatalogueKinds;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.runtime.EntryKind;
import io.groundwork.runtime.rest.Administration;
import io.groundwork.runtime.rest.Caller;
import io.groundwork.runtime.rest.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The catalogue, the same for all tenants, and the quotas of the caller's own. Reading is everybody's, changing needs the role
 * {@code admin}. A PUT answers 200 with the entry as it stands now, or 400 naming every wrong field.
 */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Catalogue")
@RunOnVirtualThread
public class CatalogueApi {

    public static final Administration.Table TABLE = new Administration.Table(Owner.ALLOCATION, Topics.CATALOGUE);

    private final Entries entries;
    private final Caller caller;

    @Inject
    public CatalogueApi(Entries entries, Caller caller) {
        this.entries = entries;
        this.caller = caller;
    }

    @GET
    @Path("/catalogue/{kind}")
    @Operation(
            summary =
                    "All entries of a kind: flavors, images, networks, regions, profiles, server-types or os-templates")
    public Entries.Items list(@PathParam("kind") String kind) {
        return entries.list(kind(kind));
    }

    @GET
    @Path("/catalogue/{kind}/{name}")
    @Operation(summary = "One entry, as a PUT takes it")
    public Object get(@PathParam("kind") String kind, @PathParam("name") String name) {
        return entries.get(kind(kind), name);
    }

    @PUT
    @Path("/catalogue/{kind}/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Adds or changes an entry; requests that were accepted before keep what they saw")
    public Object put(@PathParam("kind") String kind, @PathParam("name") String name, byte[] body) {
        return entries.put(kind(kind), name, body);
    }

    @DELETE
    @Path("/catalogue/{kind}/{name}")
    @Operation(summary = "Withdraws an entry; what was made of it stays")
    public void delete(@PathParam("kind") String kind, @PathParam("name") String name) {
        entries.delete(kind(kind), name);
    }

    @GET
    @Path("/quotas/{tenant}/{project}")
    @Operation(summary = "The most that a project may hold, by measure; 404 where it is not limited")
    public Object quota(@PathParam("tenant") String tenant, @PathParam("project") String project) {
        return entries.get(CatalogueKinds.QUOTAS, own(tenant, project));
    }

    @PUT
    @Path("/quotas/{tenant}/{project}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Limits a project; what it holds beyond a lowered limit stays, and nothing more is granted")
    public Object limit(@PathParam("tenant") String tenant, @PathParam("project") String project, byte[] body) {
        caller.with(Caller.ADMIN);
        return entries.put(CatalogueKinds.QUOTAS, own(tenant, project), body);
    }

    @DELETE
    @Path("/quotas/{tenant}/{project}")
    @Operation(summary = "Lifts the limits of a project")
    public void unlimit(@PathParam("tenant") String tenant, @PathParam("project") String project) {
        caller.with(Caller.ADMIN);
        entries.delete(CatalogueKinds.QUOTAS, own(tenant, project));
    }

    private String own(String tenant, String project) {
        if (!caller.who().sees(tenant)) {
            throw Problem.notFound("There is no project " + tenant + "/" + project + ".");
        }
        return tenant + "/" + project;
    }

    private static EntryKind<?> kind(String word) {
        return switch (word) {
            case "flavors" -> CatalogueKinds.FLAVORS;
            case "images" -> CatalogueKinds.IMAGES;
            case "networks" -> CatalogueKinds.NETWORKS;
            case "regions" -> CatalogueKinds.REGIONS;
            case "profiles" -> CatalogueKinds.PROFILES;
            case "server-types" -> CatalogueKinds.SERVER_TYPES;
            case "os-templates" -> CatalogueKinds.OS_TEMPLATES;
            default ->
                throw Problem.notFound("The catalogue has no " + word
                        + "; it has flavors, images, networks, regions, profiles, server-types, os-templates.");
        };
    }
}
