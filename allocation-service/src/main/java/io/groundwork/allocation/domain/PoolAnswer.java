package io.groundwork.allocation.domain;

import io.groundwork.events.Candidates;
import io.groundwork.events.Grant;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool's answer to a {@link PoolCommand}, on {@code allocation.outcomes.v1}.
 *
 * @param fence of the grant: a later grant of the same pool has a higher one; 0 where nothing was granted
 * @param shortfalls why a claim was denied
 * @param candidates why servers were rejected, of a claim that was denied
 * @param grant what was granted, where that is servers or addresses
 * @param waiting where a waiting claim stands
 */
public record PoolAnswer(
        String pool,
        Holder holder,
        Verdict verdict,
        long fence,
        List<Shortfall> shortfalls,
        List<Candidates> candidates,
        @Nullable Grant grant,
        @Nullable Waiting waiting) {

    /** The {@code ce_type} of an answer. */
    public static final String TYPE = "claim-answered";

    public PoolAnswer {
        shortfalls = shortfalls == null ? List.of() : List.copyOf(shortfalls);
        candidates = candidates == null ? List.of() : List.copyOf(candidates);
    }

    static PoolAnswer of(String pool, Holder holder, Verdict verdict) {
        return new PoolAnswer(pool, holder, verdict, 0, List.of(), List.of(), null, null);
    }

    static PoolAnswer granted(String pool, Holder holder, long fence, @Nullable Grant grant) {
        return new PoolAnswer(pool, holder, Verdict.GRANTED, fence, List.of(), List.of(), grant, null);
    }

    static PoolAnswer denied(String pool, Holder holder, Refusal why) {
        return new PoolAnswer(pool, holder, Verdict.DENIED, 0, why.shortfalls(), why.candidates(), null, null);
    }

    static PoolAnswer waiting(String pool, Holder holder, int position, Instant until) {
        return new PoolAnswer(
                pool, holder, Verdict.WAITING, 0, List.of(), List.of(), null, new Waiting(position, until));
    }

    /** What became of it. */
    public enum Verdict {
        /** The holder has what it claimed. */
        GRANTED,
        /** It stands in the pool's queue, and is answered again. */
        WAITING,
        /** It does not, and this claim never will. */
        DENIED,
        /** The claim was denied or released before it came. */
        OVER,
        /** The holder has nothing of this pool any more. */
        RELEASED,
        /** An audit asks: whoever does not know of holding this gives it back. */
        QUESTIONED
    }

    /**
     * A place in the queue.
     *
     * @param position from 1
     * @param until when the claim is denied
     */
    public record Waiting(int position, Instant until) {}

    /** Why a claim cannot be served. */
    record Refusal(List<Shortfall> shortfalls, List<Candidates> candidates) {}

    /**
     * One measure of which too little is left, or that may not be asked for so.
     *
     * @param rule why not, whatever is left; absent if too little is
     */
    public record Shortfall(
            String measure,
            long limit,
            long used,
            long asked,
            @Nullable String rule) {

        Shortfall(String measure, long limit, long used, long asked) {
            this(measure, limit, used, asked, null);
        }

        @Override
        public String toString() {
            return rule == null
                    ? measure + ": limit " + limit + ", used " + used + ", asked " + asked
                    : measure + ": asked " + asked + ", " + rule;
        }
    }
}
