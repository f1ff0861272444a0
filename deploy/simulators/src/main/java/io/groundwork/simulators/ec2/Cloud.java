package io.groundwork.simulators.ec2;

import io.groundwork.simulators.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All regions, and the journal that they share. */
final class Cloud implements AutoCloseable {
    private final Journal journal;
    private final Map<String, Region> regions;

    private Cloud(Journal journal) {
        this.journal = journal;
        this.regions = Catalogue.REGIONS.stream()
                .collect(Collectors.toMap(name -> name, name -> new Region(name, journal), (a, b) -> a, TreeMap::new));
    }

    /** The cloud as the directory has it; an empty one, never written, without a directory. */
    static Cloud open(@Nullable Path directory) throws IOException {
        if (directory == null) {
            return new Cloud(Journal.inMemory());
        }
        var journal = Journal.open(directory);
        try {
            var cloud = new Cloud(journal);
            journal.forEach((key, value) -> {
                var parts = key.split("/", 3); // as Region writes them: region, kind, id
                cloud.region(parts[0]).restore(parts[1], value);
            });
            return cloud;
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /** @throws Ec2Exception if there is no such region */
    Region region(String name) {
        var region = regions.get(name);
        if (region == null) {
            throw new Ec2Exception("AuthFailure", "Credential should be scoped to a valid region, not '" + name + "'.");
        }
        return region;
    }

    Collection<Region> regions() {
        return regions.values();
    }

    @Override
    public void close() {
        journal.close();
    }
}
