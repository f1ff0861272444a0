package io.groundwork.allocation.domain;

import io.groundwork.events.Grant;
import io.groundwork.events.Grant.AllocatedServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one resource has of one pool.
 *
 * @param over its last holder that was denied or released: it and those before it can claim nothing any more
 * @param waiting its claim in the pool's queue; null if there is none
 */
record Holding(
        @Nullable Holder over, List<Given> grants, @Nullable Place waiting) {

    static final Holding NONE = new Holding(null, List.of(), null);

    /** @param grant null where there is nothing beside the amounts */
    record Given(
            Holder holder,
            Map<String, Long> amounts,
            long fence,
            @Nullable Grant grant) {}

    /** A place in the queue. */
    record Place(Holder holder, long ticket) {}

    @Nullable
    Given given(Holder holder) {
        return grants.stream()
                .filter(grant -> grant.holder().equals(holder))
                .findFirst()
                .orElse(null);
    }

    @Nullable
    Place waiting(Holder holder) {
        return waiting != null && waiting.holder().equals(holder) ? waiting : null;
    }

    boolean over(Holder holder) {
        return over != null && holder.upTo(over);
    }

    Holding granted(Given grant) {
        var more = new ArrayList<>(grants);
        more.add(grant);
        return new Holding(over, more, waiting(grant.holder()) == null ? waiting : null);
    }

    /** With less of what one holder has. */
    Holding reduced(Given rest) {
        return new Holding(
                over,
                grants.stream()
                        .map(grant -> grant.holder().equals(rest.holder()) ? rest : grant)
                        .toList(),
                waiting);
    }

    /** The servers that are given. */
    List<AllocatedServer> servers() {
        return grants.stream()
                .flatMap(given -> Stream.ofNullable(given.grant()))
                .flatMap(grant -> grant.servers().stream())
                .toList();
    }

    Holding queued(Place place) {
        return new Holding(over, grants, place);
    }

    Holding ended(Holder holder) {
        return new Holding(
                over(holder) ? over : holder,
                grants.stream().filter(grant -> !grant.holder().equals(holder)).toList(),
                waiting(holder) == null ? waiting : null);
    }
}
