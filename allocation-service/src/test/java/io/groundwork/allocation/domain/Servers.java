package io.groundwork.allocation.domain;

import io.groundwork.events.Catalogue.Subnet;
import io.groundwork.events.Claim.ServerNeed;
import io.groundwork.events.Claim.Share;
import io.groundwork.events.Component.FailureDomain;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Reservation;
import io.groundwork.events.ResourceId;
import io.groundwork.events.ServerFact;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.InMemoryStores;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A pool machine with servers, a clock, and a provisioner that does what reservations say when it is told to. */
final class Servers implements Rules {

    static final String POOL = "pool/ams1/m1.large";
    static final String SUBNET = "subnet/ams1-default";

    final Set<String> cordons = new HashSet<>();
    final Map<String, String> elsewhere = new TreeMap<>();
    final List<Reservation> reservations = new ArrayList<>();
    final List<Finding> findings = new ArrayList<>();
    final InMemoryStores stores = new InMemoryStores();
    Subnet subnet = new Subnet(
            "default",
            "ams1",
            "10.20.0.0/28",
            "10.20.0.1",
            List.of("10.20.0.2-10.20.0.4"),
            List.of(),
            Duration.ofMinutes(5),
            "ams1.example");
    Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private final Map<String, ServerFact> facts = new TreeMap<>();
    private final PoolMachine machine = new PoolMachine(this);
    private int commands;

    @Override
    public Map<String, Long> limits(String pool) {
        return Map.of();
    }

    @Override
    public Optional<Subnet> subnet(String name) {
        return Optional.of(subnet);
    }

    @Override
    public boolean cordoned(String place) {
        return cordons.contains(place);
    }

    @Override
    public Optional<String> poolOf(String server) {
        return Optional.ofNullable(elsewhere.get(server));
    }

    // Servers

    /** Servers {@code srv-1} to {@code srv-<count>}, over so many racks. */
    Servers with(int count, int racks) {
        for (var i = 1; i <= count; i++) {
            add("srv-" + i, "r" + (i % racks + 1));
        }
        return this;
    }

    List<PoolAnswer> add(String id, String rack, String... traits) {
        return reserve(id, rack, null, traits);
    }

    List<PoolAnswer> reserve(String id, String rack, @Nullable String tenant, String... traits) {
        return say(new ServerFact(
                id, "ams1", "m1.large", tenant, rack, List.of(traits), "available", true, null, 1, 0, null));
    }

    ServerFact fact(String id) {
        return facts.get(id);
    }

    /** What the inventory says next of a server. */
    List<PoolAnswer> say(ServerFact fact) {
        facts.put(fact.id(), fact);
        return send(POOL, PoolCommand.Noted.TYPE, new PoolCommand.Noted(fact));
    }

    List<PoolAnswer> state(
            String id, String state, boolean allocatable, long fence, ServerFact.@Nullable Consumer consumer) {
        var was = facts.get(id);
        return say(new ServerFact(
                id,
                was.site(),
                was.serverType(),
                was.tenant(),
                was.rack(),
                was.traits(),
                state,
                allocatable,
                allocatable ? null : state,
                was.generation() + 1,
                Math.max(fence, was.fence()),
                consumer));
    }

    /** The provisioner hears all reservations so far: it reserves, and cleans what is given back. */
    List<PoolAnswer> heard() {
        var answers = new ArrayList<PoolAnswer>();
        var told = List.copyOf(reservations);
        reservations.clear();
        for (var one : told) {
            var kept = one.kind() == Reservation.Kind.RESERVED;
            answers.addAll(state(one.server(), kept ? "reserved" : "available", !kept, one.fence(), null));
        }
        return answers;
    }

    // Claims

    static Holder holder(String name) {
        return new Holder(new ResourceId("acme", "payments", name), 1, 1);
    }

    static ServerNeed need(String component, int count) {
        return new ServerNeed(component, count, count, List.of(), List.of(), List.of(), null, null);
    }

    static ServerNeed need(
            int count, int least, List<String> preferred, List<String> required, List<String> forbidden) {
        return new ServerNeed("db", count, least, preferred, required, forbidden, null, null);
    }

    static ServerNeed spread(int count, @Nullable FailureDomain spread, @Nullable FailureDomain apart) {
        return new ServerNeed("db", count, count, List.of(), List.of(), List.of(), spread, apart);
    }

