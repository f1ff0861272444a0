/**
 * What the events mean to everybody. {@link io.groundwork.saga.Saga} is the one fold of all participants: from what was read
 * about a resource, in whatever order topics interleave, to which steps are due. Pure Java.
 */
@NullMarked
package io.groundwork.saga;

import org.jspecify.annotations.NullMarked;
