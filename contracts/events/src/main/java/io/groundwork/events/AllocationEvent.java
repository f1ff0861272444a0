package io.groundwork.events;

import java.util.List;
import java.util.Map;

/** Written by allocation-service alone, to {@code allocation.events.v1}. */
public sealed interface AllocationEvent extends Event permits AllocationEvent.Own, StepEvent {

    /** What only allocation-service says. */
    sealed interface Own extends AllocationEvent {}

    /** Claims are being made. */
    @Wire("allocation-started")
    record AllocationStarted(List<Claim> wanted) implements Own {}

    /** All claims are held. Undone by {@link ResourcesReleased}. */
    @Wire("resources-allocated")
    record ResourcesAllocated(List<Claim> claims) implements Own {}

    /**
     * Not all claims could be had; what was claimed on the way is back in its pools.
     *
     * @param reasons why, by pool
     */
    @Wire("allocation-failed")
    record AllocationFailed(Failure failure, Map<String, String> reasons) implements Own {}

    /** Every pool has taken back what the resource held. Undoes {@link ResourcesAllocated}. */
    @Wire("resources-released")
    record ResourcesReleased(List<Claim> claims) implements Own {}
}
