package io.groundwork.allocation.domain;

import io.groundwork.events.Catalogue;
import io.groundwork.events.Claim;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestKind;
import io.groundwork.events.Reservation;
import io.groundwork.events.ResourceId;
import io.groundwork.events.ServerFact;
import io.groundwork.events.Step;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.testing.MachineBench;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The participant and the pools. */
final class World {

    static final StepId ALLOCATE = StepId.of(StepKind.ALLOCATE);
    static final StepId RELEASE = StepId.of(StepKind.RELEASE);

    final Map<String, Map<String, Long>> limits = new TreeMap<>();
    final MachineBench bench;
    final Map<String, ServerFact> servers = new TreeMap<>();
    private final PoolMachine pools = new PoolMachine(new Rules() {
        @Override
        public Map<String, Long> limits(String pool) {
            return limits.getOrDefault(pool, Map.of());
        }

        @Override
        public Optional<Catalogue.Subnet> subnet(String name) {
            return Optional.of(new Catalogue.Subnet(
                    "default", "ams1", "10.20.0.0/24", "10.20.0.1", List.of(), List.of(), Duration.ZERO, null));
        }
    });

    World(long seed, double duplicates) {
        bench = new MachineBench(Owner.ALLOCATION, seed, duplicates)
                .with(new ParticipantMachine<>(new AllocationParticipant(), MachineBench.proofs()))
                .with(pools)
                .with(new InventoryMachine())
                .with(Topics.RESERVATIONS::equals, message -> heard(Json.read(message.value(), Reservation.class)));
    }

    /** A server that can be had, as the inventory says. */
    void server(String id, String rack) {
        bench.send(said(
                new ServerFact(id, "ams1", "m1.large", null, rack, List.of(), "available", true, null, 1, 0, null)));
    }

    /** The provisioner does what a reservation says, unless it has heard of a newer one. */
    private Message heard(Reservation reservation) {
        var was = servers.get(reservation.server());
        var reserves = reservation.kind() == Reservation.Kind.RESERVED;
        var concerns = reserves ? reservation.fence() > was.fence() : reservation.fence() >= was.fence();
        var kept = concerns ? reserves : !was.allocatable();
        return said(new ServerFact(
                was.id(),
                was.site(),
                was.serverType(),
                null,
                was.rack(),
                was.traits(),
                kept ? "reserved" : "available",
                !kept,
                kept ? "reserved" : null,
                was.generation() + 1,
                Math.max(was.fence(), reservation.fence()),
                null));
    }

    private Message said(ServerFact fact) {
        servers.put(fact.id(), fact);
        return Commands.message(
                Topics.INVENTORY,
                fact.id(),
                fact.id() + "-" + fact.generation(),
                "server-fact",
                bench.now(),
                null,
                fact);
    }

    /** Who holds which server by the pool's own books. */
    Map<String, Holder> holders() {
        var held = new TreeMap<String, Holder>();
        for (var entry : bench.stores(pools).store(PoolMachine.SERVERS).range("", "~", Integer.MAX_VALUE)) {
            var row = Json.read(entry.value(), ServerRow.class);
            if (row.held() != null) {
                held.put(row.fact().id(), row.held().holder());
            }
        }
        return held;
    }

    /** A deploy that may wait is approved. */
    void deploy(ResourceId resource, @Nullable Duration patience, Claim... claims) {
        bench.start(
                resource,
                1,
                RequestKind.DEPLOY,
                bench.step(
                        StepKind.ALLOCATE,
                        Step.Undo.OWNER,
                        Step.OnFailure.COMPENSATE,
                        new StepInput.Allocate(List.of(claims), patience)));
    }

    /** A deploy is approved. */
    void deploy(ResourceId resource, long sequence, Step.OnFailure onFailure, Claim... claims) {
        bench.start(
                resource,
                sequence,
                RequestKind.DEPLOY,
                bench.step(StepKind.ALLOCATE, Step.Undo.OWNER, onFailure, new StepInput.Allocate(List.of(claims))));
    }

    /** Another server for one instance of {@code db} is approved; it gives the old one back as soon as it has the new one. */
    void replace(ResourceId resource, long sequence, int index, Claim claim) {
        var allocate = bench.step(
                StepKind.ALLOCATE, Step.Undo.OWNER, Step.OnFailure.COMPENSATE, new StepInput.Allocate(List.of(claim)));
        var release = bench.step(
                StepKind.RELEASE,
                Step.Undo.NONE,
                Step.OnFailure.PAUSE,
                new StepInput.Release(new StepInput.Replaced("db", index)));
        bench.start(
                resource,
                sequence,
                RequestKind.REPLACE,
                allocate,
                new Step(
                        release.id(),
                        release.kind(),
                        release.owner(),
                        List.of(allocate.id()),
                        release.undo(),
                        release.onFailure(),
                        release.timeout(),
                        release.input()));
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
