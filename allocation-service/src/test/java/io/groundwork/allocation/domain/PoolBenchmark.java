package io.groundwork.allocation.domain;

import io.groundwork.events.Claim.ServerNeed;
import io.groundwork.events.Json;
import io.groundwork.events.Reservation;
import io.groundwork.events.ResourceId;
import io.groundwork.events.ServerFact;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.InMemoryStores;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.KeyValues;
import io.groundwork.runtime.Moment;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Claims and releases of single servers in a pool of 10,000, on stores in memory, beside a floor: the same number of gets and puts
 * of rows of the same sizes. Run it with {@code main}; one thread, so a second is a second of a core.
 */
public final class PoolBenchmark {

    private static final int SERVERS = 10_000;
    private static final int CLAIMS = 20_000;
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String POOL = "pool/ams1/m1.large";

    private final InMemoryStores stores = new InMemoryStores();
    private final PoolMachine machine = new PoolMachine(pool -> Map.of());
    private long gets;
    private long puts;

    /** Prints claims a second, the floor, and what a server takes. */
    public static void main(String... arguments) {
        for (var round = 0; round < 3; round++) {
            new PoolBenchmark().run();
        }
    }

    private void run() {
        for (var i = 0; i < SERVERS; i++) {
            note(i, 1, 0);
        }
        System.out.printf("%d servers, %d bytes each in all stores%n", SERVERS, bytes() / SERVERS);
        var claims = 0L;
        var generations = new long[SERVERS];
        for (var i = 0; i < CLAIMS; i++) {
            var holder = new Holder(new ResourceId("acme", "payments", "r" + i), 1, 1);
            var command = new PoolCommand.Claim(
                    holder,
                    Map.of("servers", 1L),
                    List.of(new ServerNeed("db", 1, 1, List.of(), List.of("gpu"), List.of("hdd"), null, null)),
                    List.of(),
                    null);
            var message = Commands.message(Topics.CLAIMS, POOL, "c" + i, PoolCommand.Claim.TYPE, NOW, null, command);
            var before = System.nanoTime();
            var out = machine.handle(new Input.Received(message), moment(), this::counted);
            claims += System.nanoTime() - before;
            if (out.size() != 2) {
                throw new IllegalStateException("not granted: " + out);
            }
            // half of the pool stays taken
            if (i >= SERVERS / 2) {
                release(i - SERVERS / 2, generations);
            }
        }
        System.out.printf(
                "claims: %,.0f a second; %.1f gets and %.1f puts each%n",
                CLAIMS * 1e9 / claims, (double) gets / CLAIMS, (double) puts / CLAIMS);
        floor(gets, puts);
    }

    private void release(int claim, long[] generations) {
        var holder = new Holder(new ResourceId("acme", "payments", "r" + claim), 1, 1);
        var out = machine.handle(
                new Input.Received(Commands.message(
                        Topics.CLAIMS,
                        POOL,
                        "r" + claim,
                        PoolCommand.Release.TYPE,
                        NOW,
                        null,
                        new PoolCommand.Release(holder))),
                moment(),
                stores);
        out.stream().filter(one -> one.topic().equals(Topics.RESERVATIONS)).forEach(one -> {
            var server = Integer.parseInt(one.key().substring("srv-".length()));
            var fence = Json.read(one.value(), Reservation.class).fence();
            note(server, 2 + ++generations[server], fence);
        });
    }

    private void note(int server, long generation, long fence) {
        var fact = new ServerFact(
                "srv-" + server,
                "ams1",
                "m1.large",
                null,
                "rack-" + server % 200,
                List.of("gpu", "nvme", "cpu-avx512"),
                "available",
                true,
                null,
                generation,
                fence,
                null);
        machine.handle(
                new Input.Received(Commands.message(
                        Topics.CLAIMS,
                        POOL,
                        "n" + server,
                        PoolCommand.Noted.TYPE,
                        NOW,
                        null,
                        new PoolCommand.Noted(fact))),
                moment(),
                stores);
    }

    /** The same rows, read and written by nobody who thinks. */
    private void floor(long reads, long writes) {
        var rows = new InMemoryStores().store("rows");
        var value = new byte[400];
        for (var i = 0; i < SERVERS; i++) {
            rows.put(POOL + "|srv-" + i, value);
        }
        var before = System.nanoTime();
        var found = 0;
        for (var i = 0L; i < reads; i++) {
            found += rows.get(POOL + "|srv-" + i % SERVERS) == null ? 0 : 1;
        }
        for (var i = 0L; i < writes; i++) {
            rows.put(POOL + "|srv-" + i % SERVERS, value.clone());
        }
        var took = System.nanoTime() - before;
        System.out.printf("floor: %,.0f a second of as many gets and puts (%d found)%n", CLAIMS * 1e9 / took, found);
    }

    private KeyValues counted(String name) {
        var rows = stores.store(name);
        return new KeyValues() {
            @Override
            public byte[] get(String key) {
                gets++;
                return rows.get(key);
            }

            @Override
            public void put(String key, byte[] value) {
                puts++;
                rows.put(key, value);
            }

            @Override
            public void delete(String key) {
                puts++;
                rows.delete(key);
            }

            @Override
            public List<Entry> range(String from, String to, int limit) {
                gets++;
                return rows.range(from, to, limit);
            }
        };
    }

    private long bytes() {
        var sum = 0L;
        for (var name : machine.stores()) {
            for (var entry : stores.store(name).range("", "~", Integer.MAX_VALUE)) {
                sum += entry.key().length() + entry.value().length;
            }
        }
        return sum;
    }

    private static Moment moment() {
        return new Moment(NOW, new Random(1));
    }
}
