package io.groundwork.allocation.domain;

import io.groundwork.allocation.domain.Finding.Kind;
import io.groundwork.allocation.domain.Holding.Given;
import io.groundwork.allocation.domain.Holding.Place;
import io.groundwork.allocation.domain.PoolAnswer.Refusal;
import io.groundwork.allocation.domain.PoolAnswer.Shortfall;
import io.groundwork.allocation.domain.PoolAnswer.Verdict;
import io.groundwork.allocation.domain.ServerRow.Held;
import io.groundwork.events.Grant;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Reservation;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Stores;
import io.groundwork.runtime.Timer;
import io.groundwork.runtime.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One input's way through one pool. */
final class PoolRun {

    /** Catalogue entries change beside the pool: those that wait are looked at this often, whatever happens. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);
    /** So many claims from the head of the queue are looked at when something becomes free. */
    private static final int LOOKED_AT = 256;
    /** A claim that comes to be among so many is told its place. */
    private static final int TOLD = 10;
    /** So many rows are audited at once. */
    private static final int AUDITED = 200;

    private static final Duration SHOWN_WITHIN = Duration.ofSeconds(1);

    /** The {@code ce_type} of a pool's totals. */
    private static final String TOTALS = "pool-totals";

    private static final String SHOW = "show";
    private static final String AGAIN = "again";
    private static final String COOL = "cool";
    private static final String UNTIL = "until-";
    private static final String AUDIT = "audit-";

    private final String id;
    private final Rules rules;
    private final Moment moment;
    private final String cause;
    private final @Nullable String trace;
    private final Ledger ledger;
    private final Timers timers;
    private final ServerBooks servers;
    private final AddressBooks addresses;
    private final List<Message> out = new ArrayList<>();

    PoolRun(String id, Rules rules, Stores stores, Moment moment, String cause, @Nullable String trace) {
        this.id = id;
        this.rules = rules;
        this.moment = moment;
        this.cause = cause;
        this.trace = trace;
        this.ledger = new Ledger(id, stores);
        this.timers = new Timers(stores);
        this.servers = new ServerBooks(ledger, rules, this::tell);
        this.addresses = new AddressBooks(ledger, rules);
    }

    /** A claim in the queue. */
    record Waiter(PoolCommand.Claim claim, int told) {}

    List<Message> decide(PoolCommand command) {
        switch (command) {
            case PoolCommand.Claim claim -> claim(claim);
            case PoolCommand.Release release -> {
                if (release.servers().isEmpty()) {
                    release(release.holder());
                } else {
                    release(release.holder(), release.servers());
                }
            }
            case PoolCommand.Noted noted -> note(noted);
            case PoolCommand.Gone gone -> servers.forget(gone.server());
            case PoolCommand.Audit audit -> audit("h");
            case PoolCommand.Asserted asserted -> asserted(asserted);
        }
        return saved();
    }

    /** Totals are shown once a second at most, however many claims there are. */
    private List<Message> saved() {
        if (ledger.save()) {
            timers.set(new Timer(moment.now().plus(SHOWN_WITHIN), id, SHOW));
        }
        return out;
    }

    List<Message> fired(Timer timer) {
        timers.cancel(timer);
        var name = timer.name();
        if (name.equals(AGAIN)) {
            serve();
            lookAgain();
        } else if (name.equals(COOL)) {
            if (addresses.rested(moment.now())) {
                timers.set(new Timer(moment.now().plusMillis(1), id, COOL));
            }
            serve();
        } else if (name.startsWith(UNTIL)) {
            expire(name.substring(UNTIL.length()));
        } else if (name.startsWith(AUDIT)) {
            audit(name.substring(AUDIT.length()));
        } else if (name.equals(SHOW)) {
            out.add(Commands.message(
                    Topics.POOLS,
                    id,
                    Uuids.named("totals", cause).toString(),
                    TOTALS,
                    moment.now(),
                    null,
                    ledger.shown()));
        }
        return saved();
    }

    private void claim(PoolCommand.Claim claim) {
        var holder = claim.holder();
        var holding = holding(holder.resource());
        var known = holding.given(holder);
        var place = holding.waiting(holder);
        if (known != null) {
            answer(PoolAnswer.granted(id, holder, known.fence(), known.grant()));
        } else if (holding.over(holder)) {
            answer(PoolAnswer.of(id, holder, Verdict.OVER));
        } else if (place != null) {
            waiting(holder, place.ticket());
        } else {
            var aside = serve();
            if (!give(claim, aside.copy())) {
                if (claim.until() == null || !claim.until().isAfter(moment.now()) || !waits(claim)) {
                    deny(claim, aside);
                } else {
                    queue(claim, claim.until());
                }
            }
        }
    }

