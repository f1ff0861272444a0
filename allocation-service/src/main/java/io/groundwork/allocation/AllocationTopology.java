package io.groundwork.allocation;

import io.groundwork.allocation.domain.AllocationParticipant;
import io.groundwork.allocation.domain.CatalogueKinds;
import io.groundwork.allocation.domain.Limits;
import io.groundwork.allocation.domain.PoolMachine;
import io.groundwork.events.Catalogue.Quota;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.Proofs;
import io.groundwork.runtime.TableMachine;
import io.groundwork.runtime.streams.InputGate;
import io.groundwork.runtime.streams.MachineTopology;
import io.groundwork.runtime.streams.QueueTopics;
import io.groundwork.runtime.streams.Tables;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import java.util.Map;
import org.apache.kafka.streams.Topology;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * request, approval, cloud, baremetal, iam events → participant → allocation events, claims; claims → pools → outcomes;
 * administration → catalogue.
 */
@ApplicationScoped
public class AllocationTopology {

    private static final String QUOTA_POOLS = "quota/";

    @Produces
    @Dependent
    Topology topology(
            InputGate gate,
            QueueTopics queues,
            Tables tables,
            @ConfigProperty(name = "groundwork.proof.key-id") String keyId,
            @ConfigProperty(name = "groundwork.proof.public-key") String publicKey) {
        return on(MachineTopology.persistent(gate, queues), new Proofs(Map.of(keyId, publicKey)), limits(tables));
    }

    static Topology on(MachineTopology topology, Proofs proofs, Limits limits) {
        return topology.with("allocations", new ParticipantMachine<>(new AllocationParticipant(), proofs))
                .with("pools", new PoolMachine(limits))
                .with("catalogue", new TableMachine(Owner.ALLOCATION, Topics.CATALOGUE, CatalogueKinds.ALL))
                .table(Topics.CATALOGUE)
                .table(Topics.DIRECTORY)
                .build();
    }

    /** The pool {@code quota/<tenant>/<project>} has the limits of that quota; a project without one is not limited. */
    private static Limits limits(Tables tables) {
        return pool -> pool.startsWith(QUOTA_POOLS)
                ? tables.get(
                                Topics.CATALOGUE,
                                CatalogueKinds.QUOTAS.key(pool.substring(QUOTA_POOLS.length())),
                                Quota.class)
                        .map(Quota::limits)
                        .orElse(Map.of())
                : Map.of();
    }
}
