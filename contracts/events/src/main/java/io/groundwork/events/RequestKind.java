package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a request asks for; the field {@code operation} of its JSON. */
public enum RequestKind {
    DEPLOY("deploy"),
    DECOMMISSION("decommission");

    private final String word;

    RequestKind(String word) {
        this.word = word;
    }

    @JsonValue
    public String word() {
        return word;
    }
}
