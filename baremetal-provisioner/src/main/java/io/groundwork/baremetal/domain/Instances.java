package io.groundwork.baremetal.domain;

import io.groundwork.events.Component.Shutdown;
import io.groundwork.events.Failure;
import io.groundwork.events.FailureCategory;
import io.groundwork.events.Reservation;
import io.groundwork.events.ServerFact;
import io.groundwork.runtime.OperationOutcome.Kind;
import io.groundwork.runtime.Order;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whose a server is: what allocation-service says of it, and the orders for instances, each under the fence of its grant. */
final class Instances {

    private static final Shutdown AT_ONCE = new Shutdown(Duration.ZERO, true);

    private final ServerRun run;
    private final Jobs jobs;
    private final Customer customer;

    Instances(ServerRun run, Jobs jobs, Customer customer) {
        this.run = run;
        this.jobs = jobs;
        this.customer = customer;
    }

    void reserve(Reservation reservation) {
        var server = run.server();
        if (server == null) {
            return;
        }
        switch (reservation.kind()) {
            case RESERVED -> {
                if (reservation.fence() > server.fence()) {
                    var heard = server.fence(reservation.fence());
                    run.server(heard.life() instanceof Life.Available free ? heard.life(free.reserved()) : heard);
                }
            }
            case RELEASED -> {
                if (reservation.fence() >= server.fence()) {
                    // also if it changes nothing: the pool waits for the server's word that is newer than the grant
                    run.acknowledge();
                    var heard = server.fence(reservation.fence());
                    run.server(
                            heard.life() instanceof Life.Reserved reserved ? heard.life(reserved.released()) : heard);
                }
            }
        }
    }

    void order(Order order) {
        var last = run.docket().customer();
        if (last != null && last.id().equals(order.id()) && !order.replaces(last)) {
            return;
        }
        var instance = Customer.instance(order);
        switch (order.goal()) {
            case DONE -> deploy(order, instance);
            case UNDONE -> undeploy(order, instance);
        }
    }

    private void deploy(Order order, InstanceOrder instance) {
        var server = run.server();
        var objection = objection(server, instance);
        if (objection != null || server == null) {
            customer.tell(
                    order,
                    Kind.FAILED,
                    null,
                    Failure.permanent(
                            FailureCategory.CONFLICT, "Server " + run.id() + " cannot be had: " + objection + "."));
            return;
        }
        run.docket(run.docket().customer(order));
        run.server(server.fence(instance.fence())
                .consumer(new ServerFact.Consumer(
                        instance.resource(), instance.component(), instance.index(), instance.fence())));
        jobs.deploy(instance);
    }

    /** Why the server cannot be had for an instance; null if it can. */
    private static @Nullable String objection(@Nullable Server server, InstanceOrder instance) {
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
        return server.life() instanceof Life.DeployFailed && !stands(server, instance) ? "it is not clean" : null;
    }

    private static boolean stands(Server server, InstanceOrder instance) {
        var consumer = server.consumer();
        return consumer != null
                && consumer.fence() == instance.fence()
                && consumer.resource().equals(instance.resource())
                && consumer.component().equals(instance.component())
                && consumer.index() == instance.index();
    }

    private void undeploy(Order order, InstanceOrder instance) {
        var server = run.server();
        if (server == null || !stands(server, instance)) {
            if (server != null && instance.fence() >= server.fence()) {
                run.docket(run.docket().customer(Customer.stripped(order)));
            }
            customer.tell(order, Kind.REACHED, null, null);
            return;
        }
        var ending = instance.ending(shutdown(server));
        run.docket(run.docket().customer(order.anew(order.attempt(), Order.specification(ending))));
        // one that is being taken down is for this order now
        if (!(server.life() instanceof Life.Deleting)) {
            jobs.stop();
            jobs.takeDown(ending.shutdown());
        }
    }

    /** What never called home has nothing that an end in order would save. */
    private @Nullable Shutdown shutdown(Server server) {
        return server.life() instanceof Life.Deploying || server.life() instanceof Life.DeployFailed
                ? AT_ONCE
                : customer.shutdown();
    }
}
