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
     * @param replace which instance gets another server; absent of every other operation
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
            String currency,
            @Nullable Replacement replace)
            implements StepInput {
        public Approve {
            approvers = List.copyOf(approvers);
        }

        public Approve(
                String requester,
                RequestKind operation,
                List<String> approvers,
                int quorum,
                Duration timeout,
                boolean placement,
                Design design,
                String monthlyPrice,
                String currency) {
            this(requester, operation, approvers, quorum, timeout, placement, design, monthlyPrice, currency, null);
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
     * @param index of the one instance to make anew, of a component that stands; all are made when absent
     */
    record Provision(
            Component component, Machine machine, @Nullable Integer index) implements StepInput {
        public Provision(Component component, Machine machine) {
            this(component, machine, null);
        }
    }

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

    /**
     * Takes down what stands of one component.
     *
     * @param index of the one instance to take down; all are when absent
     */
    record Deprovision(String component, @Nullable Integer index) implements StepInput {
        public Deprovision(String component) {
            this(component, null);
        }
    }

    /**
     * Gives back claims that the resource holds.
     *
     * @param replaced the instance whose servers go back, but for the one that this request claimed; everything goes when absent
     */
    record Release(@Nullable Replaced replaced) implements StepInput {
        public Release() {
            this(null);
        }
    }

    /** An instance that has got another server. */
    record Replaced(String component, int index) {}

    /** In what a participant keeps of a plan: the step is another's, who knows. Never on a topic. */
    record Elsewhere() implements StepInput {}
}
