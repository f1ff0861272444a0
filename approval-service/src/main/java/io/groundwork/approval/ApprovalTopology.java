package io.groundwork.approval;

import io.groundwork.approval.domain.ApprovalParticipant;
import io.groundwork.approval.domain.Links;
import io.groundwork.approval.domain.Secrets;
import io.groundwork.events.Catalogue;
import io.groundwork.events.Directory;
import io.groundwork.events.Topics;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.Proofs;
import io.groundwork.runtime.streams.Changelogs;
import io.groundwork.runtime.streams.EndOffsetGate;
import io.groundwork.runtime.streams.MachineTopology;
import io.groundwork.runtime.streams.QueueTopics;
import io.groundwork.runtime.streams.Tables;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import org.apache.kafka.streams.Topology;

/** Requests that start, decisions and deadlines → {@link ApprovalParticipant} → approval events, mails, replies. */
@ApplicationScoped
public class ApprovalTopology {

    @Produces
    @Singleton
    Links links(ApprovalConfig config) {
        return new Links(config.url(), config.linkSecret());
    }

    @Produces
    @Dependent
    Topology topology(
            ApprovalConfig config,
            Links links,
            Tables tables,
            EndOffsetGate gate,
            QueueTopics queues,
            Changelogs changelogs) {
        var participant = new ApprovalParticipant(
                user -> tables.get(Topics.DIRECTORY, "users/" + user, Directory.User.class),
                region -> tables.get(Topics.CATALOGUE, "regions/" + region, Catalogue.Region.class)
                        .isPresent(),
                profile -> tables.get(Topics.CATALOGUE, "profiles/" + profile, Catalogue.Profile.class)
                        .isPresent(),
                new Secrets(links, config.sealKey(), config.proofKeyId(), config.proofKey()));
        return build(MachineTopology.persistent(gate, queues, changelogs), participant);
    }

    static Topology build(MachineTopology topology, ApprovalParticipant participant) {
        // its own approvals are the one thing that approval-service need not verify
        return topology.table(Topics.CATALOGUE)
                .table(Topics.DIRECTORY)
                .with("approvals", new ParticipantMachine<>(participant, new Proofs(Map.of())))
                .build();
    }
}
