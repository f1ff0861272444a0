package io.groundwork.iam;

import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.iam.domain.DirectoryKinds;
import io.groundwork.iam.domain.IamParticipant;
import io.groundwork.runtime.OperationMachine;
import io.groundwork.runtime.OperationPolicy;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.Proofs;
import io.groundwork.runtime.TableMachine;
import io.groundwork.runtime.streams.Changelogs;
import io.groundwork.runtime.streams.InputGate;
import io.groundwork.runtime.streams.MachineTopology;
import io.groundwork.runtime.streams.QueueTopics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import java.util.Map;
import org.apache.kafka.streams.Topology;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * request, approval, allocation, cloud, baremetal events → participant → iam events, orders; orders and results → engine →
 * works, outcomes; administration → directory.
 */
@ApplicationScoped
public class IamTopology {

    @Produces
    @Dependent
    Topology topology(
            InputGate gate,
            QueueTopics queues,
            Changelogs changelogs,
            @ConfigProperty(name = "groundwork.proof.key-id") String keyId,
            @ConfigProperty(name = "groundwork.proof.public-key") String publicKey) {
        return on(MachineTopology.persistent(gate, queues, changelogs), new Proofs(Map.of(keyId, publicKey)));
    }

    static Topology on(MachineTopology topology, Proofs proofs) {
        return topology.with(Map.of(
                        "access", new ParticipantMachine<>(new IamParticipant(), proofs),
                        "operations", new OperationMachine(Owner.IAM, OperationPolicy.DEFAULT)))
                .with("directory", new TableMachine(Owner.IAM, Topics.DIRECTORY, DirectoryKinds.ALL))
                .table(Topics.DIRECTORY)
                .build();
    }
}
