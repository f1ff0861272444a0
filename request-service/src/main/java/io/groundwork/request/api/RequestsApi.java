package io.groundwork.request.api;

import io.groundwork.events.Digests;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestEvent.Intervention;
import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.groundwork.events.StepId;
import io.groundwork.events.Topics;
import io.groundwork.request.api.Documents.Accepted;
import io.groundwork.request.api.Documents.Done;
import io.groundwork.request.api.Documents.Links;
import io.groundwork.request.api.Documents.Request;
import io.groundwork.request.api.Documents.Requests;
import io.groundwork.request.api.Documents.Summary;
import io.groundwork.request.api.Documents.Timeline;
import io.groundwork.request.domain.Command;
import io.groundwork.request.domain.Reply;
import io.groundwork.request.view.RequestRow;
import io.groundwork.request.view.RequestRows;
import io.groundwork.request.view.RequestState;
import io.groundwork.request.view.RequestView;
import io.groundwork.runtime.rest.Caller;
import io.groundwork.runtime.rest.Caller.Who;
import io.groundwork.runtime.rest.Problem;
import io.groundwork.runtime.streams.CommandGateway;
import io.groundwork.runtime.view.Lag;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** Asking for infrastructure, and following what becomes of it. */
@Path("/v1/requests")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RequestsApi {

    /** How long a read waits for the view to show what was accepted. */
    private static final Duration CATCH_UP = Duration.ofSeconds(5);
    /** Nearly always long enough for the view, and quicker than to ask how far it is. */
    private static final Duration SOON = Duration.ofMillis(500);

    private static final int LONGEST_KEY = 255;

    private final Lookup lookup;
    private final Guard guard;
    private final RequestRows rows;
    private final LiveTimeline live;
    private final CommandGateway gateway;
    private final Caller caller;
    private final Sealing sealing;
    private final Checks checks;
    private final Standings standings;
    private final Lag lag;
    private final String service;
    private final String view;

    @Inject
    public RequestsApi(
            Lookup lookup,
            Guard guard,
            RequestRows rows,
            LiveTimeline live,
            CommandGateway gateway,
            Caller caller,
            Sealing sealing,
            Checks checks,
            Resources standings,
            Lag lag,
            @ConfigProperty(name = "quarkus.application.name") String service,
            @ConfigProperty(name = "mp.messaging.incoming.events.group.id") String view) {
        this.lookup = lookup;
        this.guard = guard;
        this.rows = rows;
        this.live = live;
        this.gateway = gateway;
        this.caller = caller;
        this.sealing = sealing;
        this.checks = checks;
        this.standings = standings;
        this.lag = lag;
        this.service = service;
        this.view = view;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Ask for infrastructure",
            description =
                    "Accepted only once the broker has it. With an Idempotency-Key the same body again is the same"
                            + " request, and another body is refused with 422.")
    @APIResponse(
            responseCode = "202",
            description = "accepted; follow Location",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Accepted.class),
                            examples = @ExampleObject(name = "accepted", value = Examples.ACCEPTED)))
    @APIResponse(
            responseCode = "400",
            description = "not valid, with every wrong field",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = Problem.Body.class),
                            examples = @ExampleObject(name = "invalid", value = Examples.INVALID)))
    @APIResponse(responseCode = "422", description = "the key was used with another body")
    public Response submit(
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
                                                @ExampleObject(name = "decommission", value = Examples.DECOMMISSION),
                                                @ExampleObject(name = "replace a server", value = Examples.REPLACE)
                                            }))
                    byte[] body,
            @HeaderParam("Idempotency-Key") @Nullable String key)
            throws IOException {
        var who = caller.with("requester");
        var json = Bodies.json(body);
        if (key == null) {
            var submission = new AskReader(lookup, who, now(), sealing::seal, standings).read(json);
            return submit(new RequestId(UUID.randomUUID()), submission);
        }
        if (key.isBlank() || key.length() > LONGEST_KEY) {
            throw Problem.of(400, "Malformed key", "Idempotency-Key must be 1 to " + LONGEST_KEY + " characters.");
        }
        var id = RequestId.of(who.tenant(), key);
        var hash = Digests.of(json);
        var first = guard.hash(who.tenant(), key);
        first.ifPresent(known -> sameBody(known, hash));
        var shown = first.isPresent() ? rows.find(id.value()) : Optional.<RequestRow>empty();
        if (shown.isPresent()) {
            return accepted(shown.get().view());
        }
        // valid first: a key is not spent on a body that is refused
        var submission = new AskReader(lookup, who, now(), sealing::seal, standings).read(json);
        sameBody(guard.claim(who.tenant(), key, id, submission.resource(), hash), hash);
        return submit(id, submission);
    }

    private Response submit(RequestId id, Submission submission) {
        var command = new Command.Submit(id, submission.ask(), submission.catalogued(), checks.of(submission));
        gateway.send(
                Topics.commands(Owner.REQUEST),
                submission.resource().toString(),
                id.toString(),
                Command.type(command),
                command);
        guard.accepted(id, submission.resource());
        return accepted(new Accepted(
                id,
                submission.resource(),
                RequestState.SUBMITTED,
                submission.ask().designDigest(),
                null,
                Links.of(id, submission.resource())));
    }

    private Response accepted(RequestView view) {
        var document = of(view);
        var ask = view.ask();
        return accepted(new Accepted(
                view.id(),
                view.resource(),
                document.state(),
                ask == null ? "" : ask.designDigest(),
                document.digest(),
                document.links()));
    }

    private static Response accepted(Accepted accepted) {
        return Response.accepted(accepted)
                .location(URI.create(accepted.links().self()))
                .header(HttpHeaders.RETRY_AFTER, 1)
                .build();
    }

    private static void sameBody(String known, String hash) {
        if (!known.equals(hash)) {
            throw Problem.of(
                    422,
                    "Key reused",
                    "This Idempotency-Key came with another body before: send the same body, or take a new key.");
        }
    }

    @GET
    @Path("/{id}")
    @Operation(
            summary = "A request: state, steps, what and whom it waits for, pending operations, errors",
            description =
                    "With wait (such as 30s) and since (a version; without it the present one) it answers when the"
                            + " version is above since, or with the present state when the time is over.")
    public Request get(
            @PathParam("id") String id,
            @QueryParam("wait") @Nullable String wait,
            @QueryParam("since") @Nullable String since) {
        var time = wait == null ? Duration.ZERO : Query.wait("wait", wait);
        var known = known(id, caller.who());
        if (since != null) {
            var version = Query.number("since", since, 0, Long.MAX_VALUE);
            return show(known, row -> row.version > version, time);
        }
        var now = show(known, row -> true, Duration.ZERO);
        if (now.state().ended()) {
            return show(known, row -> row.view().settled(), Duration.ofSeconds(2));
        }
        return time.isPositive() ? show(known, row -> row.version > now.version(), time) : now;
    }

    private Request show(Known known, Predicate<RequestRow> wanted, Duration wait) {
        var view = rows.await(known.id().value(), wanted, wait).map(RequestRow::view);
        return of(view.orElseGet(() -> RequestView.of(known.id(), known.resource())));
    }

    private Request of(RequestView view) {
        return Request.of(view, ahead(view.state(), view.resource()));
    }

    /** The request under way on the resource, for one that waits in the queue. */
    private Optional<UUID> ahead(RequestState state, ResourceId resource) {
        return state == RequestState.QUEUED ? rows.active(resource).map(row -> row.id) : Optional.empty();
    }

    @GET
    @Operation(summary = "Requests, the newest first", description = "nextCursor leads to the next page and is stable.")
    public Requests list(
            @QueryParam("resource") @Nullable String resource,
            @QueryParam("state") List<String> states,
            @QueryParam("tenant") @Nullable String tenant,
            @QueryParam("category") @Nullable String category,
            @QueryParam("q") @Nullable String text,
            @QueryParam("limit") @DefaultValue("50") String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var who = caller.who();
        var most = (int) Query.number("limit", limit, 1, 200);
        Query.plain("resource", resource);
        Query.plain("category", category);
        Query.plain("q", text);
        if (tenant != null && !who.sees(tenant)) {
            return new Requests(List.of(), null);
        }
        var filter = new RequestRows.Filter(
                who.tenant(),
                resource,
                states(states),
                category,
                text == null || text.isBlank() ? null : text.strip(),
                cursor == null ? null : Cursor.position(cursor));
        var found = rows.list(filter, most + 1);
        var page = found.subList(0, Math.min(most, found.size()));
        return new Requests(
                page.stream()
                        .map(row -> Summary.of(row, ahead(row.state, ResourceId.parse(row.resource))))
                        .toList(),
                found.size() > most ? Cursor.of(page.getLast()) : null);
    }

    private static List<RequestState> states(List<String> words) {
        var states = new ArrayList<RequestState>();
        for (var word : words) {
            for (var each : word.split(",", -1)) {
                try {
                    states.add(RequestState.valueOf(each.strip()));
                } catch (IllegalArgumentException unknown) {
                    throw Problem.of(
                            400,
                            "Malformed query",
                            "There is no state " + each + "; the states are " + List.of(RequestState.values()) + ".");
                }
            }
        }
        return states;
    }

    @GET
    @Path("/{id}/timeline")
    @Operation(summary = "Every event of a request with its cause, actor and latency")
    public Timeline timeline(@PathParam("id") String id) {
        var known = known(id, caller.who());
        return Timeline.of(rows.timeline(known.id().value()));
    }

    @GET
    @Path("/{id}/timeline")
    @Produces(MediaType.SERVER_SENT_EVENTS + ";qs=0.5")
    @Blocking
    @Operation(
            summary = "The timeline live, until the request has ended",
            description = "The id of each message is the event's; Last-Event-ID resumes behind it.")
    public Multi<OutboundSseEvent> follow(
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER) @Nullable String last,
            @Context Sse sse) {
        var known = known(id, caller.who());
        return live.follow(known.id().value(), last, sse);
    }

    @POST
    @Path("/{id}/cancel")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Turn a request backward, or take it out of the queue")
    @APIResponse(
            responseCode = "202",
            description = "it is being canceled, or goes backward already",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Done.class)))
    @APIResponse(
            responseCode = "409",
            description = "it has ended, or is an approved decommission",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.Body.class)))
    public Response cancel(
            @PathParam("id") String id,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = Shapes.Cancel.class),
                                            examples = @ExampleObject(name = "cancel", value = Examples.CANCEL)))
                    byte[] body)
            throws IOException {
        var who = caller.who();
        var known = known(id, who);
        var reason = Bodies.read(body, form -> form.reason("not needed any more"));
        return ask(known, new Command.Cancel(known.id(), who.name(), reason));
    }

    @POST
    @Path("/{id}/interventions")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Decide on a stuck step: retry, skip, abandon or abort",
            description = "For operators. 409 says which step is stuck and what is possible.")
    @APIResponse(
            responseCode = "202",
            description = "decided; the step's owner acts on it",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Done.class)))
    @APIResponse(
            responseCode = "409",
            description = "it would break a guarantee, and why",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.Body.class)))
    public Response intervene(
            @PathParam("id") String id,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = Shapes.Intervene.class),
                                            examples = @ExampleObject(name = "retry", value = Examples.INTERVENTION)))
                    byte[] body)
            throws IOException {
        var who = caller.with(Caller.OPERATOR);
        var known = known(id, who);
        var command = Bodies.read(body, form -> {
            var step = form.required("step", "provision:web");
            var action = form.required("action", "retry").flatMap(word -> action(form, word));
            var reason = form.reason("the account's limit was raised");
            return step.isEmpty() || action.isEmpty() || reason.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Command.Intervene(
                            known.id(), new StepId(step.get()), action.get(), who.name(), reason.get()));
        });
        return ask(known, command);
    }

    private static Optional<Intervention> action(Form form, String word) {
        return switch (word) {
            case "retry" -> Optional.of(Intervention.RETRY);
            case "skip" -> Optional.of(Intervention.SKIP);
            case "abandon" -> Optional.of(Intervention.ABANDON);
            case "abort" -> Optional.of(Intervention.ABORT);
            default -> {
                form.wrong("action", "action must be retry, skip, abandon or abort.");
                yield Optional.empty();
            }
        };
    }

    private Response ask(Known known, Command command) {
        var reply = gateway.ask(
                Topics.commands(Owner.REQUEST), known.resource().toString(), Command.type(command), command);
        if (reply.type().equals(Reply.Refused.TYPE)) {
            var refused = reply.as(Reply.Refused.class);
            throw Problem.of(refused.status(), "Not possible now", refused.reason());
        }
        return Response.accepted(new Done(known.id(), Links.of(known.id(), known.resource())))
                .build();
    }

    /** A request of the caller's tenant that was accepted. */
    private record Known(RequestId id, ResourceId resource) {}

    /**
     * Finds a request; one that was accepted and is not shown yet is waited for.
     *
     * @throws Problem 404 if there is none for this caller
     */
    private Known known(String text, Who who) {
        RequestId id;
        try {
            id = RequestId.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw Problem.notFound("There is no request " + text + ".");
        }
        var shown = rows.find(id.value()).map(row -> ResourceId.parse(row.resource));
        var resource = shown.or(() -> {
                    var accepted = guard.resource(id);
                    if (accepted.isPresent()) {
                        rows.await(id.value(), row -> true, CATCH_UP);
                    }
                    return accepted;
                })
                .or(() -> elsewhere(id));
        return resource.filter(known -> who.sees(known.tenant()))
                .map(known -> new Known(id, known))
                .orElseThrow(() -> Problem.notFound("There is no request " + text + "."));
    }

    /**
     * What another process may have accepted is told apart from what never was once all is read that stands in the topics now.
     *
     * @throws CommandGateway.Unavailable if that takes too long
     */
    private Optional<ResourceId> elsewhere(RequestId id) {
        var shown = rows.await(id.value(), row -> true, SOON);
        if (shown.isEmpty()) {
            if (!lag.caughtUp(service, Set.of(Topics.commands(Owner.REQUEST)), CATCH_UP)
                    || !lag.caughtUp(view, Set.of(Topics.events(Owner.REQUEST)), CATCH_UP)) {
                throw new CommandGateway.Unavailable("What was asked for is not all read yet.");
            }
            shown = rows.find(id.value());
        }
        return shown.map(row -> ResourceId.parse(row.resource));
    }

    private static Instant now() {
        return Instant.ofEpochMilli(Instant.now().toEpochMilli());
    }
}
