package io.groundwork.cloud.driver;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.groundwork.events.ComponentOutputs;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How far an operation has come. The JSON field {@code kind} says which. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Ec2Checkpoint.OfMachine.class, name = "machine"),
    @JsonSubTypes.Type(value = Ec2Checkpoint.OfAccess.class, name = "access")
})
public sealed interface Ec2Checkpoint {

    /**
     * Of one machine.
     *
     * @param launch which launch it is at, from 1: the next only after the last one is proven over
     * @param begun whether the call of this launch may have been sent
     * @param image resolved once for each launch, as a repeated call must be the same
     * @param id of the machine, once EC2 named it
     * @param since when EC2 named it
     * @param polls how often it was looked at since something changed
     * @param made set when it ran
     */
    record OfMachine(
            int launch,
            boolean begun,
            Ec2.@Nullable Image image,
            @Nullable String id,
            @Nullable Instant since,
            int polls,
            ComponentOutputs.@Nullable Instance made)
            implements Ec2Checkpoint {

        static final OfMachine START = new OfMachine(1, false, null, null, null, 0, null);

        OfMachine resolved(Ec2.Image found) {
            return new OfMachine(launch, begun, found, id, since, polls, made);
        }

        OfMachine beginning() {
            return new OfMachine(launch, true, image, id, since, polls, made);
        }

        OfMachine named(String machine, Instant now) {
            return machine.equals(id) ? this : new OfMachine(launch, true, image, machine, now, 0, made);
        }

        /** The launch before is over, and left nothing. */
        OfMachine next(int number) {
            return new OfMachine(number, false, null, null, null, 0, null);
        }

        OfMachine done(ComponentOutputs.Instance machine) {
            return new OfMachine(launch, begun, image, id, since, 0, machine);
        }

        OfMachine polled() {
            return new OfMachine(launch, begun, image, id, since, polls + 1, made);
        }

        OfMachine moved() {
            return new OfMachine(launch, begun, image, id, since, 0, made);
        }
    }

    /**
     * Of a component's security groups and key pair.
     *
     * @param groups ids of those made, by name
     * @param keyId of the key pair, once imported
     * @param since when the last of them was made
     */
    record OfAccess(
            Map<String, String> groups,
            @Nullable String keyId,
            @Nullable Instant since,
            int polls) implements Ec2Checkpoint {

        static final OfAccess START = new OfAccess(Map.of(), null, null, 0);

        public OfAccess {
            groups = Collections.unmodifiableMap(new TreeMap<>(groups));
        }

        OfAccess group(String name, String id, Instant now) {
            var more = new TreeMap<>(groups);
            more.put(name, id);
            return new OfAccess(more, keyId, now, 0);
        }

        OfAccess key(String id, Instant now) {
            return new OfAccess(groups, id, now, 0);
        }

        OfAccess withoutGroup(String id) {
            var fewer = new TreeMap<>(groups);
            fewer.values().remove(id);
            return new OfAccess(fewer, keyId, since, 0);
        }

        OfAccess withoutKey() {
            return new OfAccess(groups, null, since, 0);
        }

        OfAccess polled() {
            return new OfAccess(groups, keyId, since, polls + 1);
        }
    }
}
