package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a step does. Further kinds (hooks, custom components) are more constants here, not more machinery. */
public enum StepKind {
    APPROVE("approve"),
    ALLOCATE("allocate"),
    PROVISION("provision"),
    GRANT("grant"),
    REVOKE("revoke"),
    DEPROVISION("deprovision"),
    RELEASE("release");

    private final String word;

    StepKind(String word) {
        this.word = word;
    }

    /** The word in step ids. */
    @JsonValue
    public String word() {
        return word;
    }
}
