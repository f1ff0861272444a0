package io.groundwork.baremetal.domain;

import io.groundwork.events.ServerFact;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server as its operators see it, on {@link io.groundwork.events.Topics#REGISTRY} under its id.
 *
 * @param state of its life cycle, such as {@code clean-failed}
 * @param reason why it is in a failed state
 * @param unavailability why no new grant may take it, as a word; absent if one may
 * @param inUse why its disks are not wiped without {@code allowDataLoss}, also when it is off; absent if nothing is known
 * @param operation what the engine does with it
 * @param until when what is being done must be over; absent in a stable state, and while a person holds it
 * @param turn the number of its last operation
 * @param power as last seen or switched
 * @param drift absent while its power is as it was left
 * @param watched whether its power is looked at now and then
 * @param verbs what is legal now
 */
public record ServerEntry(
        String id,
        Registration registration,
        String state,
        @Nullable String reason,
        Flags flags,
        @Nullable String unavailability,
        long generation,
        long fence,
        ServerFact.@Nullable Consumer consumer,
        @Nullable Hardware hardware,
        Server.@Nullable Erasure erased,
        @Nullable String inUse,
        @Nullable String operation,
        @Nullable Instant until,
        boolean held,
        int failedDeploys,
        long turn,
        @Nullable String power,
        Server.@Nullable Drift drift,
        boolean watched,
        List<Verb> verbs) {

    public ServerEntry {
        verbs = List.copyOf(verbs);
    }

    static ServerEntry of(Server server) {
        var job = server.job();
        var reason = switch (server.life()) {
            case Life.Failed failed -> failed.reason();
            case Life.ForceDeleted deleted -> deleted.reason();
            default -> null;
        };
        return new ServerEntry(
                server.id(),
                server.registration(),
                server.life().word(),
                reason,
                server.flags(),
                server.unavailability(),
                server.generation(),
                server.fence(),
                server.consumer(),
                server.hardware(),
                server.erased(),
                server.inUse(),
                server.engaged() == null ? null : server.engaged().operation(),
                job == null || job.held() != null ? null : job.until(),
                job != null && job.held() != null,
                server.failedDeploys(),
                server.turn(),
                server.power(),
                server.drift(),
                server.watched(),
                Verb.legalOf(server));
    }
}
