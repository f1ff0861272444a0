package io.groundwork.baremetal.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.baremetal.domain.Registration.Bmc;
import io.groundwork.events.Catalogue.Boot;
import io.groundwork.events.Catalogue.OsTemplate;
import io.groundwork.events.Component.Shutdown;
import io.groundwork.events.ComponentEvent.PendingOperation;
import io.groundwork.events.ComponentOutputs;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Grant.AllocatedAddress;
import io.groundwork.events.Json;
import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestId;
import io.groundwork.events.Reservation;
import io.groundwork.events.ResourceId;
import io.groundwork.events.ServerFact;
import io.groundwork.events.StepId;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.Goal;
import io.groundwork.runtime.InMemoryStores;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.OperationOutcome;
import io.groundwork.runtime.OperationOutcome.Kind;
import io.groundwork.runtime.Order;
import io.groundwork.runtime.Timers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The server machine with the words of all others, and the engine's, in the test's hand. */
final class Yard {

    static final ResourceId WEB = ResourceId.parse("acme/payments/web-prod");
    static final ResourceId SHOP = ResourceId.parse("acme/shop/front");
    /** Of every instance. */
    static final Shutdown SHUTDOWN = new Shutdown(Duration.ofMinutes(5), false);

    static final Failure BROKEN = new Failure(FailureCategory.PROVIDER, "broken", null, false);
    static final Hardware HARDWARE = new Hardware(
            128,
            256,
            List.of(447, 447, 3576, 3576),
            List.of("02:aa:bb:cc:dd:01", "02:aa:bb:cc:dd:02", "02:aa:bb:cc:dd:03", "02:aa:bb:cc:dd:04"));

    final Tokens tokens = new Tokens("a secret that only this test ever knows");
    final InMemoryStores stores = new InMemoryStores();
    final ServerMachine machine;
    /** What the engine was asked last, by operation. */
    final Map<String, Order> ordered = new LinkedHashMap<>();

    final List<ServerFact> facts = new ArrayList<>();
    final List<OperationOutcome> outcomes = new ArrayList<>();
    final List<ServerCommand.Answer> answers = new ArrayList<>();
    final List<Message> letters = new ArrayList<>();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");

    Yard() {
        this(Deadlines.DEFAULT);
    }

    Yard(Deadlines deadlines) {
        machine = new ServerMachine(deadlines, tokens);
    }

    static Registration registration(String id) {
        return new Registration(
                "ams1",
                "m1.large",
                null,
                "rack-1",
                List.of("gpu", "fast-disks"),
                new Bmc(URI.create("https://bmc.ams1.example:8443/bmc/" + id), "lab", "ab".repeat(32)),
                false);
    }

    Yard enrol(String id, Server.@Nullable Aim aim) {
        return ask(id, ServerCommand.Enrol.TYPE, new ServerCommand.Enrol(registration(id), aim, "op@acme.example"));
    }

    /** Enrolled, verified, inspected and cleaned. */
    Yard available(String id) {
        enrol(id, Server.Aim.AVAILABLE);
        reach(id, new ServerTask.Seen("Off"));
        reach(id, HARDWARE);
        reach(id, new ServerTask.Erased("secure-erase", 4));
        assertThat(server(id).life()).isInstanceOf(Life.Available.class);
        return this;
    }

    Yard perform(String id, Verb verb) {
        return perform(id, verb, false);
    }

    Yard perform(String id, Verb verb, boolean allowDataLoss) {
        return ask(
                id,
                ServerCommand.Do.TYPE,
                new ServerCommand.Do(
                        verb, "op@acme.example", "because", allowDataLoss, new ServerCommand.Instance(SHOP, "old", 0)));
    }

    Yard ask(String id, String type, Object command) {
        return say(Commands.message(Topics.SERVERS, id, UUID.randomUUID().toString(), type, now, null, command));
    }

    Yard reserve(String id, long fence, Reservation.Kind kind) {
        return say(Commands.message(
                Topics.RESERVATIONS,
                id,
                UUID.randomUUID().toString(),
                Reservation.TYPE,
                now,
                null,
                new Reservation(id, fence, new Reservation.Holder(WEB, 1, "db", 0), kind)));
    }

