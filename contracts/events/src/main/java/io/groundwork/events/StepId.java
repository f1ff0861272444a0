package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names a step within its plan: {@code approve}, {@code provision:web}. */
public record StepId(@JsonValue String value) implements Comparable<StepId> {

    @JsonCreator
    public StepId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a step id must not be blank");
        }
    }

    /** The id of the step of {@code kind} for one component, such as {@code provision:web}. */
    public static StepId of(StepKind kind, String component) {
        return new StepId(kind.word() + ":" + component);
    }

    public static StepId of(StepKind kind) {
        return new StepId(kind.word());
    }

    @Override
    public int compareTo(StepId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
