package io.groundwork.allocation.domain;

import java.util.List;

/**
 * A pool's answer to a {@link PoolCommand}, on {@code allocation.outcomes.v1}.
 *
 * @param fence of the grant: a later grant of the same pool has a higher one; 0 where nothing was granted
 * @param shortfalls why a claim was denied
 */
public record PoolAnswer(String pool, Holder holder, Verdict verdict, long fence, List<Shortfall> shortfalls) {

    /** The {@code ce_type} of an answer. */
    public static final String TYPE = "claim-answered";

    public PoolAnswer {
        shortfalls = List.copyOf(shortfalls);
    }

    /** What became of it. */
    public enum Verdict {
        /** The holder has what it claimed. */
        GRANTED,
        /** It does not, and this claim never will. */
        DENIED,
        /** The claim was denied or released before it came. */
        OVER,
        /** The holder has nothing of this pool any more. */
        RELEASED
    }

    /** One measure of which too little is left. */
    public record Shortfall(String measure, long limit, long used, long asked) {
        @Override
        public String toString() {
            return measure + ": limit " + limit + ", used " + used + ", asked " + asked;
        }
    }
}
