package io.groundwork.runtime.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groundwork.events.Message;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Machine;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.Stores;
import io.groundwork.runtime.Timer;
import io.groundwork.runtime.Timers;
import io.groundwork.runtime.testing.Backends;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine on a real broker: state and timers survive, and a timer waits for what was sent before it. */
class MachineTopologyIT {

    @TempDir
    static Path data;

    private static Backends.Broker kafka;

    @BeforeAll
    static void startBroker() {
        kafka = Backends.broker(data.resolve("kafka"));
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @Test
    void shouldKeepADeadlineAcrossAStopAndLetWhatCameBeforeItWin() throws Exception {
        createTopics("in", "out");
        try (var service = service("in", "out")) {
            send("in", "late", "wait 700");
            send("in", "in-time", "wait 700");
            await().until(() -> read("out").equals(List.of("late=waiting", "in-time=waiting")));
        }
        // the service is down past both deadlines; one was met before
        send("in", "in-time", "done");
        var downUntil = Instant.now().plusMillis(900);
        await().until(() -> Instant.now().isAfter(downUntil));

        try (var service = service("in", "out")) {
            await().atMost(Duration.ofSeconds(30)).until(() -> read("out").size() == 4);
            assertThat(read("out"))
                    .containsExactlyInAnyOrder("late=waiting", "in-time=waiting", "in-time=done", "late=expired");
        }
    }

    /** What was stored when each store of a machine was one of its own, with a changelog of its own, is found and gone on with. */
    @Test
    void shouldGoOnWithStoresThatStandApart() throws Exception {
        var waiter = new Waiter("apart-in", "apart-out");
        var changelog = application(waiter) + "-machine-%s-changelog";
        createTopics(waiter.in(), waiter.out(), changelog.formatted("waits"), changelog.formatted("timers"));
        var partition = Utils.toPositive(Utils.murmur2("old".getBytes(UTF_8))) % 2;
        send(new ProducerRecord<>(changelog.formatted("waits"), partition, "old", "waiting"));
        var due = "%016x|old|deadline".formatted(Instant.now().toEpochMilli());
        send(new ProducerRecord<>(changelog.formatted("timers"), partition, due, "\1"));

        try (var service = service(waiter, "apart", Map.of())) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> read(waiter.out()).equals(List.of("old=expired")));
            send(waiter.in(), "new", "wait 1");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> read(waiter.out()).containsAll(List.of("old=expired", "new=waiting", "new=expired")));
        }
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            assertThat(new Changelogs(admin, application(waiter), true).stores())
                    .containsExactlyInAnyOrder("machine-waits", "machine-timers");
        }
    }

    @Test
    void shouldKeepADeadlineWhoseTaskLeftAndCameBack() throws Exception {
        createTopics("in-moved", "out-moved");
        try (var service = service("in-moved", "out-moved")) {
            for (var key : List.of("a", "b", "c", "d")) {
                send("in-moved", key, "wait 6000");
            }
            await().until(() -> read("out-moved").size() == 4);
            try (var other = service("in-moved", "out-moved", "other")) {
                assertThat(other).isNotNull();
            }
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(read("out-moved"))
                            .contains("a=expired", "b=expired", "c=expired", "d=expired")
                            .hasSize(8));
            assertThat(service).isNotNull();
        }
    }

    /** Whoever waits for an answer does not wait for {@code commit.interval.ms}. */
    @Test
    void shouldCommitWhatWasSaidLongBeforeTheInterval() throws Exception {
        createTopics("in-said", "out-said");
        var never = Map.<String, Object>of(
                "commit.interval.ms", Duration.ofMinutes(10).toMillis(), "producer.transaction.timeout.ms", (int)
                        Duration.ofMinutes(12).toMillis());
        try (var service = service(new Waiter("in-said", "out-said"), "state-said", never)) {
            send("in-said", "a", "one");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(read("out-said")).containsExactly("a=one"));
            // a few at once: the later ones are committed a moment later
            for (var word : List.of("two", "three", "four")) {
                send("in-said", "a", word);
            }
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(read("out-said")).containsExactly("a=one", "a=two", "a=three", "a=four"));
            send("in-said", "a", "wait 100");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(read("out-said")).endsWith("a=waiting", "a=expired"));
            assertThat(service).isNotNull();
        }
    }

    /** Whoever redrives puts it where they like; the task of the key is the one that knows the key. */
    @Test
    void shouldHandleARedrivenRecordWhereItsKeyBelongs() throws Exception {
        var redrive = Topics.redrive(Owner.CLOUD);
        createTopics("out-redriven", redrive);
        try (var service = service(new Counter(redrive, "out-redriven"), "state-redriven", Map.of())) {
            for (var partition : List.of(0, 1)) {
                send(new ProducerRecord<>(redrive, partition, "acme/payments/web", "count"));
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> read("out-redriven").size() == 2);
            assertThat(read("out-redriven"))
                    .as("counted by one task")
                    .containsExactlyInAnyOrder("acme/payments/web=1", "acme/payments/web=2");
            assertThat(service).isNotNull();
        }
    }

    private static AutoCloseable service(String in, String out) {
        return service(in, out, "state");
    }

    private static AutoCloseable service(String in, String out, String state) {
        return service(new Waiter(in, out), state + "-" + in, Map.of());
    }

    private static AutoCloseable service(Machine machine, String state, Map<String, Object> settings) {
        var positions = new EndOffsetGate.Positions();
        var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        var gate = new EndOffsetGate(admin, positions);
        var application = application(machine);
        var topology = MachineTopology.persistent(
                        gate, new QueueTopics(admin), new Changelogs(admin, application, true))
                .with("machine", machine)
                .build();
        var config = new Properties();
        config.put("bootstrap.servers", kafka.bootstrapServers());
        config.put("application.id", application);
        config.put("processing.guarantee", "exactly_once_v2");
        config.put("commit.interval.ms", 10);
        config.put("poll.ms", 10);
        config.put("max.task.idle.ms", -1);
        config.put("consumer.session.timeout.ms", 6000);
        config.put("consumer.heartbeat.interval.ms", 2000);
        config.put("auto.offset.reset", "earliest");
        config.put("state.dir", data.resolve(state).toString());
        config.put("rocksdb.config.setter", BoundedRocksDb.class);
        config.put("producer.partitioner.class", HomePartitioner.class.getName());
        config.putAll(settings);
        var streams = new KafkaStreams(topology, config, new WatchedClients(positions));
        streams.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> streams.state() == KafkaStreams.State.RUNNING);
        return () -> {
            streams.close(Duration.ofSeconds(20));
            admin.close();
        };
    }

    private static String application(Machine machine) {
        return "machines-" + String.join("-", machine.inputs());
    }

    private static void createTopics(String... names) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            var topics = new ArrayList<NewTopic>();
            for (var name : names) {
                topics.add(new NewTopic(name, 2, (short) 1));
            }
            admin.createTopics(topics).all().get();
        }
    }

    private static void send(String topic, String key, String value) throws Exception {
        send(new ProducerRecord<>(topic, key, value));
    }

    private static void send(ProducerRecord<String, String> record) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(record).get();
        }
    }

    private static List<String> read(String topic) {
        var config = new HashMap<String, Object>();
        config.put("bootstrap.servers", kafka.bootstrapServers());
        config.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var values = new ArrayList<Map.Entry<Long, String>>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record ->
                                values.add(Map.entry(record.timestamp(), record.key() + "=" + record.value())));
            }
            return values.stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(Map.Entry::getValue)
                    .toList();
        }
    }

    /** Waits for {@code done}, or says that it expired. */
    private record Waiter(String in, String out) implements Machine {

        @Override
        public Set<String> inputs() {
            return Set.of(in);
        }

        @Override
        public Set<String> stores() {
            return Set.of("waits");
        }

        @Override
        public List<Message> handle(Input input, Moment moment, Stores stores) {
            var waits = stores.store("waits");
            return switch (input) {
                case Input.Received received -> {
                    var message = received.message();
                    var word = new String(message.value() == null ? new byte[0] : message.value(), UTF_8);
                    if (word.startsWith("wait ")) {
                        new Timers(stores)
                                .set(new Timer(
                                        moment.now().plusMillis(Long.parseLong(word.substring(5))),
                                        message.key(),
                                        "deadline"));
                        waits.put(message.key(), "waiting".getBytes(UTF_8));
                        yield say(message.key(), "waiting");
                    }
                    waits.delete(message.key());
                    yield say(message.key(), word);
                }
                case Input.Fired fired -> {
                    new Timers(stores).cancel(fired.timer());
                    yield waits.get(fired.timer().key()) == null
                            ? List.of()
                            : say(fired.timer().key(), "expired");
                }
            };
        }

        private List<Message> say(String key, String word) {
            return List.of(new Message(out, key, new TreeMap<>(), word.getBytes(UTF_8)));
        }
    }

    /** Counts what comes for a key. */
    private record Counter(String in, String out) implements Machine {

        private record Count(int number) {}

        @Override
        public Set<String> inputs() {
            return Set.of(in);
        }

        @Override
        public Set<String> stores() {
            return Set.of("counts");
        }

        @Override
        public List<Message> handle(Input input, Moment moment, Stores stores) {
            var key = ((Input.Received) input).message().key();
            var counts = stores.store("counts");
            var before = counts.read(key, Count.class);
            var now = new Count(before == null ? 1 : before.number() + 1);
            counts.write(key, now);
            return List.of(new Message(
                    out, key, Map.of(), Integer.toString(now.number()).getBytes(UTF_8)));
        }
    }
}
