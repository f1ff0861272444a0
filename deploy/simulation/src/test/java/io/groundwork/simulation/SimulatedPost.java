package io.groundwork.simulation;

import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.notification.domain.Delivery;
import io.groundwork.runtime.Driver;
import io.groundwork.runtime.Operation;
import io.groundwork.runtime.Progress;
import java.util.HashSet;
import java.util.Set;

/**
 * Delivers mails, not always at the first try. In the place of the driver that speaks SMTP, whose server cannot be simulated
 * within one thread; what it leaves to the engine is the same: one call, which may go unanswered.
 */
final class SimulatedPost implements Driver<Delivery, Void> {

    private final Simulation simulation;
    private final Set<String> delivered = new HashSet<>();

    SimulatedPost(Simulation simulation) {
        this.simulation = simulation;
    }

    /** The operations whose mail arrived, once or more often. */
    Set<String> delivered() {
        return delivered;
    }

    @Override
    public Class<Delivery> specification() {
        return Delivery.class;
    }

    @Override
    public Class<Void> checkpoint() {
        return Void.class;
    }

    @Override
    public Progress<Void> advance(Operation<Delivery, Void> operation) {
        return operation.mutate(() -> {
            Strand.breathe();
            var fate = simulation.faults().again() > 0 ? simulation.chance().below(30) : 30;
            if (fate != 0) {
                delivered.add(operation.id());
            }
            Strand.breathe();
            if (fate > 1) {
                return new Progress.Done<>(null, null);
            }
            operation.unanswered();
            return new Progress.Failed<>(null, new Failure(FailureCategory.CONNECTIVITY, "No answer.", null, true));
        });
    }

    @Override
    public Progress<Void> undo(Operation<Delivery, Void> operation) {
        return new Progress.Done<>(null, null);
    }
}
