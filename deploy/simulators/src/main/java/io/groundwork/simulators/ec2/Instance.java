package io.groundwork.simulators.ec2;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A virtual machine.
 *
 * @param sequence rises with every instance of the region; the order of all listings
 * @param launchIndex its index among those of its reservation
 * @param userData as it was sent, in Base64
 * @param visibleFrom until then the answers do not know it: the consistency delay
 * @param devices its volumes, the root first
 */
record Instance(
        String id,
        long sequence,
        String reservationId,
        int launchIndex,
        String imageId,
        String instanceType,
        @Nullable String keyName,
        List<String> groupIds,
        String subnetId,
        String zone,
        String tenancy,
        String privateIp,
        @Nullable String userData,
        @Nullable String clientToken,
        List<Device> devices,
        Instant launchTime,
        Instant visibleFrom,
        Lifecycle lifecycle,
        Map<String, String> tags)
        implements Resource.Tagged {

    record Device(String name, String volumeId, boolean deleteOnTermination) {}

    InstanceState state(Instant now) {
        return lifecycle.at(now);
    }

    boolean isTerminated(Instant now) {
        return state(now) == InstanceState.TERMINATED;
    }

    boolean isVisible(Instant now) {
        return !now.isBefore(visibleFrom) && !lifecycle.isForgotten(now);
    }

    Instance withLifecycle(Lifecycle next) {
        return with(launchTime, next, tags);
    }

    /** Started again: EC2 sets the launch time anew. */
    Instance startedAt(Instant now, Lifecycle next) {
        return with(now, next, tags);
    }

    @Override
    public Instance withTags(Map<String, String> changed) {
        return with(launchTime, lifecycle, changed);
    }

    private Instance with(Instant launched, Lifecycle next, Map<String, String> changed) {
        return new Instance(
                id,
                sequence,
                reservationId,
                launchIndex,
                imageId,
                instanceType,
                keyName,
                groupIds,
                subnetId,
                zone,
                tenancy,
                privateIp,
                userData,
                clientToken,
                devices,
                launched,
                visibleFrom,
                next,
                changed);
    }

    @Override
    public String resourceType() {
        return "instance";
    }
}
