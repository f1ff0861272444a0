package io.groundwork.allocation;

import io.groundwork.allocation.domain.AllocationParticipant;
import io.groundwork.allocation.domain.CatalogueKinds;
import io.groundwork.allocation.domain.InventoryMachine;
import io.groundwork.allocation.domain.PoolMachine;
import io.groundwork.allocation.domain.Rules;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.Proofs;
import io.groundwork.runtime.TableMachine;
import io.groundwork.runtime.streams.Changelogs;
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
 * inventory → places, claims; administration → catalogue.
 */
@ApplicationScoped
public class AllocationTopology {

    @Produces
    @Dependent
    Topology topology(
            InputGate gate,
            QueueTopics queues,
            Changelogs changelogs,
            Tables tables,
            @ConfigProperty(name = "groundwork.proof.key-id") String keyId,
            @ConfigProperty(name = "groundwork.proof.public-key") String publicKey) {
        return on(
                MachineTopology.persistent(gate, queues, changelogs),
                new Proofs(Map.of(keyId, publicKey)),
                new CatalogueRules(tables));
    }

    static Topology on(MachineTopology topology, Proofs proofs, Rules rules) {
        return topology.with("allocations", new ParticipantMachine<>(new AllocationParticipant(), proofs))
                .with("pools", new PoolMachine(rules))
                .with("inventory", new InventoryMachine())
                .with("catalogue", new TableMachine(Owner.ALLOCATION, Topics.CATALOGUE, CatalogueKinds.ALL))
                .table(Topics.CATALOGUE)
                .table(Topics.DIRECTORY)
                .table(Topics.PLACES)
                .table(Topics.POOLS)
                .build();
    }
}
