package io.groundwork.runtime.component;

import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import org.jspecify.annotations.Nullable;

/**
 * What one unit's operation shall do, and who is asked for it.
 *
 * @param topic where the order goes
 * @param key of the order's record; the operation's id when absent
 * @param queue which workers can do it
 * @param specification a driver's record
 */
public record Task(String topic, @Nullable String key, String queue, Object specification) {

    /** One that the owner's own engine runs. */
    public static Task ofEngine(Owner owner, String queue, Object specification) {
        return new Task(Topics.operations(owner), null, queue, specification);
    }
}
