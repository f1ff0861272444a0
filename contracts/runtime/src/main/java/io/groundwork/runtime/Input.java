package io.groundwork.runtime;

import io.groundwork.events.Message;

/** What makes a machine move. */
public sealed interface Input {

    /** A record was read. */
    record Received(Message message) implements Input {}

    /** A timer fell due, and everything that was sent before that moment has been read. */
    record Fired(Timer timer) implements Input {}
}
