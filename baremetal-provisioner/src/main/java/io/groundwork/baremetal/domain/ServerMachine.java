package io.groundwork.baremetal.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.groundwork.baremetal.domain.Server.Aim;
import io.groundwork.baremetal.domain.Server.Engagement;
import io.groundwork.baremetal.domain.ServerCommand.Answer;
import io.groundwork.baremetal.domain.ServerCommand.Result;
import io.groundwork.events.ComponentEvent.PendingOperation;
import io.groundwork.events.EventCodec;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestId;
import io.groundwork.events.Reservation;
import io.groundwork.events.ResourceId;
import io.groundwork.events.ServerFact;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.DeadLetter;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.KeyValues;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.OperationOutcome;
import io.groundwork.runtime.OperationOutcome.Kind;
import io.groundwork.runtime.OperationPolicy;
import io.groundwork.runtime.Order;
import io.groundwork.runtime.Stores;
import io.groundwork.runtime.Timer;
import io.groundwork.runtime.Timers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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

    /** After so many failed deploys in a row a server counts as defective. */
    static final int MOST_FAILED_DEPLOYS = 3;

    static final String SERVERS = "servers";
    /** By server: the order of the instance that is on it, and the operation of its job. */
    static final String DOCKETS = "dockets";
    /** By lane: how many places are taken. */
    static final String PLACES = "places";
    /** Rows {@code lane|millis|server}: who waits for a place, the longest first. */
    static final String QUEUE = "queue";

    private static final String DEADLINE = "deadline";
    private static final String POWER = "power";

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
        return Set.of(SERVERS, DOCKETS, PLACES, QUEUE);
    }

    @Override
    public List<Message> handle(Input input, Moment moment, Stores stores) {
        return switch (input) {
            case Input.Fired fired -> {
                new Timers(stores).cancel(fired.timer());
                var run = new Run(fired.timer().key(), null, moment, stores);
                run.fired(fired.timer());
                yield run.finish();
            }
            case Input.Received received -> {
                try {
                    var run = new Run(
                            received.message().key(), received.message().header(EventCodec.TRACE), moment, stores);
                    run.received(received.message());
                    yield run.finish();
                } catch (RuntimeException unreadable) {
                    yield List.of(DeadLetter.of(Owner.BAREMETAL, received.message(), unreadable));
                }
            }
        };
    }

    /**
     * What belongs to a server and is too large for its state.
     *
     * @param customer the last order for an instance; without what was to be installed once that is over
     * @param job the operation that is being done or waits
     */
    record Docket(@Nullable Order customer, @Nullable Order job) {

        static final Docket EMPTY = new Docket(null, null);
    }

    /** One input's way through one server. */
    private final class Run {

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

        Run(String id, @Nullable String trace, Moment moment, Stores stores) {
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

        void received(Message message) {
            var value = message.value() == null ? new byte[0] : message.value();
            if (message.topic().equals(Topics.RESERVATIONS)) {
                reserve(Json.read(value, Reservation.class));
                return;
            }
            var type = String.valueOf(message.header(EventCodec.TYPE));
            switch (type) {
                case Order.TYPE -> order(Json.read(value, Order.class));
                case OperationOutcome.TYPE -> outcome(Json.read(value, OperationOutcome.class));
                case ServerCommand.Seed.TYPE -> {
                    var seed = Json.read(value, ServerCommand.Seed.class);
                    if (server == null) {
                        server = Server.enrolled(id, seed.registration(), seed.aim());
                        ahead();
                    }
                }
                case ServerCommand.Enrol.TYPE -> {
                    asked = message.header(EventCodec.ID);
                    enrol(Json.read(value, ServerCommand.Enrol.class));
                }
                case ServerCommand.Do.TYPE -> {
                    asked = message.header(EventCodec.ID);
                    perform(Json.read(value, ServerCommand.Do.class));
                }
                case ServerCommand.PhoneHome.TYPE -> {
                    asked = message.header(EventCodec.ID);
                    phoneHome(Json.read(value, ServerCommand.PhoneHome.class));
                }
                default -> throw new EventCodec.Unreadable("nothing that is asked of a server: " + type);
            }
        }

        // what people ask

        private void enrol(ServerCommand.Enrol enrol) {
            if (server == null) {
                server = Server.enrolled(id, enrol.registration(), enrol.aim());
            } else if (server.life() instanceof Life.Gone) {
                server = server.again(enrol.registration(), enrol.aim());
            } else {
                answer(
                        Result.CONFLICT,
                        server.known()
                                ? "The server is enrolled already."
                                : "The server was force-deleted; say first that it is clean, by the verb cleaned.");
                return;
            }
            ahead();
            answer(Result.DONE, "Enrolled.");
        }

        private void perform(ServerCommand.Do command) {
            if (server == null || server.life() instanceof Life.Gone) {
                answer(Result.NOT_FOUND, "There is no server " + id + ".");
                return;
            }
            var verb = command.verb();
            if (!verb.legal(server)) {
                answer(
                        Result.CONFLICT,
                        "A server that is " + server.life().word() + " takes no " + verb.word() + " now.");
                return;
            }
            perform(verb, command, server);
            if (result == null) {
                answer(Result.DONE, "Done, or begun.");
            }
        }

        private void perform(Verb verb, ServerCommand.Do command, Server now) {
            var why = command.actor() + (command.reason() == null ? "" : ": " + command.reason());
            switch (verb) {
                case VERIFY -> verify();
                case MANAGE -> {
                    if (now.life() instanceof Life.Manage state) {
                        server = now.life(state.manageable());
                    }
                }
                case INSPECT -> inspect();
                case PROVIDE -> clean(true, command.allowDataLoss());
                case CLEAN -> clean(false, command.allowDataLoss());
                case ADOPT -> adopt(command);
                case ABORT -> {
                    if (now.life() instanceof Life.Transient moving) {
                        giveUp(moving, Failure.permanent(FailureCategory.CONFLICT, "Given up by " + why + "."), false);
                    }
                }
                case HOLD -> reorder(job -> job.held(moment.now()), ServerTask.HELD, true);
                case UNHOLD -> reorder(job -> job.unheld(moment.now()), ServerTask.HELD, false);
                case MAINTENANCE -> server = now.flags(now.flags().maintenance(why));
                case UNMAINTENANCE -> server = now.flags(now.flags().maintenance(null));
                case QUARANTINE -> server = now.flags(now.flags().quarantine(why));
                case UNQUARANTINE ->
                    server = now.flags(now.flags().quarantine(null)).failedDeploys(0);
                case RETIRE -> {
                    server = now.flags(now.flags().retired(why));
                    if (now.life() instanceof Life.Available free) {
                        server = server.life(free.manageable());
                    }
                }
                case UNRETIRE -> server = now.flags(now.flags().retired(null));
                case POWER_ON -> power(ServerTask.Power.ON);
                case POWER_OFF -> power(ServerTask.Power.OFF);
                case RESET -> power(ServerTask.Power.RESET);
                case RELEASE -> takeDown();
                case DELETE -> {
                    if (now.life() instanceof Life.Removable state) {
                        server = now.life(state.gone());
                        docket = Docket.EMPTY;
                    }
                }
                case FORCE_DELETE -> forceDelete(now, why);
                case CLEANED -> server = now.life(new Life.Gone());
            }
        }

        private void verify() {
            if (server != null && server.life() instanceof Life.Verifiable state) {
                start(
                        state::verifying,
                        new ServerTask.Verify(id, server.registration().bmc()));
            }
        }

        private void inspect() {
            if (server != null && server.life() instanceof Life.Inspectable state) {
                var known = server.registration();
                start(state::inspecting, new ServerTask.Inspect(id, known.bmc(), known.serverType()));
            }
        }

        private void clean(boolean provide, boolean allowDataLoss) {
            if (server != null && server.life() instanceof Life.Cleanable state) {
                var known = server.registration();
                start(
                        job -> state.cleaning(job, provide),
                        new ServerTask.Clean(
                                id,
                                known.bmc(),
                                known.site(),
                                // what was clean once holds only what a tenant left who has released it
                                server.erased() != null || known.allowDataLoss() || allowDataLoss,
                                false,
                                false));
            }
        }

        private void adopt(ServerCommand.Do command) {
            var instance = command.instance();
            if (server != null && server.life() instanceof Life.Adoptable state && instance != null) {
                server = server.consumer(
                        new ServerFact.Consumer(instance.resource(), instance.component(), instance.index(), 0));
                start(
                        state::adopting,
                        new ServerTask.Adopt(id, server.registration().bmc()));
            }
        }

        private void takeDown() {
            if (server != null && server.life() instanceof Life.Occupied state) {
                var known = server.registration();
                start(state::deleting, new ServerTask.Undeploy(id, known.bmc(), known.site()));
            }
        }

        private void power(ServerTask.Power to) {
            if (server == null) {
                return;
            }
            var operation = next();
            send(order(
                    operation,
                    1,
                    Goal.DONE,
                    new ServerTask.Switch(id, server.registration().bmc(), to)));
            server = server.engaged(new Engagement(operation, POWER));
            timers.set(new Timer(moment.now().plus(deadlines.power()), id, operation));
        }

        private void forceDelete(Server now, String why) {
            var customer = docket.customer();
            if (customer != null && now.consumer() != null) {
                // who waits for its end is told: what is left of it is a person's matter now
                tell(
                        customer,
                        customer.goal() == Goal.UNDONE ? Kind.REACHED : Kind.FAILED,
                        null,
                        new Failure(
                                FailureCategory.PROVIDER,
                                "The server was taken out of the inventory by an operator.",
                                why,
                                false));
            }
            stop();
            server = Objects.requireNonNull(server)
                    .life(new Life.ForceDeleted(why))
                    .aim(null)
                    .consumer(null);
            docket = new Docket(null, null);
        }

        private void phoneHome(ServerCommand.PhoneHome home) {
            var job = server == null ? null : server.job();
            if (job == null || !home.tokenHash().equals(job.tokenHash())) {
                answer(Result.FORBIDDEN, "No call with this token is awaited.");
                return;
            }
            reorder(Job::phonedHome, ServerTask.PHONED_HOME, true);
            answer(Result.DONE, "Welcome.");
        }

        // what allocation-service says

        private void reserve(Reservation reservation) {
            if (server == null) {
                return;
            }
            switch (reservation.kind()) {
                case RESERVED -> {
                    if (reservation.fence() > server.fence()) {
                        server = server.fence(reservation.fence());
                        if (server.life() instanceof Life.Available free) {
                            server = server.life(free.reserved());
                        }
                    }
                }
                case RELEASED -> {
                    if (reservation.fence() >= server.fence()) {
                        // also if it changes nothing: the pool waits for the server's word that is newer than the grant
                        acknowledged = true;
                        server = server.fence(reservation.fence());
                        if (server.life() instanceof Life.Reserved reserved) {
                            server = server.life(reserved.released());
                        }
                    }
                }
            }
        }

        // what instances want

        private void order(Order order) {
            var last = docket.customer();
            if (last != null && last.id().equals(order.id()) && !order.replaces(last)) {
                return;
            }
            var instance = Json.MAPPER.convertValue(order.specification(), InstanceOrder.class);
            switch (order.goal()) {
                case DONE -> deploy(order, instance);
                case UNDONE -> undeploy(order, instance);
            }
        }

        private void deploy(Order order, InstanceOrder instance) {
            var objection = objection(instance);
            if (objection != null || server == null || !(server.life() instanceof Life.Deployable state)) {
                tell(
                        order,
                        Kind.FAILED,
                        null,
                        Failure.permanent(
                                FailureCategory.CONFLICT, "Server " + id + " cannot be had: " + objection + "."));
                return;
            }
            docket = new Docket(order, docket.job());
            server = server.fence(instance.fence())
                    .consumer(new ServerFact.Consumer(
                            instance.resource(), instance.component(), instance.index(), instance.fence()));
            start(
                    state::deploying,
                    new ServerTask.Deploy(id, server.registration().bmc(), instance, false, false));
        }

        /** Why the server cannot be had for an instance; null if it can. */
        private @Nullable String objection(InstanceOrder instance) {
            if (server == null || !server.known()) {
                return "it is not known any more";
            }
            if (instance.fence() < server.fence()) {
                return "it was given to another since";
            }
            if (server.flags().word() != null) {
                return "it is in " + server.flags().word();
            }
            if (!(server.life() instanceof Life.Deployable)) {
                return "it is " + server.life().word();
            }
            // what is on it is the instance's own, of an earlier attempt
            return server.life() instanceof Life.DeployFailed && !stands(instance) ? "it is not clean" : null;
        }

        private boolean stands(InstanceOrder instance) {
            var consumer = server == null ? null : server.consumer();
            return consumer != null
                    && consumer.fence() == instance.fence()
                    && consumer.resource().equals(instance.resource())
                    && consumer.component().equals(instance.component())
                    && consumer.index() == instance.index();
        }

        private void undeploy(Order order, InstanceOrder instance) {
            if (server == null || !stands(instance)) {
                if (server != null && instance.fence() >= server.fence()) {
                    docket = new Docket(stripped(order), docket.job());
                }
                tell(order, Kind.REACHED, null, null);
                return;
            }
            docket = new Docket(order, docket.job());
            // one that is being taken down is for this order now
            if (!(server.life() instanceof Life.Deleting)) {
                stop();
                takeDown();
            }
        }

        // what becomes of jobs

        private void start(Function<Job, ? extends Life.Transient> state, ServerTask task) {
            if (server == null) {
                return;
            }
            var operation = next();
            var awaitsCall = task instanceof ServerTask.Deploy || task instanceof ServerTask.Clean;
            docket = new Docket(docket.customer(), order(operation, 1, Goal.DONE, task));
            server = server.life(state.apply(Job.waiting(
                    operation,
                    millis(moment.now().plus(deadlines.waiting())),
                    awaitsCall ? tokens.hashFor(operation) : null)));
            begin();
        }

        private String next() {
            var turn = Objects.requireNonNull(server).turn() + 1;
            server = server.turn(turn);
            return id + "/" + turn;
        }

        /** Hands the job to the engine, if nothing else of the server is there and a place is free. */
        void begin() {
            if (server == null
                    || !(server.life() instanceof Life.Transient moving)
                    || moving.job().begun()
                    || server.engaged() != null
                    || docket.job() == null) {
                return;
            }
            var lane = lane(moving);
            if (lane != null) {
                if (taken(lane) >= deadlines.places(moving)) {
                    stores.store(QUEUE).put(row(lane, moving), new byte[] {1});
                    return;
                }
                take(lane, 1);
            }
            server = server.life(
                            moving.at(moving.job().begun(millis(moment.now().plus(deadlines.of(moving))))))
                    .engaged(new Engagement(moving.job().operation(), lane));
            send(docket.job());
        }

        private String row(String lane, Life.Transient moving) {
            return lane + "|%016x|".formatted(moving.job().until().toEpochMilli()) + id;
        }

        private @Nullable String lane(Life.Transient moving) {
            return deadlines.places(moving) == 0 || server == null
                    ? null
                    : server.registration().site() + "/" + moving.word();
        }

        private int taken(String lane) {
            var count = stores.store(PLACES).get(lane);
            return count == null ? 0 : ByteBuffer.wrap(count).getInt();
        }

        private void take(String lane, int change) {
            var count = ByteBuffer.allocate(Integer.BYTES).putInt(Math.max(0, taken(lane) + change));
            stores.store(PLACES).put(lane, count.array());
        }

        /** The engine is done with it: what waits for that begins, here and in its lane. */
        private void disengage() {
            vacate();
            if (server != null) {
                server = server.engaged(null);
            }
        }

        /** It needs its place no more, though the engine is not done with it: what waits in its lane begins. */
        private void vacate() {
            var was = server == null ? null : server.engaged();
            if (server == null || was == null) {
                return;
            }
            server = server.engaged(new Engagement(was.operation(), null));
            var lane = was.lane();
            if (lane == null || lane.equals(POWER)) {
                return;
            }
            take(lane, -1);
            var queue = stores.store(QUEUE);
            var first = queue.range(lane + '|', lane + '}', 1);
            // a row may be that of a server which waits no more
            while (!first.isEmpty() && taken(lane) < deadlines.places(lane)) {
                queue.delete(first.getFirst().key());
                advance(first.getFirst().key());
                first = queue.range(lane + '|', lane + '}', 1);
            }
        }

        /** Lets the server begin that waits in a row of the queue. */
        private void advance(String row) {
            var other = row.substring(row.lastIndexOf('|') + 1);
            if (other.equals(id)) {
                return;
            }
            var run = new Run(other, trace, moment, stores);
            run.begin();
            out.addAll(run.finish());
        }

        /** Tells the engine to leave the server as it is. Nothing else begins before it says that it has. */
        private void stop() {
            var job = server == null ? null : server.job();
            if (server != null
                    && job != null
                    && server.engaged() != null
                    && server.engaged().operation().equals(job.operation())) {
                leave(job.operation(), job.attempt(), reads());
            }
        }

        /** @param reads whether what was done till now only read */
        private void leave(String operation, int attempt, boolean reads) {
            if (server != null) {
                send(order(
                        operation,
                        attempt,
                        Goal.UNDONE,
                        new ServerTask.Leave(id, server.registration().bmc(), reads)));
            }
        }

        /** Whether what is being done changes nothing. */
        private boolean reads() {
            return server != null
                    && (server.life() instanceof Life.Verifying
                            || server.life() instanceof Life.Inspecting
                            || server.life() instanceof Life.Adopting);
        }

        private void outcome(OperationOutcome outcome) {
            var engaged = server == null ? null : server.engaged();
            if (server == null || engaged == null || !engaged.operation().equals(outcome.operation())) {
                return;
            }
            if (outcome.goal() == Goal.UNDONE) {
                if (outcome.kind() != Kind.PENDING) {
                    disengage();
                }
                return;
            }
            if (POWER.equals(engaged.lane())) {
                powered(outcome);
                return;
            }
            var job = server.job();
            if (job == null
                    || !job.operation().equals(outcome.operation())
                    || outcome.attempt() != job.attempt()
                    || !(server.life() instanceof Life.Transient moving)) {
                return;
            }
            switch (outcome.kind()) {
                case PENDING -> pending(outcome);
                case REACHED -> {
                    over(job);
                    done(moving, outcome.outputs());
                }
                case FAILED -> {
                    over(job);
                    failed(moving, failure(outcome), true);
                }
            }
        }

        private void over(Job job) {
            leave(job.operation(), job.attempt(), reads());
            docket = new Docket(docket.customer(), null);
            vacate();
        }

        private void powered(OperationOutcome outcome) {
            if (outcome.kind() == Kind.PENDING) {
                return;
            }
            leave(outcome.operation(), outcome.attempt(), false);
            vacate();
            seen(outcome.outputs());
        }

        private void seen(@Nullable JsonNode outputs) {
            if (server != null && outputs != null) {
                server = server.power(
                        Json.MAPPER.convertValue(outputs, ServerTask.Seen.class).power());
            }
        }

        private void done(Life.Transient moving, @Nullable JsonNode outputs) {
            var now = Objects.requireNonNull(server);
            switch (moving) {
                case Life.Verifying verifying -> {
                    server = now.life(verifying.verified());
                    seen(outputs);
                    ahead();
                }
                case Life.Inspecting inspecting -> {
                    server = now.life(inspecting.inspected())
                            .hardware(outputs == null ? null : Json.MAPPER.convertValue(outputs, Hardware.class));
                    ahead();
                }
                case Life.Cleaning cleaning -> {
                    var retired = now.flags().retired() != null;
                    server = now.life(cleaning.provide() && !retired ? cleaning.provided() : cleaning.cleaned())
                            .erased(erasure(outputs))
                            .power("Off")
                            .aim(null);
                }
                case Life.Deploying deploying -> {
                    server = now.life(deploying.deployed()).failedDeploys(0).power("On");
                    customer(Kind.REACHED, outputs, null);
                }
                case Life.Deleting deleting -> {
                    server = now.consumer(null).power("Off");
                    customer(Kind.REACHED, null, null);
                    clean(true, true);
                }
                case Life.Adopting adopting -> {
                    server = now.life(adopting.adopted());
                    seen(outputs);
                }
            }
        }

        private Server.Erasure erasure(@Nullable JsonNode outputs) {
            var found = outputs == null ? null : Json.MAPPER.convertValue(outputs, ServerTask.Erased.class);
            return new Server.Erasure(
                    millis(moment.now()), found == null ? "unknown" : found.how(), found == null ? 0 : found.disks());
        }

        /** Goes on by itself to where its enrolment wants it. */
        private void ahead() {
            if (server == null || server.aim() == null) {
                return;
            }
            switch (server.life()) {
                case Life.Enrolled first -> verify();
                case Life.Manageable known -> {
                    if (server.hardware() == null) {
                        inspect();
                    } else if (server.aim() == Aim.AVAILABLE && server.flags().retired() == null) {
                        clean(true, false);
                    } else {
                        server = server.aim(null);
                    }
                }
                default -> {}
            }
        }

        /** Gives up what the engine may be doing. */
        private void giveUp(Life.Transient moving, Failure failure, boolean counts) {
            stop();
            docket = new Docket(docket.customer(), null);
            failed(moving, failure, counts);
        }

        private void failed(Life.Transient moving, Failure failure, boolean counts) {
            var now = Objects.requireNonNull(server);
            var why = failure.message() + (failure.detail() == null ? "" : " (" + failure.detail() + ")");
            server = now.life(moving.failed(shortened(why))).aim(null);
            switch (moving) {
                case Life.Deploying deploying -> {
                    if (counts && serversFault(failure)) {
                        server = server.failedDeploys(now.failedDeploys() + 1);
                        if (server.failedDeploys() >= MOST_FAILED_DEPLOYS) {
                            server = server.flags(server.flags()
                                    .quarantine("the last " + server.failedDeploys() + " deploys failed"));
                        }
                    }
                    customer(Kind.FAILED, null, failure);
                }
                case Life.Deleting deleting -> customer(Kind.FAILED, null, failure);
                case Life.Adopting adopting -> server = server.consumer(null);
                case Life.Inspecting inspecting -> server = server.hardware(null);
                case Life.Verifying verifying -> {}
                case Life.Cleaning cleaning -> {}
            }
        }

        private static boolean serversFault(Failure failure) {
            return switch (failure.category()) {
                case VALIDATION, POLICY, QUOTA, CAPACITY, CONFLICT, BUG -> false;
                case AUTH, THROTTLED, CONNECTIVITY, PROVIDER, TIMEOUT -> true;
            };
        }

        /** Orders the job anew, with a field of its task changed: the engine goes on with it at once. */
        private void reorder(Function<Job, Job> change, String field, boolean value) {
            var order = docket.job();
            if (server == null || !(server.life() instanceof Life.Transient moving) || order == null) {
                return;
            }
            var job = change.apply(moving.job());
            var task = ((ObjectNode) order.specification().deepCopy()).put(field, value);
            var next = new Order(
                    order.id(),
                    order.resource(),
                    order.request(),
                    order.sequence(),
                    order.step(),
                    job.attempt(),
                    order.queue(),
                    order.instances(),
                    order.goal(),
                    task);
            docket = new Docket(docket.customer(), next);
            server = server.life(moving.at(job));
            if (job.begun()) {
                send(next);
            }
        }

        void fired(Timer timer) {
            if (server == null) {
                return;
            }
            if (!timer.name().equals(DEADLINE)) {
                if (server.engaged() != null && server.engaged().operation().equals(timer.name())) {
                    leave(timer.name(), 1, false);
                }
                return;
            }
            var job = server.job();
            if (server.life() instanceof Life.Transient moving
                    && job != null
                    && job.held() == null
                    && job.until().equals(timer.due())) {
                giveUp(
                        moving,
                        new Failure(
                                FailureCategory.TIMEOUT,
                                "Server " + id + " was " + moving.word() + " for too long.",
                                job.begun() ? null : "it could not begin",
                                true),
                        true);
            }
        }

        // what is said

        private void customer(Kind kind, @Nullable JsonNode outputs, @Nullable Failure failure) {
            var customer = docket.customer();
            if (customer != null) {
                tell(customer, kind, outputs, failure);
                docket = new Docket(stripped(customer), docket.job());
            }
        }

        /** Without what was to be installed, once that is over: what remains tells a repeated order from a new one. */
        private Order stripped(Order order) {
            var instance = Json.MAPPER.convertValue(order.specification(), InstanceOrder.class);
            return new Order(
                    order.id(),
                    order.resource(),
                    order.request(),
                    order.sequence(),
                    order.step(),
                    order.attempt(),
                    order.queue(),
                    order.instances(),
                    order.goal(),
                    Order.specification(new InstanceOrder(
                            instance.server(),
                            instance.fence(),
                            instance.site(),
                            instance.resource(),
                            instance.component(),
                            instance.index(),
                            null)));
        }

        private void pending(OperationOutcome outcome) {
            var customer = docket.customer();
            if (customer == null
                    || !(server != null
                            && (server.life() instanceof Life.Deploying || server.life() instanceof Life.Deleting))) {
                return;
            }
            var found = outcome.pending();
            tell(
                    customer,
                    Kind.PENDING,
                    null,
                    null,
                    new PendingOperation(
                            customer.id(),
                            customer.instances(),
                            found.tries(),
                            found.lastError(),
                            found.worker(),
                            found.fence(),
                            found.nextTry()));
        }

        private void tell(Order order, Kind kind, @Nullable JsonNode outputs, @Nullable Failure failure) {
            tell(
                    order,
                    kind,
                    outputs,
                    failure,
                    new PendingOperation(order.id(), order.instances(), 0, failure, null, 0, null));
        }

        private void tell(
                Order order,
                Kind kind,
                @Nullable JsonNode outputs,
                @Nullable Failure failure,
                PendingOperation pending) {
            say(
                    Topics.outcomes(Owner.BAREMETAL),
                    order.resource().toString(),
                    OperationOutcome.TYPE,
                    new OperationOutcome(
                            order.id(),
                            order.resource(),
                            order.request(),
                            order.sequence(),
                            order.step(),
                            order.attempt(),
                            order.goal(),
                            kind,
                            kind == Kind.REACHED ? outputs : null,
                            kind == Kind.FAILED ? failure : null,
                            pending));
        }

        private Order order(String operation, int attempt, Goal goal, ServerTask task) {
            var customer = docket.customer();
            return new Order(
                    operation,
                    // the engine's outcomes are keyed by resource: one for each server spreads them
                    new ResourceId("groundwork", "servers", id),
                    customer == null ? new RequestId(Uuids.named("server", id)) : customer.request(),
                    0,
                    null,
                    attempt,
                    "site-" + Objects.requireNonNull(server).registration().site(),
                    List.of(id),
                    goal,
                    Order.specification(task));
        }

        private void send(Order order) {
            say(Topics.operations(Owner.BAREMETAL), order.id(), Order.TYPE, order);
        }

        private void say(String topic, String key, String type, Object payload) {
            out.add(Commands.message(topic, key, messageId(topic, key), type, moment.now(), trace, payload));
        }

        private String messageId(String topic, String key) {
            return Uuids.named(id, topic, key, moment.now().toString(), Integer.toString(out.size()))
                    .toString();
        }

        private void answer(Result what, String sentence) {
            result = what;
            detail = sentence;
        }

        // the end

        /** Saves what changed, and says it. */
        List<Message> finish() {
            begin();
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
                papers(stores.store(DOCKETS));
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

        private void papers(KeyValues dockets) {
            if (docket.equals(Docket.EMPTY)) {
                dockets.delete(id);
            } else {
                dockets.put(id, Json.write(docket));
            }
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

    private static Instant millis(Instant time) {
        return Instant.ofEpochMilli(time.toEpochMilli());
    }

    /** Reasons stand in the server's state, which is small. */
    private static String shortened(String reason) {
        return reason.length() <= 160 ? reason : reason.substring(0, 159) + "…";
    }

    private static Failure failure(OperationOutcome outcome) {
        return outcome.failure() == null
                ? Failure.permanent(FailureCategory.BUG, "The operation failed without a reason.")
                : outcome.failure();
    }
}
