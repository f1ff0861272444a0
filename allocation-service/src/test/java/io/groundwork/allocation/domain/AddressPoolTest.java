package io.groundwork.allocation.domain;

import static io.groundwork.allocation.domain.Servers.holder;
import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.allocation.domain.PoolAnswer.Shortfall;
import io.groundwork.allocation.domain.PoolAnswer.Verdict;
import io.groundwork.events.Grant.AllocatedAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The subnet 10.20.0.0/28: sixteen addresses, ten of them to be had. */
class AddressPoolTest {

    private final Servers world = new Servers();

    @Test
    void shouldGiveAddressesButNotTheOnesThatAreKept() {
        var answer = world.addresses("a", 10, null);
        assertThat(answer.grant().addresses())
                .extracting(AllocatedAddress::address)
                .containsExactly(
                        "10.20.0.5",
                        "10.20.0.6",
                        "10.20.0.7",
                        "10.20.0.8",
                        "10.20.0.9",
                        "10.20.0.10",
                        "10.20.0.11",
                        "10.20.0.12",
                        "10.20.0.13",
                        "10.20.0.14");
        assertThat(answer.grant().addresses().getFirst())
                .isEqualTo(new AllocatedAddress(
                        "db",
                        0,
                        "default",
                        "ams1-default",
                        "10.20.0.5",
                        28,
                        "10.20.0.1",
                        List.of(),
                        "ip-10-20-0-5.ams1.example"));
        assertThat(world.addresses("b", 1, null).shortfalls()).containsExactly(new Shortfall("addresses", 10, 10, 1));
    }

    @Test
    void shouldLetAnAddressRestBeforeItIsGivenAgain() {
        world.addresses("a", 10, null);
        world.release(Servers.SUBNET, "a");
        world.release(Servers.SUBNET, "a");
        assertThat(world.addresses("b", 1, null).verdict()).isEqualTo(Verdict.DENIED);
        assertThat(world.addresses("c", 2, Duration.ofHours(1)).verdict()).isEqualTo(Verdict.WAITING);
        assertThat(world.pass(Duration.ofSeconds(299))).isEmpty();
        assertThat(Servers.last(world.pass(Duration.ofSeconds(2)), holder("c")).verdict())
                .isEqualTo(Verdict.GRANTED);
        assertThat(world.pool(Servers.SUBNET).cooling()).isZero();
    }

    @Test
    void shouldKeepTheTurnOfALargeClaim() {
        world.addresses("a", 9, null);
        world.addresses("large", 2, Duration.ofHours(1));
        // one is free, and kept for the one that needs two
        assertThat(world.addresses("small", 1, null).verdict()).isEqualTo(Verdict.DENIED);
    }

    @Property(tries = 150)
    void shouldGiveNoAddressToTwoNorBeforeItRested(@ForAll long seed) {
        var random = new Random(seed);
        var pool = new Servers();
        var held = new HashMap<String, Holder>();
        var free = new HashMap<String, Instant>();
        for (var step = 0; step < 80; step++) {
            var name = "r" + random.nextInt(40);
            if (random.nextInt(3) > 0) {
                var answer = pool.addresses(name, 1 + random.nextInt(3), null);
                if (answer.verdict() == Verdict.GRANTED && !held.containsValue(holder(name))) {
                    for (var one : answer.grant().addresses()) {
                        assertThat(held.put(one.address(), holder(name))).isNull();
                        assertThat(free.getOrDefault(one.address(), Instant.MIN))
                                .isBeforeOrEqualTo(pool.now);
                    }
                }
            } else {
                pool.release(Servers.SUBNET, name);
                var now = pool.now;
                held.entrySet().removeIf(entry -> {
                    var gone = entry.getValue().equals(holder(name));
                    if (gone) {
                        free.put(entry.getKey(), now.plus(Duration.ofMinutes(5)));
                    }
                    return gone;
                });
            }
            pool.pass(Duration.ofSeconds(random.nextInt(120)));
            assertThat(pool.pool(Servers.SUBNET).used().getOrDefault("addresses", 0L))
                    .isEqualTo(held.size());
            assertThat(held.size() + pool.pool(Servers.SUBNET).cooling()).isLessThanOrEqualTo(10);
        }
        pool.pass(Duration.ofMinutes(6));
        assertThat(pool.pool(Servers.SUBNET).cooling()).isZero();
        assertThat(pool.stores.store(PoolMachine.ADDRESSES).range("", "~", 100)).hasSize(held.size());
        assertThat(pool.pool(Servers.SUBNET).servers()).isEqualTo(Map.of());
    }
}
