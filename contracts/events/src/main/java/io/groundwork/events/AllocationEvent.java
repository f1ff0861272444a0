package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Written by allocation-service alone, to {@code allocation.events.v1}. */
public sealed interface AllocationEvent extends Event permits AllocationEvent.Own, StepEvent {

    /** What only allocation-service says. */
    sealed interface Own extends AllocationEvent {}

    /**
     * Claims are being made, or given back.
     *
     * @param returned the servers that go back, of a step that gives back some; everything goes, or is claimed, when absent
     */
    @Wire("allocation-started")
    record AllocationStarted(List<Claim> wanted, @Nullable List<Grant> returned) implements Own {
        public AllocationStarted {
            returned = returned == null ? null : List.copyOf(returned);
        }

        public AllocationStarted(List<Claim> wanted) {
            this(wanted, null);
        }
    }

    /** All claims are held. Undone by {@link ResourcesReleased}. */
    @Wire("resources-allocated")
    record ResourcesAllocated(
            List<Claim> claims,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Grant> grants) implements Own {
        public ResourcesAllocated {
            grants = grants == null ? List.of() : List.copyOf(grants);
        }

        public ResourcesAllocated(List<Claim> claims) {
            this(claims, List.of());
        }
    }

    /**
     * What is claimed is not free. The claim waits in its pool's queue, holding what it has of the pools before.
     *
     * @param position in the queue, from 1; said again when it comes to be among the first
     * @param until when it gives up
     */
    @Wire("capacity-awaited")
    record CapacityAwaited(String pool, int position, Instant until) implements Own {}

    /**
     * Not all claims could be had; what was claimed on the way is back in its pools.
     *
     * @param reasons why, by pool
     * @param candidates of the components that got too few servers
     */
    @Wire("allocation-failed")
    record AllocationFailed(
            Failure failure,
            Map<String, String> reasons,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Candidates> candidates)
            implements Own {
        public AllocationFailed {
            candidates = candidates == null ? List.of() : List.copyOf(candidates);
        }

        public AllocationFailed(Failure failure, Map<String, String> reasons) {
            this(failure, reasons, List.of());
        }
    }

    /**
     * Every pool has taken back what the resource held. Undoes {@link ResourcesAllocated}, or what of it is not needed any more.
     *
     * @param claims what went back; of a claim that is held on for others, as much of it as went
     * @param grants the servers and addresses that went; absent in older events, where all of the claims' pools did
     */
    @Wire("resources-released")
    record ResourcesReleased(
            List<Claim> claims,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Grant> grants) implements Own {
        public ResourcesReleased {
            grants = grants == null ? List.of() : List.copyOf(grants);
        }

        public ResourcesReleased(List<Claim> claims) {
            this(claims, List.of());
        }
    }
}
