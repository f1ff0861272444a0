package io.groundwork.baremetal;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.baremetal.domain.Deadlines;
import io.groundwork.baremetal.domain.ServerMachine;
import io.groundwork.baremetal.domain.Tokens;
import io.groundwork.runtime.Proofs;
import io.groundwork.runtime.streams.MachineTopology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

class BaremetalTopologyTest {

    private static final Pattern SOURCE = Pattern.compile("\\(topics: \\[([^]]*)]\\)");
    private static final Pattern LIST = Pattern.compile("\\[([^]]*)]");
    private static final Pattern LAMBDA = Pattern.compile("extractor class: [^)]*");
    private static final Path GOLDEN = Path.of("src/test/resources/topology.txt");

    private final Topology topology = BaremetalTopology.on(
            MachineTopology.inMemory(),
            new Proofs(Map.of()),
            Deadlines.DEFAULT,
            ServerMachine.policy(Duration.ofSeconds(60), Duration.ofSeconds(15)),
            new Tokens("a secret that only this test ever knows"));

    /** Names of nodes and stores are names of changelogs: another name would lose their state. */
    @Test
    void shouldKeepItsShape() throws IOException {
        assertThat(described().strip()).isEqualTo(Files.readString(GOLDEN).strip());
    }

    @Test
    void shouldWaitForEveryTopicThatItReads() throws IOException {
        var read = new TreeSet<String>();
        SOURCE.matcher(described())
                .results()
                .forEach(source -> read.addAll(Arrays.asList(source.group(1).split(", "))));
        var properties = new Properties();
        try (var in = Files.newInputStream(Path.of("src/main/resources/application.properties"))) {
            properties.load(in);
        }
        assertThat(Arrays.asList(
                        properties.getProperty("quarkus.kafka-streams.topics").split(",")))
                .containsExactlyInAnyOrderElementsOf(read);
    }

    /** Topics and stores come in no order, and a lambda's name is new in every run. */
    private String described() {
        var sorted = LIST.matcher(topology.describe().toString())
                .replaceAll(list -> '['
                        + String.join(
                                ", ", new TreeSet<>(Arrays.asList(list.group(1).split(", "))))
                        + ']');
        return LAMBDA.matcher(sorted).replaceAll("by destination");
    }
}
