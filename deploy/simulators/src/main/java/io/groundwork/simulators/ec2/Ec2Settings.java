package io.groundwork.simulators.ec2;

import io.groundwork.simulators.JsonFields;
import io.groundwork.simulators.Simulator;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the simulated cloud behaves when nothing is wrong. A change is for what happens after it: an instance keeps the delays
 * it was launched or terminated with.
 *
 * @param launchDelay from {@code pending} to {@code running}
 * @param shutdownDelay from {@code shutting-down} to {@code terminated}, and from {@code stopping} to {@code stopped}
 * @param terminatedVisible how long a terminated instance is still described; about an hour in EC2
 * @param consistencyDelay how long every call but the repetition of its launch takes a new instance for not existing
 * @param capacity how many instances a region has room for, terminated ones not counted; null for no limit. A launch gets
 *     as many as there is room for, and {@code InsufficientInstanceCapacity} if that is less than its minimum
 */
public record Ec2Settings(
        Duration launchDelay,
        Duration shutdownDelay,
        Duration terminatedVisible,
        Duration consistencyDelay,
        @Nullable Integer capacity)
        implements Simulator.Settings<Ec2Settings> {
    public static final Ec2Settings DEFAULT =
            new Ec2Settings(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofHours(1), Duration.ZERO, null);

    public Ec2Settings withLaunchDelay(Duration delay) {
        return new Ec2Settings(delay, shutdownDelay, terminatedVisible, consistencyDelay, capacity);
    }

    public Ec2Settings withShutdownDelay(Duration delay) {
        return new Ec2Settings(launchDelay, delay, terminatedVisible, consistencyDelay, capacity);
    }

    public Ec2Settings withTerminatedVisible(Duration time) {
        return new Ec2Settings(launchDelay, shutdownDelay, time, consistencyDelay, capacity);
    }

    public Ec2Settings withConsistencyDelay(Duration delay) {
        return new Ec2Settings(launchDelay, shutdownDelay, terminatedVisible, delay, capacity);
    }

    public Ec2Settings withCapacity(@Nullable Integer limit) {
        return new Ec2Settings(launchDelay, shutdownDelay, terminatedVisible, consistencyDelay, limit);
    }

    @Override
    public Ec2Settings with(JsonFields fields) {
        var launch = fields.duration("launchDelay");
        var shutdown = fields.duration("shutdownDelay");
        var terminated = fields.duration("terminatedVisible");
        var consistency = fields.duration("consistencyDelay");
        var limit = fields.integer("capacity", 0);
        var changesLimit = fields.has("capacity");
        fields.check();
        return new Ec2Settings(
                launch == null ? launchDelay : launch,
                shutdown == null ? shutdownDelay : shutdown,
                terminated == null ? terminatedVisible : terminated,
                consistency == null ? consistencyDelay : consistency,
                changesLimit ? limit : capacity);
    }
}
