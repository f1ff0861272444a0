package io.groundwork.allocation.domain;

import static io.groundwork.allocation.domain.World.ALLOCATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.AllocationEvent.AllocationFailed;
import io.groundwork.events.AllocationEvent.CapacityAwaited;
import io.groundwork.events.AllocationEvent.ResourcesAllocated;
import io.groundwork.events.AllocationEvent.ResourcesReleased;
import io.groundwork.events.Claim;
import io.groundwork.events.Claim.ServerNeed;
import io.groundwork.events.Claim.Share;
import io.groundwork.events.Event;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestKind;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Step;
import io.groundwork.events.StepInput;
import io.groundwork.events.StepKind;
import io.groundwork.events.StepStatus;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Requests for servers, from the approval to what is held. */
class ServerAllocationTest {

    private static final String QUOTA = "quota/acme/payments";
    private static final String POOL = "pool/ams1/m1.large";
    private static final String SUBNET = "subnet/ams1-default";
    private static final ResourceId DB = resource("db");

    private final World world = new World(3, 0);

    @Test
    void shouldClaimQuotaAndAddressesForTheServersItGot() {
        world.server("srv-1", "r1");
        world.server("srv-2", "r1");
        world.bench.settle();
        world.deploy(DB, null, quota(3), addresses(3), servers(3, 2));
        world.bench.settle();

        assertThat(last()).isInstanceOfSatisfying(ResourcesAllocated.class, allocated -> {
            assertThat(allocated.claims())
                    .extracting(claim -> claim.pool() + " " + claim.amounts())
                    .containsExactly(
                            POOL + " {servers=2}", QUOTA + " {instances=2, servers=2}", SUBNET + " {addresses=2}");
            assertThat(allocated.grants()).hasSize(2);
            assertThat(allocated.grants().getFirst().unmet().getFirst().wish()).isEqualTo("count");
            assertThat(allocated.grants().getLast().addresses())
                    .extracting(one -> one.component() + one.index() + " " + one.address())
                    .containsExactly("db0 10.20.0.2", "db1 10.20.0.3");
        });
        assertThat(world.used(QUOTA, "servers")).isEqualTo(2);
    }

    @Test
    void shouldWaitInTheQueueAndGoOnWhenServed() {
        world.server("srv-1", "r1");
        world.bench.settle();
        world.deploy(resource("first"), null, servers(1, 1));
        step(resource("first"), StepStatus.DONE);
        world.deploy(DB, Duration.ofMinutes(10), servers(1, 1), quota(1));
        while (!(last() instanceof CapacityAwaited)) {
            world.bench.step();
        }
        assertThat(last()).isInstanceOfSatisfying(CapacityAwaited.class, awaited -> {
            assertThat(awaited.pool()).isEqualTo(POOL);
            assertThat(awaited.position()).isEqualTo(1);
        });
        world.bench.cancel(resource("first"), 1);
        step(DB, StepStatus.DONE);
        assertThat(world.holders()).containsOnlyKeys("srv-1");
        assertThat(world.used(QUOTA, "servers")).isEqualTo(1);
    }

    @Test
    void shouldFailAtTheDeadlineWithTheReasons() {
        world.server("srv-1", "r1");
        world.bench.settle();
        world.deploy(resource("first"), null, servers(1, 1));
        step(resource("first"), StepStatus.DONE);
        world.deploy(DB, Duration.ofMinutes(10), servers(1, 1));
        world.bench.settle();
        assertThat(said().stream().filter(AllocationFailed.class::isInstance))
                .singleElement()
                .isInstanceOfSatisfying(AllocationFailed.class, failed -> {
                    assertThat(failed.failure().category()).isEqualTo(FailureCategory.CAPACITY);
                    assertThat(failed.failure().message()).contains("1 busy", "It waited until");
                    assertThat(failed.candidates().getFirst().closest().server())
                            .isEqualTo("srv-1");
                });
        assertThat(world.held(DB, POOL, "servers")).isZero();
    }

