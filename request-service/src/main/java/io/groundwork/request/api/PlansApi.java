package io.groundwork.request.api;

import io.groundwork.events.Catalogue.Quota;
import io.groundwork.events.Component.MetalServer;
import io.groundwork.events.Plan;
import io.groundwork.events.RequestKind;
import io.groundwork.events.StepInput;
import io.groundwork.request.RequestConfig;
import io.groundwork.request.api.Documents.Check;
import io.groundwork.request.api.Documents.Planned;
import io.groundwork.request.api.Documents.Standing;
import io.groundwork.request.api.Resources.Stands;
import io.groundwork.request.domain.Planner;
import io.groundwork.request.domain.Planner.Price;
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
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;

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

    @Inject
    public PlansApi(
            Lookup lookup,
            Resources resources,
            RequestRows rows,
            Caller caller,
            RequestConfig config,
            Sealing sealing) {
        this.lookup = lookup;
        this.resources = resources;
        this.rows = rows;
        this.caller = caller;
        this.sealing = sealing;
        this.planner = new Planner(RequestConfig.timeouts(config));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "The plan of a request, its digest and what stands in its way; changes nothing",
            description = "The body is that of POST /v1/requests. The digest is the one that would be approved.")
    public Planned plan(
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = Shapes.Ask.class),
                                            examples = {
                                                @ExampleObject(name = "deploy", value = Examples.DEPLOY),
                                                @ExampleObject(name = "deploy servers", value = Examples.DEPLOY_SERVERS)
                                            }))
                    byte[] body)
            throws IOException {
        var submission = new AskReader(lookup, caller.who(), Instant.now(), sealing::seal).read(Bodies.json(body));
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
                checks(submission, stands, plan));
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
                yield planner.decommission(submission.ask(), design, price(stands));
            }
        };
    }

    private static Price price(Stands stands) {
        return Optional.ofNullable(stands.deployment())
                .flatMap(deployment -> Optional.ofNullable(deployment.saga().active()))
                .map(active -> active.plan().steps().getFirst().input())
                .filter(StepInput.Approve.class::isInstance)
                .map(StepInput.Approve.class::cast)
                .map(approve -> new Price(approve.monthlyPrice(), approve.currency()))
                .orElse(Price.NONE);
    }

    private List<Check> checks(Submission submission, Stands stands, Plan plan) {
        var checks = new ArrayList<Check>();
        var resource = submission.resource();
        if (submission.ask().operation() == RequestKind.DEPLOY) {
            var free = stands.state() == Standing.NONE;
            checks.add(new Check(
                    "standing",
                    free,
                    free
                            ? "Nothing stands as " + resource + "."
                            : resource + " stands already: decommission it first."));
        }
        var active = rows.active(resource);
        checks.add(new Check(
                "busy",
                active.isEmpty(),
                active.map(row -> "Request " + row.id + " is under way; this one would queue behind it.")
                        .orElse("No request is under way.")));
        quota(submission, plan).ifPresent(checks::add);
        capacity(plan).ifPresent(checks::add);
        portable(submission).ifPresent(checks::add);
        approvers(submission).ifPresent(checks::add);
        roles(submission).ifPresent(checks::add);
        return checks;
    }

    /** Against the whole quota: what others hold of it only allocation-service knows. */
    private Optional<Check> quota(Submission submission, Plan plan) {
        var resource = submission.resource();
        return plan.steps().stream()
                .map(step -> step.input())
                .filter(StepInput.Allocate.class::isInstance)
                .map(StepInput.Allocate.class::cast)
                .findFirst()
                .map(allocate -> {
                    var quota =
                            lookup.quota(resource.tenant(), resource.project()).orElse(new Quota(Map.of()));
                    var over = allocate.claims().stream()
                            .filter(claim -> claim.pool().startsWith("quota/"))
                            .flatMap(claim -> claim.amounts().entrySet().stream())
                            .flatMap(amount -> over(quota, amount.getKey(), amount.getValue()).stream())
                            .toList();
                    return new Check(
                            "quota",
                            over.isEmpty(),
                            over.isEmpty()
                                    ? "The project's quota is large enough."
                                    : "The project's quota does not allow " + String.join(", ", over) + ".");
                });
    }

    private static Optional<String> over(Quota quota, String measure, long asked) {
        var what = asked + " " + measure;
        var objection = quota.units(measure).objection(asked);
        if (objection != null) {
            return Optional.of(what + " (" + objection + ")");
        }
        var most = quota.capacity().get(measure);
        return most != null && asked > most ? Optional.of(what + " (there are " + most + ")") : Optional.empty();
    }

    /** Whether servers are free now; who gets them is decided when the request is allocated. */
    private Optional<Check> capacity(Plan plan) {
        var claims = plan.steps().stream()
                .map(step -> step.input())
                .filter(StepInput.Allocate.class::isInstance)
                .flatMap(input -> ((StepInput.Allocate) input).claims().stream())
                .filter(claim -> !claim.servers().isEmpty())
                .toList();
        var missing = claims.stream()
                .filter(claim -> free(claim.pool())
                        < claim.servers().stream()
                                .mapToLong(need -> need.minCount())
                                .sum())
                .map(claim -> free(claim.pool()) + " free of " + claim.pool())
                .toList();
        return claims.isEmpty()
                ? Optional.empty()
                : Optional.of(new Check(
                        "capacity",
                        missing.isEmpty(),
                        missing.isEmpty()
                                ? "As many servers are free now."
                                : "Too few servers are free now: " + String.join(", ", missing) + "."));
    }

    private long free(String pool) {
        return lookup.pool(pool)
                .map(totals -> totals.servers().getOrDefault("free", 0L))
                .orElse(0L);
    }

    /** A warning: the design asks for servers by their ids, which are others elsewhere. */
    private static Optional<Check> portable(Submission submission) {
        var servers = submission.ask().design().components().stream()
                .filter(MetalServer.class::isInstance)
                .map(MetalServer.class::cast)
                .toList();
        var bound = servers.stream()
                .filter(server -> !server.preferredServers().isEmpty())
                .map(server -> server.name() + " prefers " + String.join(", ", server.preferredServers()))
                .toList();
        return servers.isEmpty()
                ? Optional.empty()
                : Optional.of(new Check(
                        "portable",
                        bound.isEmpty(),
                        bound.isEmpty()
                                ? "Servers are asked for by type and traits."
                                : "Server ids are this site's own; say what is needed by serverType and traits: "
                                        + String.join("; ", bound) + "."));
    }

    private Optional<Check> approvers(Submission submission) {
        var unknown = submission.ask().approvers().stream()
                .filter(approver -> lookup.user(approver)
                        .filter(user ->
                                user.tenant().equals(submission.resource().tenant())
                                        && user.roles().contains("approver"))
                        .isEmpty())
                .toList();
        return Optional.of(new Check(
                "approvers",
                unknown.isEmpty(),
                unknown.isEmpty()
                        ? "All approvers may approve."
                        : "These may not approve in " + submission.resource().tenant() + ": "
                                + String.join(", ", unknown) + "."));
    }

    private Optional<Check> roles(Submission submission) {
        var access = submission.ask().design().access();
        if (access.isEmpty()) {
            return Optional.empty();
        }
        var groups = lookup.groups(submission.resource().tenant());
        var refused = access.stream()
                .filter(grant -> {
                    var group = groups.get(grant.group());
                    return group == null || !group.roles().contains(grant.role());
                })
                .map(grant -> grant.role() + " to " + grant.group())
                .toList();
        return Optional.of(new Check(
                "access",
                refused.isEmpty(),
                refused.isEmpty()
                        ? "The directory allows all access that is asked for."
                        : "The directory does not allow " + String.join(", ", refused) + "."));
    }
}
