package io.groundwork.events;

import io.groundwork.events.ApprovalEvent.Choices;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What both provisioners say of a component, each on its own topic. Never of single machines: a large design is a few records. */
public sealed interface ComponentEvent extends CloudProvisionerEvent, BaremetalProvisionerEvent {

    String component();

    /**
     * Machines are being made or, as a step of a decommission, taken down.
     *
     * @param placement where and as whom; absent where there is nothing to choose
     * @param index of the one instance that it is about; all are when absent
     */
    @Wire("component-started")
    record ComponentStarted(
            String component,
            int count,
            @Nullable Choices placement,
            @Nullable Integer index) implements ComponentEvent {
        public ComponentStarted(String component, int count, @Nullable Choices placement) {
            this(component, count, placement, null);
        }

        public ComponentStarted(String component, int count) {
            this(component, count, null, null);
        }
    }

    /**
     * At most once a second for a component.
     *
     * @param done instances at their goal, of {@code total}
     * @param pending operations that wait or fail, worst first; at most 20
     */
    @Wire("component-progressed")
    record ComponentProgressed(
            String component, int done, int total, @Nullable String detail, List<PendingOperation> pending)
            implements ComponentEvent {}

    /** All instances run, or the one that was made anew: the outputs are those of all. Undone by {@link ComponentDeprovisioned}. */
    @Wire("component-provisioned")
    record ComponentProvisioned(String component, ComponentOutputs outputs) implements ComponentEvent {}

    /** Not all instances could be made; those that were made are removed by the undo that follows. */
    @Wire("component-failed")
    record ComponentFailed(String component, Failure failure) implements ComponentEvent {}

    /**
     * Every instance is verified gone. Undoes {@link ComponentProvisioned} and {@link ComponentFailed}.
     *
     * @param index of the one instance that is gone; all are when absent
     */
    @Wire("component-deprovisioned")
    record ComponentDeprovisioned(
            String component, int count, @Nullable Integer index) implements ComponentEvent {
        public ComponentDeprovisioned(String component, int count) {
            this(component, count, null);
        }
    }

    /**
     * An operation that has not reached its goal.
     *
     * @param instances names of the instances it is about
     * @param tries how often a worker tried
     * @param fence of the last work handed out
     * @param nextTry after an error; absent while a worker has it
     * @param detail what the back end is busy with, where that takes longer than a moment
     */
    record PendingOperation(
            String id,
            List<String> instances,
            int tries,
            @Nullable Failure lastError,
            @Nullable String worker,
            long fence,
            @Nullable Instant nextTry,
            @Nullable String detail) {}
}