    private void release(Holder holder) {
        var holding = holding(holder.resource());
        var known = holding.given(holder);
        if (known != null) {
            giveBack(known);
        }
        var place = holding.waiting(holder);
        save(holder.resource(), holding.ended(holder));
        answer(PoolAnswer.of(id, holder, Verdict.RELEASED));
        if (place != null) {
            leave(ledger.key(ticket(place.ticket())));
        }
        if (known != null || place != null) {
            serve();
        }
        if (place != null) {
            tellPlaces();
        }
    }

    /** Some of the servers that the holder has go back, and it keeps the others; one without others is over. */
    private void release(Holder holder, List<String> names) {
        var known = holding(holder.resource()).given(holder);
        var grant = known == null ? null : known.grant();
        if (known != null && grant != null) {
            var going = Part.of(grant, names);
            if (going.servers().size() == grant.servers().size()) {
                release(holder);
                return;
            }
            var amounts =
                    Map.of(PoolMachine.SERVERS_MEASURE, (long) going.servers().size());
            ledger.change(pool -> pool.released(amounts));
            servers.giveBack(holder, going);
            save(
                    holder.resource(),
                    holding(holder.resource())
                            .reduced(new Given(
                                    holder,
                                    Part.less(known.amounts(), amounts),
                                    known.fence(),
                                    Part.without(grant, going))));
        }
        answer(PoolAnswer.of(id, holder, Verdict.RELEASED));
        serve();
    }

    private void giveBack(Given known) {
        ledger.change(pool -> pool.released(known.amounts()));
        var grant = known.grant();
        if (grant != null) {
            servers.giveBack(known.holder(), grant);
            if (!grant.addresses().isEmpty()) {
                addresses
                        .giveBack(known.holder(), grant, moment.now())
                        .ifPresent(until -> timers.set(new Timer(until, id, COOL)));
            }
        }
    }

    private void note(PoolCommand.Noted noted) {
        if (servers.note(noted.fact())) {
            serve();
        }
    }

    // What a claim takes

    /** Whether waiting can help: quota is not waited for. */
    private boolean waits(PoolCommand.Claim claim) {
        return !claim.servers().isEmpty() || ofAddresses();
    }

    private boolean ofAddresses() {
        return id.startsWith(AddressBooks.PREFIX);
    }

    /** Gives what is claimed, if it is there; else puts aside what of it is. */
    private boolean give(PoolCommand.Claim claim, Aside aside) {
        var holder = claim.holder();
        if (!claim.servers().isEmpty()) {
            var picked =
                    servers.pick(claim.servers(), holding(holder.resource()).servers(), holder, aside);
            if (!picked.complete()) {
                aside.servers.addAll(picked.servers());
                return false;
            }
            given(
                    claim,
                    Map.of(PoolMachine.SERVERS_MEASURE, (long) picked.servers().size()),
                    servers.take(holder, picked));
            return true;
        }
        if (ofAddresses()) {
            var asked = claim.amounts().getOrDefault(PoolMachine.ADDRESSES_MEASURE, 0L);
            var left = addresses.free() - aside.addresses;
            if (asked > left) {
                aside.addresses += Math.max(0, left);
                return false;
            }
            given(claim, claim.amounts(), addresses.take(holder, claim.amounts(), claim.shares()));
            return true;
        }
        if (!shortfalls(claim.amounts()).isEmpty()) {
            return false;
        }
        ledger.change(pool -> pool.granted(claim.amounts()));
        given(claim, claim.amounts(), null);
        return true;
    }

    private void given(PoolCommand.Claim claim, Map<String, Long> amounts, @Nullable Grant grant) {
        var holder = claim.holder();
        var fence = ledger.pool().fence();
        save(holder.resource(), holding(holder.resource()).granted(new Given(holder, amounts, fence, grant)));
        answer(PoolAnswer.granted(id, holder, fence, grant));
    }

    private List<Shortfall> shortfalls(Map<String, Long> amounts) {
        var limits = rules.limits(id);
        var shortfalls = new ArrayList<Shortfall>();
        amounts.forEach((measure, asked) -> {
            var limit = limits.get(measure);
            var now = ledger.pool().used().getOrDefault(measure, 0L);
            var objection = rules.units(id, measure).objection(asked);
            // by subtraction: the sum could overflow, and a limit may have been lowered below what is used
            if (objection != null || (limit != null && asked > limit - now)) {
                shortfalls.add(new Shortfall(measure, limit == null ? Long.MAX_VALUE : limit, now, asked, objection));
            }
        });
        return shortfalls;
    }

