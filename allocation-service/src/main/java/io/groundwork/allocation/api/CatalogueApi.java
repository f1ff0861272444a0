package io.groundwork.allocation.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.allocation.domain.CatalogueKinds;
import io.groundwork.events.Json;
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
import java.util.ArrayList;
import java.util.List;
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

    private final Administration administration;
    private final Caller caller;

    @Inject
    public CatalogueApi(Administration administration, Caller caller) {
        this.administration = administration;
        this.caller = caller;
    }

    /** What a list answers: entries by name, each as a PUT takes it and with its {@code name}. */
    public record Items(List<ObjectNode> items) {}

    @GET
    @Path("/catalogue/{kind}")
    @Operation(
            summary =
                    "All entries of a kind: flavors, images, networks, regions, profiles, server-types or os-templates")
    public Items list(@PathParam("kind") String kind) {
        caller.who();
        return items(kind(kind));
    }

    @GET
    @Path("/catalogue/{kind}/{name}")
    @Operation(summary = "One entry, as a PUT takes it")
    public Object get(@PathParam("kind") String kind, @PathParam("name") String name) {
        caller.who();
        return find(kind(kind), name);
    }

    @PUT
    @Path("/catalogue/{kind}/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Adds or changes an entry; requests that were accepted before keep what they saw")
    public Object put(@PathParam("kind") String kind, @PathParam("name") String name, byte[] body) {
        caller.with(Caller.ADMIN);
        return put(kind(kind), name, body);
    }

    @DELETE
    @Path("/catalogue/{kind}/{name}")
    @Operation(summary = "Withdraws an entry; what was made of it stays")
    public void delete(@PathParam("kind") String kind, @PathParam("name") String name) {
        caller.with(Caller.ADMIN);
        administration.delete(TABLE, kind(kind), name);
    }

    @GET
    @Path("/quotas/{tenant}/{project}")
    @Operation(summary = "The most that a project may hold, by measure; 404 where it is not limited")
    public Object quota(@PathParam("tenant") String tenant, @PathParam("project") String project) {
        return find(CatalogueKinds.QUOTAS, own(tenant, project));
    }

    @PUT
    @Path("/quotas/{tenant}/{project}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Limits a project; what it holds beyond a lowered limit stays, and nothing more is granted")
    public Object limit(@PathParam("tenant") String tenant, @PathParam("project") String project, byte[] body) {
        caller.with(Caller.ADMIN);
        return put(CatalogueKinds.QUOTAS, own(tenant, project), body);
    }

    @DELETE
    @Path("/quotas/{tenant}/{project}")
    @Operation(summary = "Lifts the limits of a project")
    public void unlimit(@PathParam("tenant") String tenant, @PathParam("project") String project) {
        caller.with(Caller.ADMIN);
        administration.delete(TABLE, CatalogueKinds.QUOTAS, own(tenant, project));
    }

    @GET
    @Path("/sites")
    @Operation(summary = "Where servers stand")
    public Items sites() {
        caller.who();
        return items(CatalogueKinds.SITES);
    }

    @GET
    @Path("/sites/{name}")
    @Operation(summary = "One site, as a PUT takes it")
    public Object site(@PathParam("name") String name) {
        caller.who();
        return find(CatalogueKinds.SITES, name);
    }

    @PUT
    @Path("/sites/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Adds or changes a site")
    public Object site(@PathParam("name") String name, byte[] body) {
        caller.with(Caller.ADMIN);
        return put(CatalogueKinds.SITES, name, body);
    }

    @DELETE
    @Path("/sites/{name}")
    @Operation(summary = "Withdraws a site: nothing new can be asked for there; what stands stays")
    public void withdrawSite(@PathParam("name") String name) {
        caller.with(Caller.ADMIN);
        administration.delete(TABLE, CatalogueKinds.SITES, name);
    }

    @GET
    @Path("/subnets")
    @Operation(summary = "Where servers get their addresses from")
    public Items subnets() {
        caller.who();
        return items(CatalogueKinds.SUBNETS);
    }

    @GET
    @Path("/subnets/{name}")
    @Operation(summary = "One subnet, as a PUT takes it")
    public Object subnet(@PathParam("name") String name) {
        caller.who();
        return find(CatalogueKinds.SUBNETS, name);
    }

    @PUT
    @Path("/subnets/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Adds or changes a subnet; addresses that are held stay, also outside of a changed network")
    public Object subnet(@PathParam("name") String name, byte[] body) {
        caller.with(Caller.ADMIN);
        return put(CatalogueKinds.SUBNETS, name, body);
    }

    @DELETE
    @Path("/subnets/{name}")
    @Operation(summary = "Withdraws a subnet; addresses that are held stay until they are given back")
    public void withdrawSubnet(@PathParam("name") String name) {
        caller.with(Caller.ADMIN);
        administration.delete(TABLE, CatalogueKinds.SUBNETS, name);
    }

    private String own(String tenant, String project) {
        if (!caller.who().sees(tenant)) {
            throw Problem.notFound("There is no project " + tenant + "/" + project + ".");
        }
        return tenant + "/" + project;
    }

    private <T extends Record> T find(EntryKind<T> kind, String name) {
        return administration
                .find(TABLE, kind, name)
                .orElseThrow(() -> Problem.notFound("There is no " + kind.key(name) + "."));
    }

    private <T extends Record> T put(EntryKind<T> kind, String name, byte[] body) {
        return administration.put(TABLE, kind, name, administration.read(kind, body));
    }

    private <T extends Record> Items items(EntryKind<T> kind) {
        var items = new ArrayList<ObjectNode>();
        administration.list(TABLE, kind).forEach((name, entry) -> {
            ObjectNode item = Json.MAPPER.createObjectNode().put("name", name);
            item.setAll((ObjectNode) Json.MAPPER.valueToTree(entry));
            items.add(item);
        });
        return new Items(items);
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
