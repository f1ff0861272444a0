package io.groundwork.iam.domain;

import io.groundwork.events.ComponentEvent.PendingOperation;
import io.groundwork.events.Design.AccessGrant;
import io.groundwork.events.Failure;
import io.groundwork.events.RequestId;
import io.groundwork.runtime.Goal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Every grant that the resource has or may have in the directory, across its requests.
 *
 * @param grants by operation; one is forgotten only when it is known to be gone
 */
public record Access(Map<String, Grant> grants) {

    /** A resource that never had any. */
    public static final Access NONE = new Access(Map.of());

    public Access {
        grants = Collections.unmodifiableMap(new TreeMap<>(grants));
    }

    /**
     * One grant.
     *
     * @param made the sequence of the request that made it
     * @param request that last ordered something of it
     * @param sequence of {@code request}
     * @param attempt at its step
     * @param goal what was last ordered
     * @param reached whether it is at that goal; with {@link Goal#UNDONE} it is not kept
     * @param failure why that order failed for good
     * @param pending while it is on its way, as far as there is anything to say
     */
    public record Grant(
            AccessGrant access,
            long made,
            RequestId request,
            long sequence,
            int attempt,
            Goal goal,
            boolean reached,
            @Nullable Failure failure,
            @Nullable PendingOperation pending) {

        Grant ordered(RequestId by, long number, int of, Goal next) {
            return new Grant(access, made, by, number, of, next, reached && goal == next, null, null);
        }

        Grant arrived() {
            return new Grant(access, made, request, sequence, attempt, goal, true, null, null);
        }

        Grant failed(Failure why) {
            return new Grant(access, made, request, sequence, attempt, goal, false, why, null);
        }

        Grant pending(PendingOperation how) {
            return new Grant(access, made, request, sequence, attempt, goal, false, failure, how);
        }
    }

    /** Those that meet {@code condition}, by operation. */
    Map<String, Grant> where(Predicate<Grant> condition) {
        var some = new TreeMap<>(grants);
        some.values().removeIf(condition.negate());
        return some;
    }

    Access change(Predicate<Grant> condition, UnaryOperator<Grant> next) {
        var changed = new TreeMap<>(grants);
        changed.replaceAll((id, grant) -> condition.test(grant) ? next.apply(grant) : grant);
        return new Access(changed);
    }

    Access with(String operation, Grant grant) {
        var more = new TreeMap<>(grants);
        more.put(operation, grant);
        return new Access(more);
    }

    Access without(String operation) {
        var less = new TreeMap<>(grants);
        less.remove(operation);
        return new Access(less);
    }

    static List<AccessGrant> of(Map<String, Grant> grants) {
        var access = new ArrayList<AccessGrant>();
        grants.values().forEach(grant -> access.add(grant.access()));
        return access;
    }
}