    @Test
    void shouldGiveBackWhatAnAuditFindsItDoesNotKnowAndTellWhatItHolds() {
        world.server("srv-1", "r1");
        world.server("srv-2", "r1");
        world.bench.settle();
        world.deploy(DB, null, servers(1, 1));
        world.bench.settle();
        // a pool that gave something to a holder who never asked, as after a restore from an old copy
        var ghost = new Holder(resource("ghost"), 7, 1);
        world.bench.send(Commands.message(
                Topics.CLAIMS,
                POOL,
                "ghost",
                PoolCommand.Claim.TYPE,
                world.bench.now(),
                null,
                new PoolCommand.Claim(
                        ghost, Map.of("servers", 1L), servers(1, 1).servers(), List.of(), null)));
        world.bench.settle();
        assertThat(world.holders()).hasSize(2);

        world.bench.send(Commands.message(
                Topics.CLAIMS,
                POOL,
                "audit",
                PoolCommand.Audit.TYPE,
                world.bench.now(),
                null,
                new PoolCommand.Audit()));
        world.bench.send(Commands.message(
                Topics.commands(Owner.ALLOCATION),
                DB.toString(),
                "audit",
                AllocationParticipant.AUDIT,
                world.bench.now(),
                null,
                Map.of()));
        world.bench.settle();

        assertThat(world.holders().values()).extracting(Holder::resource).containsExactly(DB);
        assertThat(world.used(POOL, "servers")).isEqualTo(1);
        assertThat(world.bench.deadLetters()).isEmpty();
    }

    @Test
    void shouldGiveAnInstanceAnotherServerAndTakeBackItsOldOne() {
        for (var i = 1; i <= 4; i++) {
            world.server("srv-" + i, "r1");
        }
        world.bench.settle();
        world.deploy(DB, null, quota(3), addresses(3), servers(3, 3));
        world.bench.settle();
        var before = world.holders();
        var old = servers().get(1);
        world.bench.close(DB, 1);
        world.replace(DB, 2, 1, another(1));
        world.bench.settle();

        assertThat(said().stream().filter(ResourcesAllocated.class::isInstance).toList())
                .last()
                .isInstanceOfSatisfying(ResourcesAllocated.class, allocated -> {
                    assertThat(allocated.claims()).containsExactly(another(1));
                    assertThat(allocated.grants().getFirst().servers())
                            .singleElement()
                            .satisfies(one -> assertThat(one.index()).isEqualTo(1))
                            .satisfies(one -> assertThat(before).doesNotContainKey(one.server()));
                });
        assertThat(last()).isInstanceOfSatisfying(ResourcesReleased.class, released -> {
            assertThat(released.claims()).containsExactly(new Claim(POOL, Map.of("servers", 1L)));
            assertThat(released.grants().getFirst().servers())
                    .extracting(one -> one.server())
                    .containsExactly(old);
        });
        assertThat(world.holders()).hasSize(3).doesNotContainKey(old);
        assertThat(world.used(POOL, "servers")).isEqualTo(3);
        assertThat(world.used(QUOTA, "servers")).isEqualTo(3);
        assertThat(world.used(SUBNET, "addresses")).isEqualTo(3);

        // what it holds by now goes back, from whichever request it has it
        world.bench.close(DB, 2);
        world.decommission(DB, 3);
        world.bench.settle();
        assertThat(world.holders()).isEmpty();
        assertThat(world.used(POOL, "servers")).isZero();
        assertThat(world.used(SUBNET, "addresses")).isZero();
    }