    static Order deploy(String id, ResourceId resource, long fence, int attempt, Goal goal) {
        var installation = new InstanceOrder.Installation(
                new OsTemplate(
                        Boot.VIRTUAL_MEDIA, "http://images/debian-12.iso", null, null, null, null, null, false, ""),
                List.of("default"),
                List.of(new AllocatedAddress(
                        "db", 0, "default", "ams1-default", "10.20.0.11", 24, "10.20.0.1", List.of(), null)),
                null,
                "#cloud-config\n" + "x".repeat(3000),
                false);
        return new Order(
                resource + "#" + fence + "/db/0",
                resource,
                new RequestId(new UUID(0, fence)),
                fence,
                new StepId("provision:db"),
                attempt,
                "site-ams1",
                List.of("db-0"),
                goal,
                Order.specification(new InstanceOrder(
                        id,
                        fence,
                        "ams1",
                        resource,
                        "db",
                        0,
                        goal == Goal.DONE ? installation : null,
                        goal == Goal.DONE ? SHUTDOWN : null)));
    }

    Yard order(Order order) {
        var spec = Json.MAPPER.convertValue(order.specification(), InstanceOrder.class);
        return ask(spec.server(), Order.TYPE, order);
    }

    /** The engine has brought what it has of the server to its goal, and left it. */
    Yard reach(String id, @Nullable Object outputs) {
        var order = current(id);
        return outcome(order, Kind.REACHED, outputs, null).left(order.id());
    }

    Yard fail(String id) {
        var order = current(id);
        return outcome(order, Kind.FAILED, null, BROKEN).left(order.id());
    }

    /** The engine has left the server as an operation's last order told it to, if it did. */
    Yard left(String operation) {
        var last = ordered.get(operation);
        return last != null && last.goal() == Goal.UNDONE ? outcome(last, Kind.REACHED, null, null) : this;
    }

    /** What the engine has of a server now. */
    Order current(String id) {
        var engaged = server(id).engaged();
        assertThat(engaged).as("the engine has something of " + id).isNotNull();
        return ordered.get(engaged.operation());
    }

    /** Somebody looks at its power. */
    Yard look(String id, String power) {
        return look(id, power, server(id).turn());
    }

    Yard look(String id, String power, long turn) {
        return ask(id, ServerCommand.Looked.TYPE, new ServerCommand.Looked(power, turn));
    }

    /** What the engine takes down on a server. */
    ServerTask.Undeploy undeploying(String id) {
        return Json.MAPPER.convertValue(current(id).specification(), ServerTask.Undeploy.class);
    }

    Yard outcome(Order order, Kind kind, @Nullable Object outputs, @Nullable Failure failure) {
        return ask(
                ServerMachine.serverOf(order.id()).orElseThrow(),
                OperationOutcome.TYPE,
                OperationOutcome.of(
                        order,
                        kind,
                        outputs == null ? null : Json.MAPPER.valueToTree(outputs),
                        failure,
                        new PendingOperation(order.id(), order.instances(), 1, failure, "worker", 1, null, null)));
    }

    static ComponentOutputs.Instance made(String id) {
        return new ComponentOutputs.Instance(0, id, "10.20.0.11", "ams1");
    }

    Yard say(Message message) {
        take(machine.handle(new Input.Received(message), new Moment(now, new Random(1)), stores));
        return this;
    }

    /** Time goes on; what falls due on the way does. */
    Yard pass(Duration time) {
        var end = now.plus(time);
        for (var due = new Timers(stores).due(end, 1); !due.isEmpty(); due = new Timers(stores).due(end, 1)) {
            var timer = due.getFirst();
            now = timer.due().isAfter(now) ? timer.due() : now;
            take(machine.handle(new Input.Fired(timer), new Moment(now, new Random(1)), stores));
        }
        now = end;
        return this;
    }

    private void take(List<Message> messages) {
        for (var message : messages) {
            switch (message.topic()) {
                case Topics.INVENTORY -> {
                    if (message.value() != null) {
                        facts.add(Json.read(message.value(), ServerFact.class));
                    }
                }
                case Topics.REGISTRY -> {}
                default -> {
                    if (message.topic().equals(Topics.operations(Owner.BAREMETAL))) {
                        var order = Json.read(message.value(), Order.class);
                        ordered.merge(order.id(), order, (old, next) -> next.replaces(old) ? next : old);
                    } else if (message.topic().equals(Topics.outcomes(Owner.BAREMETAL))) {
                        outcomes.add(Json.read(message.value(), OperationOutcome.class));
                    } else if (message.topic().equals(Topics.replies(Owner.BAREMETAL))) {
                        answers.add(Json.read(message.value(), ServerCommand.Answer.class));
                    } else {
                        letters.add(message);
                    }
                }
            }
        }
    }

    Server server(String id) {
        return Json.read(stores.store(ServerRun.SERVERS).get(id), Server.class);
    }

    int size(String id) {
        return stores.store(ServerRun.SERVERS).get(id).length;
    }
}
