package io.groundwork.allocation.domain;

import io.groundwork.events.AllocationEvent.CapacityAwaited;
import io.groundwork.events.Candidates;
import io.groundwork.events.Claim;
import io.groundwork.events.Grant;
import io.groundwork.events.StepId;
import io.groundwork.events.StepInput;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a resource has of all pools, across its requests.
 *
 * @param holds what stands; claims made on the way to all or nothing are not among them
 * @param walk the claims being made or given back; null when nothing is under way
 */
public record Allocation(List<Hold> holds, @Nullable Walk walk) {

    /** A resource that never had anything. */
    public static final Allocation NONE = new Allocation(List.of(), null);

    public Allocation {
        holds = List.copyOf(holds);
    }

    /**
     * A claim as its pool knows it: by whom it was made.
     *
     * @param grant what the pool gave beside the amounts; null where that is nothing, or not known yet
     */
    public record Hold(
            Claim claim,
            long sequence,
            int attempt,
            @Nullable Grant grant) {

        /** As much of it as is of the servers of {@code some}; itself if that is all. */
        Hold part(Grant some) {
            return grant != null && grant.servers().size() == some.servers().size()
                    ? this
                    : new Hold(
                            new Claim(claim.pool(), Map.of(PoolMachine.SERVERS_MEASURE, (long)
                                    some.servers().size())),
                            sequence,
                            attempt,
                            some);
        }

        /** What is left of it when {@code part} is gone; empty if nothing. */
        Optional<Hold> without(Hold part) {
            if (grant == null || part.grant == null || part.claim.equals(claim)) {
                return Optional.empty();
            }
            return Optional.of(new Hold(
                    new Claim(
                            claim.pool(),
                            Part.less(claim.amounts(), part.claim.amounts()),
                            claim.servers(),
                            claim.shares()),
                    sequence,
                    attempt,
                    Part.without(grant, part.grant)));
        }

        boolean same(Hold other) {
            return sequence == other.sequence
                    && attempt == other.attempt
                    && claim.pool().equals(other.claim.pool());
        }
    }

    /**
     * The way through the pools, in the order of their names: the next is asked only after the one before granted.
     *
     * @param since when it set out; null of one that only gives back
     * @param wanted what to claim; empty while only giving back
     * @param granted what was granted so far, in the order of {@code wanted}; or, when giving back, what is held
     * @param awaited where the claim that is asked for stands in its pool's queue; null while nothing was heard of a queue
     * @param denial why a pool denied; null while none has
     * @param releasing what was told to be given back and is not acknowledged yet
     */
    public record Walk(
            StepId step,
            long sequence,
            int attempt,
            @Nullable Instant since,
            List<Claim> wanted,
            List<Hold> granted,
            @Nullable CapacityAwaited awaited,
            @Nullable Denial denial,
            List<Hold> releasing) {

        public Walk {
            wanted = List.copyOf(wanted);
            granted = List.copyOf(granted);
            releasing = List.copyOf(releasing);
        }

        static Walk claiming(StepId step, long sequence, int attempt, Instant since, List<Claim> wanted) {
            return new Walk(step, sequence, attempt, since, wanted, List.of(), null, null, List.of());
        }

        static Walk givingBack(StepId step, long sequence, int attempt, List<Hold> held) {
            return new Walk(step, sequence, attempt, null, List.of(), held, null, null, held);
        }

        /** The claim whose answer is awaited; null if there is none. */
        @Nullable
        Hold asked() {
            return denial == null && releasing.isEmpty() && granted.size() < wanted.size()
                    ? new Hold(fitted(wanted.get(granted.size())), sequence, attempt, null)
                    : null;
        }

        /** {@code claim} without what is for servers that were not given: a component may do with fewer than it asked for. */
        private Claim fitted(Claim claim) {
            return claim.shares().isEmpty() ? claim : Shares.fitted(claim, granted);
        }

        Walk granted(Hold hold) {
            var more = new ArrayList<>(granted);
            more.add(hold);
            return new Walk(step, sequence, attempt, since, wanted, more, null, denial, releasing);
        }

        Walk awaiting(CapacityAwaited place) {
            return new Walk(step, sequence, attempt, since, wanted, granted, place, denial, releasing);
        }

        /** What was granted goes back; the pool that denied keeps nothing. */
        Walk denied(Denial why) {
            return new Walk(step, sequence, attempt, since, wanted, granted, awaited, why, granted);
        }

        /** All that was granted goes back, also what is asked for and may be granted still. */
        Walk undoing() {
            var touched = new ArrayList<>(denial == null ? granted : releasing);
            var asked = asked();
            if (asked != null) {
                touched.add(asked);
            }
            return new Walk(step, sequence, attempt, since, wanted, granted, awaited, denial, touched);
        }

        Walk released(Hold hold) {
            return new Walk(
                    step,
                    sequence,
                    attempt,
                    since,
                    wanted,
                    granted,
                    awaited,
                    denial,
                    releasing.stream().filter(one -> !one.same(hold)).toList());
        }
    }

    /** What a pool said when it denied. */
    public record Denial(String pool, List<PoolAnswer.Shortfall> shortfalls, List<Candidates> candidates) {
        public Denial {
            shortfalls = List.copyOf(shortfalls);
            candidates = List.copyOf(candidates);
        }

        String why() {
            return shortfalls.stream().map(Object::toString).collect(Collectors.joining("; "));
        }
    }

    /** Whether {@code hold} stands, or is being claimed or given back. */
    boolean knows(Hold hold) {
        if (holds.stream().anyMatch(hold::same)) {
            return true;
        }
        return walk != null
                && Stream.of(
                                walk.granted(),
                                walk.releasing(),
                                walk.asked() == null ? List.<Hold>of() : List.of(walk.asked()))
                        .flatMap(List::stream)
                        .anyMatch(hold::same);
    }

    Allocation with(@Nullable Walk next) {
        return new Allocation(holds, next);
    }

    Allocation allocated(List<Hold> more) {
        var all = new ArrayList<>(holds);
        all.addAll(more);
        return new Allocation(all, null);
    }

    /** Without what is gone; of a hold of which only a part is, with the rest. */
    Allocation without(List<Hold> gone) {
        return new Allocation(
                holds.stream()
                        .flatMap(hold -> gone.stream()
                                .filter(hold::same)
                                .findFirst()
                                .map(part -> hold.without(part).stream())
                                .orElseGet(() -> Stream.of(hold)))
                        .toList(),
                null);
    }

    /** The hold that {@code hold} is a part of; empty if it is the whole, or none. */
    Optional<Hold> heldBeyond(Hold hold) {
        return holds.stream()
                .filter(held -> held.same(hold) && held.without(hold).isPresent())
                .findFirst();
    }

    /**
     * The servers that stand behind an instance, but for what the request of {@code sequence} claimed.
     *
     * @return by their grants
     */
    List<Grant> behind(StepInput.Replaced instance, long sequence) {
        return holds.stream()
                .filter(hold -> hold.sequence() != sequence)
                .flatMap(hold -> Stream.ofNullable(hold.grant()))
                .map(grant -> Part.of(
                        grant, one -> one.component().equals(instance.component()) && one.index() == instance.index()))
                .filter(part -> !part.servers().isEmpty())
                .toList();
    }

    /** The holds, or parts of them, that are of these servers. */
    List<Hold> of(List<Grant> parts) {
        return parts.stream()
                .flatMap(part -> holds.stream()
                        .filter(hold -> hold.grant() != null
                                && hold.claim().pool().equals(part.pool())
                                && hold.grant().fence() == part.fence())
                        .map(hold -> hold.part(part)))
                .toList();
    }
}
