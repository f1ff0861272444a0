package io.groundwork.approval.api;

import io.groundwork.approval.domain.Answer;
import io.groundwork.approval.domain.Decide;
import io.groundwork.approval.domain.Links;
import io.groundwork.approval.view.ApprovalCase;
import io.groundwork.approval.view.ApprovalView;
import io.groundwork.events.Catalogue;
import io.groundwork.events.Topics;
import io.groundwork.runtime.rest.Database;
import io.groundwork.runtime.streams.CommandGateway;
import io.groundwork.runtime.streams.Tables;
import io.quarkus.narayana.jta.QuarkusTransactionException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.persistence.PersistenceException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * What the link in an approver's mail opens. {@code GET} and {@code HEAD} decide nothing, however often a scanner fetches them; the
 * form's {@code POST} does, with a typed reason and without any default. The token names the approver; nobody signs in.
 */
@Path("/approvals/{token}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class DecisionPage {

    private static final Logger LOG = Logger.getLogger(DecisionPage.class);
    private static final int GONE = 410;

    private final Links links;
    private final Decisions decisions;
    private final ApprovalView view;
    private final Tables tables;
    private final Page page = new Page();

    public DecisionPage(Links links, Decisions decisions, ApprovalView view, Tables tables) {
        this.links = links;
        this.decisions = decisions;
        this.view = view;
        this.tables = tables;
    }

    /** A person reads this: also what fails is a page. */
    @ServerExceptionMapper({PersistenceException.class, QuarkusTransactionException.class})
    public Response failed(RuntimeException failed) {
        return failed(page, failed);
    }

    static Response failed(Page page, RuntimeException failed) {
        if (Database.isAway(failed)) {
            LOG.warnf("the database is away: %s", failed);
            return page.message(
                    503, "Try again", "The service cannot reach its database. Opening the link again is safe.");
        }
        LOG.error("a decision page failed", failed);
        return page.message(
                500, "Something went wrong", "The service failed. Open the link again to see what was decided.");
    }

    @GET
    @Operation(hidden = true)
    public Response show(String token) {
        var grant = links.read(token);
        if (grant.isEmpty()) {
            return forged();
        }
        var known = view.await(grant.get().request());
        if (known.isEmpty()) {
            return unknown(grant.get());
        }
        var refusal = refusal(grant.get(), known.get());
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var own = known.get().decisions().stream()
                .filter(one -> one.approver().equals(grant.get().approver()))
                .findFirst();
        return known.get().open() && own.isEmpty()
                ? form(200, grant.get(), known.get(), Form.EMPTY, List.of())
                : page.outcome(200, Decisions.sentence(known.get()), known.get());
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Response decide(
            String token,
            @RestForm @Nullable String decision,
            @RestForm @Nullable String reason,
            @RestForm @Nullable String region,
            @RestForm @Nullable String profile) {
        var grant = links.read(token);
        if (grant.isEmpty()) {
            return forged();
        }
        var known = view.await(grant.get().request());
        Answer answer;
        try {
            answer = decisions.decide(
                    grant.get().resource(),
                    new Decide(
                            grant.get().request(),
                            grant.get().step(),
                            grant.get().approver(),
                            decision,
                            reason,
                            region,
                            profile,
                            Decide.LINK,
                            grant.get().digest()));
        } catch (CommandGateway.Unavailable later) {
            return page.message(503, "Try again", "Your decision could not be confirmed. Sending it again is safe.");
        }
        if (known.isEmpty()) {
            return page.message(answer.status(), title(answer.status()), answer.sentence());
        }
        return answer.status() == 422
                ? form(422, grant.get(), known.get(), new Form(decision, reason, region, profile), answer.errors())
                : page.outcome(answer.status(), answer.sentence(), known.get());
    }

    /** What was typed and chosen so far; nothing at first. */
    record Form(
            @Nullable String decision,
            @Nullable String reason,
            @Nullable String region,
            @Nullable String profile) {
        static final Form EMPTY = new Form(null, null, null, null);
    }

    private Response form(
            int status, Links.Grant grant, ApprovalCase known, Form form, List<Answer.FieldError> errors) {
        try {
            return page.form(
                    status,
                    known,
                    grant.approver(),
                    form,
                    errors,
                    names("regions/", Catalogue.Region.class),
                    names("profiles/", Catalogue.Profile.class));
        } catch (InvalidStateStoreException restoring) {
            return page.message(503, "Try again", "The service is starting. Nothing was decided.");
        }
    }

    private <T> Map<String, T> names(String kind, Class<T> type) {
        return tables.list(Topics.CATALOGUE, kind, type);
    }

    /** Why the link does not open the question; empty if it does, or shows how the approvers ended it. */
    private Optional<Response> refusal(Links.Grant grant, ApprovalCase known) {
        if (!known.digest().equals(grant.digest())) {
            return Optional.of(
                    page.outcome(GONE, "This link was superseded: the plan has changed since it was sent.", known));
        }
        if (known.decided()) {
            return Optional.empty();
        }
        if (!known.open()) {
            return Optional.of(page.outcome(GONE, Decisions.sentence(known), known));
        }
        return grant.expired(Instant.now())
                ? Optional.of(page.outcome(GONE, "This request has expired.", known))
                : Optional.empty();
    }

    private Response forged() {
        return page.message(
                403, "Not a valid link", "This link is not one that was sent from here. Open it from the mail itself.");
    }

    private Response unknown(Links.Grant grant) {
        return grant.expired(Instant.now())
                ? page.message(GONE, title(GONE), "This request has expired.")
                : page.message(503, "Try again", "This request is not known here yet. Nothing was decided.");
    }

    static String title(int status) {
        return switch (status) {
            case 200 -> "Thank you";
            case 403 -> "Not allowed";
            case 409 -> "Already decided";
            case GONE -> "Not open any more";
            case 422 -> "Something is missing";
            default -> "Try again";
        };
    }
}
