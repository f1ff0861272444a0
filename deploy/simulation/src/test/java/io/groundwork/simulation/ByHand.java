package io.groundwork.simulation;

import io.groundwork.baremetal.domain.ServerEntry;
import io.groundwork.baremetal.domain.ServerTask;
import io.groundwork.simulation.Checker.Broken;
import io.groundwork.simulation.SimulatedBmcs.Act;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may become of servers that people took over, threw out, or switched with their own hands.
 *
 * <p>A server that was force-deleted is <em>stray</em> until it is clean again: what runs on it is nobody's business, and nothing
 * new is done to it before a person has said that it is clean and enrolled it. An adopted one is as it was found until it is
 * released.
 */
final class ByHand {

    private static final String FORCE_DELETED = "force-deleted";

    /** A server whose power somebody switched at the rack. */
    private record Pressed(long turn, @Nullable String expected) {}

    /** Servers that are none of the inventory any more, and the number of their last operation. */
    private final Map<String, Long> gone = new HashMap<>();

    private final Set<String> stray = new HashSet<>();
    private final Set<String> saidClean = new HashSet<>();
    private final Set<String> severed = new HashSet<>();
    /** What servers looked like when somebody began to adopt them. */
    private final Map<String, String> found = new HashMap<>();

    private final Set<String> adopted = new HashSet<>();
    /** Of those, which held what was there before anything of ours. */
    private final Set<String> inhabited = new HashSet<>();

    private final Set<String> released = new HashSet<>();
    private final Map<String, Pressed> pressed = new HashMap<>();
    private final Set<String> covered = new HashSet<>();

    // What people do

    /** Somebody says that a server which was force-deleted is clean. */
    void saidClean(String server) {
        saidClean.add(server);
    }

    /** Somebody gives back what was adopted, or is left of an instance. */
    void released(String server) {
        released.add(server);
    }

    /** Somebody at the rack switches the power of a server that nothing is done with. */
    void pressed(ServerEntry entry) {
        var expected = entry.drift() == null ? entry.power() : entry.drift().expected();
        pressed.put(entry.id(), new Pressed(entry.turn(), expected));
    }

    // What the topics say

    /** @param holder the instance that it is for; null if for none */
    void entry(
            @Nullable ServerEntry before, ServerEntry now, @Nullable SimulatedServer server, @Nullable String holder) {
        var id = now.id();
        if (before != null
                && before.state().equals(FORCE_DELETED)
                && !now.state().equals(FORCE_DELETED)) {
            throw new Broken(id, "was force-deleted, and is " + now.state() + " before anybody said that it is clean");
        }
        switch (now.state()) {
            case FORCE_DELETED -> {
                if (before == null || !before.state().equals(FORCE_DELETED)) {
                    saidClean.remove(id);
                }
                gone.put(id, now.turn());
                stray.add(id);
                adopted.remove(id);
                if (holder != null) {
                    severed.add(holder + " on " + id);
                    covered.add("servers severed");
                }
            }
            case "adopting" -> {
                // until its job begins, what was ordered before may change it
                if (before == null || !before.state().equals("adopting") || !begun(before)) {
                    released.remove(id);
                    found.put(id, String.valueOf(server));
                }
            }
            case "available" -> {
                if (stray.remove(id)) {
                    covered.add("servers returned");
                }
                adopted.remove(id);
                gone.remove(id);
            }
            default -> gone.remove(id);
        }
        if (before != null && before.state().equals("adopting") && !now.state().equals("adopting")) {
            asFound(id, server, now);
        }
        if (now.drift() != null && !pressed.containsKey(id)) {
            throw new Broken(id, "is said to have been switched by others, and nobody did: " + now);
        }
        if (now.drift() != null && (before == null || before.drift() == null)) {
            covered.add("servers drifted");
        }
    }

    private static boolean begun(ServerEntry server) {
        return (server.id() + "/" + server.turn()).equals(server.operation());
    }

    private void asFound(String id, @Nullable SimulatedServer server, ServerEntry now) {
        var was = found.remove(id);
        if (was != null && !was.equals(String.valueOf(server))) {
            throw new Broken(id, "to adopt it has changed it: it was " + was + ", and is " + server);
        }
        if (now.state().equals("active")) {
            adopted.add(id);
            if (server != null && server.strangers()) {
                inhabited.add(id);
            } else {
                inhabited.remove(id);
            }
            covered.add("servers adopted");
        }
    }

    /** It is not in the inventory any more. */
    void forgotten(ServerEntry before) {
        if (before.state().equals(FORCE_DELETED) && !saidClean.contains(before.id())) {
            throw new Broken(before.id(), "its tombstone is gone, and nobody said that it is clean");
        }
        gone.merge(before.id(), before.turn(), Math::max);
    }

    /** It is given to somebody: to what was severed from it before it belongs anew. */
    void given(String server) {
        severed.removeIf(pair -> pair.endsWith(" on " + server));
    }

    // What is so

    /** Whether nobody knows, or cares, what runs on it. */
    boolean stray(String server) {
        return stray.contains(server);
    }

    /** Whether the inventory may forget what it knew of it: it was said to be clean. */
    boolean strayAndSaidClean(String server) {
        return stray.contains(server) && saidClean.contains(server);
    }

    /** Whether somebody took its server from an instance. */
    boolean severed(String instance, String server) {
        return severed.contains(instance + " on " + server);
    }

    boolean adopted(String server) {
        return adopted.contains(server);
    }

    // What is done to servers

    /** Called before anything is changed. */
    void acted(Act act, String what) {
        var id = act.server().id;
        var last = gone.get(id);
        if (last != null && turn(act.order().id()) > last) {
            throw new Broken(id, act.order().id() + " (" + what + ") on a server that is none of the inventory");
        }
        var asked = act.task() instanceof ServerTask.Switch || released.contains(id);
        if (adopted.contains(id) && !asked) {
            throw new Broken(id, act.order().id() + " (" + what + ") on a server that was adopted");
        }
    }

    private static long turn(String operation) {
        return Long.parseLong(operation.substring(operation.indexOf('/') + 1));
    }

    /** A disk of it loses what it holds. */
    void lost(String server) {
        if (adopted.contains(server) && !released.contains(server)) {
            throw new Broken(server, "was adopted, and is wiped");
        }
    }

    // Ends

    /** Nobody moves any more, and every server was looked at. */
    void rest(SimulatedServer server, ServerEntry entry) {
        if (adopted.contains(server.id)
                && entry.state().equals("active")
                && inhabited.contains(server.id)
                && !server.strangers()) {
            throw new Broken(server.id, "was adopted, and what stood on it is gone: " + server);
        }
        if (!entry.watched()) {
            return;
        }
        if (!server.power.word.equals(entry.power())) {
            throw new Broken(server.id, "its power is " + server.power.word + ", and nobody noticed: " + entry);
        }
        var hand = pressed.get(server.id);
        if (hand != null && hand.turn() == entry.turn()) {
            var drifted = hand.expected() != null && !hand.expected().equals(server.power.word);
            var said = entry.drift() == null ? null : entry.drift().expected();
            if (drifted ? !hand.expected().equals(said) : said != null) {
                throw new Broken(server.id, "was left " + hand.expected() + " and switched at the rack: " + entry);
            }
        }
    }

    /** What of all this was seen. */
    Set<String> covered() {
        return covered;
    }
}
