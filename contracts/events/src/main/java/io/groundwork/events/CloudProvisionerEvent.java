package io.groundwork.events;

/** Written by cloud-provisioner alone, to {@code cloud.events.v1}. */
public sealed interface CloudProvisionerEvent extends Event permits ComponentEvent, StepEvent {}
