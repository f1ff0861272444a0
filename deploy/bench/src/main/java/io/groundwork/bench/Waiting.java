package io.groundwork.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What requests cost that wait for their approval, and how soon a service is back that knows of them. */
final class Waiting {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** POSTs under way at once. */
    private static final int WIDTH = 64;
    /** CPU seconds a second of all processes together, below which a stack is at rest. */
    private static final double AT_REST = 0.35;

    private static final Pattern HEAP = Pattern.compile("used (\\d+)K");

    private final Target target;

    Waiting(Target target) {
        this.target = target;
    }

    /**
     * Bytes, all services together.
     *
     * @param stores files of the state stores
     * @param changelogs keys and last values in the stores' topics: what a restore reads once they are compacted
     * @param topics files of all other topics
     * @param views files of Postgres
     * @param heap used after a collection
     */
    record Size(double stores, double changelogs, double topics, double views, double heap) {

        Size each(Size before, int requests) {
            return new Size(
                    (stores - before.stores) / requests,
                    (changelogs - before.changelogs) / requests,
                    (topics - before.topics) / requests,
                    (views - before.views) / requests,
                    (heap - before.heap) / requests);
        }
    }

    /** Submits requests that wait so long for their approver. */
    void submit(int requests, Duration timeout) throws IOException, InterruptedException {
        var wrong = new AtomicInteger();
        AtOnce.make(requests, WIDTH, number -> {
            try {
                var unused = target.submit(Load.name(), ", \"approvalTimeout\": \"" + timeout + "\"");
            } catch (IOException refused) {
                wrong.incrementAndGet();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        if (wrong.get() > 0) {
            throw new IOException(wrong + " of " + requests + " were not accepted");
        }
    }

    /** Returns when the stack has nothing left to do. */
    void rest() throws IOException, InterruptedException {
        var until = System.nanoTime() + PATIENCE.toNanos();
        var processes = new Processes(target.now().pids());
        var before = used(processes);
        while (System.nanoTime() - until < 0) {
            TimeUnit.SECONDS.sleep(3);
            var now = used(processes);
            if ((now - before) / 3 < AT_REST) {
                return;
            }
            before = now;
        }
        throw new IllegalStateException("the stack does not come to rest");
    }

    /** Keeps a service from running for so long. */
    void stop(String service, Duration time) throws IOException, InterruptedException {
        var pid = target.now().pids().getOrDefault(service, 0L);
        signal("STOP", pid);
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } finally {
            signal("CONT", pid);
        }
    }

    private static void signal(String signal, long pid) throws IOException, InterruptedException {
        if (new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor() != 0) {
            throw new IOException("kill -" + signal + " " + pid + " failed");
        }
    }

    private static double used(Processes processes) {
        return processes.cpu().values().stream().mapToDouble(each -> each).sum();
    }

    Size size() throws IOException, InterruptedException {
        var pids = target.now().pids();
        var stores = 0.0;
        var heap = 0.0;
        for (var service : services()) {
            stores += bytes(target.data().resolve("services").resolve(service), name -> true);
            heap += heap(pids.getOrDefault(service, 0L));
        }
        var logs = target.data().resolve("kafka");
        return new Size(
                stores,
                changelogs(),
                bytes(logs, name -> !name.contains("-changelog-")),
                bytes(target.data().resolve("postgres"), name -> true),
                heap);
    }

    /** Seconds from the end of a service to its successor's being ready. */
    double restart(String service, boolean wiped) throws IOException, InterruptedException {
        var predecessor = target.now().pids().getOrDefault(service, 0L);
        var began = System.nanoTime();
        ProcessHandle.of(predecessor).ifPresent(ProcessHandle::destroyForcibly);
        if (wiped) {
            delete(target.data().resolve("services").resolve(service).resolve("streams"));
        }
        var until = began + PATIENCE.toNanos();
        while (System.nanoTime() - until < 0) {
            if (!predecessor.equals(target.now().pids().get(service)) && ready(service)) {
                return (System.nanoTime() - began) / 1e9;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IllegalStateException(service + " did not come back");
    }

    private boolean ready(String service) throws InterruptedException {
        try {
            return target.send("GET", target.at(service) + "/q/health/ready", "", "")
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    List<String> services() {
        return target.pids().keySet().stream()
                .filter(name -> name.endsWith("-service") || name.endsWith("-provisioner"))
                .toList();
    }

    private double changelogs() {
        var last = new HashMap<String, Map<String, Integer>>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", target.at("kafka"), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = consumer.listTopics().entrySet().stream()
                    .filter(topic -> topic.getKey().endsWith("-changelog"))
                    .flatMap(topic -> topic.getValue().stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    var key = new String(record.key(), ISO_8859_1);
                    var values = last.computeIfAbsent(record.topic(), any -> new HashMap<>());
                    if (record.value() == null) {
                        values.remove(key);
                    } else {
                        values.put(key, record.key().length + record.value().length);
                    }
                }
            }
        }
        return last.values().stream()
                .flatMap(values -> values.values().stream())
                .mapToDouble(each -> each)
                .sum();
    }

    private static double heap(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        var found = HEAP.matcher(jcmd(pid, "GC.heap_info"));
        var used = 0.0;
        // of the generations; what follows is the metaspace
        for (var generation = 0; generation < 2 && found.find(); generation++) {
            used += Long.parseLong(found.group(1)) * 1024.0;
        }
        return used;
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + said);
        }
        return said;
    }

    /** Of the files in the folders whose names are as wanted. */
    private static double bytes(Path folder, Predicate<String> wanted) throws IOException {
        var sum = new double[1];
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return wanted.test(directory.getFileName().toString())
                        ? FileVisitResult.CONTINUE
                        : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                // an index is a hole of ten megabytes
                sum[0] += file.toString().endsWith("index") ? 0 : attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
