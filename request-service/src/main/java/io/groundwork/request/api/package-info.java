/**
 * The REST of request-service. {@link io.groundwork.request.api.RequestsApi} is what people ask,
 * {@link io.groundwork.request.api.AskReader} says everything that is wrong with it at once.
 */
@NullMarked
package io.groundwork.request.api;

import org.jspecify.annotations.NullMarked;
