package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** {@code groundwork demo} against a stack that runs. */
@Order(12)
class DemoIT extends StackTest {

    @Test
    void shouldEndAsAskedFor() throws IOException, InterruptedException {
        // Its fault is the whole cloud's, so this one runs alone.
        assertThat(exitCodes(List.of("--fail=provision"))).containsOnly(entry("--fail=provision", 0));
        assertThat(exitCodes(List.of("", "--reject", "--expire", "--fail=grant", "--metal")))
                .containsOnly(
                        entry("", 0),
                        entry("--reject", 0),
                        entry("--expire", 0),
                        entry("--fail=grant", 0),
                        entry("--metal", 0));
    }

    @Test
    void shouldRefuseAWrongCommandLine() throws IOException, InterruptedException {
        assertThat(exitCodes(List.of("--reject --expire"))).containsOnly(entry("--reject --expire", 2));
    }

    private static Map.Entry<String, Integer> entry(String variant, int exitCode) {
        return Map.entry(variant, exitCode);
    }

    /** Runs all variants at once. */
    private Map<String, Integer> exitCodes(List<String> variants) throws IOException, InterruptedException {
        var running = new LinkedHashMap<String, Process>();
        for (var variant : variants) {
            var options = variant.isEmpty() ? List.<String>of() : List.of(variant.split(" ", -1));
            running.put(variant, stack.demo(options, output(variant)));
        }
        var exitCodes = new LinkedHashMap<String, Integer>();
        for (var demo : running.entrySet()) {
            assertThat(demo.getValue().waitFor(60, TimeUnit.SECONDS))
                    .as("demo %s ended", demo.getKey())
                    .isTrue();
            exitCodes.put(demo.getKey(), demo.getValue().exitValue());
            if (demo.getValue().exitValue() != 0) {
                System.out.println(Files.readString(output(demo.getKey())));
            }
        }
        return exitCodes;
    }

    private Path output(String variant) {
        return stack.logs().resolve("demo" + variant.replaceAll("\\W+", "-") + ".log");
    }
}
