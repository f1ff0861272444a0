package io.groundwork.baremetal.domain;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.groundwork.events.ServerFact;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is kept of one server, under 1 KiB.
 *
 * @param aim where it goes by itself: {@code available} or {@code manageable}; absent once it is there, or failed on the way
 * @param generation climbs by one with every fact
 * @param fence the newest that was heard of; an older one orders nothing
 * @param turn the number of its last job
 * @param engaged what the engine has of it; nothing else begins before that is at rest
 * @param consumer what stands on it
 * @param hardware absent before the first inspection
 * @param erased how its disks were last erased since it was enrolled; absent if they never were
 * @param inUse why its disks count as in use although it may be off by now, in a few words: it ran, or may have run, what was not
 *     installed here. Absent once they were erased
 * @param failedDeploys in a row
 * @param power as last seen or switched; absent if not known
 * @param drift absent while its power is as it was left
 */
public record Server(
        String id,
        Registration registration,
        Life life,
        Flags flags,
        @Nullable Aim aim,
        long generation,
        long fence,
        long turn,
        @Nullable Engagement engaged,
        ServerFact.@Nullable Consumer consumer,
        @Nullable Hardware hardware,
        @Nullable Erasure erased,
        @Nullable String inUse,
        int failedDeploys,
        @Nullable String power,
        @Nullable Drift drift) {

    /** How far a server goes by itself after it was enrolled. */
    public enum Aim {
        MANAGEABLE,
        AVAILABLE
    }

    /**
     * An operation that the engine has.
     *
     * @param lane whose places it takes one of; absent if of none
     */
    public record Engagement(String operation, @Nullable String lane) {}

    /**
     * How disks were erased.
     *
     * @param how {@code secure-erase} or {@code boot-image}
     * @param disks how many; 0 where only the image that erased them knows
     */
    public record Erasure(Instant at, String how, int disks) {}

    /**
     * Somebody else has switched its power.
     *
     * @param expected as it was left
     * @param since when it was seen
     */
    public record Drift(String expected, Instant since) {}

    static Server enrolled(String id, Registration registration, @Nullable Aim aim) {
        return new Server(
                id,
                registration,
                new Life.Enrolled(),
                Flags.NONE,
                aim,
                0,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                0,
                null,
                null);
    }

    /** Enrolled again: the numbers go on. */
    Server again(Registration next, @Nullable Aim goal) {
        var fresh = enrolled(id, next, goal);
        return fresh.with(draft -> {
            draft.generation = generation;
            draft.fence = fence;
            draft.turn = turn;
            draft.engaged = engaged;
            // to forget a server empties no disk
            draft.inUse = inUse;
        });
    }

    Server life(Life next) {
        return with(draft -> draft.life = next);
    }

    Server flags(Flags next) {
        return with(draft -> draft.flags = next);
    }

    Server aim(@Nullable Aim next) {
        return with(draft -> draft.aim = next);
    }

    Server generation(long next) {
        return with(draft -> draft.generation = next);
    }

    Server fence(long heard) {
        return with(draft -> draft.fence = Math.max(fence, heard));
    }

    Server turn(long next) {
        return with(draft -> draft.turn = next);
    }

    Server engaged(@Nullable Engagement next) {
        return with(draft -> draft.engaged = next);
    }

    Server consumer(ServerFact.@Nullable Consumer next) {
        return with(draft -> draft.consumer = next);
    }

    Server hardware(@Nullable Hardware next) {
        return with(draft -> draft.hardware = next);
    }

    Server erased(Erasure next) {
        return with(draft -> {
            draft.erased = next;
            draft.inUse = null;
        });
    }

    /** Its disks are wiped with permission alone from now on; what was said first stands. */
    Server inUse(String why) {
        return inUse == null ? with(draft -> draft.inUse = why) : this;
    }

    /** A person says that there is nothing on its disks. */
    Server saidClean() {
        return with(draft -> draft.inUse = null);
    }

    Server failedDeploys(int next) {
        return with(draft -> draft.failedDeploys = next);
    }

    /** Its power was switched, or is known for the first time. */
    Server power(@Nullable String next) {
        return with(draft -> {
            draft.power = next;
            draft.drift = null;
        });
    }

    /** Its power was found at {@code found}, and nobody here has switched it. */
    Server found(String found, Instant now) {
        var expected = drift == null ? power : drift.expected;
        return with(draft -> {
            draft.power = found;
            draft.drift = expected == null || expected.equals(found) ? null : new Drift(expected, now);
        });
    }

    private Server with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.server();
    }

    /** Whether it is one of the servers, and not the memory of one. */
    boolean known() {
        return !(life instanceof Life.Gone) && !(life instanceof Life.ForceDeleted);
    }

    /** What is being done with it; null in a stable state. */
    @JsonIgnore
    public @Nullable Job job() {
        return life instanceof Life.Transient moving ? moving.job() : null;
    }

    /** How much time what is being done will have when a person lets it go on; null if nobody holds it. */
    @Nullable
    Duration held() {
        var job = job();
        return job == null ? null : job.held();
    }

    /** Whether its power is looked at now and then: nothing is done with it, and it should stay as it was left. */
    boolean watched() {
        return engaged == null && (life instanceof Life.Available || life instanceof Life.Active);
    }

    /** Whether its power may be switched by hand. */
    boolean powers() {
        return known()
                && engaged == null
                && !(life instanceof Life.Transient)
                && !(life instanceof Life.Enrolled)
                && !(life instanceof Life.EnrollFailed);
    }

    /** Why no new grant may take it, as a word; null if one may. */
    @Nullable
    String unavailability() {
        if (flags.word() != null) {
            return flags.word();
        }
        return switch (life) {
            case Life.Available free -> null;
            case Life.Reserved busy -> "busy";
            case Life.Deploying busy -> "busy";
            case Life.Active busy -> "busy";
            case Life.Deleting busy -> "busy";
            case Life.Enrolled other -> other.word();
            case Life.Verifying other -> other.word();
            case Life.EnrollFailed other -> other.word();
            case Life.Manageable other -> other.word();
            case Life.Inspecting other -> other.word();
            case Life.InspectFailed other -> other.word();
            case Life.Cleaning other -> other.word();
            case Life.CleanFailed other -> other.word();
            case Life.DeployFailed other -> other.word();
            case Life.DeleteFailed other -> other.word();
            case Life.Adopting other -> other.word();
            case Life.AdoptFailed other -> other.word();
            case Life.Gone other -> other.word();
            case Life.ForceDeleted other -> other.word();
        };
    }

    /** As the pools are told. */
    ServerFact fact() {
        return new ServerFact(
                id,
                registration.site(),
                registration.serverType(),
                registration.tenant(),
                registration.rack(),
                registration.traits(),
                life.word(),
                unavailability() == null,
                unavailability(),
                generation,
                fence,
                consumer);
    }

    /** A server of which something is to be another. */
    private static final class Draft {

        private final Server of;
        private Life life;
        private Flags flags;
        private @Nullable Aim aim;
        private long generation;
        private long fence;
        private long turn;
        private @Nullable Engagement engaged;
        private ServerFact.@Nullable Consumer consumer;
        private @Nullable Hardware hardware;
        private @Nullable Erasure erased;
        private @Nullable String inUse;
        private int failedDeploys;
        private @Nullable String power;
        private @Nullable Drift drift;

        Draft(Server of) {
            this.of = of;
            this.life = of.life;
            this.flags = of.flags;
            this.aim = of.aim;
            this.generation = of.generation;
            this.fence = of.fence;
            this.turn = of.turn;
            this.engaged = of.engaged;
            this.consumer = of.consumer;
            this.hardware = of.hardware;
            this.erased = of.erased;
            this.inUse = of.inUse;
            this.failedDeploys = of.failedDeploys;
            this.power = of.power;
            this.drift = of.drift;
        }

        Server server() {
            return new Server(
                    of.id,
                    of.registration,
                    life,
                    flags,
                    aim,
                    generation,
                    fence,
                    turn,
                    engaged,
                    consumer,
                    hardware,
                    erased,
                    inUse,
                    failedDeploys,
                    power,
                    drift);
        }
    }
}
