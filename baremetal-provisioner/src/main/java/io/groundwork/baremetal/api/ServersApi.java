package io.groundwork.baremetal.api;

import io.groundwork.baremetal.domain.Registration.Bmc;
import io.groundwork.baremetal.domain.ServerCommand;
import io.groundwork.baremetal.domain.ServerCommand.Answer;
import io.groundwork.baremetal.domain.ServerEntry;
import io.groundwork.baremetal.domain.Verb;
import io.groundwork.baremetal.view.HistoryRow;
import io.groundwork.baremetal.view.ServerRow;
import io.groundwork.events.Catalogue;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Topics;
import io.groundwork.runtime.EntryKind;
import io.groundwork.runtime.Objection;
import io.groundwork.runtime.rest.Caller;
import io.groundwork.runtime.rest.Problem;
import io.groundwork.runtime.streams.CommandGateway;
import io.groundwork.runtime.streams.Tables;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The servers, for their operators. A verb that is not legal in a server's state answers 409 and names those that are. */
@Path("/v1/servers")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Servers")
@RunOnVirtualThread
public class ServersApi {

    private static final int MOST = 1_000;
    private static final Pattern WORD = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
    private static final Pattern FINGERPRINT = Pattern.compile("([0-9a-fA-F]{2}:?){32}");
    private static final Set<String> TARGETS = Set.of("enrolled", "manageable", "available");
    private static final Set<Verb> WITH_REASON =
            EnumSet.of(Verb.MAINTENANCE, Verb.QUARANTINE, Verb.RETIRE, Verb.ABORT, Verb.FORCE_DELETE, Verb.CLEANED);
    private static final EntryKind<Enrolment> ENROLMENT =
            new EntryKind<>("servers", WORD, Enrolment.class, (name, entry, table) -> List.of());
    private static final EntryKind<Details> DETAILS =
            new EntryKind<>("verbs", WORD, Details.class, (name, entry, table) -> List.of());

    private final Caller caller;
    private final CommandGateway gateway;
    private final Tables tables;

    @Inject
    public ServersApi(Caller caller, CommandGateway gateway, Tables tables) {
        this.caller = caller;
        this.gateway = gateway;
        this.tables = tables;
    }

    /**
     * What a verb takes along.
     *
     * @param reason why; required of {@code maintenance}, {@code quarantine}, {@code retire}, {@code abort}, {@code force-delete}
     *     and {@code cleaned}
     * @param allowDataLoss of {@code clean} and {@code provide}: whether disks may be wiped that seem to be in use
     * @param instance of {@code adopt}: what stands on the server
     */
    public record Details(
            @Nullable String reason, @Nullable Boolean allowDataLoss, ServerCommand.@Nullable Instance instance) {}

    /**
     * Servers by id.
     *
     * @param nextCursor where to go on; absent at the end
     */
    public record Page(List<ServerEntry> items, @Nullable String nextCursor) {}

