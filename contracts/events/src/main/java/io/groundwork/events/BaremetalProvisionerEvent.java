package io.groundwork.events;

/** Written by baremetal-provisioner alone, to {@code baremetal.events.v1}. */
public sealed interface BaremetalProvisionerEvent extends Event permits ComponentEvent, StepEvent {}
