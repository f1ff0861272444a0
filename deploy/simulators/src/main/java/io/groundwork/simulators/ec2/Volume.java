package io.groundwork.simulators.ec2;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A disk. It comes with its instance and, unless it is to be kept, is gone once that is terminated.
 *
 * @param instanceId what it is attached to; null for a disk that outlived its instance
 */
record Volume(
        String id,
        String zone,
        int sizeGiB,
        String type,
        Instant createTime,
        @Nullable String instanceId,
        @Nullable String device,
        boolean deleteOnTermination,
        Map<String, String> tags)
        implements Resource.Tagged {

    Volume detached() {
        return new Volume(id, zone, sizeGiB, type, createTime, null, null, false, tags);
    }

    @Override
    public Volume withTags(Map<String, String> changed) {
        return new Volume(id, zone, sizeGiB, type, createTime, instanceId, device, deleteOnTermination, changed);
    }

    @Override
    public String resourceType() {
        return "volume";
    }
}
