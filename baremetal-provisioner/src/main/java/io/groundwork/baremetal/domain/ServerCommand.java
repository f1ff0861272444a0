package io.groundwork.baremetal.domain;

import io.groundwork.events.ResourceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people, and servers, ask of a server on {@link io.groundwork.events.Topics#SERVERS}, under its id. */
public sealed interface ServerCommand {

    /** The {@code ce_type} of an answer to whoever asked. */
    String ANSWERED = "server-answered";

    /** Makes a server known. */
    record Enrol(Registration registration, Server.@Nullable Aim aim, String actor) implements ServerCommand {

        public static final String TYPE = "enrol-server";
    }

    /** The same for a server that never was there. Not answered. */
    record Seed(Registration registration, Server.@Nullable Aim aim) implements ServerCommand {

        public static final String TYPE = "seed-server";
    }

    /**
     * Does something with it.
     *
     * @param reason why; required of what others will ask about
     * @param allowDataLoss of a cleaning
     * @param instance of an adoption: what stands on it
     */
    record Do(
            Verb verb,
            String actor,
            @Nullable String reason,
            boolean allowDataLoss,
            @Nullable Instance instance) implements ServerCommand {

        public static final String TYPE = "do-with-server";
    }

    /** Names an instance. */
    record Instance(ResourceId resource, String component, int index) {}

    /** The system on a server announces itself. The token itself travels in no topic. */
    record PhoneHome(String tokenHash) implements ServerCommand {

        public static final String TYPE = "phone-home";
    }

    /**
     * Its power was looked at, and is not what was thought. Not answered.
     *
     * @param power {@code On} or {@code Off}
     * @param turn of the server when it was looked at: what it has done since knows better
     */
    record Looked(String power, long turn) implements ServerCommand {

        public static final String TYPE = "server-looked-at";
    }

    /** What became of a command. */
    enum Result {
        DONE,
        /** There is no such server. */
        NOT_FOUND,
        /** Not in this state. */
        CONFLICT,
        /** Not with this token. */
        FORBIDDEN
    }

    /**
     * Tells who asked what became of it.
     *
     * @param legal what is legal now
     * @param server as it is now; absent if there is none
     */
    record Answer(
            Result result,
            String detail,
            List<Verb> legal,
            @Nullable ServerEntry server) {
        public Answer {
            legal = List.copyOf(legal);
        }
    }
}
