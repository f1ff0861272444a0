package io.groundwork.simulators;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way in which a simulator misbehaves on purpose.
 *
 * @param action the action that it hits, named as the back end names it, or {@code *} for every action
 * @param times how many calls it hits; null until it is cleared
 * @param after how many matching calls pass before it hits the first
 * @param delay for {@link Kind#DELAY}: how long the call is held
 * @param code for {@link Kind#FAIL}: the back end's error code; null for its usual one
 * @param scope where in the back end it hits, as {@link Calls.Call#scope()} names it; null for everywhere
 */
public record Fault(
        String action,
        Kind kind,
        @Nullable Integer times,
        int after,
        @Nullable Duration delay,
        @Nullable String code,
        @Nullable String scope) {
    public static final String ANY_ACTION = "*";

    private static final Duration LONGER_THAN_ANYONE_WAITS = Duration.ofHours(1);

    /** What happens to a call that is hit. */
    public enum Kind {
        /** Refused without having acted. Permanent, unless the code is of a kind that the back end's clients retry. */
        FAIL("fail"),
        /** Refused without having acted, as one call too many. Retryable. */
        THROTTLE("throttle"),
        /** The connection is closed before anything was done. Retryable, but the caller cannot know that. */
        RESET("reset"),
        /** Never answered and never carried out: held for the delay, by default an hour, then the connection is closed. */
        HANG("hang"),
        /** Held for the delay, and only then carried out and answered, even if the client has gone: it lands late. */
        DELAY("delay"),
        /** Carried out; then the connection is closed without an answer. The caller cannot know. Retryable. */
        LOSE_RESPONSE("loseResponse"),
        /** Refused without having acted, as the back end has no capacity left. Retryable, later or elsewhere. */
        NO_CAPACITY("noCapacity");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        @JsonValue
        public String wireName() {
            return wireName;
        }

        static List<String> wireNames() {
            return Arrays.stream(values()).map(Kind::wireName).toList();
        }

        static @Nullable Kind of(@Nullable String wireName) {
            return Arrays.stream(values())
                    .filter(kind -> kind.wireName.equals(wireName))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** Refuses every call of the action for good. */
    public static Fault fail(String action) {
        return new Fault(action, Kind.FAIL, null, 0, null, null, null);
    }

    public static Fault fail(String action, String code) {
        return new Fault(action, Kind.FAIL, null, 0, null, code, null);
    }

    public static Fault throttle(String action) {
        return new Fault(action, Kind.THROTTLE, null, 0, null, null, null);
    }

    public static Fault delay(String action, Duration delay) {
        return new Fault(action, Kind.DELAY, null, 0, delay, null, null);
    }

    public static Fault loseResponse(String action) {
        return new Fault(action, Kind.LOSE_RESPONSE, null, 0, null, null, null);
    }

    public static Fault reset(String action) {
        return new Fault(action, Kind.RESET, null, 0, null, null, null);
    }

    public static Fault hang(String action) {
        return new Fault(action, Kind.HANG, null, 0, null, null, null);
    }

    public static Fault noCapacity(String action) {
        return new Fault(action, Kind.NO_CAPACITY, null, 0, null, null, null);
    }

    /** The same, for so many calls only. */
    public Fault times(int count) {
        return new Fault(action, kind, count, after, delay, code, scope);
    }

    /** The same, from the call after so many have passed. */
    public Fault after(int count) {
        return new Fault(action, kind, times, count, delay, code, scope);
    }

    /** The same, in one place only. */
    public Fault in(String place) {
        return new Fault(action, kind, times, after, delay, code, place);
    }

    /** Holds the call that it hit for as long as it says. */
    public void hold() throws InterruptedException {
        if (delay != null) {
            Thread.sleep(delay);
        } else if (kind == Kind.HANG) {
            Thread.sleep(LONGER_THAN_ANYONE_WAITS);
        }
    }

    boolean matches(String called, @Nullable String place) {
        return (action.equals(ANY_ACTION) || action.equals(called)) && (scope == null || scope.equals(place));
    }
}
