package io.groundwork.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;

/** What the owner of a step needs to do it, so that it need not read or keep anything else of the request. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "for")
@JsonSubTypes({
    @JsonSubTypes.Type(value = StepInput.Approve.class, name = "approve"),
    @JsonSubTypes.Type(value = StepInput.Allocate.class, name = "allocate"),
    @JsonSubTypes.Type(value = StepInput.Provision.class, name = "provision"),
    @JsonSubTypes.Type(value = StepInput.Grant.class, name = "grant"),
    @JsonSubTypes.Type(value = StepInput.Revoke.class, name = "revoke"),
    @JsonSubTypes.Type(value = StepInput.Deprovision.class, name = "deprovision"),
    @JsonSubTypes.Type(value = StepInput.Release.class, name = "release")
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

    /** What to claim, all or nothing. */
    record Allocate(List<Claim> claims) implements StepInput {
        public Allocate {
            claims = List.copyOf(claims);
        }
    }

    /**
     * The component to make.
     *
     * @param machine what the catalogue said of flavor and image when the plan was compiled
     */
    record Provision(Component component, MachineType machine) implements StepInput {}

    /**
     * Provider's names for a flavor and an image.
     *
     * @param instanceType such as {@code t3.small}
     * @param image the name that the image is found by at the provider
     */
    record MachineType(String instanceType, String image) {}

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
}
