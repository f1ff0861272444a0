package io.groundwork.runtime.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.groundwork.runtime.streams.CommandGateway;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Every error leaves as a problem. */
public class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    @ServerExceptionMapper
    public Response problem(Problem problem) {
        return answer(problem);
    }

    @ServerExceptionMapper
    public Response json(JsonProcessingException malformed) {
        var where = malformed.getLocation();
        return answer(Problem.of(
                400,
                "Not JSON",
                malformed.getOriginalMessage()
                        + (where == null
                                ? ""
                                : " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ")")));
    }

    @ServerExceptionMapper
    public Response unavailable(CommandGateway.Unavailable unavailable) {
        return later(String.valueOf(unavailable.getMessage()));
    }

    @ServerExceptionMapper
    public Response tooLarge(CommandGateway.TooLarge refused) {
        return answer(
                Problem.of(413, "Too large", "What is asked is larger than the broker takes: ask for less at once."));
    }

    @ServerExceptionMapper
    public Response restoring(InvalidStateStoreException restoring) {
        return later("The service is restoring its state.");
    }

    @ServerExceptionMapper
    public Response web(WebApplicationException refused) {
        var status = refused.getResponse().getStatusInfo();
        if (status.getFamily() == Response.Status.Family.REDIRECTION) {
            return refused.getResponse();
        }
        return answer(
                Problem.of(status.getStatusCode(), status.getReasonPhrase(), String.valueOf(refused.getMessage())));
    }

    @ServerExceptionMapper
    public Response bug(RuntimeException bug) {
        if (Database.isAway(bug)) {
            LOG.warnf("the database is away: %s", bug);
            return later("The database cannot be reached.");
        }
        LOG.error("a request failed", bug);
        return answer(Problem.of(500, "Internal error", "The service failed; nothing was changed by this request."));
    }

    private static Response later(String why) {
        return Response.fromResponse(answer(Problem.of(503, "Try again", why + " The same request again is safe.")))
                .header(HttpHeaders.RETRY_AFTER, 2)
                .build();
    }

    private static Response answer(Problem problem) {
        return Response.status(problem.body().status())
                .type(Problem.MEDIA_TYPE)
                .entity(problem.body())
                .build();
    }
}
