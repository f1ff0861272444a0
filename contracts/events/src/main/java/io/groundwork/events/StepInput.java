package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the owner of a step needs to do it, so that it need not read or keep anything else of the request. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "for")
@JsonSubTypes({
    @JsonSubTypes.Type(value = StepInput.Approve.class, name = "approve"),
    @JsonSubTypes.Type(value = StepInput.Allocate.class, name = "allocate"),
    @JsonSubTypes.Type(value = StepInput.Provision.class, name = "provision"),
    @JsonSubTypes.Type(value = StepInput.Grant.class, name = "grant"),
    @JsonSubTypes.Type(value = StepInput.Revoke.class, name = "revoke"),
    @JsonSubTypes.Type(value = StepInput.Deprovision.class, name = "deprovision"),
    @JsonSubTypes.Type(value = StepInput.Release.class, name = "release"),
    @JsonSubTypes.Type(value = StepInput.Elsewhere.class, name = "elsewhere")
})
public sealed interface StepInput {

    /**
     * What is asked of the approvers.
     *
     * @param requester who asks; never one of those who decide
     * @param approvers the mail addresses the request narrows the decision to
     * @param quorum how many of them must approve, from 1
     * @param timeout how long they have
     * @param placement whether an approval must choose region and profile
     * @param monthlyPrice what the design costs a month by the catalogue, in {@code currency}; a decimal number as text
     */
    record Approve(
            String requester,
            RequestKind operation,
            List<String> approvers,
            int quorum,
            Duration timeout,
            boolean placement,
            Design design,
            String monthlyPrice,
            String currency)
            implements StepInput {
        public Approve {
            approvers = List.copyOf(approvers);
        }
    }

    /**
     * What to claim, all or nothing.
     *
     * @param patience how long it may wait for servers and addresses; it does not wait when absent
     */
    record Allocate(List<Claim> claims, @Nullable Duration patience) implements StepInput {
        public Allocate {
            claims = List.copyOf(claims);
        }

        public Allocate(List<Claim> claims) {
            this(claims, null);
        }
    }

    /**
     * The component to make.
     *
     * @param machine what the catalogue said when the plan was compiled
     */
    record Provision(Component component, Machine machine) implements StepInput {}

    /** What each machine of a component is made from, as its back end needs it. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
    @JsonSubTypes({@JsonSubTypes.Type(MachineType.class), @JsonSubTypes.Type(Installation.class)})
    sealed interface Machine {}

    /**
     * Provider's names for a flavor and an image.
     *
     * @param instanceType such as {@code t3.small}
     * @param image the name that the image is found by at the provider
     */
    record MachineType(String instanceType, String image) implements Machine {}

    /** What a server is installed with: the catalogue's OS template, as it was approved. */
    record Installation(Catalogue.OsTemplate osTemplate) implements Machine {}

    record Grant(List<Design.AccessGrant> access) implements StepInput {
        public Grant {
            access = List.copyOf(access);
        }
    }

    /** Takes away all access that the resource holds. */
    record Revoke() implements StepInput {}

    /** Takes down what stands of one component. */
    record Deprovision(String component) implements StepInput {}

    /** Gives back all claims that the resource holds. */
    record Release() implements StepInput {}

    /** In what a participant keeps of a plan: the step is another's, who knows. Never on a topic. */
    record Elsewhere() implements StepInput {}
}
