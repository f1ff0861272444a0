package io.groundwork.cloud.domain;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.groundwork.events.ApprovalEvent.Choices;
import io.groundwork.events.Component.SecurityGroup;
import io.groundwork.events.Component.SshKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one operation on EC2 shall do. The JSON field {@code kind} says which. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Ec2Spec.Machine.class, name = "machine"),
    @JsonSubTypes.Type(value = Ec2Spec.Access.class, name = "access")
})
public sealed interface Ec2Spec {

    /** Where, and as which account and role. */
    Choices placement();

    String component();

    /**
     * One virtual machine. Its outputs are a {@link io.groundwork.events.ComponentOutputs.Instance}.
     *
     * @param index from 0
     * @param launch what to launch; absent in an order to undo
     */
    record Machine(
            Choices placement,
            String component,
            int index,
            @Nullable Launch launch) implements Ec2Spec {}

    /**
     * Security groups and key pair of a component. Its outputs are {@link AccessOutputs}.
     *
     * @param groups to make; empty in an order to undo
     * @param sshKey to import; absent in an order to undo
     */
    record Access(
            Choices placement,
            String component,
            List<SecurityGroup> groups,
            @Nullable SshKey sshKey) implements Ec2Spec {
        public Access {
            groups = List.copyOf(groups);
        }
    }

    /**
     * What a machine is launched with.
     *
     * @param image the name that the provider finds it by
     * @param bootVolumeGiB absent: the image's own size
     * @param groupIds the provider's ids of its security groups; empty: the network's default one
     * @param keyName the provider's name of its key pair
     * @param userData handed to the first boot as it is
     */
    record Launch(
            String instanceType,
            String image,
            @Nullable Integer bootVolumeGiB,
            List<String> groupIds,
            @Nullable String keyName,
            @Nullable String userData) {
        public Launch {
            groupIds = List.copyOf(groupIds);
        }
    }

    /**
     * What the machines of a component share.
     *
     * @param groupIds in the order of the design
     */
    record AccessOutputs(List<String> groupIds, @Nullable String keyName) {
        public AccessOutputs {
            groupIds = List.copyOf(groupIds);
        }
    }
}