    @Test
    void shouldGiveBackOnlyTheNewServerWhenAReplacementIsGivenUp() {
        world.server("srv-1", "r1");
        world.server("srv-2", "r1");
        world.bench.settle();
        world.deploy(DB, null, quota(1), servers(1, 1));
        world.bench.settle();
        var before = world.holders();
        world.bench.close(DB, 1);
        world.bench.start(
                DB,
                2,
                RequestKind.REPLACE,
                world.bench.step(
                        StepKind.ALLOCATE,
                        Step.Undo.OWNER,
                        Step.OnFailure.COMPENSATE,
                        new StepInput.Allocate(List.of(another(0)))));
        world.bench.settle();
        assertThat(world.holders()).hasSize(2);
        world.bench.cancel(DB, 2);
        world.bench.settle();

        assertThat(world.holders()).isEqualTo(before);
        assertThat(world.used(POOL, "servers")).isEqualTo(1);
        assertThat(last())
                .isInstanceOfSatisfying(
                        ResourcesReleased.class,
                        released -> assertThat(released.grants())
                                .singleElement()
                                .satisfies(one -> assertThat(one.servers())
                                        .singleElement()
                                        .satisfies(server -> assertThat(before).doesNotContainKey(server.server()))));
    }

    @Test
    void shouldTouchNothingWhereNoServerIsFree() {
        world.server("srv-1", "r1");
        world.bench.settle();
        world.deploy(DB, null, servers(1, 1));
        world.bench.settle();
        world.bench.close(DB, 1);
        world.replace(DB, 2, 0, another(0));
        world.bench.settle();

        assertThat(said()).anySatisfy(event -> assertThat(event).isInstanceOf(AllocationFailed.class));
        assertThat(world.bench.state(DB, 2, World.RELEASE).status()).isEqualTo(StepStatus.SKIPPED);
        assertThat(world.holders()).containsOnlyKeys("srv-1");
    }

    /** Instances get other servers, one after the other, with records repeated and audits at any moment. */
    @Property(tries = 60)
    void shouldHoldOneServerForEachInstanceWhateverIsReplaced(
            @ForAll long seed, @ForAll @DoubleRange(max = 0.3) double duplicates) {
        var many = new World(seed, duplicates);
        var random = new Random(seed);
        for (var i = 0; i < 5; i++) {
            many.server("srv-" + i, "r" + i % 3);
        }
        many.bench.settle();
        many.deploy(DB, null, quota(3), addresses(3), servers(3, 3));
        many.bench.settle();
        var last = 1 + random.nextInt(5);
        for (var sequence = 2; sequence <= last; sequence++) {
            many.bench.close(DB, sequence - 1);
            var index = random.nextInt(3);
            many.replace(DB, sequence, index, another(index));
            for (var steps = random.nextInt(30); steps > 0; steps--) {
                many.bench.step();
            }
            many.bench.send(Commands.message(
                    Topics.CLAIMS,
                    POOL,
                    "audit" + sequence,
                    PoolCommand.Audit.TYPE,
                    many.bench.now(),
                    null,
                    new PoolCommand.Audit()));
            many.bench.send(Commands.message(
                    Topics.commands(Owner.ALLOCATION),
                    DB.toString(),
                    "audit" + sequence,
                    AllocationParticipant.AUDIT,
                    many.bench.now(),
                    null,
                    Map.of()));
            many.bench.settle();
            assertThat(many.bench.state(DB, sequence, World.RELEASE).status()).isEqualTo(StepStatus.DONE);
            assertThat(many.holders()).hasSize(3);
            assertThat(many.used(POOL, "servers")).isEqualTo(3);
            assertThat(many.used(QUOTA, "servers")).isEqualTo(3);
        }
        assertThat(many.bench.deadLetters()).isEmpty();
        many.bench.close(DB, last);
        many.decommission(DB, last + 1);
        many.bench.settle();
        assertThat(many.holders()).isEmpty();
        assertThat(many.used(POOL, "servers")).isZero();
    }

    /** Those that the last allocation gave, by index. */
    private List<String> servers() {
        return said().stream()
                .filter(ResourcesAllocated.class::isInstance)
                .map(ResourcesAllocated.class::cast)
                .toList()
                .getLast()
                .grants()
                .getFirst()
                .servers()
                .stream()
                .map(one -> one.server())
                .toList();
    }

