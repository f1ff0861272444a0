package io.groundwork.baremetal;

import io.groundwork.baremetal.domain.BaremetalParticipant;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.Proofs;
import io.groundwork.runtime.streams.InputGate;
import io.groundwork.runtime.streams.MachineTopology;
import io.groundwork.runtime.streams.QueueTopics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import java.util.Map;
import org.apache.kafka.streams.Topology;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Start reading here: events of all others → participant → baremetal events. */
@ApplicationScoped
public class BaremetalTopology {

    @Produces
    @Dependent
    Topology topology(
            InputGate gate,
            QueueTopics queues,
            @ConfigProperty(name = "groundwork.proof.key-id") String keyId,
            @ConfigProperty(name = "groundwork.proof.public-key") String publicKey) {
        return on(MachineTopology.persistent(gate, queues), new Proofs(Map.of(keyId, publicKey)));
    }

    static Topology on(MachineTopology topology, Proofs proofs) {
        return topology.with("components", new ParticipantMachine<>(new BaremetalParticipant(), proofs))
                .build();
    }
}
