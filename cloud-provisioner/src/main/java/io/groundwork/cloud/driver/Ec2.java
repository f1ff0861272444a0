package io.groundwork.cloud.driver;

import io.groundwork.events.Component.Ingress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the driver needs of EC2 in one region under one profile. Each method is one call to the back end, or the pages of one;
 * it blocks until it is answered or its time is over.
 *
 * <p>Every method throws an {@link Ec2Exception} and no other.
 */
public interface Ec2 {

    /** Says which operation a thing belongs to: what it is found by, and nothing of another operation is ever touched. */
    String OPERATION = "groundwork:operation";

    /** Says which launch of its operation a machine comes from, from 1. */
    String ATTEMPT = "groundwork:attempt";

    /** Machines with the tag {@link #OPERATION}, in every state, as far as they are shown; in no order. */
    List<Machine> machines(String operation);

    /** One machine by its id; empty if it does not exist, or is not shown yet. */
    Optional<Machine> machine(String id);

    /** Launches one machine. The same launch under the same token launches nothing more, and answers the same machine. */
    Machine run(Launch launch);

    /**
     * Terminates machines, those that terminate already included. Refused as a whole if one does not exist.
     *
     * @return whether all of them are terminated by now, and not only on their way there
     */
    boolean terminate(List<String> ids);

    /** The newest image of that name. */
    Optional<Image> image(String name);

    /** Security groups with the tag {@link #OPERATION}. */
    List<Group> groups(String operation);

    /**
     * Makes an empty security group in the default network.
     *
     * @return its id
     */
    String createGroup(String name, String description, Map<String, String> tags);

    /** Lets traffic into a group. Refused as a whole if one of the rules stands already. */
    void allow(String groupId, List<Ingress> ingress);

    /** Deletes a group that nothing uses. */
    void deleteGroup(String id);

    /** Key pairs with the tag {@link #OPERATION}. */
    List<Key> keys(String operation);

    /**
     * Imports a public key.
     *
     * @return its id
     */
    String importKey(String name, String publicKey, Map<String, String> tags);

    /** Deletes a key pair, if it is there. */
    void deleteKey(String id);

    /**
     * One machine as it is described.
     *
     * @param attempt its tag {@link #ATTEMPT}; 0 without
     * @param reason why it left its last state, as EC2's code; absent when EC2 gives none
     */
    record Machine(
            String id,
            State state,
            int attempt,
            @Nullable String privateIp,
            Instant launchedAt,
            @Nullable String reason) {}

    /** States of a machine, in the order of its life. */
    enum State {
        PENDING,
        RUNNING,
        STOPPING,
        STOPPED,
        SHUTTING_DOWN,
        TERMINATED
    }

    /**
     * What to launch.
     *
     * @param rootDevice of the image
     * @param bootVolumeGiB absent: the image's own size
     * @param groupIds empty: the network's default group
     * @param userData as text
     * @param tags of the machine and its volumes, set by the launch itself
     */
    record Launch(
            String token,
            String instanceType,
            String imageId,
            String rootDevice,
            @Nullable Integer bootVolumeGiB,
            List<String> groupIds,
            @Nullable String keyName,
            @Nullable String userData,
            Map<String, String> tags) {}

    /** An image and the name of its root device, such as {@code /dev/xvda}. */
    record Image(String id, String rootDevice) {}

    record Group(String id, String name, Set<Ingress> ingress) {}

    record Key(String id, String name) {}
}
