package io.groundwork.cloud;

import io.groundwork.cloud.domain.CloudParticipant;
import io.groundwork.cloud.driver.Profiles;
import io.groundwork.cloud.driver.SdkAccounts;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.runtime.OperationMachine;
import io.groundwork.runtime.OperationPolicy;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.Proofs;
import io.groundwork.runtime.streams.Changelogs;
import io.groundwork.runtime.streams.InputGate;
import io.groundwork.runtime.streams.MachineTopology;
import io.groundwork.runtime.streams.QueueTopics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.streams.Topology;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Start reading here: events → participant → events and operations → engine → works; results → engine → outcomes. */
@ApplicationScoped
public class CloudTopology {

    /** How this service's operations are tried. */
    static final OperationPolicy POLICY = OperationPolicy.DEFAULT;

    static Topology on(MachineTopology topology, Proofs proofs) {
        return topology.with(Map.of(
                        "components", new ParticipantMachine<>(new CloudParticipant(), proofs),
                        "operations", new OperationMachine(Owner.CLOUD, POLICY)))
                .table(Topics.CATALOGUE)
                .build();
    }

    @Produces
    @Singleton
    SdkAccounts accounts(CloudConfig config) {
        return new SdkAccounts(new Profiles(
                config.endpoint().orElse(null),
                config.profiles().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                entry -> new Profiles.Role(
                                        entry.getValue().roleArn().orElse(null),
                                        entry.getValue().externalId().orElse(null)))),
                POLICY.callTime()));
    }

    void close(@Disposes SdkAccounts accounts) {
        accounts.close();
    }

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
}
