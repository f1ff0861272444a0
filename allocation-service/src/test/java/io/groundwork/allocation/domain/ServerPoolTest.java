package io.groundwork.allocation.domain;

import static io.groundwork.allocation.domain.Servers.holder;
import static io.groundwork.allocation.domain.Servers.need;
import static io.groundwork.allocation.domain.Servers.servers;
import static io.groundwork.allocation.domain.Servers.spread;
import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.allocation.domain.PoolAnswer.Verdict;
import io.groundwork.events.Claim;
import io.groundwork.events.Claim.ServerNeed;
import io.groundwork.events.Component.FailureDomain;
import io.groundwork.events.Grant.AllocatedServer;
import io.groundwork.events.Grant.Unmet;
import io.groundwork.events.Json;
import io.groundwork.events.Reservation;
import io.groundwork.events.ResourceId;
import io.groundwork.events.ServerFact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ServerPoolTest {

    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    private final Servers world = new Servers();

    // Who gets what

    @Test
    void shouldTakeAPreferredServerAndTellItsOwner() {
        world.with(5, 1);
        var answer = world.claim("a", null, need(1, 1, List.of("srv-3"), List.of(), List.of()));

        assertThat(answer.grant().servers()).containsExactly(new AllocatedServer("db", 0, "srv-3", 1, "r1", null));
        assertThat(answer.grant().unmet()).isEmpty();
        assertThat(world.reservations)
                .containsExactly(new Reservation(
                        "srv-3",
                        answer.fence(),
                        new Reservation.Holder(new ResourceId("acme", "payments", "a"), 1, "db", 0),
                        Reservation.Kind.RESERVED));
    }

    @Test
    void shouldKeepAnInstanceThatGetsAnotherServerApartFromItsLikes() {
        world.add("a1", "r1");
        world.add("b1", "r2");
        var first = world.claim("a", null, spread(2, null, FailureDomain.RACK));
        assertThat(servers(first)).containsExactlyInAnyOrder("a1", "b1");
        var kept = first.grant().servers().getFirst();
        world.add("a2", "r1");
        world.add("b2", "r2");
        // the second instance gets another one: only the rack of the first is taken
        var index = 1;
        var holder = new Holder(holder("a").resource(), 2, 1);
        var answers = world.send(
                Servers.POOL,
                PoolCommand.Claim.TYPE,
                new PoolCommand.Claim(
                        holder,
                        Map.of("servers", 1L),
                        List.of(new ServerNeed(
                                "db", 1, 1, List.of(), List.of(), List.of(), null, FailureDomain.RACK, index)),
                        List.of(),
                        null));
        var grant = Servers.last(answers, holder).grant();
        assertThat(grant.servers())
                .singleElement()
                .satisfies(one -> assertThat(one.index()).isEqualTo(index))
                .satisfies(one -> assertThat(one.rack()).isNotEqualTo(kept.rack()));

        // a part goes back, and is said to go to its owner alone
        var old = first.grant().servers().getLast();
        world.reservations.clear();
        var release = new PoolCommand.Release(holder("a"), List.of(old.server()));
        world.send(Servers.POOL, PoolCommand.Release.TYPE, release);
        world.send(Servers.POOL, PoolCommand.Release.TYPE, release);
        assertThat(world.reservations)
                .extracting(one -> one.server() + " " + one.kind())
                .containsExactly(old.server() + " RELEASED");
        assertThat(world.held())
                .containsOnlyKeys(kept.server(), grant.servers().getFirst().server());
        assertThat(world.pool(Servers.POOL).used()).containsExactlyEntriesOf(Map.of("servers", 2L));
        world.audit();
        world.pass(Duration.ofSeconds(5));
        assertThat(world.findings).isEmpty();
    }

    @Test
    void shouldTakeAnotherThanAPreferredServerThatCannotBeHadAndSayWhy() {
        world.add("busy", "r1");
        world.add("broken", "r1");
        world.add("cordoned", "r1");
        world.add("spinning", "r1", "hdd");
        world.reserve("theirs", "r1", "umbrella");
        world.add("good", "r1");
        world.claim("x", null, need(1, 1, List.of("busy"), List.of(), List.of()));
        world.state("broken", "maintenance", false, 0, null);
        world.cordons.add("server/cordoned");
        world.elsewhere.put("small", "pool/ams1/m1.small");

        var preferred = List.of("busy", "broken", "cordoned", "spinning", "theirs", "small", "ghost");
        var answer = world.claim("a", null, need(1, 1, preferred, List.of(), List.of("hdd")));

        assertThat(servers(answer)).containsExactly("good");
        assertThat(answer.grant().unmet())
                .extracting(one -> one.server() + " " + one.reason())
                .containsExactly(
                        "busy busy",
                        "broken maintenance",
                        "cordoned cordoned",
                        "spinning forbidden-trait",
                        "theirs reserved",
                        "small other-type",
                        "ghost unknown");
        assertThat(answer.grant().servers().getFirst().preferenceNotMet())
                .startsWith("busy: busy; broken: maintenance");
    }

    @Test
    void shouldRespectTraits() {
        world.add("plain", "r1");
        world.add("gpu", "r1", "gpu");
        world.add("gpu-hdd", "r1", "gpu", "hdd");

        assertThat(servers(world.claim("a", null, need(1, 1, List.of(), List.of("gpu"), List.of("hdd")))))
                .containsExactly("gpu");
        var denied = world.claim("b", null, need(1, 1, List.of(), List.of("gpu"), List.of("hdd")));
        assertThat(denied.verdict()).isEqualTo(Verdict.DENIED);
        assertThat(denied.candidates()).singleElement().satisfies(why -> {
            assertThat(why.suitable()).isZero();
            assertThat(why.rejected()).isEqualTo(Map.of("busy", 1L, "required-trait", 1L, "forbidden-trait", 1L));
            assertThat(why.closest().reasons()).hasSize(1);
        });
    }

    /** Neither component may take what only it could do without. */
    @Test
    void shouldServeTwoComponentsThatAskForDifferentThings() {
        world.add("both", "r1", "gpu", "nvme");
        world.add("gpu", "r1", "gpu");
        var answer = world.claim(
                "a",
                null,
                new ServerNeed("one", 1, 1, List.of(), List.of("gpu"), List.of(), null, null),
                new ServerNeed("other", 1, 1, List.of(), List.of("nvme"), List.of(), null, null));
        assertThat(answer.grant().servers())
                .extracting(server -> server.component() + " " + server.server())
                .containsExactly("one gpu", "other both");
    }

    @Test
    void shouldSpreadOverRacksAsFarAsItGoesAndSayWhereItDoesNot() {
        world.with(6, 3);
        var even = world.claim("a", null, spread(3, FailureDomain.RACK, null));
        assertThat(racks(even)).containsExactlyInAnyOrder("r1", "r2", "r3");
        assertThat(even.grant().unmet()).isEmpty();

        world.cordons.add("rack/ams1/r1");
        var narrow = world.claim("b", null, spread(2, FailureDomain.RACK, null));
        assertThat(racks(narrow)).containsExactlyInAnyOrder("r2", "r3");
        world.cordons.clear();
        world.add("srv-7", "r1");
        var same = world.claim("c", null, spread(2, FailureDomain.RACK, null));
        assertThat(racks(same)).containsExactly("r1", "r1");
        assertThat(same.grant().unmet()).singleElement().extracting(Unmet::wish).isEqualTo("spread");
    }

    @Test
    void shouldNeverPutTwoIntoOneRackThatMustBeApart() {
        world.with(6, 2);
        assertThat(racks(world.claim("a", null, spread(2, null, FailureDomain.RACK))))
                .containsExactlyInAnyOrder("r1", "r2");
        var denied = world.claim("b", null, spread(3, null, FailureDomain.RACK));
        assertThat(denied.verdict()).isEqualTo(Verdict.DENIED);
        assertThat(denied.candidates().getFirst().suitable()).isEqualTo(2);
        assertThat(denied.candidates().getFirst().rejected()).containsEntry("rack-taken", 2L);
    }

    @Test
    void shouldDoWithFewerWhereFewerAreEnough() {
        world.with(4, 1);
        var answer = world.claim("a", null, need(5, 3, List.of(), List.of(), List.of()));
        assertThat(servers(answer)).hasSize(4);
        assertThat(answer.grant().unmet())
                .singleElement()
                .extracting(Unmet::wish)
                .isEqualTo("count");
        world.add("srv-5", "r1");
        world.add("srv-6", "r1");
        assertThat(world.claim("b", null, need(5, 3, List.of(), List.of(), List.of()))
                        .verdict())
                .isEqualTo(Verdict.DENIED);
        assertThat(world.held()).hasSize(4);
    }

    @Test
    void shouldKeepAReservedServerForItsTenant() {
        world.reserve("ours", "r1", "acme");
        world.reserve("theirs", "r1", "umbrella");
        world.add("shared", "r1");
        assertThat(servers(world.claim("a", null, need("db", 1)))).containsExactly("ours");
        assertThat(servers(world.claim("b", null, need("db", 1)))).containsExactly("shared");
        var denied = world.claim("c", null, need("db", 1));
        assertThat(denied.candidates().getFirst().rejected()).isEqualTo(Map.of("busy", 2L, "reserved", 1L));
    }

    @Test
    void shouldGiveNothingNewFromACordonedSiteAndLeaveWhatStands() {
        world.with(2, 1);
        world.claim("a", null, need("db", 1));
        world.cordons.add("site/ams1");
        assertThat(world.claim("b", null, need("db", 1)).candidates().getFirst().rejected())
                .isEqualTo(Map.of("busy", 1L, "cordoned", 1L));
        assertThat(world.held()).hasSize(1);
    }

    // Coming back

    @Test
    void shouldGiveAServerAgainOnlyWhenTheInventorySaysSoAfterTheGrant() {
        world.with(1, 1);
        world.claim("a", null, need("db", 1));
        var fence = world.reservations.getLast().fence();
        world.release("a");
        assertThat(world.reservations.getLast().kind()).isEqualTo(Reservation.Kind.RELEASED);
        assertThat(world.reservations.getLast().fence()).isEqualTo(fence);

        assertThat(world.claim("b", null, need("db", 1)).candidates().getFirst().rejected())
                .containsOnlyKeys("releasing");
        // said before the server heard of the grant: not yet
        world.state("srv-1", "available", true, 0, null);
        assertThat(world.claim("c", null, need("db", 1)).verdict()).isEqualTo(Verdict.DENIED);
        world.state("srv-1", "cleaning", false, fence, null);
        assertThat(world.claim("d", null, need("db", 1)).candidates().getFirst().rejected())
                .containsOnlyKeys("cleaning");
        world.state("srv-1", "available", true, fence, null);
        var again = world.claim("e", null, need("db", 1));
        assertThat(again.verdict()).isEqualTo(Verdict.GRANTED);
        assertThat(again.fence()).isGreaterThan(fence);
    }

    @Test
    void shouldForgetAServerAndGiveFencesNewerThanAnyItHasHeard() {
        world.with(1, 1);
        world.send(Servers.POOL, PoolCommand.Gone.TYPE, new PoolCommand.Gone("srv-1"));
        assertThat(world.pool(Servers.POOL).servers()).isEmpty();
        world.say(new ServerFact(
                "srv-1", "ams1", "m1.large", null, "r1", List.of(), "available", true, null, 9, 40, null));
        assertThat(world.claim("a", null, need("db", 1)).fence()).isGreaterThan(40);
        world.send(Servers.POOL, PoolCommand.Gone.TYPE, new PoolCommand.Gone("srv-1"));
        assertThat(world.held()).containsOnlyKeys("srv-1");
        world.release("a");
        assertThat(world.pool(Servers.POOL).servers()).isEmpty();
        assertThat(world.pool(Servers.POOL).used()).isEmpty();
    }

    @Test
    void shouldBlockAServerOnWhichSomethingStandsThatItDidNotGive() {
        world.with(1, 1);
        world.state(
                "srv-1",
                "active",
                true,
                0,
                new ServerFact.Consumer(new ResourceId("acme", "payments", "old"), "db", 0, 3));
        assertThat(world.claim("a", null, need("db", 1)).candidates().getFirst().rejected())
                .isEqualTo(Map.of("busy", 1L));
        world.audit();
        world.pass(Duration.ofSeconds(1));
        assertThat(world.findings).singleElement().satisfies(found -> {
            assertThat(found.kind()).isEqualTo(Finding.Kind.CONSUMER_WITHOUT_CLAIM);
            assertThat(found.healed()).isTrue();
            assertThat(found.server()).isEqualTo("srv-1");
        });
    }

    @Test
    void shouldHoldForItsConsumerWhatWasAdopted() {
        var old = new ServerFact.Consumer(new ResourceId("acme", "payments", "old"), "db", 0, 0);
        world.with(2, 1).state("srv-1", "adopting", false, 0, old);
        world.state("srv-1", "active", false, 0, old);

        assertThat(world.pool(Servers.POOL).used()).isEqualTo(Map.of("servers", 1L));
        assertThat(servers(world.claim("a", null, need("db", 1)))).containsExactly("srv-2");
        assertThat(world.claim("b", null, need("db", 1)).candidates().getFirst().rejected())
                .isEqualTo(Map.of("busy", 2L));
        world.audit();
        world.pass(Duration.ofSeconds(1));
        assertThat(world.findings).isEmpty();

        world.state("srv-1", "cleaning", false, 0, null);
        assertThat(world.pool(Servers.POOL).used())
                .as("what was claimed for srv-2")
                .isEqualTo(Map.of("servers", 1L));
        world.state("srv-1", "available", true, 0, null);
        assertThat(servers(world.claim("c", null, need("db", 1)))).containsExactly("srv-1");
    }

    @Test
    void shouldLetARequestKeepItsClaimWhereSomebodyAdoptsAndHoldItForThemAfterwards() {
        world.with(1, 1).claim("a", null, need("db", 1));
        var old = new ServerFact.Consumer(new ResourceId("acme", "payments", "old"), "db", 0, 0);
        world.state("srv-1", "active", false, 0, old);
        world.audit();
        world.pass(Duration.ofSeconds(1));
        assertThat(world.findings)
                .as("two want it, and a person decides")
                .singleElement()
                .satisfies(found -> assertThat(found.healed()).isFalse());

        world.release("a");

        assertThat(world.pool(Servers.POOL).used()).isEqualTo(Map.of("servers", 1L));
        world.send(Servers.POOL, PoolCommand.Gone.TYPE, new PoolCommand.Gone("srv-1"));
        assertThat(world.pool(Servers.POOL).used()).as("thrown out").isEmpty();
    }

    @Test
    void shouldMakeUpAtAnAuditForAClaimThatWasNeverMade() {
        var old = new ServerFact.Consumer(new ResourceId("acme", "payments", "old"), "db", 0, 0);
        world.with(1, 1).state("srv-1", "active", false, 0, old);
        world.forgetClaim("srv-1");

        world.audit();
        world.pass(Duration.ofSeconds(1));

        assertThat(world.findings).isEmpty();
        assertThat(world.pool(Servers.POOL).used()).isEqualTo(Map.of("servers", 1L));
        assertThat(world.held()).containsOnlyKeys("srv-1");
    }

    // The queue

    @Test
    void shouldServeThoseThatWaitInTurn() {
        world.with(1, 1);
        world.claim("a", null, need("db", 1));
        for (var name : List.of("b", "c", "d")) {
            assertThat(world.claim(name, HALF_AN_HOUR, need("db", 1)).verdict()).isEqualTo(Verdict.WAITING);
        }
        assertThat(world.claim("d", HALF_AN_HOUR, need("db", 1)).waiting().position())
                .isEqualTo(3);
        assertThat(world.claim("e", null, need("db", 1)).verdict()).isEqualTo(Verdict.DENIED);

        world.heard();
        world.release("a");
        var answers = world.heard();
        assertThat(Servers.last(answers, holder("b")).verdict()).isEqualTo(Verdict.GRANTED);
        assertThat(Servers.last(answers, holder("c")).waiting().position()).isEqualTo(1);
        assertThat(Servers.last(answers, holder("d")).waiting().position()).isEqualTo(2);
        assertThat(Servers.last(world.release("c"), holder("d")).waiting().position())
                .isEqualTo(1);
    }

    @Test
    void shouldNotLetSmallClaimsStarveALargeOneNorHoldBackWhatItCannotUse() {
        world.add("gpu-1", "r1", "gpu");
        world.add("plain-1", "r1");
        world.add("gpu-2", "r1", "gpu");
        world.claim("holder", null, need(1, 1, List.of("gpu-2"), List.of(), List.of()));
        // the head needs two with a gpu: one is free and is kept for it
        assertThat(world.claim("large", HALF_AN_HOUR, need(2, 2, List.of(), List.of("gpu"), List.of()))
                        .verdict())
                .isEqualTo(Verdict.WAITING);
        assertThat(world.claim("small", HALF_AN_HOUR, need(1, 1, List.of(), List.of("gpu"), List.of()))
                        .verdict())
                .isEqualTo(Verdict.WAITING);
        assertThat(servers(world.claim("any", null, need("db", 1)))).containsExactly("plain-1");

        world.heard();
        world.release("holder");
        var answers = world.heard();
        assertThat(servers(Servers.last(answers, holder("large")))).containsExactlyInAnyOrder("gpu-1", "gpu-2");
        assertThat(Servers.last(answers, holder("small")).waiting().position()).isEqualTo(1);
    }

    @Test
    void shouldGiveUpAtTheDeadlineAndSayWhy() {
        world.with(1, 1);
        world.claim("a", null, need("db", 1));
        world.claim("b", Duration.ofMinutes(1), need("db", 1));
        world.claim("c", HALF_AN_HOUR, need("db", 1));
        assertThat(world.pass(Duration.ofSeconds(59))).isEmpty();
        var answers = world.pass(Duration.ofSeconds(2));
        assertThat(Servers.last(answers, holder("b")).verdict()).isEqualTo(Verdict.DENIED);
        assertThat(Servers.last(answers, holder("b")).candidates().getFirst().rejected())
                .isEqualTo(Map.of("busy", 1L));
        assertThat(Servers.last(answers, holder("c")).waiting().position()).isEqualTo(1);
    }

    @Test
    void shouldServeThoseThatWaitWhenACordonIsLifted() {
        world.with(1, 1);
        world.cordons.add("rack/ams1/r1");
        assertThat(world.claim("a", HALF_AN_HOUR, need("db", 1)).verdict()).isEqualTo(Verdict.WAITING);
        world.cordons.clear();
        assertThat(Servers.last(world.pass(Duration.ofSeconds(3)), holder("a")).verdict())
                .isEqualTo(Verdict.GRANTED);
    }

    // The audit

    @Test
    void shouldRestoreAClaimThatThePoolLost() {
        world.with(2, 1);
        var granted = world.claim("a", null, need("db", 1));
        var lost = new Servers().with(2, 1);
        var claim = new Claim(Servers.POOL, Map.of("servers", 1L), List.of(need("db", 1)), List.of());

        lost.asserted("a", claim, granted.grant());
        lost.asserted("a", claim, granted.grant());

        assertThat(lost.held()).containsOnlyKeys(servers(granted).getFirst());
        assertThat(lost.pool(Servers.POOL).used()).isEqualTo(Map.of("servers", 1L));
        assertThat(lost.findings).singleElement().satisfies(found -> {
            assertThat(found.kind()).isEqualTo(Finding.Kind.HOLDER_WITHOUT_CLAIM);
            assertThat(found.healed()).isTrue();
        });
        lost.asserted("b", claim, granted.grant());
        assertThat(lost.findings.getLast().healed()).as("it is another's").isFalse();
        assertThat(lost.release("a")).hasSize(1);
        assertThat(lost.held()).isEmpty();
    }

    // The race

    /** 100 for 10: whatever the order and the repetitions, ten have them, the others wait or know why not. */
    @Property(tries = 40)
    void shouldHaveTenWinnersOfAHundred(@ForAll long seed) {
        var race = new Servers().with(10, 3);
        var random = new Random(seed);
        var names = new ArrayList<String>();
        for (var i = 0; i < 100; i++) {
            names.add("r" + i);
        }
        var asks = new ArrayList<>(names);
        asks.addAll(names.subList(0, 40));
        Collections.shuffle(asks, random);
        var verdicts = new HashMap<String, Verdict>();
        for (var name : asks) {
            var waits = name.hashCode() % 2 == 0;
            var answer = race.claim(name, waits ? HALF_AN_HOUR : null, need("db", 1));
            verdicts.merge(name, answer.verdict(), (before, now) -> now == Verdict.OVER ? before : now);
            if (answer.verdict() == Verdict.DENIED) {
                assertThat(answer.candidates().getFirst().rejected()).isEqualTo(Map.of("busy", 10L));
            }
            if (random.nextInt(20) == 0) {
                race.heard();
            }
        }
        assertThat(verdicts.values().stream().filter(Verdict.GRANTED::equals)).hasSize(10);
        assertThat(new HashSet<>(race.held().values())).hasSize(10);
        names.forEach(name -> assertThat(verdicts.get(name))
                .isIn(Verdict.GRANTED, name.hashCode() % 2 == 0 ? Verdict.WAITING : Verdict.DENIED));
        race.heard();
        names.stream()
                .filter(name -> verdicts.get(name) == Verdict.GRANTED)
                .toList()
                .forEach(race::release);
        race.heard();
        assertThat(race.held()).as("those that waited are served").hasSize(10);
        assertThat(race.held().values())
                .noneMatch(holder -> verdicts.get(holder.resource().name()) == Verdict.GRANTED);
    }

    /** Claims, releases, facts and deadlines at random: totals match rows, and no server is held by two. */
    @Property(tries = 150)
    void shouldKeepItsBooks(@ForAll long seed) {
        var random = new Random(seed);
        var pool = new Servers();
        for (var i = 0; i < 8; i++) {
            pool.add("srv-" + i, "r" + i % 3, i % 2 == 0 ? new String[] {"gpu"} : new String[0]);
        }
        var granted = new HashMap<Holder, List<String>>();
        for (var step = 0; step < 60; step++) {
            var name = "r" + random.nextInt(6) + "-" + random.nextInt(3);
            List<PoolAnswer> answers = new ArrayList<>();
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    var count = 1 + random.nextInt(3);
                    answers.add(pool.claim(
                            name,
                            random.nextBoolean() ? Duration.ofSeconds(1 + random.nextInt(60)) : null,
                            new ServerNeed(
                                    "db",
                                    count,
                                    1 + random.nextInt(count),
                                    List.of("srv-" + random.nextInt(9)),
                                    random.nextInt(3) == 0 ? List.of("gpu") : List.of(),
                                    List.of(),
                                    random.nextInt(3) == 0 ? FailureDomain.RACK : null,
                                    random.nextInt(4) == 0 ? FailureDomain.RACK : null)));
                }
                case 3 -> {
                    answers.addAll(pool.release(name));
                    granted.remove(holder(name));
                }
                case 4 -> answers.addAll(pool.heard());
                default -> answers.addAll(pool.pass(Duration.ofSeconds(random.nextInt(20))));
            }
            for (var answer : answers) {
                if (answer.verdict() == Verdict.GRANTED) {
                    granted.putIfAbsent(answer.holder(), servers(answer));
                }
            }
            check(pool, granted);
        }
        pool.pass(Duration.ofHours(1)).stream()
                .filter(answer -> answer.verdict() == Verdict.GRANTED)
                .forEach(answer -> granted.putIfAbsent(answer.holder(), servers(answer)));
        assertThat(pool.pool(Servers.POOL).waiting()).isZero();
        check(pool, granted);
        List.copyOf(granted.keySet())
                .forEach(holder -> pool.release(holder.resource().name()));
        pool.heard();
        assertThat(pool.pool(Servers.POOL).used()).isEmpty();
        assertThat(pool.pool(Servers.POOL).servers()).isEqualTo(Map.of("free", 8L));
    }

    private static void check(Servers pool, Map<Holder, List<String>> granted) {
        var rows = pool.stores.store(PoolMachine.SERVERS).range("", "~", 1000).stream()
                .map(entry -> Json.read(entry.value(), ServerRow.class))
                .toList();
        var conditions = new HashMap<String, Long>();
        rows.forEach(row -> conditions.merge(row.condition(), 1L, Long::sum));
        assertThat(pool.pool(Servers.POOL).servers()).isEqualTo(conditions);
        assertThat(pool.stores.store(PoolMachine.FREE).range("", "~", 1000))
                .hasSize(conditions.getOrDefault("free", 0L).intValue());
        assertThat(pool.stores.store(PoolMachine.QUEUE).range("", "~", 1000))
                .hasSize((int) pool.pool(Servers.POOL).waiting());
        var held = new HashMap<String, Holder>();
        granted.forEach((holder, servers) -> servers.forEach(
                server -> assertThat(held.put(server, holder)).as(server).isNull()));
        assertThat(pool.held()).isEqualTo(held);
        assertThat(pool.pool(Servers.POOL).used().getOrDefault("servers", 0L)).isEqualTo(held.size());
    }

    private static List<String> racks(PoolAnswer answer) {
        return answer.grant().servers().stream().map(AllocatedServer::rack).toList();
    }
}
