package io.groundwork.allocation.domain;

import io.groundwork.events.Claim;
import io.groundwork.events.Json;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.testing.MachineBench;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The participant and the pools. */
final class World {

    static final StepId ALLOCATE = StepId.of(StepKind.ALLOCATE);
    static final StepId RELEASE = StepId.of(StepKind.RELEASE);

    final Map<String, Map<String, Long>> limits = new TreeMap<>();
    final MachineBench bench;
    private final PoolMachine pools = new PoolMachine(pool -> limits.getOrDefault(pool, Map.of()));

    World(long seed, double duplicates) {
        bench = new MachineBench(Owner.ALLOCATION, seed, duplicates)
                .with(new ParticipantMachine<>(new AllocationParticipant(), MachineBench.proofs()))
                .with(pools);
    }

    /** A deploy is approved. */
    void deploy(ResourceId resource, long sequence, Step.OnFailure onFailure, Claim... claims) {
        bench.start(
                resource,
                sequence,
                RequestKind.DEPLOY,
                bench.step(StepKind.ALLOCATE, Step.Undo.OWNER, onFailure, new StepInput.Allocate(List.of(claims))));
    }

    /** A decommission is approved. */
    void decommission(ResourceId resource, long sequence) {
        bench.start(
                resource,
                sequence,
                RequestKind.DECOMMISSION,
                bench.step(StepKind.RELEASE, Step.Undo.NONE, Step.OnFailure.PAUSE, new StepInput.Release()));
    }

    /** What {@code resource} holds of {@code pool} by the pool's own books. */
    long held(ResourceId resource, String pool, String measure) {
        var row = bench.stores(pools).store(PoolMachine.HOLDINGS).get(pool + '|' + resource);
        return row == null
                ? 0
                : Json.read(row, Holding.class).grants().stream()
                        .mapToLong(grant -> grant.amounts().getOrDefault(measure, 0L))
                        .sum();
    }

    long used(String pool, String measure) {
        var row = bench.stores(pools).store(PoolMachine.POOLS).get(pool);
        return row == null ? 0 : Json.read(row, Pool.class).used().getOrDefault(measure, 0L);
    }
}
