package io.groundwork.iam.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.events.Directory.Group;
import io.groundwork.events.Directory.Project;
import io.groundwork.events.Directory.User;
import io.groundwork.events.Json;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.iam.domain.DirectoryKinds;
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
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The caller's tenant in the directory; another tenant's entries do not exist (404). Changing needs the role {@code admin}. A PUT
 * answers 200 with the entry as it stands now, or 400 naming every wrong field.
 */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Directory")
@RunOnVirtualThread
public class DirectoryApi {

    public static final Administration.Table TABLE = new Administration.Table(Owner.IAM, Topics.DIRECTORY);

    private final Administration administration;
    private final Caller caller;

    @Inject
    public DirectoryApi(Administration administration, Caller caller) {
        this.administration = administration;
        this.caller = caller;
    }

    /** What a list answers: entries by name, each as a PUT takes it and with its {@code name}. */
    public record Items(List<ObjectNode> items) {}

    @GET
    @Path("/groups")
    @Operation(summary = "The tenant's groups")
    public Items groups() {
        return list(DirectoryKinds.GROUPS, Group::tenant);
    }

    @GET
    @Path("/groups/{name}")
    @Operation(summary = "A group: its members, and the roles within a project that it may be granted")
    public Group group(@PathParam("name") String name) {
        return own(DirectoryKinds.GROUPS, name, Group::tenant);
    }

    @PUT
    @Path("/groups/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Adds or changes a group; grants that stand stay as they are")
    public Group put(@PathParam("name") String name, byte[] body) {
        return put(DirectoryKinds.GROUPS, name, body, Group::tenant);
    }

    @DELETE
    @Path("/groups/{name}")
    @Operation(summary = "Removes a group; what it was granted is revoked with the resource")
    public void deleteGroup(@PathParam("name") String name) {
        delete(DirectoryKinds.GROUPS, name, Group::tenant);
    }

    @GET
    @Path("/users")
    @Operation(summary = "The tenant's users")
    public Items users() {
        return list(DirectoryKinds.USERS, User::tenant);
    }

    @GET
    @Path("/users/{name}")
    @Operation(summary = "A user by mail address")
    public User user(@PathParam("name") String name) {
        return own(DirectoryKinds.USERS, name, User::tenant);
    }

    @PUT
    @Path("/users/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Adds or changes a user")
    public User putUser(@PathParam("name") String name, byte[] body) {
        return put(DirectoryKinds.USERS, name, body, User::tenant);
    }

    @DELETE
    @Path("/users/{name}")
    @Operation(summary = "Removes a user")
    public void deleteUser(@PathParam("name") String name) {
        delete(DirectoryKinds.USERS, name, User::tenant);
    }

    @GET
    @Path("/projects/{tenant}/{project}")
    @Operation(summary = "A project")
    public Project project(@PathParam("tenant") String tenant, @PathParam("project") String project) {
        return own(DirectoryKinds.PROJECTS, tenant + "/" + project, any -> tenant);
    }

    @PUT
    @Path("/projects/{tenant}/{project}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Adds or changes a project")
    public Project putProject(@PathParam("tenant") String tenant, @PathParam("project") String project, byte[] body) {
        caller.with(Caller.ADMIN);
        if (!caller.who().sees(tenant)) {
            throw absent(DirectoryKinds.PROJECTS, tenant + "/" + project);
        }
        return put(DirectoryKinds.PROJECTS, tenant + "/" + project, body, any -> tenant);
    }

    @DELETE
    @Path("/projects/{tenant}/{project}")
    @Operation(summary = "Removes a project; its resources stay")
    public void deleteProject(@PathParam("tenant") String tenant, @PathParam("project") String project) {
        delete(DirectoryKinds.PROJECTS, tenant + "/" + project, any -> tenant);
    }

    private <T extends Record> Items list(EntryKind<T> kind, Function<T, String> tenant) {
        var items = new ArrayList<ObjectNode>();
        administration.list(TABLE, kind).forEach((name, entry) -> {
            if (caller.who().sees(tenant.apply(entry))) {
                ObjectNode item = Json.MAPPER.createObjectNode().put("name", name);
                item.setAll((ObjectNode) Json.MAPPER.valueToTree(entry));
                items.add(item);
            }
        });
        return new Items(items);
    }

    private <T extends Record> T own(EntryKind<T> kind, String name, Function<T, String> tenant) {
        return administration
                .find(TABLE, kind, name)
                .filter(entry -> caller.who().sees(tenant.apply(entry)))
                .orElseThrow(() -> absent(kind, name));
    }

    private <T extends Record> T put(EntryKind<T> kind, String name, byte[] body, Function<T, String> tenant) {
        caller.with(Caller.ADMIN);
        var entry = administration.read(kind, body);
        if (!caller.who().sees(tenant.apply(entry))) {
            throw Problem.invalid(List.of(new Problem.FieldError(
                    "/tenant", "must be your own: " + caller.who().tenant())));
        }
        return administration.put(TABLE, kind, name, entry);
    }

    private <T extends Record> void delete(EntryKind<T> kind, String name, Function<T, String> tenant) {
        caller.with(Caller.ADMIN);
        own(kind, name, tenant);
        administration.delete(TABLE, kind, name);
    }

    private static Problem absent(EntryKind<?> kind, String name) {
        return Problem.notFound("There is no " + kind.key(name) + ".");
    }
}
