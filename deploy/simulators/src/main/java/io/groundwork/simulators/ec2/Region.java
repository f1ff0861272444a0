package io.groundwork.simulators.ec2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.groundwork.simulators.Journal;
import io.groundwork.simulators.Json;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that one region holds. Every call runs under the region's lock, sees the state of one moment, and changes it by one
 * {@link #commit}, which the journal has before anyone can see it.
 */
final class Region {
    private static final Duration CLEANING_INTERVAL = Duration.ofMillis(500);

    private final String name;
    private final Network network;
    private final List<Catalogue.Image> images;
    private final Journal journal;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Instance> instances = new LinkedHashMap<>();
    private final Map<String, Volume> volumes = new LinkedHashMap<>();
    private final Map<String, SecurityGroup> groups = new LinkedHashMap<>();
    private final Map<String, KeyPair> keyPairs = new LinkedHashMap<>();
    private final Map<String, Launch> launches = new LinkedHashMap<>();
    private final Set<String> addresses = new HashSet<>();
    private long sequence;
    private Instant cleaned = Instant.EPOCH;

    Region(String name, Journal journal) {
        this.name = name;
        this.journal = journal;
        this.network = Network.of(name);
        this.images = Catalogue.images(name);
        var id = Ids.derived("sg", name + "/" + SecurityGroup.DEFAULT_NAME);
        groups.put(
                id,
                new SecurityGroup(
                        id,
                        SecurityGroup.DEFAULT_NAME,
                        "default VPC security group",
                        network.vpcId(),
                        List.of(new SecurityGroup.Rule(
                                Ids.derived("sgr", id), "-1", null, null, SecurityGroup.SourceKind.GROUP, id, null)),
                        Map.of()));
    }

    /** Runs a call alone in this region, after forgetting what is due to be forgotten. */
    <T> T alone(Instant now, Supplier<T> call) {
        lock.lock();
        try {
            if (!now.isBefore(cleaned.plus(CLEANING_INTERVAL))) {
                clean(now);
                cleaned = now;
            }
            return call.get();
        } finally {
            lock.unlock();
        }
    }

    String name() {
        return name;
    }

    Network network() {
        return network;
    }

    List<Catalogue.Image> images() {
        return images;
    }

    /** In the order of their launch, those included that answers do not show yet or any more. */
    Collection<Instance> instances() {
        return instances.values();
    }

    Collection<Volume> volumes() {
        return volumes.values();
    }

    Collection<SecurityGroup> groups() {
        return groups.values();
    }

    Collection<KeyPair> keyPairs() {
        return keyPairs.values();
    }

    Optional<Instance> instance(String id) {
        return Optional.ofNullable(instances.get(id));
    }

    Optional<Volume> volume(String id) {
        return Optional.ofNullable(volumes.get(id));
    }

    Optional<SecurityGroup> group(String id) {
        return Optional.ofNullable(groups.get(id));
    }

    Optional<SecurityGroup> groupNamed(String groupName) {
        return groups.values().stream()
                .filter(group -> group.name().equals(groupName))
                .findFirst();
    }

    Optional<KeyPair> keyPair(String id) {
        return Optional.ofNullable(keyPairs.get(id));
    }

    Optional<KeyPair> keyPairNamed(String keyName) {
        return keyPairs.values().stream()
                .filter(pair -> pair.name().equals(keyName))
                .findFirst();
    }

    Optional<Launch> launch(String id, Instant now) {
        return Optional.ofNullable(launches.get(id))
                .filter(launch -> launch.expiresAt() == null || now.isBefore(launch.expiresAt()));
    }

    /** The sequence number of the last instance. */
    long lastSequence() {
        return sequence;
    }

    boolean isTaken(String address) {
        return addresses.contains(address);
    }

    void save(Resource... changed) {
        commit(List.of(changed), List.of());
    }

    /** Changes all of it or, if the journal cannot be written, nothing. */
    void commit(Collection<? extends Resource> changed, Collection<? extends Resource> removed) {
        var change = new LinkedHashMap<String, @Nullable Object>();
        changed.forEach(resource -> change.put(key(resource), resource));
        removed.forEach(resource -> change.put(key(resource), null));
        journal.append(change);
        changed.forEach(this::put);
        removed.forEach(this::remove);
    }

    private String key(Resource resource) {
        return name + "/" + kind(resource) + "/" + resource.id();
    }

    private static String kind(Resource resource) {
        return switch (resource) {
            case Resource.Tagged tagged -> tagged.resourceType();
            case Launch launch -> "launch";
        };
    }

    /** Puts back what the journal kept. */
    void restore(String kind, JsonNode value) {
        try {
            put(
                    switch (kind) {
                        case "instance" -> Json.MAPPER.treeToValue(value, Instance.class);
                        case "volume" -> Json.MAPPER.treeToValue(value, Volume.class);
                        case "security-group" -> Json.MAPPER.treeToValue(value, SecurityGroup.class);
                        case "key-pair" -> Json.MAPPER.treeToValue(value, KeyPair.class);
                        case "launch" -> Json.MAPPER.treeToValue(value, Launch.class);
                        default -> throw new IllegalArgumentException("the journal holds an unknown kind: " + kind);
                    });
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the journal holds an unreadable " + kind + ": " + e.getMessage(), e);
        }
    }

    private void put(Resource resource) {
        switch (resource) {
            case Instance instance -> {
                instances.put(instance.id(), instance);
                addresses.add(instance.privateIp());
                sequence = Math.max(sequence, instance.sequence());
            }
            case Volume volume -> volumes.put(volume.id(), volume);
            case SecurityGroup group -> groups.put(group.id(), group);
            case KeyPair pair -> keyPairs.put(pair.id(), pair);
            case Launch launch -> launches.put(launch.id(), launch);
        }
    }

    private void remove(Resource resource) {
        switch (resource) {
            case Instance instance -> {
                instances.remove(instance.id());
                addresses.remove(instance.privateIp());
            }
            case Volume volume -> volumes.remove(volume.id());
            case SecurityGroup group -> groups.remove(group.id());
            case KeyPair pair -> keyPairs.remove(pair.id());
            case Launch launch -> launches.remove(launch.id());
        }
    }

    /** Forgets terminated instances after their time, their disks with them, and tokens that are free again. */
    private void clean(Instant now) {
        var gone = instances.values().stream()
                .filter(instance -> instance.lifecycle().isForgotten(now))
                .toList();
        var removed = new ArrayList<Resource>(gone);
        var changed = new ArrayList<Resource>();
        for (var instance : gone) {
            for (var device : instance.devices()) {
                volume(device.volumeId())
                        .filter(volume -> instance.id().equals(volume.instanceId()))
                        .ifPresent(volume -> (volume.deleteOnTermination() ? removed : changed)
                                .add(volume.deleteOnTermination() ? volume : volume.detached()));
            }
        }
        var goneIds = new HashSet<String>();
        gone.forEach(instance -> goneIds.add(instance.id()));
        for (var launch : launches.values()) {
            var expiresAt = launch.expiresAt();
            if (expiresAt != null && !now.isBefore(expiresAt)) {
                removed.add(launch);
            } else if (expiresAt == null
                    && launch.instanceIds().stream()
                            .allMatch(id -> goneIds.contains(id) || !instances.containsKey(id))) {
                changed.add(launch.expiring(now.plus(Launch.VALID_AFTER_TERMINATION)));
            }
        }
        if (!removed.isEmpty() || !changed.isEmpty()) {
            try {
                commit(changed, removed);
            } catch (UncheckedIOException e) {
                // No answer shows them any more; that the journal fails is told to those who change something.
            }
        }
    }
}
