package io.groundwork.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands of a component. */
public record ComponentOutputs(int count, List<Instance> instances) {

    public ComponentOutputs {
        instances = List.copyOf(instances);
    }

    /**
     * One machine.
     *
     * @param index from 0; with resource and component it names the instance for ever
     * @param providerId the provider's id, such as {@code i-0123456789abcdef0}
     * @param privateIp absent when the provider gave none
     */
    public record Instance(
            int index,
            String providerId,
            @Nullable String privateIp,
            @Nullable String region) {}
}
