package io.groundwork.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whatever people ask or do in one run, each act under a name that it has in every run of the seed, so that a run can be told to go
 * without some. All that is left to chance is drawn before, for what is not done too: what is kept stays as much alike as it can.
 */
final class Asks {

    private static final String SEPARATOR = ": ";

    private final Simulation simulation;
    private final @Nullable Set<String> kept;
    private final Map<String, Integer> times = new HashMap<>();
    private final List<String> made = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    /** @param kept the names of those that are made; null for all */
    Asks(Simulation simulation, @Nullable Set<String> kept) {
        this.simulation = simulation;
        this.kept = kept;
    }

    /**
     * Whether it is made: people must not do what is not, nor have told anybody of it.
     *
     * @param subject the resource, the server or the place
     */
    boolean made(String subject, String what) {
        var told = subject + SEPARATOR + what;
        var number = times.merge(told, 1, Integer::sum);
        var name = number == 1 ? told : told + " #" + number;
        if (kept != null && !kept.contains(name)) {
            return false;
        }
        made.add(name);
        lines.add(simulation.now() + " " + name);
        return true;
    }

    /** What one of them is about. */
    static String subject(String name) {
        return name.substring(0, name.indexOf(SEPARATOR));
    }

    /** The names of those that were made, in their order. */
    List<String> made() {
        return List.copyOf(made);
    }

    /** The same for people, with the time. */
    List<String> lines() {
        return List.copyOf(lines);
    }
}
