/**
 * What people see of requests, in Postgres. {@link io.groundwork.request.view.ViewWriter} reads every event topic,
 * {@link io.groundwork.request.view.RequestView} folds what was said of one request, in whatever order topics interleave, and
 * {@link io.groundwork.request.view.Changes} wakes those who wait for it. All of it can be dropped and made anew by replay.
 */
@NullMarked
package io.groundwork.request.view;

import org.jspecify.annotations.NullMarked;
