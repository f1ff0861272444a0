package io.groundwork.allocation.api;

import io.groundwork.allocation.Audits;
import io.groundwork.allocation.view.FindingRow;
import io.groundwork.runtime.rest.Caller;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Audits of claims against what they are of. */
@Path("/v1/audits")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Audits")
@Blocking
public class AuditsApi {

    private static final int MOST = 500;

    private final Audits audits;
    private final Caller caller;

    @Inject
    public AuditsApi(Audits audits, Caller caller) {
        this.audits = audits;
        this.caller = caller;
    }

    /** Findings, newest first. */
    public record Findings(List<FindingRow.View> items) {}

    @POST
    @Operation(
            summary =
                    "Sets an audit going beside the regular ones; what it finds is healed where that can be done, and listed")
    public Response start() {
        caller.with(Caller.OPERATOR);
        return Response.accepted(audits.run()).build();
    }

    @GET
    @Operation(summary = "What audits have found in the last thirty days, newest first")
    public Findings list(@QueryParam("limit") @DefaultValue("100") int limit) {
        caller.with(Caller.OPERATOR);
        return new Findings(FindingRow.latest(Math.clamp(limit, 1, MOST)));
    }
}
