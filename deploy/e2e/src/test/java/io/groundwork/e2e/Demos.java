package io.groundwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs of {@code groundwork demo}. */
final class Demos {
    private final Stack stack;

    Demos(Stack stack) {
        this.stack = stack;
    }

    /** Runs all variants at once; how each ended. */
    Map<String, Integer> exitCodes(List<String> variants) throws IOException, InterruptedException {
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
