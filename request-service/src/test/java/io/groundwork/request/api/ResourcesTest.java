package io.groundwork.request.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.groundwork.events.ComponentOutputs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResourcesTest {

    private static final ComponentOutputs WHOLE = new ComponentOutputs(
            2,
            List.of(
                    new ComponentOutputs.Instance(0, "i-0", "10.0.0.4", "eu-central-1"),
                    new ComponentOutputs.Instance(1, "i-1", "10.0.0.5", "eu-central-1")));

    @Test
    void shouldNameEveryMachineOfWhatIsLeft() {
        var counted = new ComponentOutputs(2, List.of());
        assertThat(Resources.whole(Map.of("web", counted), Map.of("web", WHOLE, "db", WHOLE)))
                .isEqualTo(Map.of("web", WHOLE));
        assertThat(Resources.whole(Map.of("web", counted), Map.of())).isEqualTo(Map.of("web", counted));
    }
}
