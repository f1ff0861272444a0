package io.groundwork.request.api;

import io.groundwork.events.ResourceId;
import io.groundwork.request.api.Documents.InstanceHistory;
import io.groundwork.request.api.Documents.Resource;
import io.groundwork.runtime.rest.Caller;
import io.groundwork.runtime.rest.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What stands. */
@Path("/v1/resources")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ResourcesApi {

    private final Resources resources;
    private final Caller caller;

    @Inject
    public ResourcesApi(Resources resources, Caller caller) {
        this.resources = resources;
        this.caller = caller;
    }

    @GET
    @Path("/{tenant}/{project}/{name}")
    @Operation(
            summary = "What stands: design, outputs, instances, the active request and the queue",
            description = "state is NONE after a decommission; 404 if nothing was ever asked of the resource.")
    public Resource get(
            @PathParam("tenant") String tenant, @PathParam("project") String project, @PathParam("name") String name) {
        var resource = resource(tenant, project, name);
        return resources.find(resource).orElseThrow(() -> Problem.notFound("There is no resource " + resource + "."));
    }

    @GET
    @Path("/{tenant}/{project}/{name}/instances/{component}/{index}")
    @Operation(
            summary = "One instance: what stands behind it, and what stood behind it before",
            description = "The instance keeps its name, addresses and labels whatever stands behind it. history has the"
                    + " latest first; 404 if nothing ever stood there.")
    public InstanceHistory instance(
            @PathParam("tenant") String tenant,
            @PathParam("project") String project,
            @PathParam("name") String name,
            @PathParam("component") String component,
            @PathParam("index") String index) {
        var resource = resource(tenant, project, name);
        return resources
                .instance(resource, component, (int) Query.number("index", index, 0, Integer.MAX_VALUE))
                .orElseThrow(() -> Problem.notFound(
                        "There never was an instance " + component + "/" + index + " of " + resource + "."));
    }

    /** The resource, which does not exist for other tenants. */
    private ResourceId resource(String tenant, String project, String name) {
        var who = caller.who();
        var path = tenant + "/" + project + "/" + name;
        if (!who.sees(tenant)) {
            throw Problem.notFound("There is no resource " + path + ".");
        }
        try {
            return ResourceId.parse(path);
        } catch (IllegalArgumentException malformed) {
            throw Problem.notFound("There is no resource " + path + ": " + malformed.getMessage() + ".");
        }
    }
}
