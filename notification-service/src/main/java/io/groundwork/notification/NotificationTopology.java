package io.groundwork.notification;

import io.groundwork.events.Owner;
import io.groundwork.notification.domain.NotificationParticipant;
import io.groundwork.runtime.OperationMachine;
import io.groundwork.runtime.OperationPolicy;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.Proofs;
import io.groundwork.runtime.streams.Changelogs;
import io.groundwork.runtime.streams.EndOffsetGate;
import io.groundwork.runtime.streams.MachineTopology;
import io.groundwork.runtime.streams.QueueTopics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.streams.Topology;

/** Mails requested and requests closed → participant → operations → engine → works; results → engine → outcomes → events. */
@ApplicationScoped
public class NotificationTopology {

    /**
     * Ten seconds of work with dialogues of up to 45, retries from 0.5 s to 30 s for about eight minutes: longer than most
     * deadlines of those who are asked.
     */
    static final OperationPolicy POLICY = new OperationPolicy(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(45),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(30),
                    24,
                    32,
                    Duration.ofHours(1))
            .notUndoable();

    @Produces
    @Dependent
    Topology topology(EndOffsetGate gate, QueueTopics queues, Changelogs changelogs) {
        return build(MachineTopology.persistent(gate, queues, changelogs));
    }

    static Topology build(MachineTopology topology) {
        // it owns no step, so there is no approval to verify
        return topology.with(Map.of(
                        "notifications", new ParticipantMachine<>(new NotificationParticipant(), new Proofs(Map.of())),
                        "operations", new OperationMachine(Owner.NOTIFICATION, POLICY)))
                .build();
    }
}
