package io.groundwork.allocation;

import io.groundwork.allocation.domain.AllocationParticipant;
import io.groundwork.allocation.domain.PoolCommand;
import io.groundwork.allocation.view.HoldingRow;
import io.groundwork.events.Owner;
import io.groundwork.events.PoolTotals;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Rounds;
import io.groundwork.runtime.streams.CommandGateway;
import io.groundwork.runtime.streams.Tables;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Compares claims with what they are of, both ways: asks every pool to question the holders of what it gave and to look at what
 * stands on its servers, and every resource to tell the pools what it holds. Asking twice at once does no harm.
 */
@ApplicationScoped
public class Audits {

    private final Tables tables;
    private final CommandGateway gateway;
    private final Duration every;
    private @Nullable Rounds rounds;

    @Inject
    public Audits(
            Tables tables,
            CommandGateway gateway,
            @ConfigProperty(name = "allocation.audit.every", defaultValue = "PT1H") Duration every) {
        this.tables = tables;
        this.gateway = gateway;
        this.every = every;
    }

    /** What was set going. */
    public record Started(int pools, int resources) {}

    void start(@Observes StartupEvent start) {
        rounds = Rounds.every(every, "audit", this::run);
    }

    void stop(@Observes ShutdownEvent stop) {
        if (rounds != null) {
            rounds.close();
        }
    }

    /** Sets an audit going; its findings come in by and by. */
    public Started run() {
        var pools = tables.list(Topics.POOLS, "", PoolTotals.class).keySet();
        pools.forEach(pool -> send(Topics.CLAIMS, pool, PoolCommand.Audit.TYPE, new PoolCommand.Audit()));
        var resources = HoldingRow.resources();
        resources.forEach(
                resource -> send(Topics.commands(Owner.ALLOCATION), resource, AllocationParticipant.AUDIT, Map.of()));
        return new Started(pools.size(), resources.size());
    }

    private void send(String topic, String key, String type, Object command) {
        gateway.send(topic, key, UUID.randomUUID().toString(), type, command);
    }
}
