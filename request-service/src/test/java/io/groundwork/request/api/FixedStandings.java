package io.groundwork.request.api;

import io.groundwork.events.ResourceId;
import io.groundwork.request.api.Resources.Stands;

/** Nothing stands, but what a test lets stand. */
record FixedStandings(Stands stands, boolean busy) implements Standings {

    FixedStandings() {
        this(Stands.NOTHING, false);
    }

    @Override
    public Stands stands(ResourceId resource) {
        return stands;
    }

    @Override
    public boolean busy(ResourceId resource) {
        return busy;
    }
}
