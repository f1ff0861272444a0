package io.groundwork.events;

import io.groundwork.events.Design.AccessGrant;
import java.util.List;

/** Written by iam-service alone, to {@code iam.events.v1}. */
public sealed interface IamEvent extends Event permits IamEvent.Own, StepEvent {

    /** What only iam-service says. */
    sealed interface Own extends IamEvent {}

    @Wire("access-started")
    record AccessStarted(List<AccessGrant> access) implements Own {}

    /**
     * The directory is slow or refuses for the time being.
     *
     * @param pending the grants that are not at their goal, as far as there is anything to say of them
     */
    @Wire("access-progressed")
    record AccessProgressed(List<ComponentEvent.PendingOperation> pending) implements Own {}

    /** Undone by {@link AccessRevoked}. */
    @Wire("access-granted")
    record AccessGranted(List<AccessGrant> access) implements Own {}

    /** Not all grants could be made; those that were are revoked by the undo that follows. */
    @Wire("access-failed")
    record AccessFailed(Failure failure) implements Own {}

    /** Nobody has access through this resource any more. Undoes {@link AccessGranted} and {@link AccessFailed}. */
    @Wire("access-revoked")
    record AccessRevoked(List<AccessGrant> access) implements Own {}
}
