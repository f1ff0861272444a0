package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The {@code groundwork demo} that makes the cloud misbehave. */
@Order(2)
class DemoFailureIT extends FaultyRegionTest {

    @Test
    void shouldEndFailedAndClean() throws IOException, InterruptedException {
        assertThat(new Demos(stack).exitCodes(List.of("--fail=provision")))
                .containsOnly(Map.entry("--fail=provision", 0));
    }
}
