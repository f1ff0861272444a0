package io.groundwork.iam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.events.Json;
import io.groundwork.events.Owner;
import io.groundwork.events.Topics;
import io.groundwork.iam.domain.DirectoryKinds;
import io.groundwork.runtime.Commands;
import io.groundwork.runtime.InMemoryStores;
import io.groundwork.runtime.Input;
import io.groundwork.runtime.Moment;
import io.groundwork.runtime.TableMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DirectorySeedsTest {

    @Test
    void shouldSeedWhatTheRulesAllow() throws Exception {
        var machine = new TableMachine(Owner.IAM, Topics.DIRECTORY, DirectoryKinds.ALL);
        var stores = new InMemoryStores();
        var seeds = Json.MAPPER.readValue(
                Files.readAllBytes(Path.of("src/main/resources/directory.json")),
                new TypeReference<LinkedHashMap<String, JsonNode>>() {});
        seeds.forEach((key, entry) -> {
            var command = Commands.message(
                    Topics.administration(Owner.IAM), key, key, TableMachine.SEED, Instant.EPOCH, null, entry);
            var out = machine.handle(new Input.Received(command), new Moment(Instant.EPOCH, new Random(1)), stores);
            assertThat(out).as(key).singleElement().satisfies(published -> {
                assertThat(published.topic()).isEqualTo(Topics.DIRECTORY);
                assertThat(Json.read(published.value(), JsonNode.class)).isEqualTo(entry);
            });
        });
    }
}
