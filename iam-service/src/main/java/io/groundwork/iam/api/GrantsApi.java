package io.groundwork.iam.api;

import io.groundwork.events.Design.AccessGrant;
import io.groundwork.events.ResourceId;
import io.groundwork.iam.driver.Grants;
import io.groundwork.runtime.rest.Caller;
import io.groundwork.runtime.rest.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Who has access through a resource: read from the back end itself, not from what was said of it. */
@Path("/v1/grants")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Grants")
@RunOnVirtualThread
public class GrantsApi {

    private final Grants grants;
    private final Caller caller;

    @Inject
    public GrantsApi(Grants grants, Caller caller) {
        this.grants = grants;
        this.caller = caller;
    }

    /** The grants that stand. */
    public record Standing(ResourceId resource, List<AccessGrant> items) {}

    @GET
    @Operation(summary = "The grants that stand through a resource now")
    public Standing of(@QueryParam("resource") @Nullable String resource) {
        var id = parse(resource);
        if (!caller.who().sees(id.tenant())) {
            throw Problem.notFound("There is no resource " + id + ".");
        }
        return new Standing(id, grants.of(id));
    }

    private static ResourceId parse(@Nullable String resource) {
        if (resource == null) {
            throw Problem.of(400, "The request is not valid", "Say of which resource: ?resource=tenant/project/name.");
        }
        try {
            return ResourceId.parse(resource);
        } catch (IllegalArgumentException e) {
            throw Problem.of(400, "The request is not valid", String.valueOf(e.getMessage()));
        }
    }
}
