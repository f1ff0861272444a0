package io.groundwork.local;

import io.groundwork.embedded.EmbeddedKafka;
import io.groundwork.embedded.EmbeddedPostgres;
import io.groundwork.local.inbox.Inbox;
import io.groundwork.simulators.ec2.Ec2Simulator;
import io.groundwork.simulators.redfish.RedfishSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of everything that runs: each program with its command, its environment and the sign that it is ready. A new
 * service is one line in {@link #SERVICES} and one in {@link Ports}.
 */
final class LocalStack {
    private static final String EC2_ACCESS_KEY = Ec2Simulator.Config.DEFAULT_ACCESS_KEY;
    private static final String EC2_SECRET_KEY = Ec2Simulator.Config.DEFAULT_SECRET_KEY;
    private static final String REDFISH_USER = RedfishSimulator.Config.DEFAULT_USER;
    private static final String REDFISH_PASSWORD = RedfishSimulator.Config.DEFAULT_PASSWORD;
    private static final int SERVERS = 20;
    /** Where recorded class data is kept, below the root of the repository. */
    static final String CLASS_DATA = "target/class-data";

    private static final int SERVICE_HEAP_MB = 128;

    private static final List<String> SERVICES = List.of(
            "request-service",
            "approval-service",
            "allocation-service",
            "cloud-provisioner",
            "baremetal-provisioner",
            "iam-service",
            "notification-service");

    private final Path home;
    private final DataDirectory data;
    private final Ports ports;
    private final Keys keys;
    private final JavaCommand java;

    /** @param home where the services are built, the root of the repository */
    LocalStack(Path home, DataDirectory data, Ports ports, Keys keys, JavaCommand java) {
        this.home = home;
        this.data = data;
        this.ports = ports;
        this.keys = keys;
        this.java = java;
    }

    /** What every service needs to know. */
    private Map<String, String> environmentOfAll() {
        var environment = new LinkedHashMap<String, String>();
        // Native memory of RocksDB and of the JVM itself: fewer pools, a third less resident.
        environment.put("MALLOC_ARENA_MAX", "2");
        environment.put("QUARKUS_PROFILE", "local");
        // The profile believes who a caller says to be, so nobody but this machine may call.
        environment.put("QUARKUS_HTTP_HOST", "localhost");
        environment.put("KAFKA_BOOTSTRAP_SERVERS", ports.address("kafka"));
        environment.put("GROUNDWORK_POSTGRES_URL", EmbeddedPostgres.jdbcUrl(ports.of("postgres")));
        environment.put("GROUNDWORK_POSTGRES_USER", EmbeddedPostgres.USER);
        environment.put("GROUNDWORK_POSTGRES_PASSWORD", EmbeddedPostgres.PASSWORD);
        environment.put("GROUNDWORK_SMTP_HOST", "localhost");
        environment.put("GROUNDWORK_SMTP_PORT", Integer.toString(ports.of("smtp")));
        environment.put("GROUNDWORK_EC2_ENDPOINT", ports.url("ec2"));
        environment.put("AWS_ACCESS_KEY_ID", EC2_ACCESS_KEY);
        environment.put("AWS_SECRET_ACCESS_KEY", EC2_SECRET_KEY);
        environment.put("GROUNDWORK_REQUEST_URL", ports.url("request-service"));
        environment.put("GROUNDWORK_APPROVAL_URL", ports.url("approval-service"));
        return environment;
    }

    /** All programs; the first are stopped last. */
    List<Child> children() throws IOException, CannotStartException {
        var children = new ArrayList<Child>();
        children.add(postgres());
        children.add(kafka());
        children.add(inbox());
        children.add(ec2());
        children.add(redfish());
        for (var service : SERVICES) {
            children.add(service(service));
        }
        return children;
    }

    /** {@code endpoints.json} but for the process ids. */
    Map<String, Object> endpoints() {
        var endpoints = new LinkedHashMap<String, Object>();
        SERVICES.forEach(service -> endpoints.put(service, ports.url(service)));
        endpoints.put("inbox", ports.url("inbox"));
        endpoints.put("ec2", ports.url("ec2"));
        endpoints.put("redfish", redfish(ports));
        endpoints.put("kafka", ports.address("kafka"));
        endpoints.put("smtp", ports.address("smtp"));
        endpoints.put("postgres", EmbeddedPostgres.jdbcUrl(ports.of("postgres")));
        endpoints.put(
                "credentials",
                Map.of(
                        "postgres", Map.of("user", EmbeddedPostgres.USER, "password", EmbeddedPostgres.PASSWORD),
                        "ec2", Map.of("accessKey", EC2_ACCESS_KEY, "secretKey", EC2_SECRET_KEY),
                        "redfish",
                                Map.of(
                                        "user",
                                        REDFISH_USER,
                                        "password",
                                        REDFISH_PASSWORD,
                                        "certificate",
                                        redfishCertificate())));
        return endpoints;
    }

    private Child postgres() throws CannotStartException {
        var directory = data.root().resolve("postgres");
        List<String> command;
        try {
            command = EmbeddedPostgres.command(directory, ports.of("postgres"));
        } catch (IllegalStateException noBinaries) {
            throw new CannotStartException(String.valueOf(noBinaries.getMessage()), noBinaries);
        }
        return new Child(
                "postgres",
                Child.Stage.INFRASTRUCTURE,
                () -> EmbeddedPostgres.prepare(directory),
                command,
                Map.of(),
                data.root(),
                pid -> EmbeddedPostgres.isReady(directory, pid),
                Child.StopSignal.INT);
    }

    private Child kafka() throws IOException {
        var directory = data.of("kafka");
        var port = ports.of("kafka");
        return infrastructure(
                "kafka",
                java.main(
                        "kafka",
                        256,
                        EmbeddedKafka.class.getName(),
                        "--port",
                        "" + port,
                        "--data",
                        directory.toString()),
                Probes.port(port));
    }

    private Child inbox() throws IOException {
        var directory = data.of("inbox");
        return infrastructure(
                "inbox",
                java.main(
                        "inbox",
                        64,
                        Inbox.class.getName(),
                        "--smtp",
                        "" + ports.of("smtp"),
                        "--port",
                        "" + ports.of("inbox"),
                        "--data",
                        directory.toString()),
                Probes.http(ports.url("inbox")));
    }

    private Child ec2() throws IOException {
        var directory = data.of("ec2");
        var port = ports.of("ec2");
        return infrastructure(
                "ec2",
                java.main("ec2", 96, Ec2Simulator.class.getName(), "--port", "" + port, "--data", directory.toString()),
                Probes.port(port));
    }

    private Child redfish() throws IOException {
        var directory = data.of("redfish");
        var port = ports.of("redfish");
        return infrastructure(
                "redfish",
                java.main(
                        "redfish",
                        96,
                        RedfishSimulator.class.getName(),
                        "--port",
                        "" + port,
                        "--data",
                        directory.toString(),
                        "--servers",
                        "" + SERVERS,
                        "--netboot",
                        ports.url("baremetal-provisioner") + "/v1/netboot/{mac}"),
                Probes.port(port));
    }

    /** The base URL of the simulated BMCs, each at {@code /bmc/<server>} below. BMCs speak TLS. */
    static String redfish(Ports ports) {
        return "https://" + ports.address("redfish");
    }

    /** The file with the certificate that the BMCs show; it is there when they are ready. */
    private String redfishCertificate() {
        return data.root().resolve("redfish").resolve("certificate.pem").toString();
    }

    private Child infrastructure(String name, List<String> command, Child.Probe probe) {
        return new Child(
                name,
                Child.Stage.INFRASTRUCTURE,
                Child.Preparation.NONE,
                command,
                Map.of(),
                data.root(),
                probe,
                Child.StopSignal.TERM);
    }

    private Child service(String name) throws IOException, CannotStartException {
        var app = home.resolve(name).resolve("target/quarkus-app");
        var jar = app.resolve("quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new CannotStartException(name + " is not built, " + jar + " is missing; ./groundwork up builds it");
        }
        // Its own working directory too: a service takes settings from files where it is started.
        var directory = data.of("services").resolve(name);
        Files.createDirectories(directory);
        var environment = environmentOfAll();
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(ports.of(name)));
        environment.put("GROUNDWORK_DATA_DIR", directory.toString());
        environment.putAll(keys.environment(name));
        if (name.equals("baremetal-provisioner")) {
            environment.put("GROUNDWORK_BAREMETAL_URL", ports.url(name));
            environment.put("GROUNDWORK_REDFISH_ENDPOINT", redfish(ports));
            environment.put("GROUNDWORK_REDFISH_USER", REDFISH_USER);
            environment.put("GROUNDWORK_REDFISH_PASSWORD", REDFISH_PASSWORD);
            environment.put("GROUNDWORK_REDFISH_CERTIFICATE", redfishCertificate());
        }
        return new Child(
                name,
                Child.Stage.SERVICE,
                Child.Preparation.NONE,
                java.service(name, SERVICE_HEAP_MB, app),
                environment,
                directory,
                Probes.http(ports.url(name) + "/q/health/ready"),
                Child.StopSignal.TERM);
    }
}
