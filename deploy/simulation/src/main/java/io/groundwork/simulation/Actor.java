package io.groundwork.simulation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that moves when it is its turn. Exactly one moves at a time. */
interface Actor {

    /** Whether it has something to do at {@code now}. */
    boolean ready(Instant now);

    /** Makes one move. Called only when ready. */
    void act();

    /** When it may become ready by the passing of time alone; null if only others can make it so. */
    @Nullable
    Instant next();
}
