/**
 * Takes requests in, plans them, runs one at a time on a resource, watches their deadlines and closes them.
 *
 * <p>A request's way: {@link io.groundwork.request.api.RequestsApi} reads it
 * ({@link io.groundwork.request.api.AskReader}) and sends a {@link io.groundwork.request.domain.Command} to the broker;
 * {@link io.groundwork.request.RequestTopology} hands it to {@link io.groundwork.request.domain.RequestParticipant}, which
 * publishes what follows; {@link io.groundwork.request.view.ViewWriter} folds what all owners publish into
 * {@link io.groundwork.request.view.RequestView}s, which the REST shows.
 */
@NullMarked
package io.groundwork.request;

import org.jspecify.annotations.NullMarked;
