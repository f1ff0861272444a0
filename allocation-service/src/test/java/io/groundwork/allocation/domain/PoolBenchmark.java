package io.groundwork.allocation.domain;

import io.groundwork.events.Claim.ServerNeed;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Reservation;
import io.groundwork.events.ResourceId;
import io.groundwork.events.ServerFact;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.InMemoryStores;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.KeyValues;
import io.groundwork.runtime.Moment;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Claims and releases of single servers in one pool of which half stays taken, on stores in memory, in one thread. Times are of that
 * thread's CPU, so a second is a second of a core, whatever else runs on it.
 */
public final class PoolBenchmark {

    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String POOL = "pool/ams1/m1.large";
    private static final int ROUNDS = 3;

    private final int servers;
    private final InMemoryStores stores = new InMemoryStores();
    private final PoolMachine machine = new PoolMachine(pool -> Map.of());
    private long read;
    private long written;
    private long bytesWritten;

    /** @param servers how many the pool has */
    PoolBenchmark(int servers) {
        this.servers = servers;
    }

    /**
     * What was measured.
     *
     * @param claimsPerSecond of a core
     * @param rowsRead by one claim
     * @param rowsWritten by one claim
     * @param bytesWritten by one claim
     * @param bytesOfServer in all stores of the pool, on average
     * @param bytesOfLargestServer the most that any has
     */
    record Measured(
            double claimsPerSecond,
            double rowsRead,
            double rowsWritten,
            double bytesWritten,
            long bytesOfServer,
            long bytesOfLargestServer) {}

    /** Prints the figures, and the floor: as many gets and puts of rows of the same size by nobody who thinks. */
    public static void main(String... arguments) {
        for (var round = 0; round < ROUNDS; round++) {
            for (var servers : List.of(100, 10_000)) {
                var found = new PoolBenchmark(servers).run(20_000);
                System.out.printf(
                        "%,d servers: %,.0f claims a second; each reads %.1f rows and writes %.1f with %,.0f bytes (floor:"
                                + " %,.0f a second); a server takes %d bytes, the largest %d%n",
                        servers,
                        found.claimsPerSecond(),
                        found.rowsRead(),
                        found.rowsWritten(),
                        found.bytesWritten(),
                        floor(servers, found),
                        found.bytesOfServer(),
                        found.bytesOfLargestServer());
            }
        }
    }

    /** Claims so many times, and gives back what was claimed half a pool before. */
    Measured run(int claims) {
        for (var i = 0; i < servers; i++) {
            tell(noted(i, 1, 0));
        }
        var took = 0L;
        var generations = new long[servers];
        for (var i = 0; i < claims; i++) {
            var message = claim(i);
            var before = cpu();
            var out = machine.handle(new Input.Received(message), moment(), this::counted);
            took += cpu() - before;
            if (out.size() != 2) {
                throw new IllegalStateException("not granted: " + out);
            }
            if (i >= servers / 2) {
                release(i - servers / 2, generations);
            }
        }
        var sizes = sizes();
        return new Measured(
                claims * 1e9 / took,
                (double) read / claims,
                (double) written / claims,
                (double) bytesWritten / claims,
                sizes.values().stream().mapToLong(Long::longValue).sum() / servers,
                sizes.values().stream().mapToLong(Long::longValue).max().orElseThrow());
    }

    private void release(int claim, long[] generations) {
        for (var said : tell(released(claim))) {
            if (said.topic().equals(Topics.RESERVATIONS)) {
                var server = Integer.parseInt(said.key().substring("srv-".length()));
                var fence = Json.read(said.value(), Reservation.class).fence();
                tell(noted(server, 2 + ++generations[server], fence));
            }
        }
    }

    private List<Message> tell(Message message) {
        return machine.handle(new Input.Received(message), moment(), stores);
    }

    /** Claim number {@code i}, of one server with one trait and without another. */
    static Message claim(int i) {
        return message(
                "c" + i,
                PoolCommand.Claim.TYPE,
                new PoolCommand.Claim(
                        holder(i),
                        Map.of("servers", 1L),
                        List.of(new ServerNeed("db", 1, 1, List.of(), List.of("gpu"), List.of("hdd"), null, null)),
                        List.of(),
                        null));
    }

    static Message released(int claim) {
        return message("r" + claim, PoolCommand.Release.TYPE, new PoolCommand.Release(holder(claim)));
    }

    /** The inventory says that a server is free, after it has heard of {@code fence}. */
    static Message noted(int server, long generation, long fence) {
        return message(
                "n" + server + "-" + generation,
                PoolCommand.Noted.TYPE,
                new PoolCommand.Noted(new ServerFact(
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
                        null)));
    }

    private static Holder holder(int claim) {
        return new Holder(new ResourceId("acme", "payments", "r" + claim), 1, 1);
    }

    private static Message message(String id, String type, Object command) {
        return Commands.message(Topics.CLAIMS, POOL, id, type, NOW, null, command);
    }

    private static double floor(int servers, Measured of) {
        var claims = 20_000;
        var rows = new InMemoryStores().store("rows");
        var size = (int) (of.bytesWritten() / of.rowsWritten());
        for (var i = 0; i < servers; i++) {
            rows.put(POOL + "|srv-" + i, new byte[size]);
        }
        var before = cpu();
        for (var i = 0L; i < claims * of.rowsRead(); i++) {
            if (rows.get(POOL + "|srv-" + i % servers) == null) {
                throw new IllegalStateException("every row was put");
            }
        }
        for (var i = 0L; i < claims * of.rowsWritten(); i++) {
            rows.put(POOL + "|srv-" + i % servers, new byte[size]);
        }
        return claims * 1e9 / (cpu() - before);
    }

    private KeyValues counted(String name) {
        var rows = stores.store(name);
        return new KeyValues() {
            @Override
            public byte[] get(String key) {
                read++;
                return rows.get(key);
            }

            @Override
            public void put(String key, byte[] value) {
                written++;
                bytesWritten += value.length;
                rows.put(key, value);
            }

            @Override
            public void delete(String key) {
                written++;
                rows.delete(key);
            }

            @Override
            public List<Entry> range(String from, String to, int limit) {
                var found = rows.range(from, to, limit);
                read += Math.max(1, found.size());
                return found;
            }
        };
    }

    /** By server, what its row and its place in the index of the free ones take, keys included. */
    private Map<String, Long> sizes() {
        var sizes = new HashMap<String, Long>();
        for (var name : List.of(PoolMachine.SERVERS, PoolMachine.FREE)) {
            for (var entry : stores.store(name).range("", "~", Integer.MAX_VALUE)) {
                sizes.merge(
                        entry.key().substring(entry.key().lastIndexOf('|') + 1),
                        (long) entry.key().length() + entry.value().length,
                        Long::sum);
            }
        }
        return sizes;
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static Moment moment() {
        return new Moment(NOW, new Random(1));
    }
}
