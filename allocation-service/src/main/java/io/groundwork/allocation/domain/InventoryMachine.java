package io.groundwork.allocation.domain;

import io.groundwork.events.EventCodec;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.ServerFact;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.DeadLetter;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Stores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Hands what the inventory says of a server to the pool that it belongs to, and takes it out of the one that it belonged to. */
public final class InventoryMachine implements Machine {

    /** By server: its pool and the generation of the last fact. */
    static final String PLACES = "places";

    /** Where a server was last. */
    public record Place(String pool, long generation) {}

    @Override
    public Set<String> inputs() {
        return Set.of(Topics.INVENTORY);
    }

    @Override
    public Set<String> stores() {
        return Set.of(PLACES);
    }

    @Override
    public List<Message> handle(Input input, Moment moment, Stores stores) {
        return switch (input) {
            case Input.Fired fired -> List.of();
            case Input.Received received -> {
                try {
                    yield handed(received.message(), moment, stores);
                } catch (RuntimeException unreadable) {
                    yield List.of(DeadLetter.of(Owner.ALLOCATION, received.message(), unreadable));
                }
            }
        };
    }

    private static List<Message> handed(Message message, Moment moment, Stores stores) {
        var server = message.key();
        var places = stores.store(PLACES);
        var before = places.read(server, Place.class);
        var fact = fact(message);
        var out = new ArrayList<Message>();
        if (before != null && (fact == null || !before.pool().equals(fact.pool()))) {
            out.add(command(message, before.pool(), PoolCommand.Gone.TYPE, new PoolCommand.Gone(server), moment));
        }
        if (fact == null) {
            places.delete(server);
            out.add(new Message(Topics.PLACES, server, Map.of(), null));
            return out;
        }
        if (before != null && fact.generation() <= before.generation()) {
            return List.of();
        }
        if (before == null || !before.pool().equals(fact.pool())) {
            out.add(Commands.message(
                    Topics.PLACES,
                    server,
                    id(message, "place", fact.pool()),
                    "server-place",
                    moment.now(),
                    trace(message),
                    new Place(fact.pool(), fact.generation())));
        }
        places.write(server, new Place(fact.pool(), fact.generation()));
        out.add(command(message, fact.pool(), PoolCommand.Noted.TYPE, new PoolCommand.Noted(fact), moment));
        return out;
    }

    /** @throws EventCodec.Unreadable if it is about another server than its key says, or cannot stand in an index */
    private static @Nullable ServerFact fact(Message message) {
        if (message.value() == null) {
            return null;
        }
        var fact = message.read(ServerFact.class);
        if (!fact.id().equals(message.key())) {
            throw new EventCodec.Unreadable("key " + message.key() + " is not the server " + fact.id());
        }
        for (var name : List.of(fact.id(), fact.site(), fact.serverType(), fact.rack())) {
            if (name.isEmpty() || name.indexOf('|') >= 0) {
                throw new EventCodec.Unreadable("no name of a server, site, type or rack: '" + name + "'");
            }
        }
        if (fact.traits().stream().anyMatch(trait -> trait.isEmpty() || trait.indexOf(',') >= 0)) {
            throw new EventCodec.Unreadable("a trait may not be empty nor hold a comma: " + fact.traits());
        }
        return fact;
    }

    private static Message command(Message cause, String pool, String type, Object command, Moment moment) {
        return Commands.message(Topics.CLAIMS, pool, id(cause, type, pool), type, moment.now(), trace(cause), command);
    }

    private static String id(Message cause, String type, String pool) {
        return Uuids.named(type, cause.key(), pool, String.valueOf(cause.header(EventCodec.ID)))
                .toString();
    }

    private static @Nullable String trace(Message message) {
        return message.header(EventCodec.TRACE);
    }
}
