package io.groundwork.allocation.domain;

import io.groundwork.allocation.domain.PoolAnswer.Refusal;
import io.groundwork.allocation.domain.PoolAnswer.Shortfall;
import io.groundwork.events.Catalogue.Subnet;
import io.groundwork.events.Claim.Share;
import io.groundwork.events.Grant;
import io.groundwork.events.Grant.AllocatedAddress;
import io.groundwork.runtime.KeyValues;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The addresses of one subnet. An address has a row while it is held or rests; the others are free. */
final class AddressBooks {

    static final String PREFIX = "subnet/";
    private static final int PAGE = 256;

    private final Ledger ledger;
    private final String name;
    private final Optional<Subnet> subnet;

    AddressBooks(Ledger ledger, Rules rules) {
        this.ledger = ledger;
        this.name = ledger.id().startsWith(PREFIX) ? ledger.id().substring(PREFIX.length()) : "";
        this.subnet = name.isEmpty() ? Optional.empty() : rules.subnet(name);
    }

    /**
     * An address that is not free.
     *
     * @param held by whom; null while it rests
     */
    record Row(
            @Nullable Holder held,
            @Nullable String component,
            int index,
            @Nullable String network) {
        static final Row RESTING = new Row(null, null, 0, null);
    }

    /** How many can be had now. */
    long free() {
        return Math.max(
                0,
                usable()
                        - ledger.pool().used().getOrDefault(PoolMachine.ADDRESSES_MEASURE, 0L)
                        - ledger.pool().cooling());
    }

    /** How many there are beside those never handed out. */
    long usable() {
        return subnet.flatMap(one -> Cidr.of(one.cidr()))
                .map(cidr -> cidr.size()
                        - reserved().stream()
                                .mapToLong(range -> range.to() - range.from() + 1)
                                .sum())
                .orElse(0L);
    }

    /** Takes one for each instance of each share; the caller has seen that there are enough. */
    Grant take(Holder holder, Map<String, Long> amounts, List<Share> shares) {
        ledger.change(pool -> pool.granted(amounts));
        var entry = subnet.orElseThrow(() -> new IllegalStateException("no subnet " + name));
        var cidr = Cidr.of(entry.cidr()).orElseThrow(() -> new IllegalStateException("no network: " + entry.cidr()));
        var addresses = new ArrayList<AllocatedAddress>();
        var wanted = shares.stream().mapToInt(Share::count).sum();
        var found = find(cidr, wanted).iterator();
        for (var share : shares) {
            var network = share.network() == null ? entry.network() : share.network();
            for (var index = 0; index < share.count(); index++) {
                var address = found.next();
                ledger.put(PoolMachine.ADDRESSES, key(address), new Row(holder, share.component(), index, network));
                var text = Cidr.text(address);
                addresses.add(new AllocatedAddress(
                        share.component(),
                        index,
                        network,
                        name,
                        text,
                        cidr.prefixLength(),
                        entry.gateway(),
                        entry.nameservers(),
                        entry.nameOf(text)));
                ledger.change(pool -> pool.at("%08x".formatted(address)));
            }
        }
        return new Grant(ledger.id(), ledger.pool().fence(), List.of(), addresses, List.of());
    }

    /** Takes exactly the addresses of a grant that was lost, where they are not another's. */
    boolean restore(Holder holder, Map<String, Long> amounts, Grant grant) {
        var addresses = grant.addresses().stream()
                .map(one -> Cidr.address(one.address()).orElseThrow())
                .toList();
        for (var address : addresses) {
            var row = ledger.row(PoolMachine.ADDRESSES, key(address), Row.class);
            if (row != null) {
                return false;
            }
        }
        ledger.change(pool -> pool.granted(amounts).after(grant.fence()));
        for (var one : grant.addresses()) {
            ledger.put(
                    PoolMachine.ADDRESSES,
                    key(Cidr.address(one.address()).orElseThrow()),
                    new Row(holder, one.component(), one.index(), one.network()));
        }
        return true;
    }

