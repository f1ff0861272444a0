package io.groundwork.baremetal.domain;

import io.groundwork.runtime.Order;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to a server and is too large for its state.
 *
 * @param customer the last order for an instance; without what was to be installed once that is over
 * @param job the operation that is being done or waits
 */
record Docket(@Nullable Order customer, @Nullable Order job) {

    static final Docket EMPTY = new Docket(null, null);

    Docket customer(Order next) {
        return new Docket(next, job);
    }

    Docket job(@Nullable Order next) {
        return new Docket(customer, next);
    }
}