    /** For good: granted on a repetition, it would be held by somebody who has given up on it. */
    private void deny(PoolCommand.Claim claim, Aside aside) {
        var holder = claim.holder();
        save(holder.resource(), holding(holder.resource()).ended(holder));
        answer(PoolAnswer.denied(id, holder, why(claim, aside)));
    }

    private Refusal why(PoolCommand.Claim claim, Aside aside) {
        if (!claim.servers().isEmpty()) {
            return servers.why(
                    claim.servers(), holding(claim.holder().resource()).servers(), claim.holder(), aside);
        }
        return ofAddresses() ? addresses.why(claim.amounts()) : new Refusal(shortfalls(claim.amounts()), List.of());
    }

    // The queue

    private void queue(PoolCommand.Claim claim, Instant until) {
        ledger.change(Pool::queued);
        var ticket = ledger.pool().tickets();
        var position = (int) Math.min(Integer.MAX_VALUE, ledger.pool().waiting());
        ledger.put(PoolMachine.QUEUE, ledger.key(ticket(ticket)), new Waiter(claim, position));
        var resource = claim.holder().resource();
        save(resource, holding(resource).queued(new Place(claim.holder(), ticket)));
        timers.set(new Timer(until, id, UNTIL + ticket(ticket)));
        if (position == 1) {
            lookAgain();
        }
        answer(PoolAnswer.waiting(id, claim.holder(), position, until));
    }

    /** Gives what is free to those that wait, and returns what those that go on waiting set aside. */
    private Aside serve() {
        var aside = new Aside();
        if (ledger.pool().waiting() == 0) {
            return aside;
        }
        var left = false;
        for (var entry : ledger.page(PoolMachine.QUEUE, ledger.key(""), "", LOOKED_AT)) {
            if (free() <= aside.size()) {
                break;
            }
            if (give(Json.read(entry.value(), Waiter.class).claim(), aside)) {
                leave(entry.key());
                left = true;
            }
        }
        if (left) {
            tellPlaces();
        }
        return aside;
    }

    private long free() {
        return ofAddresses() ? addresses.free() : servers.free();
    }

    private void expire(String ticket) {
        var waiter = ledger.row(PoolMachine.QUEUE, ledger.key(ticket), Waiter.class);
        if (waiter == null) {
            return;
        }
        serve();
        if (ledger.row(PoolMachine.QUEUE, ledger.key(ticket), Waiter.class) != null) {
            leave(ledger.key(ticket));
            deny(waiter.claim(), new Aside());
            serve();
            tellPlaces();
        }
    }

    private void leave(String key) {
        var waiter = ledger.row(PoolMachine.QUEUE, key, Waiter.class);
        ledger.delete(PoolMachine.QUEUE, key);
        ledger.change(Pool::unqueued);
        if (waiter != null) {
            var until = Objects.requireNonNull(waiter.claim().until());
            timers.cancel(new Timer(until, id, UNTIL + key.substring(key.lastIndexOf('|') + 1)));
        }
    }

    private void tellPlaces() {
        var place = 0;
        for (var entry : ledger.page(PoolMachine.QUEUE, ledger.key(""), "", TOLD)) {
            place++;
            var waiter = Json.read(entry.value(), Waiter.class);
            if (waiter.told() != place) {
                ledger.put(PoolMachine.QUEUE, entry.key(), new Waiter(waiter.claim(), place));
                answer(PoolAnswer.waiting(
                        id,
                        waiter.claim().holder(),
                        place,
                        Objects.requireNonNull(waiter.claim().until())));
            }
        }
    }

    private void lookAgain() {
        if (ledger.pool().waiting() > 0) {
            timers.set(new Timer(moment.now().plus(LOOK_AGAIN), id, AGAIN));
        }
    }

    private void waiting(Holder holder, long ticket) {
        var waiter = ledger.row(PoolMachine.QUEUE, ledger.key(ticket(ticket)), Waiter.class);
        if (waiter != null) {
            answer(PoolAnswer.waiting(
                    id,
                    holder,
                    position(ticket),
                    Objects.requireNonNull(waiter.claim().until())));
        }
    }

    private int position(long ticket) {
        return ledger.store(PoolMachine.QUEUE)
                        .range(ledger.key(""), ledger.key(ticket(ticket)), Integer.MAX_VALUE)
                        .size()
                + 1;
    }

    private static String ticket(long number) {
        return "%016x".formatted(number);
    }

    // The audit

