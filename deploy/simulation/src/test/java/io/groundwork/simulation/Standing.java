package io.groundwork.simulation;

import io.groundwork.events.Claim;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Design;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a resource consists of by the word of the events. */
final class Standing {
    @Nullable
    Told active;

    long sequence;
    /** The design that stands and what it consists of; null when nothing stands. */
    @Nullable
    Design design;

    Map<String, ComponentOutputs> outputs = Map.of();
    /** Something was left behind by an operator's decision: what is there is not known exactly any more. */
    boolean unknown;

    List<Claim> claims = List.of();
}
