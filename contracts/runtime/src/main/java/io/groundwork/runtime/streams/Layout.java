package io.groundwork.runtime.streams;

import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Timers;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * In which of Kafka Streams' stores the rows of a task's machines stand: all in one, as each more is a database, a topic and a
 * partition more in most transactions. What was first started when each had its own keeps them, and what stands in them.
 *
 * @param name of the machines that share the task
 * @param apart whether each store of each machine is one of its own
 */
record Layout(String name, boolean apart) {

    /** @param stands whether there is a changelog of the store of that name */
    static Layout of(String name, Map<String, Machine> machines, Predicate<String> stands) {
        var apart = new Layout(name, true);
        return new Layout(name, apart.stores(machines).stream().anyMatch(stands));
    }

    /** All of them, by their names for life. */
    Set<String> stores(Map<String, Machine> machines) {
        var all = new TreeSet<String>();
        machines.forEach((member, machine) -> {
            all.add(store(member, Timers.STORE));
            machine.stores().forEach(store -> all.add(store(member, store)));
        });
        return all;
    }

    /** Where {@code store} of {@code machine} stands. */
    String store(String machine, String store) {
        return apart ? machine + "-" + store : name + "-rows";
    }

    /** What its keys begin with there; those of no other do. */
    String prefix(String machine, String store) {
        return apart ? "" : machine + "/" + store + "|";
    }
}
