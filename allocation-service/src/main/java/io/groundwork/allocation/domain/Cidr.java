package io.groundwork.allocation.domain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An IPv4 network.
 *
 * @param first its network address, as a number from 0 to 2^32 - 1
 * @param prefixLength from 8 to 30
 */
record Cidr(long first, int prefixLength) {

    /** The network that {@code text} names, such as {@code 10.20.0.0/24}; empty if it names none, or one with host bits set. */
    static Optional<Cidr> of(String text) {
        var slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,2}")) {
            return Optional.empty();
        }
        var length = Integer.parseInt(text.substring(slash + 1));
        return length < 8 || length > 30
                ? Optional.empty()
                : address(text.substring(0, slash))
                        .map(first -> new Cidr(first, length))
                        .filter(cidr -> cidr.first % cidr.size() == 0);
    }

    /** The address that {@code text} names, such as {@code 10.20.0.1}, as a number; empty if it names none. */
    static Optional<Long> address(String text) {
        var parts = text.split("\\.", -1);
        var address = 0L;
        for (var part : parts) {
            if (parts.length != 4 || !part.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(part) > 255) {
                return Optional.empty();
            }
            address = address << 8 | Integer.parseInt(part);
        }
        return Optional.of(address);
    }

    static String text(long address) {
        return (address >> 24 & 255) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255);
    }

    long size() {
        return 1L << (32 - prefixLength);
    }

    long last() {
        return first + size() - 1;
    }

    boolean contains(long address) {
        return address >= first && address <= last();
    }

    boolean overlaps(Cidr other) {
        return first <= other.last() && other.first <= last();
    }

    /** Addresses from one to another, both included. */
    record Range(long from, long to) {

        /** What {@code text} names: an address, or two with a dash between. */
        static Optional<Range> of(String text) {
            var dash = text.indexOf('-');
            var from = address(dash < 0 ? text : text.substring(0, dash).strip());
            var to = address(dash < 0 ? text : text.substring(dash + 1).strip());
            return from.flatMap(low -> to.filter(high -> high >= low).map(high -> new Range(low, high)));
        }

        boolean contains(long address) {
            return address >= from && address <= to;
        }

        /** The same addresses, each in one range. */
        static List<Range> joined(List<Range> ranges) {
            var joined = new ArrayList<Range>();
            ranges.stream().sorted(Comparator.comparingLong(Range::from)).forEach(next -> {
                var last = joined.isEmpty() ? null : joined.getLast();
                if (last != null && next.from <= last.to + 1) {
                    joined.set(joined.size() - 1, new Range(last.from, Math.max(last.to, next.to)));
                } else {
                    joined.add(next);
                }
            });
            return joined;
        }
    }
}
