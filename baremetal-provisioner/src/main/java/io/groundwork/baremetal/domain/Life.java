package io.groundwork.baremetal.domain;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a server is in its life, by the names that OpenStack Ironic uses where it has one. A state has the methods that lead out
 * of it and no others, so that an illegal transition does not compile.
 *
 * <pre>
 *   enrolled ─► verifying ─► manageable ─► inspecting ─► manageable ─► cleaning ─► available ─► reserved ─► deploying ─► active
 *                                │                                        ▲                                               │
 *                                └─► adopting ─► active                   └────────────────── deleting ◄──────────────────┘
 *   verifying ─► enroll-failed    inspecting ─► inspect-failed    cleaning ─► clean-failed
 *   deploying ─► deploy-failed    deleting ─► delete-failed       adopting ─► adopt-failed
 * </pre>
 *
 * <p>What has a {@link Job} is {@linkplain Transient transient} and ends by itself; only stable states wait for people and
 * requests.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Life.Enrolled.class, name = "enrolled"),
    @JsonSubTypes.Type(value = Life.Verifying.class, name = "verifying"),
    @JsonSubTypes.Type(value = Life.EnrollFailed.class, name = "enroll-failed"),
    @JsonSubTypes.Type(value = Life.Manageable.class, name = "manageable"),
    @JsonSubTypes.Type(value = Life.Inspecting.class, name = "inspecting"),
    @JsonSubTypes.Type(value = Life.InspectFailed.class, name = "inspect-failed"),
    @JsonSubTypes.Type(value = Life.Cleaning.class, name = "cleaning"),
    @JsonSubTypes.Type(value = Life.CleanFailed.class, name = "clean-failed"),
    @JsonSubTypes.Type(value = Life.Available.class, name = "available"),
    @JsonSubTypes.Type(value = Life.Reserved.class, name = "reserved"),
    @JsonSubTypes.Type(value = Life.Deploying.class, name = "deploying"),
    @JsonSubTypes.Type(value = Life.DeployFailed.class, name = "deploy-failed"),
    @JsonSubTypes.Type(value = Life.Active.class, name = "active"),
    @JsonSubTypes.Type(value = Life.Deleting.class, name = "deleting"),
    @JsonSubTypes.Type(value = Life.DeleteFailed.class, name = "delete-failed"),
    @JsonSubTypes.Type(value = Life.Adopting.class, name = "adopting"),
    @JsonSubTypes.Type(value = Life.AdoptFailed.class, name = "adopt-failed"),
    @JsonSubTypes.Type(value = Life.Gone.class, name = "gone"),
    @JsonSubTypes.Type(value = Life.ForceDeleted.class, name = "force-deleted")
})
public sealed interface Life {

    /** As facts and people name it, such as {@code clean-failed}. */
    default String word() {
        return HUMP.matcher(getClass().getSimpleName()).replaceAll("-").toLowerCase(Locale.ROOT);
    }

    Pattern HUMP = Pattern.compile("(?<=[a-z])(?=[A-Z])");

    /** Something is being done; it ends by itself, at its deadline at the latest. */
    sealed interface Transient extends Life {

        Job job();

        /** The same, with its job at another point. */
        Transient at(Job job);

        /** What it leads to when it could not be done. */
        Failed failed(String reason);
    }

    /** Something could not be done; a person, or the request that asked for it, decides what is next. */
    sealed interface Failed extends Life {

        String reason();
    }

    /** Its BMC can be verified. */
    sealed interface Verifiable extends Life {

        default Verifying verifying(Job job) {
            return new Verifying(job);
        }
    }

    /** It can be taken back into the hands of its operators. */
    sealed interface Manage extends Life {

        default Manageable manageable() {
            return new Manageable();
        }
    }

    /** Its hardware can be inspected. */
    sealed interface Inspectable extends Life {

        default Inspecting inspecting(Job job) {
            return new Inspecting(job);
        }
    }

    /** It can be cleaned. */
    sealed interface Cleanable extends Life {

        /** @param provide whether it becomes available afterwards */
        default Cleaning cleaning(Job job, boolean provide) {
            return new Cleaning(job, provide);
        }
    }

    /** What runs on it can be taken for an instance. */
    sealed interface Adoptable extends Life {