    /** Lets the addresses of a grant rest; returns until when, or nothing where they are free at once. */
    Optional<Instant> giveBack(Holder holder, Grant grant, Instant now) {
        var coolDown = subnet.map(Subnet::coolDown).orElse(Duration.ZERO);
        var until = now.plus(coolDown);
        for (var one : grant.addresses()) {
            var address = Cidr.address(one.address()).orElseThrow();
            var row = ledger.row(PoolMachine.ADDRESSES, key(address), Row.class);
            if (row == null || !holder.equals(row.held())) {
                continue;
            }
            if (coolDown.isZero()) {
                ledger.delete(PoolMachine.ADDRESSES, key(address));
            } else {
                ledger.put(PoolMachine.ADDRESSES, key(address), Row.RESTING);
                ledger.store(PoolMachine.COOLING)
                        .put(
                                ledger.key("%016x".formatted(until.toEpochMilli()), "%08x".formatted(address)),
                                new byte[] {1});
                ledger.change(pool -> pool.cooling(1));
            }
        }
        return coolDown.isZero() ? Optional.empty() : Optional.of(until);
    }

    /** Frees what has rested until now; returns whether there is more. */
    boolean rested(Instant now) {
        var due = ledger.store(PoolMachine.COOLING)
                .range(ledger.key(""), ledger.key("%016x".formatted(now.toEpochMilli() + 1)), PAGE);
        for (var entry : due) {
            var address = entry.key().substring(entry.key().lastIndexOf('|') + 1);
            ledger.delete(PoolMachine.COOLING, entry.key());
            ledger.delete(PoolMachine.ADDRESSES, ledger.key(address));
            ledger.change(pool -> pool.cooling(-1));
        }
        return due.size() == PAGE;
    }

    Refusal why(Map<String, Long> amounts) {
        var held = ledger.pool().used().getOrDefault(PoolMachine.ADDRESSES_MEASURE, 0L);
        return new Refusal(
                List.of(new Shortfall(
                        PoolMachine.ADDRESSES_MEASURE,
                        usable(),
                        held + ledger.pool().cooling(),
                        amounts.getOrDefault(PoolMachine.ADDRESSES_MEASURE, 0L))),
                List.of());
    }

    /** The next {@code wanted} free ones behind the cursor, and from the start again. */
    private List<Long> find(Cidr cidr, int wanted) {
        var found = new ArrayList<Long>();
        var cursor = ledger.pool().cursor();
        var start = cursor.isEmpty() ? cidr.first() : Math.max(cidr.first(), Long.parseLong(cursor, 16) + 1);
        scan(start, cidr.last(), wanted, found);
        scan(cidr.first(), Math.min(start - 1, cidr.last()), wanted, found);
        if (found.size() < wanted) {
            throw new IllegalStateException("the totals of " + ledger.id() + " do not match its rows");
        }
        return found;
    }

    /** Walks the rows and takes what stands between them. */
    private void scan(long from, long to, int wanted, List<Long> found) {
        var reserved = reserved();
        var at = from;
        while (at <= to && found.size() < wanted) {
            var page = ledger.store(PoolMachine.ADDRESSES).range(key(at), key(to) + '\0', PAGE);
            for (var entry : page) {
                at = gap(at, address(entry) - 1, wanted, found, reserved);
                at = Math.max(at, address(entry) + 1);
            }
            if (page.size() < PAGE) {
                at = gap(at, to, wanted, found, reserved);
                return;
            }
        }
    }

    private static long gap(long from, long to, int wanted, List<Long> found, List<Cidr.Range> reserved) {
        var at = from;
        while (at <= to && found.size() < wanted) {
            var address = at;
            var never =
                    reserved.stream().filter(range -> range.contains(address)).findFirst();
            if (never.isPresent()) {
                at = never.get().to() + 1;
            } else {
                found.add(at++);
            }
        }
        return at;
    }

    /** What is never handed out, each address in one range: the ends of the network, the gateway, and what the subnet names. */
    private List<Cidr.Range> reserved() {
        var ranges = new ArrayList<Cidr.Range>();
        subnet.ifPresent(entry -> Cidr.of(entry.cidr()).ifPresent(cidr -> {
            ranges.add(new Cidr.Range(cidr.first(), cidr.first()));
            ranges.add(new Cidr.Range(cidr.last(), cidr.last()));
            if (entry.gateway() != null) {
                Cidr.Range.of(entry.gateway()).ifPresent(ranges::add);
            }
            entry.reserved().forEach(text -> Cidr.Range.of(text).ifPresent(ranges::add));
        }));
        return Cidr.Range.joined(ranges);
    }

    private String key(long address) {
        return ledger.key("%08x".formatted(address));
    }

    private static long address(KeyValues.Entry entry) {
        return Long.parseLong(entry.key().substring(entry.key().lastIndexOf('|') + 1), 16);
    }
}
