package io.groundwork.allocation;

import io.groundwork.allocation.domain.CatalogueKinds;
import io.groundwork.allocation.domain.InventoryMachine;
import io.groundwork.allocation.domain.Rules;
import io.groundwork.events.Catalogue.Cordon;
import io.groundwork.events.Catalogue.Quota;
import io.groundwork.events.Catalogue.Subnet;
import io.groundwork.events.Catalogue.Units;
import io.groundwork.events.Topics;
import io.groundwork.runtime.streams.Tables;
import java.util.Map;
import java.util.Optional;

/** The rules as the catalogue and the inventory have them, in this process. */
final class CatalogueRules implements Rules {

    private static final String QUOTA_POOLS = "quota/";

    private final Tables tables;

    CatalogueRules(Tables tables) {
        this.tables = tables;
    }

    /** The pool {@code quota/<tenant>/<project>} has the limits of that quota; a project without one is not limited. */
    @Override
    public Map<String, Long> limits(String pool) {
        return quota(pool).map(Quota::capacity).orElse(Map.of());
    }

    @Override
    public Units units(String pool, String measure) {
        return quota(pool).map(quota -> quota.units(measure)).orElse(Units.ANY);
    }

    private Optional<Quota> quota(String pool) {
        return pool.startsWith(QUOTA_POOLS)
                ? tables.get(
                        Topics.CATALOGUE, CatalogueKinds.QUOTAS.key(pool.substring(QUOTA_POOLS.length())), Quota.class)
                : Optional.empty();
    }

    @Override
    public Optional<Subnet> subnet(String name) {
        return tables.get(Topics.CATALOGUE, CatalogueKinds.SUBNETS.key(name), Subnet.class);
    }

    @Override
    public boolean cordoned(String place) {
        return tables.get(Topics.CATALOGUE, CatalogueKinds.CORDONS.key(place), Cordon.class)
                .isPresent();
    }

    @Override
    public Optional<String> poolOf(String server) {
        return tables.get(Topics.PLACES, server, InventoryMachine.Place.class).map(InventoryMachine.Place::pool);
    }
}
