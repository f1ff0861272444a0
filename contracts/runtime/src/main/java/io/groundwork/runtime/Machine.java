package io.groundwork.runtime;

import io.groundwork.events.Message;
import java.util.List;
import java.util.Set;

/**
 * Handles one input of one key at a time. Deterministic: what it reads beside the input are its stores and the moment; what it
 * does beside writing its stores is the list it returns. State, outputs and the input's offset commit together, so the stream
 * processor and the simulation run the very same object.
 *
 * <p>Never throws on bad input: what cannot be read or decided on becomes a dead letter among the outputs.
 */
public interface Machine {

    /** The topics it reads. */
    Set<String> inputs();

    /** The stores it keeps beside its timers. */
    Set<String> stores();

    /** What follows from {@code input}, in the order to be sent. */
    List<Message> handle(Input input, Moment moment, Stores stores);
}
