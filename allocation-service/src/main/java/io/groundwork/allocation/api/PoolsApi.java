package io.groundwork.allocation.api;

import io.groundwork.allocation.domain.CatalogueKinds;
import io.groundwork.events.Catalogue.Quota;
import io.groundwork.events.PoolTotals;
import io.groundwork.events.Topics;
import io.groundwork.runtime.rest.Caller;
import io.groundwork.runtime.streams.Tables;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How much of each pool is free, held, or kept out and why. */
@Path("/v1/pools")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Pools")
@RunOnVirtualThread
public class PoolsApi {

    private final Tables tables;
    private final Caller caller;

    @Inject
    public PoolsApi(Tables tables, Caller caller) {
        this.tables = tables;
        this.caller = caller;
    }

    /**
     * One pool.
     *
     * @param limits of a quota
     * @param held by measure
     * @param free servers of a pool of servers that are free, cordoned ones among them
     * @param blocked servers that are neither free nor held, by reason
     * @param waiting claims in the queue
     * @param resting addresses that cool down
     */
    public record View(
            String pool,
            Map<String, Long> limits,
            Map<String, Long> held,
            long free,
            Map<String, Long> blocked,
            long waiting,
            long resting) {}

    /** Pools by name. */
    public record Pools(List<View> items) {}

    @GET
    @Operation(summary = "Pools of servers, subnets and the caller's quotas, at most a second old")
    public Pools list(@QueryParam("prefix") @DefaultValue("") String prefix) {
        var who = caller.who();
        return new Pools(tables.list(Topics.POOLS, "", PoolTotals.class).entrySet().stream()
                .filter(pool -> pool.getKey().startsWith(prefix))
                .filter(pool -> !pool.getKey().startsWith("quota/")
                        || who.sees(pool.getKey().split("/", 3)[1]))
                .map(pool -> view(pool.getKey(), pool.getValue()))
                .toList());
    }

    private View view(String pool, PoolTotals totals) {
        var blocked = new TreeMap<>(totals.servers());
        blocked.keySet().removeAll(List.of("free", "busy"));
        var limits = pool.startsWith("quota/")
                ? tables.get(
                                Topics.CATALOGUE,
                                CatalogueKinds.QUOTAS.key(pool.substring("quota/".length())),
                                Quota.class)
                        .map(Quota::limits)
                        .orElse(Map.of())
                : Map.<String, Long>of();
        return new View(
                pool,
                limits,
                totals.used(),
                totals.servers().getOrDefault("free", 0L),
                blocked,
                totals.waiting(),
                totals.resting());
    }
}