    /** @param from {@code h} and the last resource, or {@code s} and the last server, that was looked at */
    private void audit(String from) {
        var holders = from.startsWith("h");
        var store = holders ? PoolMachine.HOLDINGS : PoolMachine.SERVERS;
        var last = from.substring(1);
        var page = ledger.page(store, ledger.key(""), last.isEmpty() ? "" : ledger.key(last), AUDITED);
        for (var entry : page) {
            if (holders) {
                Json.read(entry.value(), Holding.class)
                        .grants()
                        .forEach(given -> answer(PoolAnswer.of(id, given.holder(), Verdict.QUESTIONED)));
            } else {
                audit(Json.read(entry.value(), ServerRow.class));
            }
        }
        if (page.size() == AUDITED) {
            auditFrom(from.charAt(0) + name(page.getLast().key()));
        } else if (holders) {
            auditFrom("s");
        }
    }

    private void auditFrom(String place) {
        timers.set(new Timer(moment.now().plusMillis(1), id, AUDIT + place));
    }

    private void audit(ServerRow found) {
        var row = found;
        if (row.held() == null && Held.adopted(row.fact()) != null) {
            servers.backfill(row);
            row = row.noted(row.fact());
        }
        var held = row.held();
        var server = row.fact().id();
        if (held != null && !held.adopted() && !gave(held.holder(), server)) {
            servers.unhold(server);
            find(Kind.CLAIM_WITHOUT_HOLDER, held.holder().resource(), server, "No claim of the pool has it.", true);
        }
        var consumer = row.fact().consumer();
        if (consumer != null && (held == null || !held.holder().resource().equals(consumer.resource()))) {
            find(
                    Kind.CONSUMER_WITHOUT_CLAIM,
                    consumer.resource(),
                    server,
                    consumer.component() + " " + consumer.index() + " stands on it"
                            + (held == null ? "" : ", given to " + held.holder().resource())
                            + "; it is given to nobody until that is gone.",
                    held == null);
        }
    }

    private boolean gave(Holder holder, String server) {
        var given = holding(holder.resource()).given(holder);
        return given != null
                && given.grant() != null
                && given.grant().servers().stream().anyMatch(one -> one.server().equals(server));
    }

    private void asserted(PoolCommand.Asserted asserted) {
        var holder = asserted.holder();
        var holding = holding(holder.resource());
        if (holding.given(holder) != null || holding.over(holder)) {
            return;
        }
        var grant = asserted.grant();
        var amounts = asserted.claim().amounts();
        boolean restored;
        if (grant == null) {
            ledger.change(pool -> pool.granted(amounts));
            restored = true;
        } else if (!grant.servers().isEmpty()) {
            restored = servers.restore(holder, amounts, grant);
        } else {
            restored = addresses.restore(holder, amounts, grant);
        }
        if (restored) {
            var fence = grant == null ? ledger.pool().fence() : grant.fence();
            save(holder.resource(), holding.granted(new Given(holder, amounts, fence, grant)));
        }
        find(
                Kind.HOLDER_WITHOUT_CLAIM,
                holder.resource(),
                null,
                restored ? "The pool had no record of the claim." : "Another has what the claim is of.",
                restored);
    }

    private void find(Kind kind, ResourceId resource, @Nullable String server, String detail, boolean healed) {
        out.add(Commands.message(
                Topics.FINDINGS,
                id,
                Uuids.named("finding", cause, id, String.valueOf(out.size())).toString(),
                Finding.TYPE,
                moment.now(),
                trace,
                new Finding(id, kind, resource, server, detail, healed)));
    }

    private static String name(String key) {
        return key.substring(key.indexOf('|') + 1);
    }

    // Rows and records

    private Holding holding(ResourceId resource) {
        var saved = ledger.row(PoolMachine.HOLDINGS, ledger.key(resource.toString()), Holding.class);
        return saved == null ? Holding.NONE : saved;
    }

    private void save(ResourceId resource, Holding holding) {
        ledger.put(PoolMachine.HOLDINGS, ledger.key(resource.toString()), holding);
    }

    private void answer(PoolAnswer answer) {
        out.add(Commands.message(
                Topics.outcomes(Owner.ALLOCATION),
                answer.holder().resource().toString(),
                Uuids.named("answer", cause, id, String.valueOf(out.size())).toString(),
                PoolAnswer.TYPE,
                moment.now(),
                trace,
                answer));
    }

    private void tell(Reservation reservation) {
        out.add(Commands.message(
                Topics.RESERVATIONS,
                reservation.server(),
                Uuids.named("reservation", cause, id, String.valueOf(out.size()))
                        .toString(),
                Reservation.TYPE,
                moment.now(),
                trace,
                reservation));
    }
}
