package io.groundwork.baremetal.domain;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** What operators do with a server, and when it is legal. */
public enum Verb {
    /** Ask its BMC whether it is there. */
    VERIFY(server -> server.life() instanceof Life.Verifiable),
    /** Back into the operators' hands. */
    MANAGE(server -> server.life() instanceof Life.Manage),
    /** Read its hardware, and compare it with its type. */
    INSPECT(server -> server.life() instanceof Life.Inspectable),
    /** Clean it, and make it available. */
    PROVIDE(server -> server.life() instanceof Life.Cleanable
            && !(server.life() instanceof Life.Deleting)
            && server.hardware() != null
            && server.flags().retired() == null),
    /** Clean it, and no more. */
    CLEAN(server -> server.life() instanceof Life.Cleanable && !(server.life() instanceof Life.Deleting)),
    /** Take what runs on it for an instance, without touching it. */
    ADOPT(server -> server.life() instanceof Life.Adoptable),
    /** Give up what is being done. */
    ABORT(server -> server.life() instanceof Life.Transient && !(server.life() instanceof Life.Deleting)),
    /** Let what is being done wait where it is. */
    HOLD(server -> server.held() == null
            && (server.life() instanceof Life.Cleaning || server.life() instanceof Life.Deploying)
            && server.job() != null
            && server.job().begun()),
    /** Go on with it. */
    UNHOLD(server -> server.held() != null),
    MAINTENANCE(server -> server.known() && server.flags().maintenance() == null),
    UNMAINTENANCE(server -> server.known() && server.flags().maintenance() != null),
    QUARANTINE(server -> server.known() && server.flags().quarantine() == null),
    UNQUARANTINE(server -> server.known() && server.flags().quarantine() != null),
    RETIRE(server -> server.known() && server.flags().retired() == null),
    UNRETIRE(server -> server.known() && server.flags().retired() != null),
    POWER_ON(Server::powers),
    /** By asking the operating system, and without it after a while. */
    POWER_OFF(Server::powers),
    RESET(Server::powers),
    /** Take down what was adopted, or is left of an instance that nobody takes down any more. */
    RELEASE(server -> server.life() instanceof Life.DeployFailed
            || server.life() instanceof Life.DeleteFailed
            || (server.life() instanceof Life.Active
                    && server.consumer() != null
                    && server.consumer().fence() == 0)),
    /** Forget it. */
    DELETE(server -> server.life() instanceof Life.Removable && server.engaged() == null),
    /** Forget it although something may still run on it. */
    FORCE_DELETE(Server::known),
    /** Says that a server which was force-deleted is clean: it can be enrolled again. */
    CLEANED(server -> server.life() instanceof Life.ForceDeleted);

    @SuppressWarnings("ImmutableEnumChecker") // the predicates hold nothing
    private final Predicate<Server> legal;

    Verb(Predicate<Server> legal) {
        this.legal = legal;
    }

    /** As URLs have it, such as {@code force-delete}. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The verb that is written so. */
    public static Optional<Verb> of(String word) {
        return Arrays.stream(values()).filter(verb -> verb.word().equals(word)).findFirst();
    }

    boolean legal(Server server) {
        return legal.test(server);
    }

    /** Those that are legal now. */
    static List<Verb> legalOf(Server server) {
        return Arrays.stream(values()).filter(verb -> verb.legal(server)).toList();
    }
}
