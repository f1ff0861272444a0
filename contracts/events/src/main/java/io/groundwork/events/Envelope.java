package io.groundwork.events;

/** An event and whom it is about. */
public record Envelope<E extends Event>(Fact fact, E event) {}