    /** 100 requests for 10 servers of 3 racks, in any order and with repetitions; some may wait, some are cancelled. */
    @Property(tries = 8)
    void shouldHaveTenWinnersOfAHundredAndEverybodyElseAnEnd(
            @ForAll long seed, @ForAll @DoubleRange(max = 0.3) double duplicates) {
        var race = new World(seed, duplicates);
        var random = new Random(seed);
        for (var i = 0; i < 10; i++) {
            race.server("srv-" + i, "r" + i % 3);
        }
        race.bench.settle();
        var all = new ArrayList<ResourceId>();
        for (var i = 0; i < 100; i++) {
            var resource = resource("r" + i);
            all.add(resource);
            race.deploy(
                    resource,
                    i % 2 == 0 ? Duration.ofMinutes(1 + random.nextInt(10)) : null,
                    servers(1, 1),
                    addresses(1),
                    quota(1));
            for (var steps = random.nextInt(20); steps > 0; steps--) {
                race.bench.step();
            }
            if (random.nextInt(10) == 0) {
                race.bench.cancel(resource, 1);
            }
        }
        race.bench.settle();

        assertThat(race.bench.deadLetters()).isEmpty();
        var winners = all.stream()
                .filter(resource -> race.bench.state(resource, 1, ALLOCATE).status() == StepStatus.DONE)
                .toList();
        assertThat(winners).hasSizeLessThanOrEqualTo(10);
        assertThat(race.holders().values().stream().map(Holder::resource))
                .hasSize(winners.size())
                .containsExactlyInAnyOrderElementsOf(winners);
        for (var resource : all) {
            if (!winners.contains(resource)) {
                assertThat(race.bench.state(resource, 1, ALLOCATE).status())
                        .isIn(StepStatus.UNDONE, StepStatus.SKIPPED);
            }
        }
        assertThat(race.used(QUOTA, "servers")).isEqualTo(winners.size());
        assertThat(race.used(SUBNET, "addresses")).isEqualTo(winners.size());
        var addresses = new HashSet<String>();
        race.bench.events().stream()
                .filter(said -> winners.contains(said.fact().resource()))
                .flatMap(said -> said.event() instanceof ResourcesAllocated allocated
                        ? allocated.grants().stream()
                        : Stream.empty())
                .flatMap(grant -> grant.addresses().stream())
                .forEach(address -> assertThat(addresses.add(address.address())).isTrue());
    }

    private void step(ResourceId resource, StepStatus status) {
        for (var steps = 0; world.bench.state(resource, 1, ALLOCATE).status() != status; steps++) {
            assertThat(steps).isLessThan(1000);
            world.bench.step();
        }
    }

    private List<Event> said() {
        return world.bench.events().stream()
                .<Event>map(envelope -> envelope.event())
                .toList();
    }

    private Event last() {
        return said().getLast();
    }

    private static ResourceId resource(String name) {
        return new ResourceId("acme", "payments", name);
    }

    private static Claim servers(int count, int least) {
        return new Claim(
                POOL,
                Map.of("servers", (long) count),
                List.of(new ServerNeed("db", count, least, List.of(), List.of(), List.of(), null, null)),
                List.of());
    }

    private static Claim another(int index) {
        return new Claim(
                POOL,
                Map.of("servers", 1L),
                List.of(new ServerNeed("db", 1, 1, List.of(), List.of(), List.of(), null, null, index)),
                List.of());
    }

    private static Claim quota(int count) {
        return new Claim(
                QUOTA,
                Map.of("instances", (long) count, "servers", (long) count),
                List.of(),
                List.of(new Share("db", null, count, Map.of("instances", 1L, "servers", 1L))));
    }

    private static Claim addresses(int count) {
        return new Claim(
                SUBNET,
                Map.of("addresses", (long) count),
                List.of(),
                List.of(new Share("db", "default", count, Map.of("addresses", 1L))));
    }
}
