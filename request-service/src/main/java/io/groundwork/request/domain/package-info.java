/**
 * What request-service decides, pure: {@link io.groundwork.request.domain.Command}s and the other owners' events go in,
 * {@link io.groundwork.request.domain.RequestParticipant} decides, {@link io.groundwork.request.domain.ResourceState} is what
 * it remembers of a resource, {@link io.groundwork.request.domain.Planner} compiles what is asked into steps.
 */
@NullMarked
package io.groundwork.request.domain;

import org.jspecify.annotations.NullMarked;
