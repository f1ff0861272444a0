package io.groundwork.simulators.redfish;

import io.groundwork.simulators.Fault;
import io.groundwork.simulators.Faults;
import io.groundwork.simulators.Routes;
import io.groundwork.simulators.Simulator;
import io.groundwork.simulators.SimulatorMain;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Simulated servers with BMCs that speak Redfish, in this process or, by {@link #main}, as one of its own. Every BMC has a
 * service root of its own at {@link #bmc}, with its own sessions; {@link #baseUrl} has one that shows all servers. People
 * and tests look in and interfere at {@code /_groundwork/} or through the methods here.
 */
public final class RedfishSimulator extends Simulator<RedfishSettings> {
    /** The port when none is given. */
    public static final int DEFAULT_PORT = 8443;

    private final Fleet fleet;
    private final @Nullable Certificate certificate;

    /**
     * How a simulator is started.
     *
     * @param host the address to listen on
     * @param port 0 for any free one
     * @param data where it keeps what it holds; null to forget it at the end. One simulator at a time
     * @param tls whether it speaks HTTPS or plain HTTP
     * @param user the account of every BMC
     * @param servers those that are there at the first start
     */
    public record Config(
            String host,
            int port,
            @Nullable Path data,
            boolean tls,
            String user,
            String password,
            List<ServerSpec> servers,
            RedfishSettings settings,
            InstantSource clock) {
        /** The account of a simulator that is not told another. */
        public static final String DEFAULT_USER = "groundwork";

        public static final String DEFAULT_PASSWORD = "groundwork-local";

        /** A free port of this machine, HTTPS, {@code srv-1} to {@code srv-20}, nothing kept. */
        public static Config defaults() {
            return new Config(
                    "127.0.0.1",
                    0,
                    null,
                    true,
                    DEFAULT_USER,
                    DEFAULT_PASSWORD,
                    ServerSpec.numbered(20).toList(),
                    RedfishSettings.DEFAULT,
                    InstantSource.system());
        }

        public Config withAddress(String address, int number) {
            return new Config(address, number, data, tls, user, password, servers, settings, clock);
        }

        public Config withData(@Nullable Path directory) {
            return new Config(host, port, directory, tls, user, password, servers, settings, clock);
        }

        public Config withTls(boolean on) {
            return new Config(host, port, data, on, user, password, servers, settings, clock);
        }

        public Config withCredentials(String name, String secret) {
            return new Config(host, port, data, tls, name, secret, servers, settings, clock);
        }

        public Config withServers(Stream<ServerSpec> specs) {
            return new Config(host, port, data, tls, user, password, specs.toList(), settings, clock);
        }

        public Config withSettings(RedfishSettings changed) {
            return new Config(host, port, data, tls, user, password, servers, changed, clock);
        }

        public Config withClock(InstantSource source) {
            return new Config(host, port, data, tls, user, password, servers, settings, source);
        }
    }

    private RedfishSimulator(Config config, Credentials credentials, Routes<Route> routes) throws IOException {
        super(config.settings(), new Faults(RedfishHandler.actions(routes), Map.of(Fault.Kind.NO_CAPACITY, Set.of())));
        this.fleet = Fleet.open(config.data(), config.servers(), config.clock(), this::settings);
        try {
            this.certificate = config.tls() ? Certificate.in(config.data()) : null;
            listen(
                    config.host(),
                    config.port(),
                    certificate == null ? null : certificate.context(),
                    new RedfishHandler(fleet, credentials, routes, faults(), calls()),
                    new RedfishControl(this, fleet).on(control()));
        } catch (IOException | RuntimeException e) {
            fleet.close();
            throw e;
        }
    }

    /**
     * Starts a simulator.
     *
     * @throws java.net.BindException if the port is in use
     * @throws IOException if the data directory cannot be used
     */
    public static RedfishSimulator start(Config config) throws IOException {
        var credentials = new Credentials(config.user(), config.password());
        return new RedfishSimulator(config, credentials, RedfishHandler.routes(credentials));
    }

    /**
     * Runs until it is stopped by a signal; see {@link SimulatorMain} for the options. Its own are {@code --servers N}, by
     * default 20, {@code --scheme http|https}, and {@code --netboot URL}, which is {@link RedfishSettings#netbootUrl}. The account comes from the environment, {@code GROUNDWORK_REDFISH_USER}
     * and {@code GROUNDWORK_REDFISH_PASSWORD}.
     */
    public static void main(String[] arguments) {
        SimulatorMain.run(
                "Redfish simulator",
                DEFAULT_PORT,
                Set.of("servers", "scheme", "netboot"),
                arguments,
                options -> start(Config.defaults()
                        .withAddress(options.host(), options.port())
                        .withData(options.data())
                        .withTls(isTls(options.own().getOrDefault("scheme", "https")))
                        .withServers(ServerSpec.numbered(count(options.own().getOrDefault("servers", "20"))))
                        .withSettings(RedfishSettings.DEFAULT.withNetbootUrl(
                                options.own().get("netboot")))
                        .withCredentials(
                                SimulatorMain.environment("GROUNDWORK_REDFISH_USER", Config.DEFAULT_USER),
                                SimulatorMain.environment("GROUNDWORK_REDFISH_PASSWORD", Config.DEFAULT_PASSWORD))));
    }

    private static boolean isTls(String scheme) {
        if (!Set.of("http", "https").contains(scheme)) {
            throw new IllegalArgumentException("a scheme is http or https, not " + scheme);
        }
        return scheme.equals("https");
    }

    private static int count(String number) {
        if (!number.matches("\\d{1,6}")) {
            throw new IllegalArgumentException("servers are a number, not " + number);
        }
        return Integer.parseInt(number);
    }

    /** The base URL of one server's BMC; its service root is {@code /redfish/v1/} below. */
    public URI bmc(String id) {
        return URI.create(baseUrl() + "/bmc/" + id);
    }

    /** SHA-256 of the TLS certificate in lower-case hexadecimal; null without TLS. */
    public @Nullable String fingerprint() {
        return certificate == null ? null : certificate.fingerprint();
    }

    /** The TLS certificate as PEM; null without TLS. */
    public @Nullable String certificate() {
        return certificate == null ? null : certificate.pem();
    }

    @Override
    public String where() {
        return baseUrl() + (certificate == null ? "" : ", certificate SHA-256 " + certificate.fingerprint());
    }

    /** @throws NoSuchElementException if there is no such server */
    public ServerView server(String id) {
        return find(id).alone(machine -> ServerView.of(machine, fleet.now(), settings()));
    }

    /** Every server; of a large fleet, a large answer. */
    public List<ServerView> servers() {
        return fleet.views().toList();
    }

    /** Every change by one session that was interleaved with another's, of all servers. */
    public List<ServerView.Overlap> overlaps() {
        return fleet.views().flatMap(view -> view.overlaps().stream()).toList();
    }

    /** Changes what a server is: its quirks, its password, its memory. */
    public void configure(String id, UnaryOperator<ServerSpec> change) {
        change(id, (machine, now) -> machine.spec = change.apply(machine.spec));
    }

    /** What the server gets offered when it boots by PXE; null for nothing but {@link RedfishSettings#netbootUrl()}. */
    public void netboot(String id, @Nullable BootImage image) {
        change(id, (machine, now) -> machine.netboot = image);
    }

    /** Enables or shuts the switch port that a server's network interface is wired to. */
    public Port setPort(String id, String nic, boolean enabled, @Nullable Integer vlan) {
        port(id, nic);
        change(
                id,
                (machine, now) ->
                        machine.ports.replaceAll(port -> port.nic().equals(nic) ? port.set(enabled, vlan, now) : port));
        return port(id, nic);
    }

    /** @throws NoSuchElementException if there is no such port */
    public Port port(String id, String nic) {
        return server(id).ports().stream()
                .filter(port -> port.nic().equals(nic))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(id + " has no " + nic));
    }

    private void change(String id, BiConsumer<Machine, Instant> change) {
        find(id).alone(machine -> {
            change.accept(machine, fleet.now());
            machine.change();
            return null;
        });
    }

    private Server find(String id) {
        return fleet.server(id).orElseThrow(() -> new NoSuchElementException("There is no server " + id + "."));
    }

    @Override
    public void close() {
        super.close();
        fleet.close();
    }
}
