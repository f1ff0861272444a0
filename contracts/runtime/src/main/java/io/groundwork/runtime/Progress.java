package io.groundwork.runtime;

import io.groundwork.events.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one move of a driver came to. */
public sealed interface Progress<C> {

    /** How far the operation has come now; null for no change. */
    @Nullable
    C checkpoint();

    /**
     * The goal is reached.
     *
     * @param outputs what stands: a record, JSON on the wire; null after an undo
     */
    record Done<C>(@Nullable C checkpoint, @Nullable Object outputs) implements Progress<C> {}

    /**
     * Under way.
     *
     * @param pollAfter when to look again
     */
    record Pending<C>(@Nullable C checkpoint, Duration pollAfter, String detail) implements Progress<C> {}

    /**
     * The back end refused, or could not be reached.
     *
     * @param failure its {@code retryable} says whether to try again
     */
    record Failed<C>(@Nullable C checkpoint, Failure failure) implements Progress<C> {}
}
