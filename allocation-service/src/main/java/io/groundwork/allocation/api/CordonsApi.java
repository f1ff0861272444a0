package io.groundwork.allocation.api;

import io.groundwork.allocation.domain.CatalogueKinds;
import io.groundwork.allocation.view.HoldingRow;
import io.groundwork.events.Catalogue.Cordon;
import io.groundwork.events.ResourceId;
import io.groundwork.runtime.rest.Administration;
import io.groundwork.runtime.rest.Caller;
import io.groundwork.runtime.rest.Problem;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * Places that nothing new comes to: {@code server/<id>}, {@code rack/<site>/<rack>}, {@code site/<name>}. What stands there stays;
 * to drain a place is to cordon it and to watch {@code stands} become empty.
 */
@Path("/v1/cordons")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Cordons")
public class CordonsApi {

    private final Administration administration;
    private final Caller caller;

    @Inject
    public CordonsApi(Administration administration, Caller caller) {
        this.administration = administration;
        this.caller = caller;
    }

    /** A cordon and the servers behind it that are held. */
    public record Cordoned(String place, String reason, List<Standing> stands) {}

    /** Who has a server. */
    public record Standing(String server, ResourceId resource, String component, int index) {}

    /** All cordons. */
    public record Cordons(List<Cordoned> items) {}

    @GET
    @Blocking
    @Operation(summary = "All cordons, with what still stands behind them")
    public Cordons list() {
        caller.with(Caller.OPERATOR);
        return new Cordons(administration.list(CatalogueApi.TABLE, CatalogueKinds.CORDONS).entrySet().stream()
                .map(cordon -> cordoned(cordon.getKey(), cordon.getValue()))
                .toList());
    }

    @GET
    @Path("/{place: .+}")
    @Blocking
    @Operation(summary = "One cordon, with what still stands behind it")
    public Cordoned get(@PathParam("place") String place) {
        caller.with(Caller.OPERATOR);
        return administration
                .find(CatalogueApi.TABLE, CatalogueKinds.CORDONS, place)
                .map(cordon -> cordoned(place, cordon))
                .orElseThrow(() -> Problem.notFound("There is no cordon of " + place + "."));
    }

    @PUT
    @Path("/{place: .+}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Blocking
    @Operation(summary = "Cordons a server, a rack or a site: no new claim takes anything there")
    public Cordoned put(@PathParam("place") String place, byte[] body) {
        caller.with(Caller.OPERATOR);
        var entry = administration.read(CatalogueKinds.CORDONS, body);
        return cordoned(place, administration.put(CatalogueApi.TABLE, CatalogueKinds.CORDONS, place, entry));
    }

    @DELETE
    @Path("/{place: .+}")
    @RunOnVirtualThread
    @Operation(summary = "Lifts a cordon; claims that wait are looked at within two seconds")
    public void delete(@PathParam("place") String place) {
        caller.with(Caller.OPERATOR);
        administration.delete(CatalogueApi.TABLE, CatalogueKinds.CORDONS, place);
    }

    private static Cordoned cordoned(String place, Cordon cordon) {
        return new Cordoned(
                place,
                cordon.reason(),
                HoldingRow.allWithServers().stream()
                        .flatMap(row -> row.grants.stream()
                                .flatMap(grant -> grant.servers().stream()
                                        .filter(server -> behind(place, grant.pool(), server.server(), server.rack()))
                                        .map(server -> new Standing(
                                                server.server(),
                                                ResourceId.parse(row.resource),
                                                server.component(),
                                                server.index()))))
                        .toList());
    }

    /** @param pool of the server, {@code pool/<site>/<type>} */
    static boolean behind(String place, String pool, String server, String rack) {
        var site = pool.split("/", 3)[1];
        return place.equals("server/" + server)
                || place.equals("rack/" + site + '/' + rack)
                || place.equals("site/" + site);
    }
}
