package io.groundwork.allocation.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.allocation.domain.PoolAnswer.Verdict;
import io.groundwork.events.Catalogue.Quota;
import io.groundwork.events.Catalogue.Units;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.DeadLetter;
import io.groundwork.runtime.InMemoryStores;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.ParticipantMachine;
import io.groundwork.runtime.testing.MachineBench;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PoolMachineTest {

    private static final String POOL = "quota/acme/payments";

    private final InMemoryStores stores = new InMemoryStores();
    private Map<String, Long> limits = Map.of("instances", 5L);
    private final PoolMachine machine = new PoolMachine(pool -> limits);

    /** One command to one of a few pools. */
    record Ask(String pool, PoolCommand.Asked command) {}

    @Test
    void shouldSayWhichMeasureFallsShort() {
        limits = Map.of("instances", 5L, "vcpus", 100L);
        assertThat(claim(holder("a", 1), Map.of("instances", 3L, "vcpus", 6L)).verdict())
                .isEqualTo(Verdict.GRANTED);

        var denied = claim(holder("b", 1), Map.of("instances", 3L, "vcpus", 6L));

        assertThat(denied.verdict()).isEqualTo(Verdict.DENIED);
        assertThat(denied.shortfalls()).containsExactly(new PoolAnswer.Shortfall("instances", 5, 3, 3));
    }

    @Test
    void shouldRefuseAClaimThatComesAfterItsRelease() {
        assertThat(release(holder("a", 1)).verdict()).isEqualTo(Verdict.RELEASED);
        assertThat(claim(holder("a", 1), Map.of("instances", 5L)).verdict()).isEqualTo(Verdict.OVER);
        assertThat(claim(holder("b", 1), Map.of("instances", 5L)).verdict()).isEqualTo(Verdict.GRANTED);
    }

    @Test
    void shouldNotGrantOnRepetitionWhatItDenied() {
        claim(holder("a", 1), Map.of("instances", 4L));
        assertThat(claim(holder("b", 1), Map.of("instances", 4L)).verdict()).isEqualTo(Verdict.DENIED);
        release(holder("a", 1));
        assertThat(claim(holder("b", 1), Map.of("instances", 4L)).verdict()).isEqualTo(Verdict.OVER);
        assertThat(claim(holder("b", 2), Map.of("instances", 4L)).verdict()).isEqualTo(Verdict.GRANTED);
    }

    @Test
    void shouldGrantWithoutBoundWhereNoQuotaIsSet() {
        limits = Map.of();
        assertThat(claim(holder("a", 1), Map.of("instances", Long.MAX_VALUE)).verdict())
                .isEqualTo(Verdict.GRANTED);
    }

    @Test
    void shouldKeepWhatItCannotReadAsDeadLetter() {
        for (var message : List.of(
                new Message(Topics.CLAIMS, POOL, Map.of(), null),
                new Message(Topics.CLAIMS, POOL, Map.of("ce_type", "claim-requested"), new byte[] {'{'}),
                message(new Ask(POOL, new PoolCommand.Claim(holder("a", 1), Map.of("instances", 1L))), "grab"))) {
            assertThat(handle(message))
                    .singleElement()
                    .extracting(Message::topic)
                    .isEqualTo("allocation-service.dead-letters.v1");
        }
    }

    @Test
    void shouldGetItsRedrivenClaims() {
        var claim = message(
                new Ask(POOL, new PoolCommand.Claim(holder("a", 1), Map.of("instances", 1L))), PoolCommand.Claim.TYPE);
        var letter = DeadLetter.of(Owner.ALLOCATION, claim, new IllegalStateException("mended since"));
        var redriven = new Message(Topics.redrive(Owner.ALLOCATION), letter.key(), letter.headers(), letter.value());
        var others = new InMemoryStores();

        var out = new ParticipantMachine<>(new AllocationParticipant(), MachineBench.proofs())
                .handle(new Input.Received(redriven), new Moment(Instant.EPOCH, new Random(1)), others);

        // a pool's key looks like a resource id, but is none
        assertThat(out).containsExactly(claim);
        assertThat(others.store(ParticipantMachine.STORE).get(POOL)).isNull();
        assertThat(handle(out.getFirst()).getFirst().read(PoolAnswer.class).verdict())
                .isEqualTo(Verdict.GRANTED);
    }

    /** The arithmetic of Placement: what is held stays within (total - reserved) * ratio, and each claim keeps to its units. */
    @Property(tries = 500)
    void shouldGrantExactlyWhatUnitsAndCapacityAllow(
            @ForAll @LongRange(max = 40) long total,
            @ForAll("units") Units units,
            @ForAll @Size(max = 30) List<@LongRange(min = 1, max = 12) Long> amounts) {
        var quota = new Quota(Map.of("instances", total), Map.of("instances", units));
        var pools = new PoolMachine(new Rules() {
            @Override
            public Map<String, Long> limits(String pool) {
                return quota.capacity();
            }

            @Override
            public Units units(String pool, String measure) {
                return quota.units(measure);
            }
        });
        var ratio = units.allocationRatio() == null ? BigDecimal.ONE : units.allocationRatio();
        var reserved = units.reserved() == null ? 0 : units.reserved();
        var used = 0L;
        var mine = new InMemoryStores();
        for (var i = 0; i < amounts.size(); i++) {
            var amount = amounts.get(i);
            var claim = new Ask(POOL, new PoolCommand.Claim(holder("r" + i, 1), Map.of("instances", amount)));
            var answer = pools.handle(
                            new Input.Received(message(claim, PoolCommand.Claim.TYPE)),
                            new Moment(Instant.EPOCH, new Random(1)),
                            mine)
                    .getFirst()
                    .read(PoolAnswer.class);
            var fits = (units.minUnit() == null || amount >= units.minUnit())
                    && (units.maxUnit() == null || amount <= units.maxUnit())
                    && (units.stepSize() == null || amount % units.stepSize() == 0);
            var room = BigDecimal.valueOf(used + amount)
                            .compareTo(BigDecimal.valueOf(total - reserved).multiply(ratio))
                    <= 0;
            assertThat(answer.verdict()).isEqualTo(fits && room ? Verdict.GRANTED : Verdict.DENIED);
            if (answer.verdict() == Verdict.GRANTED) {
                used += amount;
            } else {
                assertThat(answer.shortfalls()).singleElement().satisfies(shortfall -> {
                    assertThat(shortfall.asked()).isEqualTo(amount);
                    assertThat(shortfall.rule() == null).isEqualTo(fits);
                });
            }
            var row = mine.store(PoolMachine.POOLS).read(POOL, Pool.class);
            assertThat(row == null ? 0 : row.used().getOrDefault("instances", 0L))
                    .isEqualTo(used);
        }
    }

    @Provide
    Arbitrary<Units> units() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 10).injectNull(0.3),
                        Arbitraries.longs().between(1, 4).injectNull(0.3),
                        Arbitraries.longs().between(4, 12).injectNull(0.3),
                        Arbitraries.longs().between(1, 4).injectNull(0.3),
                        Arbitraries.of("0.5", "1", "1.5", "2.25")
                                .map(BigDecimal::new)
                                .injectNull(0.3))
                .as(Units::new);
    }

    @Test
    void shouldNeitherOverflowNorHandOutWhatIsReserved() {
        var often = new Units(null, null, null, null, new BigDecimal("16"));
        assertThat(often.capacity(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(new Units(9L, null, null, null, null).capacity(4)).isZero();
    }

    @Property(tries = 500)
    void shouldNeverExceedALimitNorGoBelowZero(@ForAll("asks") List<Ask> asks) {
        var held = new HashMap<String, Map<Holder, Long>>();
        var over = new HashSet<List<Object>>();
        var fences = new HashMap<String, Long>();
        for (var ask : asks) {
            var holder = ask.command().holder();
            var holders = held.computeIfAbsent(ask.pool(), any -> new HashMap<>());
            var id = List.<Object>of(ask.pool(), holder);
            var answer = answer(ask);
            switch (ask.command()) {
                case PoolCommand.Claim claim -> {
                    var asked = claim.amounts().getOrDefault("instances", 0L);
                    var used =
                            holders.values().stream().mapToLong(Long::longValue).sum();
                    if (holders.containsKey(holder)) {
                        assertThat(answer.verdict()).isEqualTo(Verdict.GRANTED);
                    } else if (answer.verdict() == Verdict.GRANTED) {
                        assertThat(over).as("over stays over").doesNotContain(id);
                        assertThat(used + asked).isLessThanOrEqualTo(5);
                        assertThat(answer.fence()).isGreaterThan(fences.getOrDefault(ask.pool(), 0L));
                        fences.put(ask.pool(), answer.fence());
                        holders.put(holder, asked);
                    } else if (answer.verdict() == Verdict.DENIED) {
                        assertThat(used + asked).isGreaterThan(5);
                        over.add(id);
                    } else {
                        assertThat(answer.verdict()).isEqualTo(Verdict.OVER);
                    }
                }
                case PoolCommand.Release release -> {
                    assertThat(answer.verdict()).isEqualTo(Verdict.RELEASED);
                    holders.remove(holder);
                    over.add(id);
                }
                case PoolCommand.Asserted no -> throw new AssertionError(no);
            }
            var used = used(ask.pool());
            assertThat(used.getOrDefault("instances", 0L))
                    .isEqualTo(
                            holders.values().stream().mapToLong(Long::longValue).sum())
                    .isBetween(0L, 5L);
        }
        held.forEach((pool, holders) ->
                Set.copyOf(holders.keySet()).forEach(holder -> answer(new Ask(pool, new PoolCommand.Release(holder)))));
        held.keySet().forEach(pool -> assertThat(used(pool)).isEmpty());
    }

    @Provide
    Arbitrary<List<Ask>> asks() {
        var holders = Combinators.combine(
                        Arbitraries.of("a", "b", "c"), Arbitraries.longs().between(1, 3))
                .as(PoolMachineTest::holder);
        var commands = Combinators.combine(
                        holders, Arbitraries.longs().between(1, 4), Arbitraries.of(true, true, false))
                .as((holder, amount, claims) -> claims
                        ? new PoolCommand.Claim(holder, Map.of("instances", amount, "vcpus", 2 * amount))
                        : (PoolCommand.Asked) new PoolCommand.Release(holder));
        return Combinators.combine(Arbitraries.of(POOL, "quota/acme/other", "pool/ams1/m1.large"), commands)
                .as(Ask::new)
                .list()
                .ofMaxSize(60);
    }

    private Map<String, Long> used(String pool) {
        var row = stores.store(PoolMachine.POOLS).get(pool);
        return row == null ? Map.of() : Json.read(row, Pool.class).used();
    }

    private static Holder holder(String name, long sequence) {
        return new Holder(new ResourceId("acme", "payments", name), sequence, 1);
    }

    private PoolAnswer claim(Holder holder, Map<String, Long> amounts) {
        return answer(new Ask(POOL, new PoolCommand.Claim(holder, amounts)));
    }

    private PoolAnswer release(Holder holder) {
        return answer(new Ask(POOL, new PoolCommand.Release(holder)));
    }

    private PoolAnswer answer(Ask ask) {
        var type = switch (ask.command()) {
            case PoolCommand.Claim claim -> PoolCommand.Claim.TYPE;
            case PoolCommand.Release release -> PoolCommand.Release.TYPE;
            case PoolCommand.Asserted asserted -> PoolCommand.Asserted.TYPE;
        };
        var out = handle(message(ask, type));
        assertThat(out).hasSize(1);
        assertThat(out.getFirst().key())
                .isEqualTo(ask.command().holder().resource().toString());
        return Json.read(out.getFirst().value(), PoolAnswer.class);
    }

    private static Message message(Ask ask, String type) {
        return Commands.message(Topics.CLAIMS, ask.pool(), "id", type, Instant.EPOCH, null, ask.command());
    }

    private List<Message> handle(Message message) {
        return machine.handle(new Input.Received(message), new Moment(Instant.EPOCH, new Random(1)), stores);
    }
}
