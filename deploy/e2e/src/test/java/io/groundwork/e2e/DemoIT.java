package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** {@code groundwork demo} against a stack that runs. */
@Order(2)
class DemoIT extends StackTest {

    @Test
    void shouldEndAsAskedFor() throws IOException, InterruptedException {
        // the demo takes another server while the one that it prefers is still cleaned, and others' tests name theirs
        new Metal(stack).awaits("srv-5", "available");
        assertThat(new Demos(stack).exitCodes(List.of("", "--reject", "--expire", "--fail=grant", "--metal")))
                .containsOnly(
                        Map.entry("", 0),
                        Map.entry("--reject", 0),
                        Map.entry("--expire", 0),
                        Map.entry("--fail=grant", 0),
                        Map.entry("--metal", 0));
    }

    @Test
    void shouldRefuseAWrongCommandLine() throws IOException, InterruptedException {
        assertThat(new Demos(stack).exitCodes(List.of("--reject --expire")))
                .containsOnly(Map.entry("--reject --expire", 2));
    }
}
