package io.groundwork.baremetal.domain;

import io.groundwork.baremetal.domain.ServerCommand.Answer;
import io.groundwork.baremetal.domain.ServerCommand.Result;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestId;
import io.groundwork.events.ResourceId;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Order;
import io.groundwork.runtime.Stores;
import io.groundwork.runtime.Timer;
import io.groundwork.runtime.Timers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One input's way through one server: how the server is by now, and what is said. What changed is saved at the end. */
final class ServerRun {

    static final String SERVERS = "servers";
    /** By server: the order of the instance that is on it, and the operation of its job. */
    static final String DOCKETS = "dockets";

    /** The name of a job's deadline. */
    static final String DEADLINE = "deadline";

    static final Set<String> STORES = Set.of(SERVERS, DOCKETS);

    private final String id;
    private final @Nullable String trace;
    private final Moment moment;
    private final Stores stores;
    private final Timers timers;
    private final @Nullable Server before;
    private final Docket docketBefore;
    private final List<Message> out = new ArrayList<>();
    private @Nullable Server server;
    private Docket docket;
    private @Nullable String asked;
    private @Nullable Result result;
    private String detail = "";
    private boolean acknowledged;

    ServerRun(String id, @Nullable String trace, Moment moment, Stores stores) {
        this.id = id;
        this.trace = trace;
        this.moment = moment;
        this.stores = stores;
        this.timers = new Timers(stores);
        var saved = stores.store(SERVERS).get(id);
        this.before = saved == null ? null : Json.read(saved, Server.class);
        this.server = before;
        var papers = stores.store(DOCKETS).get(id);
        this.docketBefore = papers == null ? Docket.EMPTY : Json.read(papers, Docket.class);
        this.docket = docketBefore;
    }

    /** Another server's, by the same input. */
    ServerRun of(String other) {
        return new ServerRun(other, trace, moment, stores);
    }

    String id() {
        return id;
    }

    Instant now() {
        return moment.now();
    }

    Stores stores() {
        return stores;
    }

    Timers timers() {
        return timers;
    }

    /** As it is by now; null if it was never heard of. */
    @Nullable
    Server server() {
        return server;
    }

    /** The same where it is known to be there. */
    Server found() {
        return Objects.requireNonNull(server);
    }

    void server(Server next) {
        server = next;
    }

    Docket docket() {
        return docket;
    }

    void docket(Docket next) {
        docket = next;
    }

    /** The number of its next operation is taken. */
    String nextOperation() {
        var turn = found().turn() + 1;
        server = found().turn(turn);
        return id + "/" + turn;
    }

    Order order(String operation, int attempt, Goal goal, ServerTask task) {
        var customer = docket.customer();
        return new Order(
                operation,
                // the engine's outcomes are keyed by resource: one for each server spreads them
                new ResourceId("groundwork", "servers", id),
                customer == null ? new RequestId(Uuids.named("server", id)) : customer.request(),
                0,
                null,
                attempt,
                "site-" + found().registration().site(),
                List.of(id),
                goal,
                Order.specification(task));
    }

    void send(Order order) {
        say(Topics.operations(Owner.BAREMETAL), order.id(), Order.TYPE, order);
    }

    void say(String topic, String key, String type, Object payload) {
        out.add(Commands.message(topic, key, messageId(topic, key), type, moment.now(), trace, payload));
    }

    /** Says what another server's run came to. */
    void say(List<Message> others) {
        out.addAll(others);
    }

    private String messageId(String topic, String key) {
        return Uuids.named(id, topic, key, moment.now().toString(), Integer.toString(out.size()))
                .toString();
    }

    /** Somebody waits for the answer to their command. */
    void askedBy(@Nullable String command) {
        asked = command;
    }

    void answer(Result what, String sentence) {
        result = what;
        detail = sentence;
    }

    boolean answered() {
        return result != null;
    }

    /** Lets a fact follow although nothing may have changed. */
    void acknowledge() {
        acknowledged = true;
    }

    /** Saves what changed, and says it. */
    List<Message> finish() {
        var now = server;
        if (now != null && (acknowledged || !now.equals(before))) {
            deadline(now);
            if (acknowledged || before == null || !before.fact().equals(now.fact())) {
                now = now.generation(now.generation() + 1);
                fact(now);
            }
            stores.store(SERVERS).put(id, Json.write(now));
            entry(now);
            server = now;
        }
        if (!docket.equals(docketBefore)) {
            var dockets = stores.store(DOCKETS);
            if (docket.equals(Docket.EMPTY)) {
                dockets.delete(id);
            } else {
                dockets.put(id, Json.write(docket));
            }
        }
        if (asked != null && result != null) {
            say(
                    Topics.replies(Owner.BAREMETAL),
                    asked,
                    ServerCommand.ANSWERED,
                    new Answer(
                            result,
                            detail,
                            now == null ? List.of() : Verb.legalOf(now),
                            now == null || result == Result.NOT_FOUND ? null : ServerEntry.of(now)));
        }
        return out;
    }

    private void deadline(Server now) {
        var was = due(before);
        var is = due(now);
        if (!Objects.equals(was, is)) {
            if (was != null) {
                timers.cancel(new Timer(was, id, DEADLINE));
            }
            if (is != null) {
                timers.set(new Timer(is, id, DEADLINE));
            }
        }
    }

    private static @Nullable Instant due(@Nullable Server of) {
        var job = of == null ? null : of.job();
        return job == null || job.held() != null ? null : job.until();
    }

    private void fact(Server now) {
        if (now.known()) {
            say(Topics.INVENTORY, id, "server-fact", now.fact());
        } else if (before != null && before.known()) {
            tombstone(Topics.INVENTORY);
        }
    }

    private void entry(Server now) {
        if (now.life() instanceof Life.Gone) {
            tombstone(Topics.REGISTRY);
        } else {
            say(Topics.REGISTRY, id, "server-entry", ServerEntry.of(now));
        }
    }

    private void tombstone(String topic) {
        var message = Commands.message(topic, id, messageId(topic, id), "tombstone", moment.now(), trace, "");
        out.add(new Message(topic, id, message.headers(), null));
    }
}
