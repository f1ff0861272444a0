package io.groundwork.baremetal;

import io.groundwork.baremetal.domain.Deadlines;
import io.groundwork.baremetal.domain.MetalParticipant;
import io.groundwork.baremetal.domain.ServerMachine;
import io.groundwork.baremetal.domain.Tokens;
import io.groundwork.baremetal.driver.Bmcs;
import io.groundwork.baremetal.driver.BootUrls;
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
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import org.apache.kafka.streams.Topology;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Start reading here: events of all others → participant → events, and orders to servers; orders, reservations and verbs →
 * servers → facts, and operations; operations → engine → works; results → engine → outcomes → participant, which hands the
 * servers theirs; servers → outcomes → participant.
 */
@ApplicationScoped
public class BaremetalTopology {

    @Produces
    @Dependent
    Topology topology(
            InputGate gate,
            QueueTopics queues,
            Changelogs changelogs,
            BaremetalConfig config,
            Tokens tokens,
            @ConfigProperty(name = "groundwork.proof.key-id") String keyId,
            @ConfigProperty(name = "groundwork.proof.public-key") String publicKey) {
        return on(
                MachineTopology.persistent(gate, queues, changelogs),
                new Proofs(Map.of(keyId, publicKey)),
                config.deadlines(),
                config.policy(),
                tokens);
    }

    @Produces
    @Singleton
    Tokens tokens(BaremetalConfig config) {
        return new Tokens(config.phoneHomeSecret());
    }

    @Produces
    @Singleton
    BootUrls bootUrls(BaremetalConfig config, Tokens tokens) {
        return new BootUrls(config.publicUrl(), tokens, config.media());
    }

    @Produces
    @Singleton
    Bmcs bmcs(BaremetalConfig config) {
        var bmcs = new Bmcs(config.authorities().orElse(null), config.callTime());
        config.credentials().forEach((name, account) -> bmcs.with(name, account.user(), account.password()));
        return bmcs;
    }

    static Topology on(
            MachineTopology topology, Proofs proofs, Deadlines deadlines, OperationPolicy policy, Tokens tokens) {
        return topology.with("components", new ParticipantMachine<>(new MetalParticipant(), proofs))
                .with("servers", new ServerMachine(deadlines, tokens))
                .with("operations", new OperationMachine(Owner.BAREMETAL, policy))
                .table(Topics.CATALOGUE)
                .table(Topics.DIRECTORY)
                .build();
    }
}
