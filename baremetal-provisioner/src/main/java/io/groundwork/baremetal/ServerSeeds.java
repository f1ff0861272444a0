package io.groundwork.baremetal;

import com.fasterxml.jackson.core.type.TypeReference;
import io.groundwork.baremetal.api.Enrolment;
import io.groundwork.baremetal.domain.Registration.Bmc;
import io.groundwork.baremetal.domain.ServerCommand;
import io.groundwork.events.Json;
import io.groundwork.events.Topics;
import io.groundwork.events.Uuids;
import io.groundwork.runtime.streams.CommandGateway;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/** Enrols servers at the first start, in the background. One that was changed or deleted since stays so. */
@ApplicationScoped
public class ServerSeeds {

    private static final Logger LOG = Logger.getLogger(ServerSeeds.class);
    private static final long AGAIN_NANOS = 2_000_000_000L;

    private final BaremetalConfig config;
    private final CommandGateway gateway;

    @Inject
    public ServerSeeds(BaremetalConfig config, CommandGateway gateway) {
        this.config = config;
        this.gateway = gateway;
    }

    void seed(@Observes StartupEvent start) {
        config.seeds().ifPresent(source -> {
            LOG.infof("enrolling servers from %s", source);
            var servers = read(source);
            Thread.ofVirtual().name("seeds").start(() -> servers.forEach(this::enrol));
        });
    }

    private void enrol(Enrolment server) {
        var seed = new ServerCommand.Seed(at(server).registration(), server.aim());
        while (!Thread.currentThread().isInterrupted()) {
            try {
                gateway.send(
                        Topics.SERVERS,
                        server.id(),
                        Uuids.named("seed", server.id()).toString(),
                        ServerCommand.Seed.TYPE,
                        seed);
                return;
            } catch (CommandGateway.Unavailable unavailable) {
                LOG.warnf("%s could not be enrolled; trying again", server.id());
                LockSupport.parkNanos(AGAIN_NANOS);
            }
        }
    }

    /** With the address and certificate that the configuration adds. */
    private Enrolment at(Enrolment server) {
        var bmc = server.bmc();
        var address =
                config.seedsBase().map(base -> base.resolve(bmc.address())).orElse(bmc.address());
        var fingerprint = bmc.fingerprint() == null ? config.seedsFingerprint().orElse(null) : bmc.fingerprint();
        return server.reachedBy(new Bmc(address, bmc.credential(), fingerprint));
    }

    private static List<Enrolment> read(String source) {
        try (var resource = Thread.currentThread().getContextClassLoader().getResourceAsStream(source)) {
            var bytes = resource == null ? Files.readAllBytes(Path.of(source)) : resource.readAllBytes();
            return Json.MAPPER.readValue(bytes, new TypeReference<List<Enrolment>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException("servers " + source + " cannot be read", e);
        }
    }
}
