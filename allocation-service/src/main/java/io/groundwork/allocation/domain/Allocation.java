package io.groundwork.allocation.domain;

import io.groundwork.events.Claim;
import io.groundwork.events.StepId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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

    /** A claim as its pool knows it: by whom it was made. */
    public record Hold(Claim claim, long sequence, int attempt) {}

    /**
     * The way through the pools, in the order of their names: the next is asked only after the one before granted.
     *
     * @param wanted what to claim; empty while only giving back
     * @param granted what was granted so far, in the order of {@code wanted}; or, when giving back, what is held
     * @param shortfalls why a pool denied; empty while none has
     * @param denied which pool did
     * @param releasing what was told to be given back and is not acknowledged yet
     */
    public record Walk(
            StepId step,
            long sequence,
            int attempt,
            List<Claim> wanted,
            List<Hold> granted,
            @Nullable String denied,
            List<PoolAnswer.Shortfall> shortfalls,
            List<Hold> releasing) {

        public Walk {
            wanted = List.copyOf(wanted);
            granted = List.copyOf(granted);
            shortfalls = List.copyOf(shortfalls);
            releasing = List.copyOf(releasing);
        }

        static Walk claiming(StepId step, long sequence, int attempt, List<Claim> wanted) {
            return new Walk(step, sequence, attempt, wanted, List.of(), null, List.of(), List.of());
        }

        static Walk givingBack(StepId step, long sequence, int attempt, List<Hold> held) {
            return new Walk(step, sequence, attempt, List.of(), held, null, List.of(), held);
        }

        /** The claim whose answer is awaited; null if there is none. */
        @Nullable
        Hold asked() {
            return denied == null && releasing.isEmpty() && granted.size() < wanted.size()
                    ? new Hold(wanted.get(granted.size()), sequence, attempt)
                    : null;
        }

        Walk granted(Hold hold) {
            var more = new ArrayList<>(granted);
            more.add(hold);
            return new Walk(step, sequence, attempt, wanted, more, denied, shortfalls, releasing);
        }

        /** What was granted goes back; the pool that denied keeps nothing. */
        Walk denied(String pool, List<PoolAnswer.Shortfall> why) {
            return new Walk(step, sequence, attempt, wanted, granted, pool, why, granted);
        }

        /** All that was granted goes back, also what is asked for and may be granted still. */
        Walk undoing() {
            var touched = new ArrayList<>(denied == null ? granted : releasing);
            var asked = asked();
            if (asked != null) {
                touched.add(asked);
            }
            return new Walk(step, sequence, attempt, wanted, granted, denied, shortfalls, touched);
        }

        Walk released(Hold hold) {
            return new Walk(
                    step,
                    sequence,
                    attempt,
                    wanted,
                    granted,
                    denied,
                    shortfalls,
                    releasing.stream().filter(one -> !one.equals(hold)).toList());
        }
    }

    Allocation with(@Nullable Walk next) {
        return new Allocation(holds, next);
    }

    Allocation allocated(List<Hold> more) {
        var all = new ArrayList<>(holds);
        all.addAll(more);
        return new Allocation(all, null);
    }

    Allocation without(List<Hold> gone) {
        var these = new HashSet<>(gone);
        return new Allocation(
                holds.stream().filter(hold -> !these.contains(hold)).toList(), null);
    }
}
