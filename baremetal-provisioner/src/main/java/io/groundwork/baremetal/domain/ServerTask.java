package io.groundwork.baremetal.domain;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.groundwork.baremetal.domain.Registration.Bmc;
import io.groundwork.events.Component.Shutdown;
import org.jspecify.annotations.Nullable;

/**
 * What one operation shall do with a server: the specification that the {@linkplain io.groundwork.baremetal.driver driver} reads.
 * The JSON field {@code task} says which. Undoing any of them is to leave it where it is: what was half done is the next task's.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "task")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ServerTask.Verify.class, name = "verify"),
    @JsonSubTypes.Type(value = ServerTask.Inspect.class, name = "inspect"),
    @JsonSubTypes.Type(value = ServerTask.Clean.class, name = "clean"),
    @JsonSubTypes.Type(value = ServerTask.Deploy.class, name = "deploy"),
    @JsonSubTypes.Type(value = ServerTask.Undeploy.class, name = "undeploy"),
    @JsonSubTypes.Type(value = ServerTask.Adopt.class, name = "adopt"),
    @JsonSubTypes.Type(value = ServerTask.Switch.class, name = "power"),
    @JsonSubTypes.Type(value = ServerTask.Leave.class, name = "leave")
})
public sealed interface ServerTask {

    /** The field that says that a person holds the task. */
    String HELD = "held";

    /** The field that says that the server called home. */
    String PHONED_HOME = "phonedHome";

    String server();

    Bmc bmc();

    /** See whether the BMC is there and takes the credentials. Its outputs are a {@link Seen}. */
    record Verify(String server, Bmc bmc) implements ServerTask {}

    /** Read what is built in, and compare it with the type. Its outputs are a {@link Hardware}. */
    record Inspect(String server, Bmc bmc, String serverType) implements ServerTask {}

    /**
     * Erase every disk, and leave the server off, without media, overrides and links to the network. Its
     * outputs are an {@link Erased}.
     *
     * @param site whose switches its ports are at
     * @param allowDataLoss whether disks may be wiped that are in use, as far as can be seen or is known
     * @param inUse why they are in use whatever can be seen; absent if that is all there is to know
     */
    record Clean(
            String server,
            Bmc bmc,
            String site,
            boolean allowDataLoss,
            @Nullable String inUse,
            boolean held,
            boolean phonedHome)
            implements ServerTask {}

    /**
     * Put an instance on it. Its outputs are a {@link io.groundwork.events.ComponentOutputs.Instance}.
     *
     * @param phonedHome whether the system on it has announced itself
     */
    record Deploy(String server, Bmc bmc, InstanceOrder instance, boolean held, boolean phonedHome)
            implements ServerTask {}

    /**
     * Take down what is on it: power, media, overrides, links to the network. Its disks are the cleaning's.
     *
     * @param shutdown how its system is brought to its end; absent: as every other
     */
    record Undeploy(
            String server, Bmc bmc, String site, @Nullable Shutdown shutdown) implements ServerTask {}

    /** See what runs on it, without touching it. Its outputs are a {@link Seen}. */
    record Adopt(String server, Bmc bmc) implements ServerTask {}

    /** Switch its power. Its outputs are a {@link Seen}. */
    record Switch(String server, Bmc bmc, Power to) implements ServerTask {}

    /**
     * Nothing more: what an operation's order becomes when it is given up, or over. It is done when no work of the operation can
     * change the server any more.
     *
     * @param reads whether the operation only read, so that there is nothing to wait for
     */
    record Leave(String server, Bmc bmc, boolean reads) implements ServerTask {}

    /** Which way to switch. */
    enum Power {
        ON,
        OFF,
        RESET
    }

    /** How disks were erased; see {@link Server.Erasure}. */
    record Erased(String how, int disks) {}

    /**
     * How a server was seen.
     *
     * @param power as Redfish names it, such as {@code On}; absent if the BMC does not say
     */
    record Seen(@Nullable String power) {}
}
