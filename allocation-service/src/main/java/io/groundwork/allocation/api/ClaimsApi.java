package io.groundwork.allocation.api;

import io.groundwork.allocation.view.HoldingRow;
import io.groundwork.events.Claim;
import io.groundwork.events.Grant.AllocatedAddress;
import io.groundwork.events.Grant.AllocatedServer;
import io.groundwork.events.ResourceId;
import io.groundwork.runtime.rest.Caller;
import io.groundwork.runtime.rest.Problem;
import io.smallrye.common.annotation.Blocking;
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

/** What a resource holds. */
@Path("/v1/claims")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Claims")
public class ClaimsApi {

    private final Caller caller;

    @Inject
    public ClaimsApi(Caller caller) {
        this.caller = caller;
    }

    /** What a resource holds now, and the servers and addresses behind it; empty before and after. */
    public record Claims(
            ResourceId resource, List<Claim> items, List<AllocatedServer> servers, List<AllocatedAddress> addresses) {}

    @GET
    @Blocking
    @Operation(summary = "What a resource holds now; claims that are still being made are not shown")
    public Claims of(@QueryParam("resource") @Nullable String resource) {
        var id = parse(resource);
        if (!caller.who().sees(id.tenant())) {
            throw Problem.notFound("There is no resource " + id + ".");
        }
        var row = HoldingRow.of(id).orElseGet(HoldingRow::new);
        return new Claims(
                id,
                row.claims,
                row.grants.stream().flatMap(grant -> grant.servers().stream()).toList(),
                row.grants.stream().flatMap(grant -> grant.addresses().stream()).toList());
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
