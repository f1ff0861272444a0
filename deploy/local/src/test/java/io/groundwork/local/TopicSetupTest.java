package io.groundwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groundwork.events.Topics;
import org.junit.jupiter.api.Test;

class TopicSetupTest {

    @Test
    void shouldGiveNewDataWhatIsAskedFor() throws CannotStartException {
        assertThat(TopicSetup.partitions(24, null)).isEqualTo(24);
        assertThat(TopicSetup.partitions(null, null)).isEqualTo(Topics.PARTITIONS);
    }

    @Test
    void shouldKeepWhatTheDataHas() throws CannotStartException {
        assertThat(TopicSetup.partitions(null, 24)).isEqualTo(24);
        assertThat(TopicSetup.partitions(24, 24)).isEqualTo(24);
    }

    @Test
    void shouldRefuseAnotherNumberThanTheDataHas() {
        assertThatThrownBy(() -> TopicSetup.partitions(6, 24))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("have 24 partitions")
                .hasMessageContaining("leave --partitions out");
    }
}
