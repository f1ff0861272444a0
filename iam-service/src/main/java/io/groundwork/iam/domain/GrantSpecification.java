package io.groundwork.iam.domain;

import io.groundwork.events.Design.AccessGrant;
import io.groundwork.events.ResourceId;

/**
 * What an operation on the queue {@code directory} is about.
 *
 * @param access to the project of {@code resource}
 */
public record GrantSpecification(ResourceId resource, AccessGrant access) {}
