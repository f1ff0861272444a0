package io.groundwork.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.EventCodec;
import io.groundwork.events.Owner;
import io.groundwork.events.RequestId;
import io.groundwork.events.Topics;
import io.groundwork.request.domain.Asks;
import io.groundwork.request.domain.Command;
import io.groundwork.request.domain.StepTimeouts;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.streams.MachineTopology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class RequestTopologyTest {

    private static final Path GOLDEN = Path.of("src/test/resources/topology.txt");

    /**
     * The names of stores and nodes name changelogs: changing them loses what is stored. Where the change is meant, delete the
     * file and run this test; it writes what is new.
     */
    @Test
    void shouldNotChangeTheTopologyUnintentionally() throws IOException {
        // a lambda has another name in every run
        var described = topology().describe().toString().replaceAll("extractor class: [^)]+", "by its record");
        if (!Files.exists(GOLDEN)) {
            Files.writeString(GOLDEN, described);
        }
        assertThat(described).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void shouldStartWhatIsSubmitted() {
        var config = new Properties();
        config.put("application.id", "request-service");
        config.put("state.dir", temporary());
        try (var driver = new TopologyTestDriver(topology(), config)) {
            var commands = driver.createInputTopic(
                    Topics.commands(Owner.REQUEST), new StringSerializer(), new ByteArraySerializer());
            var events = driver.createOutputTopic(
                    Topics.events(Owner.REQUEST), new StringDeserializer(), new ByteArrayDeserializer());
            var submit = new Command.Submit(
                    RequestId.of("acme", "key"), Asks.deploy(Asks.DESIGN), Asks.catalogued(Asks.DESIGN), List.of());
            var message = Commands.message(
                    Topics.commands(Owner.REQUEST),
                    Asks.RESOURCE.toString(),
                    "1",
                    Command.type(submit),
                    Asks.START,
                    null,
                    submit);
            var headers = new RecordHeaders();
            message.headers().forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
            commands.pipeInput(new TestRecord<>(message.key(), message.value(), headers));

            assertThat(events.readRecordsToList())
                    .extracting(record -> new String(
                            record.headers().lastHeader(EventCodec.TYPE).value(), StandardCharsets.UTF_8))
                    .containsExactly(
                            "io.groundwork.request.request-submitted.v1", "io.groundwork.request.request-started.v1");
        }
    }

    private static Topology topology() {
        return RequestTopology.on(MachineTopology.inMemory(), StepTimeouts.DEFAULT);
    }

    private static String temporary() {
        try {
            return Files.createTempDirectory("topology").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
