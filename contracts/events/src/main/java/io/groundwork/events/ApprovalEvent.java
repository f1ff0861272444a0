package io.groundwork.events;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Written by approval-service alone, to {@code approval.events.v1}. */
public sealed interface ApprovalEvent extends Event permits ApprovalEvent.Own, StepEvent {

    /** What only approval-service says. */
    sealed interface Own extends ApprovalEvent {}

    /** The approvers were asked. Undone by nothing: a question leaves nothing behind. */
    @Wire("approval-requested")
    record ApprovalRequested(List<String> approvers, int quorum, Instant deadline, String digest) implements Own {}

    /**
     * One approver's word.
     *
     * @param channel {@code link} or {@code api}
     */
    @Wire("decision-recorded")
    record DecisionRecorded(
            String approver,
            boolean approved,
            String reason,
            @Nullable Choices choices,
            String channel,
            Instant at) implements Own {}

    /** The quorum is reached; every owner verifies the proof before its first step. */
    @Wire("request-approved")
    record RequestApproved(Proof proof) implements Own {}

    @Wire("request-rejected")
    record RequestRejected(String approver, String reason) implements Own {}

    /** Nobody decided in time. */
    @Wire("approval-expired")
    record ApprovalExpired(Instant deadline) implements Own {}

    /** The request went backward before the approvers decided; their links are dead. */
    @Wire("approval-withdrawn")
    record ApprovalWithdrawn(String reason) implements Own {}

    /** The step could not be put to anybody, such as when no approver of the request is in the directory. */
    @Wire("approval-failed")
    record ApprovalFailed(Failure failure) implements Own {}

    /**
     * What the approver chose.
     *
     * @param region the provider's
     * @param profile names the provider account and role that machines are made with
     */
    record Choices(String region, String profile) {}
}
