package io.groundwork.simulators.ec2;

import io.groundwork.simulators.Fault;
import io.groundwork.simulators.Faults;
import io.groundwork.simulators.Simulator;
import io.groundwork.simulators.SimulatorMain;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A simulated EC2, in this process or, by {@link #main}, as one of its own. It answers the AWS SDKs and the {@code aws}
 * command line at {@link #baseUrl}, and lets people and tests look in and interfere at {@code /_groundwork/} or through the
 * methods here.
 */
public final class Ec2Simulator extends Simulator<Ec2Settings> {
    /** The port when none is given. */
    public static final int DEFAULT_PORT = 4566;

    private final Cloud cloud;
    private final InstantSource clock;

    /**
     * How a simulator is started.
     *
     * @param host the address to listen on
     * @param port 0 for any free one
     * @param data where it keeps what it holds; null to forget it at the end. One simulator at a time
     * @param accessKey the access key that may call; AssumeRole hands out others
     * @param account twelve digits, the owner of everything
     */
    public record Config(
            String host,
            int port,
            @Nullable Path data,
            String accessKey,
            String secretKey,
            String account,
            Ec2Settings settings,
            InstantSource clock) {
        /** The access key and the secret of a simulator that is not told others. */
        public static final String DEFAULT_ACCESS_KEY = "groundwork";

        public static final String DEFAULT_SECRET_KEY = "groundwork-local";

        /** A free port of this machine, nothing kept. */
        public static Config defaults() {
            return new Config(
                    "127.0.0.1",
                    0,
                    null,
                    DEFAULT_ACCESS_KEY,
                    DEFAULT_SECRET_KEY,
                    "123456789012",
                    Ec2Settings.DEFAULT,
                    InstantSource.system());
        }

        public Config withAddress(String address, int number) {
            return new Config(address, number, data, accessKey, secretKey, account, settings, clock);
        }

        public Config withData(@Nullable Path directory) {
            return new Config(host, port, directory, accessKey, secretKey, account, settings, clock);
        }

        public Config withCredentials(String key, String secret) {
            return new Config(host, port, data, key, secret, account, settings, clock);
        }

        public Config withSettings(Ec2Settings changed) {
            return new Config(host, port, data, accessKey, secretKey, account, changed, clock);
        }

        public Config withClock(InstantSource source) {
            return new Config(host, port, data, accessKey, secretKey, account, settings, source);
        }
    }

    /**
     * An instance as it really is, whatever the consistency delay shows of it.
     *
     * @param state as EC2 names it, such as {@code shutting-down}
     * @param userData whether it was given user data
     */
    public record Machine(
            String id,
            String region,
            String state,
            String imageId,
            String instanceType,
            String privateIp,
            String reservationId,
            @Nullable String keyName,
            List<String> securityGroupIds,
            @Nullable String clientToken,
            Instant launchTime,
            boolean userData,
            Map<String, String> tags) {}

    private Ec2Simulator(Config config, Credentials credentials, Actions actions) throws IOException {
        super(config.settings(), new Faults(actions.names(), Map.of(Fault.Kind.NO_CAPACITY, Actions.NEEDING_CAPACITY)));
        this.cloud = Cloud.open(config.data());
        this.clock = config.clock();
        try {
            listen(
                    config.host(),
                    config.port(),
                    null,
                    new Ec2Handler(cloud, credentials, actions, faults(), calls(), this::settings, clock),
                    control().listing("instances", query -> instances(query.get("region"), query.get("state"))));
        } catch (IOException | RuntimeException e) {
            cloud.close();
            throw e;
        }
    }

    /**
     * Starts a simulator.
     *
     * @throws java.net.BindException if the port is in use
     * @throws IOException if the data directory cannot be used
     */
    public static Ec2Simulator start(Config config) throws IOException {
        var credentials = new Credentials(config.account(), config.accessKey(), config.secretKey());
        return new Ec2Simulator(config, credentials, new Actions(credentials));
    }

    /**
     * Runs until it is stopped by a signal; see {@link SimulatorMain} for the options. The credentials come from the
     * environment, {@code GROUNDWORK_EC2_ACCESS_KEY} and {@code GROUNDWORK_EC2_SECRET_KEY}.
     */
    public static void main(String[] arguments) {
        SimulatorMain.run(
                "EC2 simulator",
                DEFAULT_PORT,
                arguments,
                options -> start(Config.defaults()
                        .withAddress(options.host(), options.port())
                        .withData(options.data())
                        .withCredentials(
                                SimulatorMain.environment("GROUNDWORK_EC2_ACCESS_KEY", Config.DEFAULT_ACCESS_KEY),
                                SimulatorMain.environment("GROUNDWORK_EC2_SECRET_KEY", Config.DEFAULT_SECRET_KEY))));
    }

    /** Every instance of every region, the terminated ones that are still remembered included. */
    public List<Machine> instances() {
        return instances(null, null);
    }

    private List<Machine> instances(@Nullable String region, @Nullable String state) {
        var now = clock.instant();
        return cloud.regions().stream()
                .filter(each -> region == null || each.name().equals(region))
                .flatMap(each -> each
                        .alone(
                                now,
                                () -> each.instances().stream()
                                        .filter(instance ->
                                                !instance.lifecycle().isForgotten(now))
                                        .map(instance -> machine(each, instance, now))
                                        .filter(machine -> state == null || machine.state.equals(state))
                                        .toList())
                        .stream())
                .toList();
    }

    private static Machine machine(Region region, Instance instance, Instant now) {
        return new Machine(
                instance.id(),
                region.name(),
                instance.state(now).wireName(),
                instance.imageId(),
                instance.instanceType(),
                instance.privateIp(),
                instance.reservationId(),
                instance.keyName(),
                instance.groupIds(),
                instance.clientToken(),
                instance.launchTime(),
                instance.userData() != null,
                instance.tags());
    }

    @Override
    public void close() {
        super.close();
        cloud.close();
    }
}
