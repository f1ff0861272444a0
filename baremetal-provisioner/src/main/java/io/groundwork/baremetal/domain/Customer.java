package io.groundwork.baremetal.domain;

import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.Component.Shutdown;
import io.groundwork.events.ComponentEvent.PendingOperation;
import io.groundwork.events.Failure;
import io.groundwork.events.Json;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.runtime.OperationOutcome;
import io.groundwork.runtime.OperationOutcome.Kind;
import io.groundwork.runtime.Order;
import org.jspecify.annotations.Nullable;

/** Tells who ordered an instance what becomes of the order. */
final class Customer {

    private final ServerRun run;

    Customer(ServerRun run) {
        this.run = run;
    }

    /** The order of the instance that the server has is over, if it has any. */
    void tell(Kind kind, @Nullable JsonNode outputs, @Nullable Failure failure) {
        var order = run.docket().customer();
        if (order != null) {
            tell(order, kind, outputs, failure);
            run.docket(run.docket().customer(stripped(order)));
        }
    }

    /** How far its order is. */
    void pending(PendingOperation found) {
        var order = run.docket().customer();
        var server = run.server();
        if (order == null
                || server == null
                || !(server.life() instanceof Life.Deploying || server.life() instanceof Life.Deleting)) {
            return;
        }
        tell(
                order,
                Kind.PENDING,
                null,
                null,
                new PendingOperation(
                        order.id(),
                        order.instances(),
                        found.tries(),
                        found.lastError(),
                        found.worker(),
                        found.fence(),
                        found.nextTry(),
                        found.detail()));
    }

    void tell(Order order, Kind kind, @Nullable JsonNode outputs, @Nullable Failure failure) {
        tell(
                order,
                kind,
                outputs,
                failure,
                new PendingOperation(order.id(), order.instances(), 0, failure, null, 0, null, null));
    }

    private void tell(
            Order order, Kind kind, @Nullable JsonNode outputs, @Nullable Failure failure, PendingOperation pending) {
        run.say(
                Topics.outcomes(Owner.BAREMETAL),
                order.resource().toString(),
                OperationOutcome.TYPE,
                OperationOutcome.of(order, kind, outputs, failure, pending));
    }

    /** How the system of the instance that the server has is brought to its end; null: as every other. */
    @Nullable
    Shutdown shutdown() {
        var order = run.docket().customer();
        return order == null ? null : instance(order).shutdown();
    }

    static InstanceOrder instance(Order order) {
        return Json.MAPPER.convertValue(order.specification(), InstanceOrder.class);
    }

    /** Without what was to be installed, once that is over: what remains tells a repeated order from a new one. */
    static Order stripped(Order order) {
        return order.anew(order.attempt(), Order.specification(instance(order).installed()));
    }
}