    @GET
    @Operation(summary = "Servers by site, type, state, flag, resource on them, and whether a grant may take them")
    public Page list(
            @QueryParam("site") @Nullable String site,
            @QueryParam("type") @Nullable String type,
            @QueryParam("state") @Nullable String state,
            @QueryParam("flag") @Nullable String flag,
            @QueryParam("consumer") @Nullable String consumer,
            @QueryParam("available") @Nullable Boolean available,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("cursor") @Nullable String cursor) {
        caller.with(Caller.OPERATOR);
        check(limit);
        var found =
                ServerRow.find(new ServerRow.Query(site, type, state, flag, consumer, available, cursor), limit + 1);
        return found.size() <= limit
                ? new Page(found, null)
                : new Page(found.subList(0, limit), found.get(limit - 1).id());
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One server")
    public ServerEntry get(@PathParam("id") String id) {
        caller.with(Caller.OPERATOR);
        return ServerRow.find(id).orElseThrow(() -> Problem.notFound("There is no server " + id + "."));
    }

    /**
     * What changed of a server.
     *
     * @param items the newest first
     */
    public record History(List<HistoryRow.Entry> items) {}

    @GET
    @Path("/{id}/history")
    @Operation(summary = "What changed of a server in the last 90 days, the newest first")
    public History history(@PathParam("id") String id, @QueryParam("limit") @DefaultValue("100") int limit) {
        caller.with(Caller.OPERATOR);
        check(limit);
        return new History(HistoryRow.of(id, limit));
    }

    private static void check(int limit) {
        if (limit < 1 || limit > MOST) {
            throw Problem.of(400, "The request is not valid", "limit must be from 1 to " + MOST + ".");
        }
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Enrols a server; it goes on by itself to its target")
    public Response enrol(byte[] body) {
        var who = caller.with(Caller.OPERATOR);
        var read = ENROLMENT.read(body);
        var enrolment = read.entry();
        if (enrolment == null) {
            throw invalid(read.objections());
        }
        var objections = objections(enrolment);
        if (!objections.isEmpty()) {
            throw invalid(objections);
        }
        var answer = ask(
                enrolment.id(),
                ServerCommand.Enrol.TYPE,
                new ServerCommand.Enrol(enrolment.registration(), enrolment.aim(), who.name()));
        return Response.created(URI.create("/v1/servers/" + enrolment.id()))
                .entity(answer.server())
                .build();
    }

    @POST
    @Path("/{id}/{verb}")
    @Operation(summary = "Does something with a server, or begins it")
    public Response perform(@PathParam("id") String id, @PathParam("verb") String word, byte @Nullable [] body) {
        var who = caller.with(Caller.OPERATOR);
        var verb = Verb.of(word)
                .orElseThrow(() -> Problem.notFound("There is no verb " + word + "; there are "
                        + EnumSet.allOf(Verb.class).stream().map(Verb::word).collect(Collectors.joining(", "))
                        + "."));
        if (verb == Verb.FORCE_DELETE || verb == Verb.CLEANED) {
            caller.with(Caller.ADMIN);
        }
        var details = details(verb, body == null ? new byte[0] : body);
        var answer = ask(
                id,
                ServerCommand.Do.TYPE,
                new ServerCommand.Do(
                        verb,
                        who.name(),
                        details.reason(),
                        Boolean.TRUE.equals(details.allowDataLoss()),
                        details.instance()));
        return Response.accepted(answer.server()).build();
    }

    private static Details details(Verb verb, byte[] body) {
        var details = new Details(null, null, null);
        if (body.length > 0) {
            var read = DETAILS.read(body);
            if (read.entry() == null) {
                throw invalid(read.objections());
            }
            details = read.entry();
        }
        var objections = new ArrayList<Objection>();
        if (WITH_REASON.contains(verb)
                && (details.reason() == null || details.reason().isBlank())) {
            objections.add(new Objection("/reason", "is required of " + verb.word()));
        }
        if (details.reason() != null && details.reason().length() > 200) {
            objections.add(new Objection("/reason", "must be at most 200 characters"));
        }
        if (verb == Verb.ADOPT && !complete(details.instance())) {
            objections.add(new Objection("/instance", "must be {resource, component, index} of what stands on it"));
        }
        if (!objections.isEmpty()) {
            throw invalid(objections);
        }
        return details;
    }

    @SuppressWarnings("ConstantValue") // JSON leaves out what the type says is there
    private static boolean complete(ServerCommand.@Nullable Instance instance) {
        return instance != null && instance.resource() != null && instance.component() != null;
    }

    private List<Objection> objections(Enrolment server) {
        var objections = new ArrayList<Objection>();
        if (!ResourceId.PART.matcher(server.id()).matches()) {
            objections.add(new Objection("/id", "must be 1 to 63 lower-case letters, digits or hyphens"));
        }
        if (tables.get(Topics.CATALOGUE, "sites/" + server.site(), Catalogue.Site.class)
                .isEmpty()) {
            objections.add(new Objection("/site", "is not a site of the catalogue"));
        }
        if (tables.get(Topics.CATALOGUE, "server-types/" + server.serverType(), Catalogue.ServerType.class)
                .isEmpty()) {
            objections.add(new Objection("/serverType", "is not a server type of the catalogue"));
        }
        if (!WORD.matcher(server.rack()).matches()) {
            objections.add(new Objection("/rack", "must match " + WORD.pattern()));
        }
        if (server.tenant() != null && !ResourceId.PART.matcher(server.tenant()).matches()) {
            objections.add(new Objection("/tenant", "must be a tenant's name"));
        }
        for (var i = 0; server.traits() != null && i < server.traits().size(); i++) {
            if (!WORD.matcher(server.traits().get(i)).matches()) {
                objections.add(new Objection("/traits/" + i, "must match " + WORD.pattern()));
            }
        }
        if (server.target() != null && !TARGETS.contains(server.target())) {
            objections.add(new Objection("/target", "must be one of enrolled, manageable, available"));
        }
        bmc(server.bmc(), objections);
        return objections;
    }

    @SuppressWarnings("ConstantValue") // JSON leaves out what the type says is there
    private static void bmc(Bmc bmc, List<Objection> objections) {
        var address = bmc.address();
        if (address == null
                || address.getHost() == null
                || !Set.of("http", "https").contains(String.valueOf(address.getScheme()))
                || address.getUserInfo() != null) {
            objections.add(new Objection("/bmc/address", "must be an http or https URL without credentials"));
        }
        if (bmc.credential() == null || !WORD.matcher(bmc.credential()).matches()) {
            objections.add(new Objection("/bmc/credential", "must be the name of credentials"));
        }
        if (bmc.fingerprint() != null && !FINGERPRINT.matcher(bmc.fingerprint()).matches()) {
            objections.add(new Objection("/bmc/fingerprint", "must be a SHA-256 in hexadecimal"));
        }
    }

    private Answer ask(String id, String type, Object command) {
        var answer = gateway.ask(Topics.SERVERS, id, type, command).as(Answer.class);
        return switch (answer.result()) {
            case DONE -> answer;
            case NOT_FOUND -> throw Problem.notFound(answer.detail());
            case FORBIDDEN -> throw Problem.forbidden(answer.detail());
            case CONFLICT ->
                throw Problem.conflict(answer.detail() + " Legal now: "
                        + answer.legal().stream().map(Verb::word).collect(Collectors.joining(", ")) + ".");
        };
    }

    private static Problem invalid(List<Objection> objections) {
        return Problem.invalid(objections.stream()
                .map(objection -> new Problem.FieldError(objection.pointer(), objection.detail()))
                .toList());
    }
}
