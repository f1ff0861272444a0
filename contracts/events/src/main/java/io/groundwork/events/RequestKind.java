package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a request asks for; the field {@code operation} of its JSON. */
public enum RequestKind {
    DEPLOY("deploy"),
    DECOMMISSION("decommission"),
    /** Another server behind one instance of what stands. */
    REPLACE("replace");

    private final String word;

    RequestKind(String word) {
        this.word = word;
    }

    @JsonValue
    public String word() {
        return word;
    }
}
