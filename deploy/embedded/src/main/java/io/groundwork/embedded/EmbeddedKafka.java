package io.groundwork.embedded;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One Kafka broker, its own controller (KRaft), with its data in a directory: what production runs, made small.
 *
 * <p>Transactions work with this one broker. Topics are created by nobody's accident. Nothing is deleted by age unless
 * its topic says so: the broker's own default keeps records for ever, because event topics are the truth. A
 * transaction whose producer is gone is aborted about a second after its timeout, so that a killed service's partitions
 * move on quickly.
 *
 * <p>A data directory belongs to one broker at a time; Kafka's own lock on it makes a second one fail. Started again on
 * the same directory, also after a kill, the broker has its topics, records, offsets and transactions.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final String HOST = "localhost";
    private static final int TRIES = 5;

    /** The broker's loggers, held so that their level stays; those of Kafka's clients are the application's. */
    private static final List<Logger> LOGGERS = Stream.of(
                    "kafka",
                    "state.change.logger",
                    "org.apache.kafka.common.config",
                    "org.apache.kafka.common.metrics",
                    "org.apache.kafka.common.utils.AppInfoParser",
                    "org.apache.kafka.controller",
                    "org.apache.kafka.coordinator",
                    "org.apache.kafka.image",
                    "org.apache.kafka.metadata",
                    "org.apache.kafka.network",
                    "org.apache.kafka.queue",
                    "org.apache.kafka.raft",
                    "org.apache.kafka.server",
                    "org.apache.kafka.snapshot",
                    "org.apache.kafka.storage")
            .map(Logger::getLogger)
            .toList();

    private final KafkaRaftServer server;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedKafka(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /** Starts a broker on a free port. */
    public static EmbeddedKafka start(Path dataDirectory) {
        return start(dataDirectory, 0);
    }

    /**
     * Starts a broker and returns when it takes requests.
     *
     * @param dataDirectory made if missing, continued if it has data
     * @param port of the loopback interface; 0 takes a free one, which {@link #port()} tells
     * @throws IllegalStateException if the port or the directory is in use, or the data is not a broker's
     */
    public static EmbeddedKafka start(Path dataDirectory, int port) {
        if (port != 0 && !FreePort.isFree(port)) {
            throw new IllegalStateException("port " + port + " is in use, Kafka cannot start on it");
        }
        // Hundreds of lines at each start and stop, which drown those of the program that embeds the broker.
        LOGGERS.forEach(logger -> logger.setLevel(Level.WARNING));
        // Kafka asks Log4j whether log levels can be changed at run time; there is none, and that is no error.
        System.getProperties().putIfAbsent("log4j2.StatusLogger.level", "OFF");
        for (int attempt = 1; ; attempt++) {
            try {
                return boot(dataDirectory, port == 0 ? FreePort.find() : port, FreePort.find());
            } catch (Exception failed) {
                // Between finding a port and listening on it anybody may have taken it.
                if (attempt == TRIES || !isTaken(failed)) {
                    throw new IllegalStateException(
                            "Kafka did not start on " + dataDirectory + ": " + failed.getMessage(), failed);
                }
            }
        }
    }

    /** Where clients connect: {@code localhost:<port>}. */
    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    public int port() {
        return port;
    }

    /** Stops the broker after it wrote everything to disk; a second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.shutdown();
            server.awaitShutdown();
        }
    }

    /**
     * Runs a broker until the process is told to stop.
     *
     * @param args {@code --port N --data DIR}
     */
    public static void main(String... args) {
        if (args.length != 4 || !args[0].equals("--port") || !args[2].equals("--data")) {
            System.err.println("usage: EmbeddedKafka --port N --data DIR, not " + Arrays.toString(args));
            System.exit(2);
        }
        Logger.getLogger("").setLevel(Level.WARNING);
        try {
            var kafka = start(Path.of(args[3]), Integer.parseInt(args[1]));
            Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "stop"));
            kafka.server.awaitShutdown();
        } catch (RuntimeException failed) {
            System.err.println(failed.getMessage());
            System.exit(1);
        }
    }

    private static EmbeddedKafka boot(Path dataDirectory, int port, int controllerPort) throws Exception {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        // Kafka loads classes by name through the context class loader, which in a test runner may know another Kafka.
        thread.setContextClassLoader(EmbeddedKafka.class.getClassLoader());
        try {
            format(dataDirectory);
            var config = KafkaConfig.fromProps(settings(dataDirectory, port, controllerPort), false);
            var server = new KafkaRaftServer(config, Time.SYSTEM);
            try {
                server.startup();
            } catch (Throwable failed) {
                server.shutdown();
                throw failed;
            }
            return new EmbeddedKafka(server, port);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void format(Path dataDirectory) throws Exception {
        if (Files.exists(dataDirectory.resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(dataDirectory);
        var log = new ByteArrayOutputStream();
        new Formatter()
                .setPrintStream(new PrintStream(log, true, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(1)
                .addDirectory(dataDirectory.toString())
                .setMetadataLogDirectory(dataDirectory.toString())
                .setControllerListenerName("CONTROLLER")
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setIgnoreFormatted(true)
                .run();
    }

    private static Properties settings(Path dataDirectory, int port, int controllerPort) {
        var settings = new Properties();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@" + HOST + ":" + controllerPort);
        settings.put("listeners", "PLAINTEXT://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("log.dirs", dataDirectory.toString());

        settings.put("auto.create.topics.enable", "false");
        // What the services' producers send at most.
        settings.put("message.max.bytes", "8388608");
        settings.put("log.retention.ms", "-1");
        settings.put("offsets.retention.minutes", minutes(Duration.ofDays(365)));

        // One broker holds the only replica of everything.
        settings.put("default.replication.factor", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("offsets.topic.num.partitions", "4");
        settings.put("transaction.state.log.num.partitions", "4");
        settings.put("share.coordinator.state.topic.num.partitions", "4");

        settings.put("group.initial.rebalance.delay.ms", "0");
        // A killed broker cannot register again before its own session is over.
        settings.put("broker.session.timeout.ms", "3000");
        settings.put("broker.heartbeat.interval.ms", "500");
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");

        // A transaction that follows another at once waits this long for the end of that one.
        settings.put("add.partitions.to.txn.retry.backoff.ms", "2");

        // A small machine: fewer threads, no 128 MiB for the cleaner's map, small index files for many partitions.
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("log.cleaner.dedupe.buffer.size", "16777216");
        settings.put("log.index.size.max.bytes", "1048576");
        settings.put("metadata.max.idle.interval.ms", "5000");
        return settings;
    }

    private static String minutes(Duration duration) {
        return Long.toString(duration.toMinutes());
    }

    private static boolean isTaken(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }
}
