package io.groundwork.approval.api;

import io.groundwork.approval.domain.Answer;
import io.groundwork.approval.domain.Answer.State;
import io.groundwork.approval.domain.Decide;
import io.groundwork.approval.view.ApprovalView;
import io.groundwork.events.RequestId;
import io.groundwork.runtime.rest.Caller;
import io.groundwork.runtime.rest.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** Decisions by identities: the caller decides as itself, if it is one of the request's approvers. */
@Path("/v1/approvals/{requestId}/decisions")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class DecisionResource {

    private static final String APPROVE = """
            {"decision": "approve", "reason": "needed for the launch", "region": "eu-central-1", "profile": "standard"}""";

    private static final String REJECT = """
            {"decision": "reject", "reason": "not this quarter"}""";

    private final Decisions decisions;
    private final ApprovalView view;
    private final Caller caller;

    public DecisionResource(Decisions decisions, ApprovalView view, Caller caller) {
        this.decisions = decisions;
        this.view = view;
        this.caller = caller;
    }

    /**
     * What is decided.
     *
     * @param decision {@code approve} or {@code reject}
     * @param region needed to approve machines in a cloud, as is {@code profile}
     */
    public record Decision(
            @Nullable String decision,
            @Nullable String reason,
            @Nullable String region,
            @Nullable String profile) {}

    /** What became of it. */
    public record Decided(RequestId requestId, State state, String message) {}

    @POST
    @Operation(summary = "Approve or reject a request", description = "The caller must be one of its approvers.")
    @APIResponse(responseCode = "200", description = "Recorded; the state that follows")
    @APIResponse(responseCode = "403", description = "Not one of the approvers, or the requester")
    @APIResponse(responseCode = "404", description = "No such request in the caller's tenant")
    @APIResponse(
            responseCode = "503",
            description = "Not known yet, as what was asked is not all read; Retry-After says when")
    @APIResponse(responseCode = "409", description = "Already decided, by whom and when")
    @APIResponse(responseCode = "410", description = "Expired, withdrawn or superseded")
    @APIResponse(responseCode = "422", description = "Reason, region or profile missing or unknown")
    public Decided decide(
            String requestId,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = Decision.class),
                                            examples = {
                                                @ExampleObject(name = "approve", value = APPROVE),
                                                @ExampleObject(name = "reject", value = REJECT)
                                            }))
                    @Nullable
                    Decision body) {
        var who = caller.who();
        var request = parse(requestId);
        var resource =
                view.resource(request).filter(known -> who.sees(known.tenant())).orElseThrow(() -> unknown(requestId));
        var decision = body == null ? new Decision(null, null, null, null) : body;
        var answer = decisions.decide(
                resource,
                new Decide(
                        request,
                        null,
                        who.name(),
                        decision.decision(),
                        decision.reason(),
                        decision.region(),
                        decision.profile(),
                        Decide.API,
                        null));
        if (answer.status() != 200) {
            throw problem(answer);
        }
        return new Decided(request, answer.state(), answer.sentence());
    }

    private static RequestId parse(String requestId) {
        try {
            return RequestId.parse(requestId);
        } catch (IllegalArgumentException e) {
            throw unknown(requestId);
        }
    }

    private static Problem unknown(String requestId) {
        return Problem.notFound("No request " + requestId + " waits for, or has had, a decision here.");
    }

    private static Problem problem(Answer answer) {
        return switch (answer.status()) {
            case 422 ->
                Problem.unprocessable(
                        answer.sentence(),
                        answer.errors().stream()
                                .map(error -> new Problem.FieldError(error.pointer(), error.detail()))
                                .toList());
            case 403 -> Problem.forbidden(answer.sentence());
            case 409 -> Problem.conflict(answer.sentence());
            case 410 -> Problem.of(410, "Gone", answer.sentence());
            default -> Problem.of(answer.status(), "Not decided", answer.sentence());
        };
    }
}
