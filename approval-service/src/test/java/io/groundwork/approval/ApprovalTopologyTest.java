package io.groundwork.approval;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.approval.domain.ApprovalParticipant;
import io.groundwork.approval.domain.Links;
import io.groundwork.approval.domain.Secrets;
import io.groundwork.runtime.streams.MachineTopology;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApprovalTopologyTest {

    /** Stores and changelogs are found again by these names: whoever changes the file changes what a running service keeps. */
    @Test
    void shouldHaveTheTopologyThatIsWrittenDown() throws IOException {
        var participant = new ApprovalParticipant(
                user -> Optional.empty(),
                region -> false,
                profile -> false,
                new Secrets(new Links("http://localhost", "a secret of thirty-two characters"), "", "", ""));
        var topology = ApprovalTopology.build(MachineTopology.inMemory(), participant);
        try (var golden = Objects.requireNonNull(getClass().getResourceAsStream("/topology.txt"))) {
            // a sink's extractor is a lambda, whose name is another in every run
            var described = topology.describe().toString().replaceAll("extractor class: [^)]*", "topic of each record");
            assertThat(described).isEqualToNormalizingNewlines(new String(golden.readAllBytes(), UTF_8));
        }
    }
}
