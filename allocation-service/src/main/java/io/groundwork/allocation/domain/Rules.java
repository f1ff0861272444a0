package io.groundwork.allocation.domain;

import io.groundwork.events.Catalogue;
import java.util.Map;
import java.util.Optional;

/** What a pool is told from outside: by the catalogue, and by the inventory about servers of other pools. */
@FunctionalInterface
public interface Rules {

    /** How much of {@code pool} may be held in all, by measure; a measure that is absent is not limited. */
    Map<String, Long> limits(String pool);

    /** How {@code measure} of {@code pool} may be asked for. */
    default Catalogue.Units units(String pool, String measure) {
        return Catalogue.Units.ANY;
    }

    /** The subnet of that name. */
    default Optional<Catalogue.Subnet> subnet(String name) {
        return Optional.empty();
    }

    /**
     * Whether nothing new may come here.
     *
     * @param place {@code server/<id>}, {@code rack/<site>/<rack>} or {@code site/<name>}
     */
    default boolean cordoned(String place) {
        return false;
    }

    /** The pool that a server belongs to. */
    default Optional<String> poolOf(String server) {
        return Optional.empty();
    }
}
