package io.groundwork.notification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.runtime.streams.MachineTopology;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class NotificationTopologyTest {

    /** Stores and changelogs are found again by these names: whoever changes the file changes what a running service keeps. */
    @Test
    void shouldHaveTheTopologyThatIsWrittenDown() throws IOException {
        var topology = NotificationTopology.build(MachineTopology.inMemory());
        try (var golden = Objects.requireNonNull(getClass().getResourceAsStream("/topology.txt"))) {
            // a sink's extractor is a lambda, whose name is another in every run
            var described = topology.describe().toString().replaceAll("extractor class: [^)]*", "topic of each record");
            assertThat(described).isEqualToNormalizingNewlines(new String(golden.readAllBytes(), UTF_8));
        }
    }
}
