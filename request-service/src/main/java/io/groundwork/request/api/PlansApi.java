package io.groundwork.request.api;

import io.groundwork.events.Plan;
import io.groundwork.events.RequestEvent.Check;
import io.groundwork.events.RequestId;
import io.groundwork.events.StepInput;
import io.groundwork.request.RequestConfig;
import io.groundwork.request.api.Documents.Planned;
import io.groundwork.request.api.Documents.Standing;
import io.groundwork.request.api.Resources.Stands;
import io.groundwork.request.domain.Planner;
import io.groundwork.request.domain.Preflight;
import io.groundwork.request.view.RequestRows;
import io.groundwork.runtime.rest.Caller;
import io.groundwork.runtime.rest.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** What a request would do. */
@Path("/v1/plans")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class PlansApi {

    private final Lookup lookup;
    private final Resources resources;
    private final RequestRows rows;
    private final Caller caller;
    private final Planner planner;
    private final Sealing sealing;
    private final Checks checks;

    @Inject
    public PlansApi(
            Lookup lookup,
            Resources resources,
            RequestRows rows,
            Caller caller,
            RequestConfig config,
            Sealing sealing,
            Checks checks) {
        this.lookup = lookup;
        this.resources = resources;
        this.rows = rows;
        this.caller = caller;
        this.sealing = sealing;
        this.checks = checks;
        this.planner = new Planner(RequestConfig.timeouts(config));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "The plan of a request, its digest and what stands in its way; changes nothing",
            description = "The body is that of POST /v1/requests. The digest is the one that would be approved.")
    @APIResponse(
            responseCode = "200",
            description = "the plan, and every check with what it found and how long it took",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Planned.class),
                            examples = @ExampleObject(name = "a plan with its checks", value = Examples.PLANNED)))
    public Planned plan(
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = Shapes.Ask.class),
                                            examples = {
                                                @ExampleObject(name = "deploy", value = Examples.DEPLOY),
                                                @ExampleObject(
                                                        name = "deploy servers",
                                                        value = Examples.DEPLOY_SERVERS),
                                                @ExampleObject(name = "replace a server", value = Examples.REPLACE)
                                            }))
                    byte[] body)
            throws IOException {
        var submission =
                new AskReader(lookup, caller.who(), Instant.now(), sealing::seal, resources).read(Bodies.json(body));
        var stands = resources.stands(submission.resource());
        var plan = plan(submission, stands);
        var approve = (StepInput.Approve) plan.steps().getFirst().input();
        return new Planned(
                submission.resource(),
                submission.ask().operation().word(),
                plan,
                plan.digest(),
                submission.ask().designDigest(),
                approve.monthlyPrice(),
                approve.currency(),
                checks(submission, stands));
    }

    private Plan plan(Submission submission, Stands stands) {
        return switch (submission.ask().operation()) {
            case DEPLOY -> planner.deploy(submission.resource(), submission.ask(), submission.catalogued());
            case DECOMMISSION -> {
                var design = stands.design();
                if (design == null) {
                    throw Problem.conflict(
                            "Nothing stands as " + submission.resource() + ": there is nothing to decommission.");
                }
                yield planner.decommission(submission.ask(), design, stands.price());
            }
            case REPLACE ->
                stands.standing()
                        .map(standing -> planner.replace(submission.ask(), standing))
                        .orElseThrow(() -> Problem.conflict(
                                "Nothing stands as " + submission.resource() + ": there is no server to replace."));
        };
    }

    /** Those that a request is shown with, and before them what its resource's own state says. */
    private List<Check> checks(Submission submission, Stands stands) {
        var resource = submission.resource();
        var all = new ArrayList<Check>();
        var nothing = stands.state() == Standing.NONE;
        switch (submission.ask().operation()) {
            case DEPLOY -> all.add(Checks.timed("standing", () -> Preflight.standing(resource, nothing)));
            case REPLACE -> all.add(Checks.timed("standing", () -> Preflight.there(resource, !nothing)));
            case DECOMMISSION -> {}
        }
        all.add(Checks.timed(
                "busy",
                () -> Preflight.busy(
                        rows.active(resource).map(row -> new RequestId(row.id)).orElse(null))));
        all.addAll(checks.of(submission));
        return all;
    }
}
