package io.groundwork.baremetal;

import io.groundwork.baremetal.domain.ServerCommand;
import io.groundwork.baremetal.domain.ServerEntry;
import io.groundwork.baremetal.driver.Bmcs;
import io.groundwork.baremetal.driver.RedfishException;
import io.groundwork.baremetal.view.LookRow;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import io.groundwork.runtime.Rounds;
import io.groundwork.runtime.streams.CommandGateway;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks now and then at the power of servers that nothing is done with, and tells them what it finds if that is not what they
 * think. It changes nothing. A look costs one call of the BMC, and nothing else where all is as it was left; the processes of the
 * service share the looks by rows of the database.
 */
@ApplicationScoped
public class PowerWatch {

    private static final Logger LOG = Logger.getLogger(PowerWatch.class);
    private static final Duration ROUND = Duration.ofSeconds(1);
    /** What else Redfish knows is on its way to one of them. */
    private static final Set<String> SETTLED = Set.of("On", "Off");

    private final BaremetalConfig.Looks config;
    private final Bmcs bmcs;
    private final CommandGateway gateway;
    private final Semaphore places;
    private @Nullable Rounds rounds;

    @Inject
    public PowerWatch(BaremetalConfig config, Bmcs bmcs, CommandGateway gateway) {
        this.config = config.looks();
        this.bmcs = bmcs;
        this.gateway = gateway;
        this.places = new Semaphore(this.config.perSecond());
    }

    void start(@Observes StartupEvent start) {
        if (!config.every().isZero()) {
            rounds = Rounds.every(ROUND, "power-watch", this::round);
        }
    }

    void stop(@Observes ShutdownEvent stop) {
        if (rounds != null) {
            rounds.close();
        }
    }

    /** As many as there are places for: BMCs that do not answer take places, and no more than those. */
    private void round() {
        var free = places.availablePermits();
        if (free == 0) {
            return;
        }
        QuarkusTransaction.requiringNew()
                .call(() -> LookRow.take(free, config.every()))
                .forEach(server -> {
                    places.acquireUninterruptibly();
                    Thread.ofVirtual().name("look").start(() -> {
                        try {
                            look(server);
                        } finally {
                            places.release();
                        }
                    });
                });
    }

    private void look(ServerEntry server) {
        try (var redfish = bmcs.apply(server.registration().bmc())) {
            var power = redfish.observe().power();
            if (power != null && SETTLED.contains(power) && !power.equals(server.power())) {
                gateway.send(
                        Topics.SERVERS,
                        server.id(),
                        Uuids.named(
                                        "look",
                                        server.id(),
                                        Long.toString(server.turn()),
                                        power,
                                        String.valueOf(server.drift()))
                                .toString(),
                        ServerCommand.Looked.TYPE,
                        new ServerCommand.Looked(power, server.turn()));
            }
        } catch (RedfishException | CommandGateway.Unavailable unseen) {
            LOG.debugf("the power of %s was not seen: %s", server.id(), unseen.getMessage());
        }
    }
}
