/**
 * The launcher: everything Groundwork needs, started, watched and stopped on one machine.
 *
 * <p>Read {@link io.groundwork.local.LocalStack} first: the table of all programs with their ports and environments.
 * {@link io.groundwork.local.Up} is the command, {@link io.groundwork.local.Launch} one run of it,
 * {@link io.groundwork.local.Supervisor} keeps the programs running, and {@link io.groundwork.local.Orphans} finds those
 * that a killed run left behind. {@link io.groundwork.local.Prepare} is for deployments that start the programs their own
 * way.
 */
@NullMarked
package io.groundwork.local;

import org.jspecify.annotations.NullMarked;
