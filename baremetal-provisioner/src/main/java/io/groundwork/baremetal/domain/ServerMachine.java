package io.groundwork.baremetal.domain;

import io.groundwork.events.EventCodec;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Reservation;
import io.groundwork.events.Topics;
import io.groundwork.runtime.DeadLetter;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.OperationOutcome;
import io.groundwork.runtime.OperationPolicy;
import io.groundwork.runtime.Order;
import io.groundwork.runtime.Stores;
import io.groundwork.runtime.Timer;
import io.groundwork.runtime.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The life of every server, one key each. People's verbs, reservations and orders for instances come in; jobs go to the engine as
 * operations; what they come to leads on. Every change of a server's state or flags is a fact for the pools.
 *
 * <p>A server is for one instance at a time: an order under a fence older than the newest heard of is refused, and a job begins
 * only when the engine is done with the one before.
 */
public final class ServerMachine implements Machine {

    private static final Pattern OPERATION = Pattern.compile("([^/#]+)/\\d+");

    private final Deadlines deadlines;
    private final Tokens tokens;

    public ServerMachine(Deadlines deadlines, Tokens tokens) {
        this.deadlines = deadlines;
        this.tokens = tokens;
    }

    /** How servers' operations are tried: a BMC is away for minutes when it restarts, so ten times over five minutes. */
    public static OperationPolicy policy(Duration workTime, Duration callTime) {
        return new OperationPolicy(
                workTime, callTime, Duration.ofSeconds(1), Duration.ofSeconds(60), 10, 64, Duration.ofHours(1));
    }

    /** The server that an operation is a job of; empty if it is none of a server. */
    static Optional<String> serverOf(String operation) {
        var matcher = OPERATION.matcher(operation);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    @Override
    public Set<String> inputs() {
        return Set.of(Topics.SERVERS, Topics.RESERVATIONS);
    }

    @Override
    public Set<String> stores() {
        var all = new TreeSet<>(ServerRun.STORES);
        all.addAll(Lanes.STORES);
        return all;
    }

    @Override
    public List<Message> handle(Input input, Moment moment, Stores stores) {
        return switch (input) {
            case Input.Fired fired -> {
                new Timers(stores).cancel(fired.timer());
                yield new Handling(fired.timer().key(), null, moment, stores).fired(fired.timer());
            }
            case Input.Received received -> {
                var message = received.message();
                try {
                    yield new Handling(message.key(), message.header(EventCodec.TRACE), moment, stores)
                            .received(message);
                } catch (RuntimeException unreadable) {
                    yield List.of(DeadLetter.of(Owner.BAREMETAL, message, unreadable));
                }
            }
        };
    }

    /** One input, and who it is for. */
    private final class Handling {

        private final ServerRun run;
        private final Jobs jobs;
        private final Outcomes outcomes;
        private final Instances instances;
        private final Verbs verbs;

        Handling(String server, @Nullable String trace, Moment moment, Stores stores) {
            run = new ServerRun(server, trace, moment, stores);
            jobs = new Jobs(run, deadlines, tokens);
            var customer = new Customer(run);
            outcomes = new Outcomes(run, jobs, customer);
            instances = new Instances(run, jobs, customer);
            verbs = new Verbs(run, jobs, outcomes, customer);
        }

        List<Message> fired(Timer timer) {
            outcomes.fired(timer);
            return finish();
        }

        List<Message> received(Message message) {
            var value = message.value() == null ? new byte[0] : message.value();
            if (message.topic().equals(Topics.RESERVATIONS)) {
                instances.reserve(Json.read(value, Reservation.class));
                return finish();
            }
            var type = String.valueOf(message.header(EventCodec.TYPE));
            switch (type) {
                case Order.TYPE -> instances.order(Json.read(value, Order.class));
                case OperationOutcome.TYPE -> outcomes.outcome(Json.read(value, OperationOutcome.class));
                case ServerCommand.Seed.TYPE -> verbs.seed(Json.read(value, ServerCommand.Seed.class));
                case ServerCommand.Looked.TYPE -> outcomes.looked(Json.read(value, ServerCommand.Looked.class));
                case ServerCommand.Enrol.TYPE -> {
                    run.askedBy(message.header(EventCodec.ID));
                    verbs.enrol(Json.read(value, ServerCommand.Enrol.class));
                }
                case ServerCommand.Do.TYPE -> {
                    run.askedBy(message.header(EventCodec.ID));
                    verbs.perform(Json.read(value, ServerCommand.Do.class));
                }
                case ServerCommand.PhoneHome.TYPE -> {
                    run.askedBy(message.header(EventCodec.ID));
                    verbs.phoneHome(Json.read(value, ServerCommand.PhoneHome.class));
                }
                default -> throw new EventCodec.Unreadable("nothing that is asked of a server: " + type);
            }
            return finish();
        }

        private List<Message> finish() {
            jobs.begin();
            return run.finish();
        }
    }
}