    /** The answer to the claim itself, which is the last one that its holder gets. */
    PoolAnswer claim(String name, @Nullable Duration patience, ServerNeed... needs) {
        var holder = holder(name);
        return last(
                send(
                        POOL,
                        PoolCommand.Claim.TYPE,
                        new PoolCommand.Claim(
                                holder,
                                Map.of("servers", (long) List.of(needs).stream()
                                        .mapToInt(ServerNeed::count)
                                        .sum()),
                                List.of(needs),
                                List.of(),
                                patience == null ? null : now.plus(patience))),
                holder);
    }

    PoolAnswer addresses(String name, int count, @Nullable Duration patience) {
        var holder = holder(name);
        return last(
                send(
                        SUBNET,
                        PoolCommand.Claim.TYPE,
                        new PoolCommand.Claim(
                                holder,
                                Map.of("addresses", (long) count),
                                List.of(),
                                List.of(new Share("db", "default", count, Map.of("addresses", 1L))),
                                patience == null ? null : now.plus(patience))),
                holder);
    }

    List<PoolAnswer> release(String name) {
        return release(POOL, name);
    }

    List<PoolAnswer> release(String pool, String name) {
        return send(pool, PoolCommand.Release.TYPE, new PoolCommand.Release(holder(name)));
    }

    List<PoolAnswer> audit() {
        return send(POOL, PoolCommand.Audit.TYPE, new PoolCommand.Audit());
    }

    List<PoolAnswer> asserted(
            String name, io.groundwork.events.Claim claim, io.groundwork.events.@Nullable Grant grant) {
        return send(POOL, PoolCommand.Asserted.TYPE, new PoolCommand.Asserted(holder(name), claim, grant));
    }

    static PoolAnswer last(List<PoolAnswer> answers, Holder holder) {
        return answers.stream()
                .filter(answer -> answer.holder().equals(holder))
                .reduce((one, other) -> other)
                .orElseThrow();
    }

    /** Lets time pass, and every timer on the way fire. */
    List<PoolAnswer> pass(Duration time) {
        var until = now.plus(time);
        var answers = new ArrayList<PoolAnswer>();
        while (true) {
            var due = new Timers(stores).due(until, 1);
            if (due.isEmpty()) {
                now = until;
                return answers;
            }
            now = due.getFirst().due().isAfter(now) ? due.getFirst().due() : now;
            answers.addAll(read(machine.handle(new Input.Fired(due.getFirst()), moment(), stores)));
        }
    }

    List<PoolAnswer> send(String pool, String type, Object command) {
        var message = Commands.message(Topics.CLAIMS, pool, "id-" + commands++, type, now, null, command);
        return read(machine.handle(new Input.Received(message), moment(), stores));
    }

    private Moment moment() {
        return new Moment(now, new Random(1));
    }

    private List<PoolAnswer> read(List<Message> messages) {
        var answers = new ArrayList<PoolAnswer>();
        for (var message : messages) {
            switch (message.topic()) {
                case Topics.RESERVATIONS -> reservations.add(Json.read(message.value(), Reservation.class));
                case Topics.FINDINGS -> findings.add(Json.read(message.value(), Finding.class));
                case Topics.POOLS -> {}
                case "allocation.outcomes.v1" -> answers.add(Json.read(message.value(), PoolAnswer.class));
                default -> throw new AssertionError(message.topic() + ": " + message.headers());
            }
        }
        return answers;
    }

    Pool pool(String id) {
        var row = stores.store(PoolMachine.POOLS).get(id);
        return row == null ? Pool.EMPTY : Json.read(row, Pool.class);
    }

    /** As the books were before what is adopted had a claim. */
    void forgetClaim(String server) {
        var rows = stores.store(PoolMachine.SERVERS);
        var key = POOL + '|' + server;
        var row = Json.read(rows.get(key), ServerRow.class);
        rows.put(key, Json.write(new ServerRow(row.fact(), row.gone(), row.fence(), row.granted(), null)));
        stores.store(PoolMachine.POOLS).put(POOL, Json.write(pool(POOL).released(Map.of("servers", 1L))));
    }

    /** By server: who holds it. */
    Map<String, Holder> held() {
        var held = new TreeMap<String, Holder>();
        for (var entry : stores.store(PoolMachine.SERVERS).range("", "~", Integer.MAX_VALUE)) {
            var row = Json.read(entry.value(), ServerRow.class);
            if (row.held() != null) {
                held.put(row.fact().id(), row.held().holder());
            }
        }
        return held;
    }

    static List<String> servers(PoolAnswer answer) {
        return answer.grant() == null
                ? List.of()
                : answer.grant().servers().stream().map(one -> one.server()).toList();
    }
}
