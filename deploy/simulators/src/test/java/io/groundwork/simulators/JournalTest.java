package io.groundwork.simulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path directory;

    @Test
    void shouldKeepTheLastValueOfEachKeyInTheOrderOfTheFirst() throws IOException {
        try (var journal = Journal.open(directory)) {
            journal.append(Map.of("a", 1));
            journal.append(Map.of("b", "ü\n"));
            journal.append(Map.of("c", 3));
            journal.append(Map.of("a", 4));
            journal.append(Collections.singletonMap("c", null));
            journal.append(Map.of());
        }

        assertThat(kept()).isEqualTo(List.of("a=4", "b=\"ü\\n\""));
        assertThat(kept()).isEqualTo(List.of("a=4", "b=\"ü\\n\""));
    }

    /** Cut at any byte, as a kill while writing may leave it: all changes before, and nothing of the one that was cut. */
    @Test
    void shouldDropOnlyWhatWasCutOff() throws IOException {
        var ends = new TreeMap<Long, List<String>>();
        ends.put(0L, List.of());
        try (var journal = Journal.open(directory)) {
            for (var i = 0; i < 4; i++) {
                var change = new LinkedHashMap<String, @Nullable Object>();
                change.put("a", i);
                change.put("b" + i, Map.of("text", "x".repeat(i)));
                change.put("b" + (i - 1), null);
                journal.append(change);
                ends.put(Files.size(file()), List.of("a=" + i, "b" + i + "={\"text\":\"" + "x".repeat(i) + "\"}"));
            }
        }
        var whole = Files.readAllBytes(file());

        for (var length = 0; length <= whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThat(kept())
                    .as("cut at %s", length)
                    .isEqualTo(ends.floorEntry((long) length).getValue());
            assertThat(Files.size(file())).isEqualTo(ends.floorKey((long) length));
        }
    }

    @Test
    void shouldGoOnAfterWhatWasCutOff() throws IOException {
        try (var journal = Journal.open(directory)) {
            journal.append(Map.of("a", 1));
        }
        Files.writeString(file(), "+{\"key\":\"b\",\"value\":2}\n.{\"key\":\"c\"", StandardOpenOption.APPEND);
        try (var journal = Journal.open(directory)) {
            journal.append(Map.of("d", 4));
        }

        assertThat(kept()).isEqualTo(List.of("a=1", "d=4"));
    }

    @Test
    void shouldSayThatItIsDamaged() throws IOException {
        Files.writeString(file(), ".{\"key\":\"a\",\"value\":1}\nnonsense\n.{\"key\":\"b\",\"value\":1}\n");

        assertThatThrownBy(this::kept).isInstanceOf(IOException.class).hasMessageContaining("damaged at byte 23");
    }

    @Test
    void shouldBeUsedByOneAtATime() throws IOException {
        try (var journal = Journal.open(directory)) {
            journal.append(Map.of("a", 1));

            assertThatThrownBy(this::kept).isInstanceOf(IOException.class).hasMessageContaining("in use");
        }
        assertThat(kept()).hasSize(1);
    }

    @Test
    void shouldStaySmallWhateverIsWritten() throws IOException {
        var random = new Random(7);
        var model = new TreeMap<String, Integer>();
        try (var journal = Journal.open(directory)) {
            for (var i = 0; i < 20_000; i++) {
                var key = "key-" + random.nextInt(50);
                if (random.nextInt(4) == 0) {
                    journal.append(Collections.singletonMap(key, null));
                    model.remove(key);
                } else {
                    journal.append(Map.of(key, List.of(i, "x".repeat(1_000))));
                    model.put(key, i);
                }
            }
            journal.append(Map.of("last", List.of(0, "")));
        }

        assertThat(Files.size(file())).isLessThan(5 * 1024 * 1024);
        var found = new TreeMap<String, Integer>();
        try (var journal = Journal.open(directory)) {
            journal.forEach((key, value) -> found.put(key, value.get(0).intValue()));
        }
        model.put("last", 0);
        assertThat(found).isEqualTo(model);
    }

    @Test
    void shouldRefuseChangesWhenClosed() throws IOException {
        var journal = Journal.open(directory);
        journal.close();

        assertThatThrownBy(() -> journal.append(Map.of("a", 1))).isInstanceOf(IllegalStateException.class);
    }

    private List<String> kept() throws IOException {
        var kept = new ArrayList<String>();
        try (var journal = Journal.open(directory)) {
            journal.forEach((key, value) -> kept.add(key + "=" + value));
        }
        return kept;
    }

    private Path file() {
        return directory.resolve("state.log");
    }
}
