package io.groundwork.request;

import io.groundwork.events.Topics;
import io.groundwork.request.domain.RequestParticipant;
import io.groundwork.request.domain.StepTimeouts;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.Proofs;
import io.groundwork.runtime.streams.Changelogs;
import io.groundwork.runtime.streams.InputGate;
import io.groundwork.runtime.streams.MachineTopology;
import io.groundwork.runtime.streams.QueueTopics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import java.util.Map;
import org.apache.kafka.streams.Topology;

/**
 * request commands + approval, allocation, cloud, baremetal, iam events → {@link RequestParticipant} → request events,
 * completions, replies. The catalogue, the directory, the inventory, the pools' totals and the provider accounts are tables beside it, for the REST to validate with.
 */
@ApplicationScoped
public class RequestTopology {

    @Produces
    @Dependent
    Topology topology(InputGate gate, QueueTopics queues, Changelogs changelogs, RequestConfig config) {
        return on(MachineTopology.persistent(gate, queues, changelogs), RequestConfig.timeouts(config));
    }

    static Topology on(MachineTopology topology, StepTimeouts timeouts) {
        // it owns no step, so there is no approval for it to verify
        var proofs = new Proofs(Map.of());
        return topology.with("requests", new ParticipantMachine<>(new RequestParticipant(timeouts), proofs))
                .table(Topics.CATALOGUE)
                .table(Topics.DIRECTORY)
                .table(Topics.INVENTORY)
                .table(Topics.POOLS)
                .table(Topics.ACCOUNTS)
                .build();
    }
}
