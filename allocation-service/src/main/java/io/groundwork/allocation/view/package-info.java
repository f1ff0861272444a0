/** What allocation-service has said, as rows in Postgres: rebuilt from {@code allocation.events.v1} at any time. */
@NullMarked
package io.groundwork.allocation.view;

import org.jspecify.annotations.NullMarked;