        default Adopting adopting(Job job) {
            return new Adopting(job);
        }
    }

    /** An instance can be put on it. */
    sealed interface Deployable extends Life {

        default Deploying deploying(Job job) {
            return new Deploying(job);
        }
    }

    /** An instance is on it, or part of one, and can be taken down. */
    sealed interface Occupied extends Life {

        default Deleting deleting(Job job) {
            return new Deleting(job);
        }
    }

    /** Nothing stands on it and nothing is done with it: it can be forgotten. */
    sealed interface Removable extends Life {

        default Gone gone() {
            return new Gone();
        }
    }

    /** Known, and no more. */
    record Enrolled() implements Verifiable, Removable {}

    /** Its BMC is asked whether it is there and takes the credentials. */
    record Verifying(Job job) implements Transient {

        @Override
        public Verifying at(Job next) {
            return new Verifying(next);
        }

        @Override
        public EnrollFailed failed(String reason) {
            return new EnrollFailed(reason);
        }

        Manageable verified() {
            return new Manageable();
        }
    }

    record EnrollFailed(String reason) implements Failed, Verifiable, Removable {}

    /** Its BMC does what it is told. */
    record Manageable() implements Verifiable, Inspectable, Cleanable, Adoptable, Removable {}

    /** Its hardware is read and compared with its type. */
    record Inspecting(Job job) implements Transient {

        @Override
        public Inspecting at(Job next) {
            return new Inspecting(next);
        }

        @Override
        public InspectFailed failed(String reason) {
            return new InspectFailed(reason);
        }

        Manageable inspected() {
            return new Manageable();
        }
    }

    record InspectFailed(String reason) implements Failed, Manage, Inspectable, Removable {}

    /**
     * Its disks are erased.
     *
     * @param provide whether it becomes available afterwards
     */
    record Cleaning(Job job, boolean provide) implements Transient {

        @Override
        public Cleaning at(Job next) {
            return new Cleaning(next, provide);
        }

        @Override
        public CleanFailed failed(String reason) {
            return new CleanFailed(reason);
        }

        Available provided() {
            return new Available();
        }

        Manageable cleaned() {
            return new Manageable();
        }
    }

    /** Nobody gets it before it was cleaned. */
    record CleanFailed(String reason) implements Failed, Manage, Cleanable, Removable {}

    /** Clean, and free for a claim. */
    record Available() implements Manage, Deployable, Removable {

        Reserved reserved() {
            return new Reserved();
        }
    }

    /** Claimed; nothing was done to it yet. */
    record Reserved() implements Deployable {

        Available released() {
            return new Available();
        }
    }

    /** An operating system is being put on it. */
    record Deploying(Job job) implements Transient, Occupied {

        @Override
        public Deploying at(Job next) {
            return new Deploying(next);
        }

        @Override
        public DeployFailed failed(String reason) {
            return new DeployFailed(reason);
        }

        Active deployed() {
            return new Active();
        }
    }

    record DeployFailed(String reason) implements Failed, Deployable, Occupied {}

    /** An instance runs on it. */
    record Active() implements Occupied {}

    /** The instance is being taken down. */
    record Deleting(Job job) implements Transient, Cleanable {

        @Override
        public Deleting at(Job next) {
            return new Deleting(next);
        }

        @Override
        public DeleteFailed failed(String reason) {
            return new DeleteFailed(reason);
        }
    }

    /** What Ironic calls "error": the instance may still run. */
    record DeleteFailed(String reason) implements Failed, Occupied {}

    /** What runs on it is being taken for an instance. */
    record Adopting(Job job) implements Transient {

        @Override
        public Adopting at(Job next) {
            return new Adopting(next);
        }

        @Override
        public AdoptFailed failed(String reason) {
            return new AdoptFailed(reason);
        }

        Active adopted() {
            return new Active();
        }
    }

    record AdoptFailed(String reason) implements Failed, Manage, Adoptable, Removable {}

    /** Forgotten; its number goes on should it be enrolled again. */
    record Gone() implements Life {}

    /** Forgotten although nobody knows what still runs on it: it cannot be enrolled again before a person says that it is clean. */
    record ForceDeleted(String reason) implements Life {}
}
