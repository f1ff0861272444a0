/** Servers as rows in Postgres, rebuilt from {@code baremetal.registry.v1} at any time; and what servers boot. */
@NullMarked
package io.groundwork.baremetal.view;

import org.jspecify.annotations.NullMarked;
