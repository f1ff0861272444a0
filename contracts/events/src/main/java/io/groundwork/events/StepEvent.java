package io.groundwork.events;

import java.util.List;

/** What every owner of steps says of its steps, on its own topic. */
public sealed interface StepEvent
        extends ApprovalEvent, AllocationEvent, CloudProvisionerEvent, BaremetalProvisionerEvent, IamEvent {

    /** Going backward: the step was never started and never will be. */
    @Wire("step-skipped")
    record StepSkipped() implements StepEvent {}

    /** Going backward: what the step made is being taken away. */
    @Wire("step-undoing")
    record StepUndoing() implements StepEvent {}

    /** Automation gave up, forward or backward as the status says; a person decides. */
    @Wire("step-stuck")
    record StepStuck(Failure failure) implements StepEvent {}

    /** A person decided to go on without a stuck step. */
    @Wire("step-waived")
    record StepWaived(String actor, String reason) implements StepEvent {}

    /**
     * A person gave up undoing a step.
     *
     * @param left what may still be there, as far as it is known
     */
    @Wire("step-abandoned")
    record StepAbandoned(String actor, String reason, List<String> left) implements StepEvent {}

    /** Deciding on an input failed; it lies in the dead letters until it is redriven. */
    @Wire("decision-parked")
    record DecisionParked(Failure failure, String deadLetter) implements StepEvent {}
}
