package io.groundwork.allocation.domain;

import java.util.Map;

/** How much of a pool may be held in all. */
@FunctionalInterface
public interface Limits {

    /** The limits of {@code pool} by measure; a measure that is absent is not limited. */
    Map<String, Long> of(String pool);
}
